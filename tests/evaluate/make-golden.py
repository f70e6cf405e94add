#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Works out with scikit-learn what test-evaluation.c compares the figures with.

Each case is a table of rows as a classifier might have judged them: true label, predicted label, probability of the
predicted and of the true label, drawn with a fixed seed; and the figures that scikit-learn gives for it.  Some labels
occur only as true ones, only as predicted ones, or not at all.

Only needed when the cases change; needs Debian's python3-sklearn.     usage: make-golden.py > data/golden.json
"""
import json

import numpy
from sklearn import metrics
from sklearn.dummy import DummyClassifier

CASES = {
    # name: rows, share of each label among the rows, how much the classifier knows, labels it can say
    'two-labels': (200, [0.5, 0.5], 2.0, [0, 1]),
    'unbalanced': (300, [0.9, 0.08, 0.02], 1.0, [0, 1, 2]),
    'one-row': (1, [0.0, 1.0], 5.0, [0, 1]),
    'guesses': (150, [0.2] * 5, 0.0, [0, 1, 2, 3, 4]),
    'all-right': (40, [0.3, 0.3, 0.4], 100.0, [0, 1, 2]),
    'absent-labels': (120, [0.5, 0.3, 0.2, 0.0, 0.0], 0.5, [0, 1, 3]),
    'many-labels': (400, [1 / 40] * 40, 1.5, list(range(40))),
}


def make_case(rows, shares, knowledge, sayable, random):
    n_labels = len(shares)
    labels = random.choice(n_labels, rows, p=shares)
    logits = random.normal(size=(rows, n_labels))
    logits[numpy.arange(rows), labels] += knowledge
    # a label that is never said still has a probability, only a small one
    logits[:, [label for label in range(n_labels) if label not in sayable]] -= 20
    probabilities = numpy.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities = (probabilities / probabilities.sum(axis=1, keepdims=True)).astype('float32').astype('float64')
    predicted = probabilities.argmax(axis=1)
    majority = int(numpy.bincount(labels, minlength=n_labels).argmax())

    by_label = metrics.precision_recall_fscore_support(labels, predicted, labels=range(n_labels), zero_division=0)
    figures = {
        'accuracy': metrics.accuracy_score(labels, predicted),
        'loss': metrics.log_loss(labels, probabilities, labels=range(n_labels)),
        'majority_accuracy': DummyClassifier(strategy='constant', constant=majority).fit(
            numpy.zeros((n_labels, 1)), range(n_labels)).score(numpy.zeros((rows, 1)), labels),
    }
    for average in ('macro', 'weighted'):
        values = metrics.precision_recall_fscore_support(labels, predicted, average=average, zero_division=0)
        figures.update(zip((average + '_precision', average + '_recall', average + '_f1'), values))
    return {
        'n_labels': n_labels,
        'majority_label': majority,
        'label': labels.tolist(),
        'predicted': predicted.tolist(),
        'probability': probabilities[numpy.arange(rows), predicted].tolist(),
        'label_probability': probabilities[numpy.arange(rows), labels].tolist(),
        'figures': figures,
        'precision': by_label[0].tolist(),
        'recall': by_label[1].tolist(),
        'f1': by_label[2].tolist(),
        'support': by_label[3].tolist(),
        'confusion': metrics.confusion_matrix(labels, predicted, labels=range(n_labels)).tolist(),
    }


def round_numbers(value):
    """Twelve digits are more than the test looks at, and the file stays small."""
    if isinstance(value, dict):
        return {name: round_numbers(member) for name, member in value.items()}
    if isinstance(value, list):
        return [round_numbers(element) for element in value]
    return float(f'{value:.12g}') if isinstance(value, float) else value


def main():
    random = numpy.random.default_rng(42)
    cases = {name: make_case(*case, random) for name, case in CASES.items()}
    lines = [json.dumps(name) + ': ' + json.dumps(round_numbers(case)) for name, case in cases.items()]
    print('{\n' + ',\n'.join(lines) + '\n}')


main()
