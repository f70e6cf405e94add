#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes linear-golden.h: margins of scikit-learn's LinearSVC on TF-IDF n-grams of made texts, for test-linear.c.

usage: make-linear-golden.py > linear-golden.h      needs python3-sklearn
"""
import random

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

N_TEXTS, N_LABELS, LONGEST, COST = 60, 3, 3, 1.0


def make_texts():
    random.seed(5)
    texts, labels = [], []
    for i in range(N_TEXTS):
        label = i % N_LABELS
        # Tokens 3 … 14; each label prefers its own four, so most texts can be told apart, and some cannot.
        tokens = [2] + [3 + (4 * label if random.random() < 0.5 else 0) + random.randrange(4 if random.random() < 0.5 else 12)
                        for _ in range(random.randrange(3, 12))]
        texts.append([2] + [min(token, 14) for token in tokens[1:]])
        labels.append(label)
    return texts, labels


def ngrams(tokens):
    return [tuple(tokens[i:i + n]) for i in range(len(tokens)) for n in range(1, LONGEST + 1) if i + n <= len(tokens)]


def make_weights():
    return [0.25 * (i % 7) for i in range(N_TEXTS)]


def write(kind, name, values, form):
    print(f'static const {kind} {name}[] = {{')
    for i in range(0, len(values), 12):
        print('  ' + ', '.join(form(value) for value in values[i:i + 12]) + ',')
    print('};\n')


def main():
    texts, labels = make_texts()
    vectorizer = TfidfVectorizer(analyzer=ngrams, min_df=2, sublinear_tf=True)
    values = vectorizer.fit_transform(texts)
    plain = TfidfVectorizer(analyzer=ngrams, min_df=2).fit_transform(texts)
    weights = make_weights()
    machines = {
        'margins': (values, None),
        'weighted_margins': (values, weights),
        'linear_margins': (plain, None),
    }
    offsets = [0]
    for text in texts:
        offsets.append(offsets[-1] + len(text))

    print('/* SPDX-License-Identifier: LGPL-2.1-or-later */\n')
    print('/* Made by make-linear-golden.py with scikit-learn. */\n')
    print(f'#define GOLDEN_N_TEXTS {N_TEXTS}\n#define GOLDEN_N_LABELS {N_LABELS}\n#define GOLDEN_LONGEST {LONGEST}')
    print(f'#define GOLDEN_COST {COST}\n#define GOLDEN_N_FEATURES {values.shape[1]}\n')
    write('guint32', 'golden_token_ids', [token for text in texts for token in text], str)
    write('guint32', 'golden_offsets', offsets, str)
    write('guint32', 'golden_labels', labels, str)
    write('float', 'golden_weights', weights, lambda value: f'{value:.2f}f')
    for name, (vectors, text_weights) in machines.items():
        machine = LinearSVC(C=COST, tol=1e-12, max_iter=10000000).fit(vectors, labels, sample_weight=text_weights)
        write('float', f'golden_{name}', machine.decision_function(vectors).ravel().tolist(), lambda value: f'{value:.6e}f')


if __name__ == '__main__':
    main()
