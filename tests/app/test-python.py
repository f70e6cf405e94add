#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Uses libwenlei as another program would: from Python, through GObject Introspection.

usage: test-python.py      writes TAP; GI_TYPELIB_PATH and LD_LIBRARY_PATH name the build
"""

import json
import sys
import tempfile
from pathlib import Path

try:
    import gi
except ImportError:
    print('1..0 # SKIP PyGObject is not installed')
    sys.exit(0)

gi.require_version('Wenlei', '1')
from gi.repository import Gio, GLib, Wenlei  # noqa: E402

GOOD = ['房间很大，很好', 'the breakfast was good', '好，下次还来', 'good and clean']
BAD = ['隔音很差', 'the room was bad', '差，不会再来', 'bad and loud']


def write_table(folder, n_rows):
    path = folder / 'table.csv'
    lines = ['label,text']
    for row in range(n_rows):
        texts, label = (BAD, '差评') if row % 3 == 0 else (GOOD, '好评')
        lines.append(f'{label},{texts[row % 4]} {row}')
    path.write_text('\n'.join(lines) + '\n', encoding='utf-8')
    return Gio.File.new_for_path(str(path))


def make_recipe():
    recipe = Wenlei.Recipe.new_preset('small')
    for key, value in {'model.hidden_size': 16, 'model.layers': 1, 'model.feed_forward_size': 32,
                       'training.learning_rate': 0.01, 'training.epochs': 3, 'training.threads': 1}.items():
        recipe.set(key, str(value))
    return recipe


def read_dataset(table):
    reader = Wenlei.CsvReader.new(table, Wenlei.CsvOptions(), None)
    dataset = Wenlei.Dataset.new()
    report = dataset.append_csv(reader, 'text', None, False, Wenlei.Split.TRAIN, None, None, None)
    return dataset, report


def run_until(is_done):
    context = GLib.MainContext.default()
    while not is_done():
        context.iteration(True)


def test_recipe(folder):
    recipe = make_recipe()
    assert recipe.validate()
    assert recipe.hidden_size == 16
    assert recipe.get('training.epochs') == '3'
    assert json.loads(recipe.to_json())['model']['layers'] == 1
    assert recipe.equal(Wenlei.Recipe.new_from_json(recipe.to_json()))
    assert 'small' in Wenlei.recipe_list_presets()
    try:
        recipe.set('training.epochs', '-1')
    except GLib.Error as error:
        assert error.matches(Wenlei.recipe_error_quark(), Wenlei.RecipeError.OUT_OF_RANGE)
    else:
        raise AssertionError('a wrong value was taken')


def test_preparation(folder):
    cleaner = Wenlei.Cleaner.new(['width', 'lower-case'])
    assert cleaner.clean('ＡＢＣ 房间') == 'abc 房间'
    tokenizer = Wenlei.Tokenizer.new('character')
    tokenizer.count('房间很大')
    tokenizer.fit(1, 100)
    vocabulary = tokenizer.get_vocabulary()
    assert vocabulary.get_size() == 4 + 3
    assert vocabulary.get_token(vocabulary.lookup('房', -1)) == '房'


def test_augmentation(folder):
    dataset = Wenlei.Dataset.new()
    for number in range(40):
        dataset.append(number, f'text number {number}', 'ab'[number % 2], Wenlei.Split.TRAIN)
    recipe = Wenlei.Recipe.new_preset('small')
    recipe.set('augmentation.texts', '1')
    recipe.set('augmentation.repeat', '0.5')
    preview = Wenlei.AugmentationPreview.new(dataset, recipe, 2, 3, None, None)
    assert preview.n_texts == 40
    assert preview.n_examples == 3
    for index in range(3):
        example = preview.get_example(index)
        assert len(example.after) > len(example.before)


def test_dataset(folder):
    dataset, report = read_dataset(write_table(folder, 90))
    assert report.n_rows == 90 and report.text_column == 'text' and report.label_column == 'label'
    assert dataset.get_n_rows() == 90
    assert dataset.get_text(0) == '隔音很差 0'
    assert dataset.get_label_name(dataset.get_label(1)) == '好评'
    dataset.split(42, 0.2, 0.1)
    assert sum(dataset.count_split(split) for split in
               (Wenlei.Split.TRAIN, Wenlei.Split.VALIDATION, Wenlei.Split.TEST)) == 90
    assert abs(dataset.count_split(Wenlei.Split.TEST) - 18) <= 4


def test_train_and_predict(folder):
    dataset, _ = read_dataset(write_table(folder, 300))
    dataset.split(42, 0.2, 0.1)
    trainer = Wenlei.Trainer.new(dataset, make_recipe())
    classifiers = []

    def trained(source, result):
        classifiers.append(source.run_finish(result))

    trainer.run_async(None, trained)
    run_until(lambda: classifiers)
    classifier = classifiers[0]
    summary = trainer.get_summary()
    assert summary.n_epochs == 3 and summary.end == Wenlei.TrainingEnd.COMPLETED

    prediction = classifier.predict('the breakfast was good')
    assert prediction.get_label() == '好评'
    assert prediction.get_n_labels() == 2
    assert abs(prediction.get_ranked_probability(0) + prediction.get_ranked_probability(1) - 1) < 1e-5

    evaluation = Wenlei.Evaluation.new(classifier, dataset, Wenlei.Split.TEST, None)
    assert evaluation.get_accuracy() > 0.8
    assert evaluation.get_n_rows() == dataset.count_split(Wenlei.Split.TEST)
    assert json.loads(evaluation.to_json())['n_correct'] == evaluation.get_n_correct()

    model = Gio.File.new_for_path(str(folder / 'model'))
    assert classifier.save(model, None)
    loaded = Wenlei.Classifier.load(model, None)
    assert loaded.predict('差，不会再来').get_probability() == classifier.predict('差，不会再来').get_probability()


def test_project(folder):
    table = write_table(folder, 200)
    project = Wenlei.Project.create(Gio.File.new_for_path(str(folder / 'hotel.wenlei')))
    reports = []

    def imported(source, result, *data):
        reports.append(source.import_finish(result))

    project.import_async(table, Wenlei.CsvOptions(), 'text', 'label', Wenlei.Split.TRAIN, None, None, None, imported)
    run_until(lambda: reports)
    assert reports[0].n_rows == 200
    rows = project.list_rows()
    assert len(rows) == 200
    assert rows[3].get_text() == '差，不会再来 3' or rows[3].get_text() == 'bad and loud 3'
    assert rows[199].props.number == 200

    project.set_recipe(make_recipe())
    run = project.start_run()
    run_until(run.is_over)
    assert run.get_state() == Wenlei.RunState.COMPLETED
    assert run.get_evaluation().get_accuracy() > 0.7
    assert project.get_classifier().predict('good and clean').get_label() == '好评'
    project.set_note('page', 'predict')
    project.close()

    project = Wenlei.Project.open(project.get_file())
    assert project.dup_note('page') == 'predict'
    assert project.get_run().get_state() == Wenlei.RunState.COMPLETED
    run_until(lambda: project.get_classifier() is not None)
    project.close()


def test_errors(folder):
    missing = Gio.File.new_for_path(str(folder / 'missing.wenlei'))
    try:
        Wenlei.Project.open(missing)
    except GLib.Error as error:
        assert error.matches(Wenlei.Project.error_quark(), Wenlei.ProjectError.IO)
        assert 'missing.wenlei' in error.message
    else:
        raise AssertionError('a project that is not there was opened')


def main():
    tests = [test_recipe, test_preparation, test_augmentation, test_dataset, test_train_and_predict, test_project, test_errors]
    failed = False
    print(f'1..{len(tests)}')
    for number, test in enumerate(tests, 1):
        title = test.__name__.removeprefix('test_').replace('_', '-')
        with tempfile.TemporaryDirectory(prefix='wenlei-python-') as folder:
            try:
                test(Path(folder))
                print(f'ok {number} {title}')
            except Exception as error:
                failed = True
                print(f'not ok {number} {title}\n# {type(error).__name__}: {error}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
