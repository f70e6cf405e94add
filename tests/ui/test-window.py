#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The whole job in the window, by its accessibility tree alone: open the sample, train, see the result, type, read the class.

usage: test-window.py PROGRAM      writes TAP; wants a display and a session bus (see in-private-display)
"""

import os
import statistics
import sys
import time
import traceback

from wenlei_window import Window

# How long one answer of the main loop may take: what people notice, and a machine
# that is busy with the training itself may be late once in a while.
SLOWEST_USUAL_ANSWER_MS = 50

POSITIVE = '房间很干净，早餐好吃，前台服务热情，下次还来'
NEGATIVE = '说好的免费停车，到了要收五十，差评。'


def open_page(window, name):
    window.press('page tab', name)


def test_sample_is_shown(window):
    """The sample's rows, labels and split are on the Data page."""
    window.wait_for_text('rows for training')
    window.wait_for_text('好评')
    window.wait_for_text('差评')
    window.wait_for_text('Half of the texts have at most')
    window.wait_for_text('There are 2 labels; most rows have')


def test_edit_rows(window):
    """A label gets another name and its own again, and a search finds rows."""
    window.press('push button', 'Rename, Merge or Remove “好评”')
    window.type_into(window.find('text', 'The Label “好评”'), 'praise')
    window.press('push button', 'Rename')
    window.wait_for_text('Rename, Merge or Remove “praise”')
    window.press('push button', 'Undo')
    window.wait_for_text('Rename, Merge or Remove “好评”')
    search = window.find('entry', 'Search the texts')
    window.type_into(search, 'nothing has this in it')
    window.wait_for_text('No row is like that.')
    window.type_into(search, '')


def test_prepare(window):
    """The Prepare page has the steps, an example of what they change, and the figures."""
    open_page(window, 'Prepare')
    window.wait_for_text('Full to Half Width')
    window.wait_for_text('of all 415 rows')
    window.wait_for_text('Vocabulary')
    window.wait_for_text('1024 tokens at most cut 0.0 %')


def test_settings_of_steps(window):
    """A step of one's own is typed, tried, turned on, moved and undone; nonsense is explained."""
    window.press('push button', 'Settings of “Find and Replace”')
    find = window.find('text', 'Find')
    window.type_into(find, '房间')
    window.wait_for_text('of all 415 rows, such as this one:')
    window.press('check box', 'Find and Replace')
    window.wait_for_text('Texts go through 6 cleaning steps')
    window.press('push button', 'Move “Find and Replace” Up')
    window.press('push button', 'Settings of “Text in Brackets”')
    brackets = window.find('text', 'Brackets')
    window.type_into(brackets, 'abc')
    window.wait_for_text('“abc” is no pair of brackets')
    window.type_into(brackets, '()')
    window.press('check box', 'Find and Replace')
    window.wait_for_text('Texts go through 5 cleaning steps')


def test_laboratory(window):
    """The vocabulary can be searched, and the first batch looked at."""
    window.press('push button', 'Vocabulary…')
    window.wait_for_text('Times in Training Texts')
    window.type_into(window.find('entry', 'Search tokens'), '房')
    window.wait_for_text('1 token')
    window.close_dialog()
    window.press('push button', 'First Batch…')
    window.wait_for_text('Training begins with these 32 texts')
    window.close_dialog()


def test_nothing_yet(window):
    """Pages that need a classifier say how to get one."""
    open_page(window, 'Evaluate')
    window.wait_for_text('Nothing Measured Yet')
    open_page(window, 'Predict')
    window.wait_for_text('No Classifier Yet')


def train(window):
    """Trains to the end, asking the window for an answer all the while; how long they took, in milliseconds."""
    open_page(window, 'Train')
    state = window.find_label('Not trained yet')
    window.wait_for_text(' parameters · about ')
    window.press('push button', 'Train')
    answers_ms = []
    deadline = time.monotonic() + 120
    while not state.name.startswith(('Done in', 'Stopped after')):
        answers_ms.append(window.ping_ms())
        assert time.monotonic() < deadline, f'the training did not end: {state.name}'
    window.wait_for_text('Loss curves. Training')
    window.wait_for_text('Accuracy curves. Training')
    return answers_ms


