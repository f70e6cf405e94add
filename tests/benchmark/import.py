#!/usr/bin/python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""How long a large table takes to come into a project, beside pandas.read_csv.

usage: import.py [TABLE...]      GI_TYPELIB_PATH and LD_LIBRARY_PATH name the build's engine/

Rows of the tables (without one: of the built-in reviews) are repeated to 226 MB.  Each
of the programs runs in a process of its own, in turn; the medians of five are compared.
Without pandas, only our figures are told.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

TABLE_BYTES = 226_000_000
ROW_BYTES = 180     # what makes 1.25 million rows of it
N_RUNS = 5
SAMPLE = Path(__file__).resolve().parents[2] / 'resources/samples/hotel-reviews.csv'

OURS = '''
import resource, sys, time
import gi
gi.require_version('Wenlei', '1')
from gi.repository import Gio, GLib, Wenlei
table, project_path = sys.argv[1:]
project = Wenlei.Project.create(Gio.File.new_for_path(project_path))
loop = GLib.MainLoop()
def imported(project, result):
    report = project.import_finish(result)
    print(report.n_rows, time.monotonic() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, flush=True)
    loop.quit()
begin = time.monotonic()
project.import_async(Gio.File.new_for_path(table), Wenlei.CsvOptions(), None, None, Wenlei.Split.TRAIN, None, None, None,
                     imported)
loop.run()
project.close()
import os
os._exit(0)
'''

THEIRS = '''
import resource, sys, time
import pandas
begin = time.monotonic()
table = pandas.read_csv(sys.argv[1])
print(len(table), time.monotonic() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
'''


def read_rows(path):
    import csv
    with open(path, encoding='utf-8', newline='') as file:
        reader = csv.DictReader(file)
        return [(row['label'], row['text']) for row in reader]


def write_table(rows, path):
    """Each row has the texts of so many rows of one label that it is long enough."""
    dice = random.Random(1)
    by_label = {}
    for label, text in rows:
        by_label.setdefault(label, []).append(text.replace('"', ''))
    labels = sorted(by_label)
    n_bytes = 0
    with open(path, 'w', encoding='utf-8') as file:
        file.write('label,text\n')
        while n_bytes < TABLE_BYTES:
            label = dice.choice(labels)
            text = dice.choice(by_label[label])
            while len(text.encode()) < ROW_BYTES * dice.random() * 1.6:
                text += dice.choice(by_label[label])
            n_bytes += len(f'{label},"{text}"\n'.encode())
            file.write(f'{label},"{text}"\n')


def run(program, *arguments):
    """Rows, seconds and bytes of one run."""
    result = subprocess.run([sys.executable, '-c', program, *arguments], capture_output=True, text=True)
    if result.returncode:
        sys.stderr.write(result.stderr)
        return None
    return [float(field) for field in result.stdout.split()]


def main():
    rows = [row for path in sys.argv[1:] or [SAMPLE] for row in read_rows(path)]
    ours, theirs = [], []
    with tempfile.TemporaryDirectory() as folder:
        table = os.path.join(folder, 'table.csv')
        write_table(rows, table)
        for number in range(N_RUNS):
            ours.append(run(OURS, table, os.path.join(folder, f'{number}.wenlei')))
            os.remove(os.path.join(folder, f'{number}.wenlei'))
            if None not in theirs:
                theirs.append(run(THEIRS, table))
    if None in ours:
        return 1
    n_rows, seconds, n_bytes = (statistics.median(figures) for figures in zip(*ours))
    print(f'  {n_rows:,.0f} rows: {seconds:.2f} s, {n_bytes / 1e6:.0f} MB resident')
    record = {'benchmark': 'import', 'row': 'ours', 'seconds': seconds, 'peak_rss_bytes': n_bytes}
    if None in theirs:
        print('  pandas is not installed: apt install python3-pandas')
    else:
        assert theirs[0][0] == n_rows
        their_seconds = statistics.median(run[1] for run in theirs)
        their_bytes = statistics.median(run[2] for run in theirs)
        print(f'  pandas.read_csv: {their_seconds:.2f} s, {their_bytes / 1e6:.0f} MB resident; '
              f'ours takes {seconds / their_seconds:.2f} times as long')
        record['times_pandas'] = seconds / their_seconds
    if 'WENLEI_BENCHMARK_JSON' in os.environ:
        with open(os.environ['WENLEI_BENCHMARK_JSON'], 'a') as file:
            file.write(json.dumps(record) + '\n')
    return 0


if __name__ == '__main__':
    sys.exit(main())
