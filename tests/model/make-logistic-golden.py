#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Writes logistic-golden.h: probabilities of scikit-learn's LogisticRegression on the texts of linear-golden.h, for
test-logistic.c.

usage: make-logistic-golden.py > logistic-golden.h      needs python3-sklearn
"""
import importlib.util
import os

import numpy
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

COST = 5.0

# The same made texts as for the support vector machines.
spec = importlib.util.spec_from_file_location('linear', os.path.join(os.path.dirname(__file__), 'make-linear-golden.py'))
linear = importlib.util.module_from_spec(spec)
spec.loader.exec_module(linear)


def fit(values, labels, weights=None, **settings):
    settings = dict(solver='newton-cg', tol=1e-8) | settings
    model = LogisticRegression(C=COST, max_iter=200000, **settings)
    return model.fit(values, labels, sample_weight=weights)


def fit_targets(values, targets):
    """Each text once for each label, with the label's probability as its weight."""
    n_labels = targets.shape[1]
    rows = numpy.repeat(numpy.arange(len(targets)), n_labels)
    return fit(values[rows], numpy.tile(numpy.arange(n_labels), len(targets)), targets.ravel())


def main():
    texts, labels = linear.make_texts()
    values = TfidfVectorizer(analyzer=linear.ngrams, min_df=2, sublinear_tf=True).fit_transform(texts)
    labels = numpy.array(labels)
    two_labels = (labels > 0).astype(int)
    weights = linear.make_weights()
    targets = 0.1 + 0.6 * numpy.eye(3)[labels] + 0.1 * numpy.eye(3)[(labels + 1) % 3]
    l1 = dict(solver='saga', penalty='l1', tol=1e-9)
    mixed = dict(solver='saga', penalty='elasticnet', l1_ratio=0.3, tol=1e-9)
    models = {
        'l2': fit(values, labels),
        'l1': fit(values, labels, **l1),
        'mixed': fit(values, labels, **mixed),
        'weighted': fit(values, labels, weights),
        'of_targets': fit_targets(values, targets),
        'two_labels': fit(values, two_labels),
        'two_labels_l1': fit(values, two_labels, **l1),
    }

    print('/* SPDX-License-Identifier: LGPL-2.1-or-later */\n')
    print('/* Made by make-logistic-golden.py with scikit-learn. */\n')
    print(f'#define GOLDEN_LOGISTIC_COST {COST}\n#define GOLDEN_MIXED_SHARE 0.3\n')
    linear.write('float', 'golden_targets', targets.ravel().tolist(), lambda value: f'{value:.1f}f')
    for name, model in models.items():
        linear.write('float', f'golden_{name}', model.predict_proba(values).ravel().tolist(), lambda value: f'{value:.6e}f')
    print(f'static const gsize golden_l1_zeros = {int((models["l1"].coef_ == 0).sum())};')


main()