def test_train(window):
    """Training shows its curves and ends."""
    train(window)


def set_number(window, name, number):
    """Changes a setting that is a number, as its buttons do."""
    window.find('spin button', name).queryValue().currentValue = number


def test_settings_of_training(window):
    """A setting that was changed is counted, and goes back to what the preset has."""
    set_number(window, 'Longest N-Gram', 1)
    window.wait_for_text('1 setting is not as the preset has it')
    window.press('push button', 'Back to Preset')
    window.wait_until_gone('1 setting is not as the preset has it')
    assert window.find('spin button', 'Longest N-Gram').queryValue().currentValue == 4


def test_trainings(window):
    """Two trainings are compared, and the settings and the classifier of the first are used again."""
    open_page(window, 'Trainings')
    window.wait_for_text('One training so far')
    set_number(window, 'Longest N-Gram', 1)
    window.press('push button', 'Train Again')
    window.wait_for_text('(±')
    window.wait_for_text('Linear (in use)')
    window.press('push button', 'Use This Recipe')
    window.press('push button', 'Use This Classifier')


def test_more_data(window):
    """The curve over rows is drawn, with a sentence that says whether more would help."""
    open_page(window, 'More Data')
    window.press('push button', 'Find Out')
    window.wait_for_text('with twice as many rows (', patience=90)
    window.wait_for_text('Accuracy: ')


def test_search(window):
    """A search finds settings, is stopped, and the best settings are taken over."""
    open_page(window, 'Train')
    open_page(window, 'Search')
    window.press('push button', 'Search')
    window.wait_for_text('Best so far: ', patience=60)
    window.press('push button', 'Stop Searching', patience=60)
    window.wait_for_text(' Best: ', patience=60)
    window.wait_for_text('sets of settings that were tried. Best so far: ')
    window.press('push button', 'Take Over Settings')


def test_answers_while_training(program):
    """The window answers all the while a Transformer trains."""
    window = Window(program, '--sample', 'hotel-reviews', '--preset', 'small')
    try:
        answers_ms = train(window)
    finally:
        window.close()
    usual_ms = statistics.quantiles(answers_ms, n=20)[-1]
    print(f'# {len(answers_ms)} answers while training: median {statistics.median(answers_ms):.1f} ms, '
          f'19 of 20 within {usual_ms:.1f} ms, slowest {max(answers_ms):.1f} ms')
    assert usual_ms < SLOWEST_USUAL_ANSWER_MS


def test_evaluate(window):
    """The Evaluate page says how many are right, what guessing gets, and what is mistaken for what."""
    open_page(window, 'Evaluate')
    window.wait_for_text('test texts right')
    window.wait_for_text('Always guessing “好评” would get')
    window.wait_for_text('Confusion matrix.')
    window.wait_for_text('mistakes')
    window.wait_for_text('Precision')


def test_predict(window):
    """A sentence that is typed gets its class, and another gets another."""
    open_page(window, 'Predict')
    text = window.find('text', 'Type or paste a text')
    for sentence, label in ((POSITIVE, '好评'), (NEGATIVE, '差评')):
        window.type_into(text, sentence)
        window.wait_for_text(f'{label}, ')
        time.sleep(0.3)
        assert window.has_text(f'{label}, '), f'“{sentence}” is not {label}'


def test_reopened(program):
    """Closed and opened again, the project shows the same: page, curves, figures, typed text."""
    projects = os.path.join(os.environ['XDG_DATA_HOME'], 'wenlei', 'projects')
    [project] = [name for name in os.listdir(projects) if name.endswith('.wenlei')]
    window = Window(program, os.path.join(projects, project))
    try:
        window.wait_for_text('test texts right')
        window.wait_for_text(NEGATIVE)
        window.wait_for_text('差评, ')
    finally:
        window.close()


def find_newest_project():
    projects = os.path.join(os.environ['XDG_DATA_HOME'], 'wenlei', 'projects')
    return max((entry for entry in os.scandir(projects) if entry.name.endswith('.wenlei')),
               key=lambda entry: entry.stat().st_ctime).path


