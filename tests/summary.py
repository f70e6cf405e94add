#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Adds up the last `meson test` of each build folder and prints one closing line.

usage: summary.py BUILD...      exits 1 where a test failed or nothing ran
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def count(build):
    """Passed, failed and skipped tests in the report that meson left in a build folder."""
    passed = failed = skipped = 0
    report = Path(build) / 'meson-logs' / 'testlog.junit.xml'
    for suite in ElementTree.parse(report).getroot().iter('testsuite'):
        cases = list(suite.iter('testcase'))
        if not cases:
            # A program that ended before its first case.
            failed += 1
        for case in cases:
            if case.find('failure') is not None or case.find('error') is not None:
                failed += 1
            elif case.find('skipped') is not None:
                skipped += 1
            else:
                passed += 1
    return passed, failed, skipped


def main():
    totals = [sum(numbers) for numbers in zip(*map(count, sys.argv[1:]))]
    passed, failed, skipped = totals
    print(f'{passed} passed, {failed} failed, {skipped} skipped')
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
