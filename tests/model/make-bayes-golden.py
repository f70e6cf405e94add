#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes bayes-golden.h: probabilities of scikit-learn's naive Bayes on n-grams of made texts, for test-bayes.c.

usage: make-bayes-golden.py > bayes-golden.h      needs python3-sklearn
"""
import importlib.util
import os

from sklearn.feature_extraction.text import CountVectorizer
from sklearn.naive_bayes import ComplementNB, MultinomialNB

SMOOTHING = 0.5

# The same made texts as for the linear family.
spec = importlib.util.spec_from_file_location('linear', os.path.join(os.path.dirname(__file__), 'make-linear-golden.py'))
linear = importlib.util.module_from_spec(spec)
spec.loader.exec_module(linear)


def main():
    texts, labels = linear.make_texts()
    # Labels of different size, or the prior would say nothing.
    kept = [i for i, label in enumerate(labels) if label != 2 or i % 2 == 0]
    texts, labels = [texts[i] for i in kept], [labels[i] for i in kept]
    weights = [linear.make_weights()[i] for i in kept]
    counts = CountVectorizer(analyzer=linear.ngrams, min_df=2).fit_transform(texts)
    offsets = [0]
    for text in texts:
        offsets.append(offsets[-1] + len(text))

    print('/* SPDX-License-Identifier: LGPL-2.1-or-later */\n')
    print('/* Made by make-bayes-golden.py with scikit-learn. */\n')
    print(f'#define GOLDEN_N_TEXTS {len(texts)}\n#define GOLDEN_N_LABELS {linear.N_LABELS}')
    print(f'#define GOLDEN_LONGEST {linear.LONGEST}\n#define GOLDEN_SMOOTHING {SMOOTHING}\n')
    linear.write('guint32', 'golden_token_ids', [token for text in texts for token in text], str)
    linear.write('guint32', 'golden_offsets', offsets, str)
    linear.write('guint32', 'golden_labels', labels, str)
    linear.write('float', 'golden_weights', weights, lambda value: f'{value:.2f}f')
    for name, family in (('multinomial', MultinomialNB), ('complement', ComplementNB)):
        probabilities = family(alpha=SMOOTHING).fit(counts, labels).predict_proba(counts)
        linear.write('double', f'golden_{name}', probabilities.ravel().tolist(), lambda value: f'{value:.12e}')
        probabilities = family(alpha=SMOOTHING).fit(counts, labels, sample_weight=weights).predict_proba(counts)
        linear.write('double', f'golden_weighted_{name}', probabilities.ravel().tolist(), lambda value: f'{value:.12e}')


main()