def test_pause_and_go_on(program):
    """A training that was paused survives a kill, and goes on when the project is opened again."""
    window = Window(program, '--sample', 'support-requests', '--preset', 'small')
    try:
        open_page(window, 'Train')
        window.find_label('Not trained yet')
        window.press('push button', 'Train')
        window.wait_for_text('tokens a second')
        window.press('push button', 'Pause')
        window.wait_for_text('· paused')
    finally:
        window.process.kill()
        window.process.wait()
    window = Window(program, find_newest_project())
    try:
        open_page(window, 'Train')
        window.wait_for_text('It can go on where it was')
        window.press('push button', 'Continue Training')
        window.wait_for_text('Done in', patience=120)
    finally:
        window.close()


def test_explanation_stays(program):
    """Why the members of an ensemble decide as they do is said when they are trained, and when the project is opened again."""
    window = Window(program, '--sample', 'hotel-reviews', '--preset', 'ensemble')
    try:
        open_page(window, 'Train')
        window.find_label('Not trained yet')
        window.press('push button', 'Train')
        window.wait_for_text('Of rows they had not seen', patience=120)
        window.wait_for_text('Several classifiers are trained')
    finally:
        window.close()
    window = Window(program, find_newest_project())
    try:
        open_page(window, 'Train')
        window.wait_for_text('Of rows they had not seen')
    finally:
        window.close()


def test_import(program):
    """Tables are shown before they are read, with what was guessed, and one press reads them."""
    paths = [os.path.join(os.environ['HOME'], name) for name in ('reviews.csv', 'more.csv')]
    for path in paths:
        with open(path, 'wb') as file:
            file.write(('评论,类别\n' + ''.join(f'第{n}次来，房间很{"干净" if n % 2 else "脏"}，{"会" if n % 2 else "不会"}再来,'
                                                 f'{"好" if n % 2 else "差"}\n' for n in range(60))).encode('gb18030'))
    window = Window(program, *paths)
    try:
        window.wait_for_text('Nothing is imported yet')
        window.wait_for_text('2 tables with the same columns')
        window.wait_for_text('第1次来，房间很干净，会再来')
        window.press('push button', 'Import')
        window.wait_for_text('rows for training')
        window.wait_for_text('There are 2 labels; most rows have “差” (60)')
    finally:
        window.close()


def test_bad_file(program):
    """A file that is no table gives one sentence, and the window goes on."""
    path = os.path.join(os.environ['HOME'], 'picture.csv')
    with open(path, 'wb') as file:
        file.write(b'\x89PNG\r\n\x1a\n' + bytes(100))
    window = Window(program, path)
    try:
        window.wait_for_text('is a PNG file')
        assert window.process.poll() is None
    finally:
        window.close()


def run(number, test, argument):
    try:
        test(argument)
    except Exception:
        print(f'not ok {number} {test.__name__}')
        for line in traceback.format_exc().splitlines():
            print(f'# {line}')
        return False
    print(f'ok {number} {test.__name__}', flush=True)
    return True


def main():
    program = sys.argv[1]
    in_one_window = [test_sample_is_shown, test_edit_rows, test_prepare, test_settings_of_steps, test_laboratory,
                     test_nothing_yet, test_train, test_settings_of_training, test_trainings, test_more_data,
                     test_evaluate, test_predict, test_search]
    with_windows_of_their_own = [test_reopened, test_answers_while_training, test_pause_and_go_on,
                                 test_explanation_stays, test_import, test_bad_file]

    print(f'1..{len(in_one_window) + len(with_windows_of_their_own)}', flush=True)
    window = Window(program, '--sample', 'hotel-reviews', '--preset', 'linear')
    good = [run(number, test, window) for number, test in enumerate(in_one_window, 1)]
    window.close()
    good += [run(number, test, program) for number, test in enumerate(with_windows_of_their_own, len(good) + 1)]
    return 0 if all(good) else 1


if __name__ == '__main__':
    sys.exit(main())
