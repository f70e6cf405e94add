#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Says whether the desktop accepts what tells it about the app: desktop file, metainfo, file type and icons.

usage: test-desktop-files.py RESOURCES DESKTOP-FILE METAINFO      the folder, and the two as built; writes TAP
"""

import configparser
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import NamedTuple

APPLICATION_ID = 'org.wenlei.Wenlei'
SVG = '{http://www.w3.org/2000/svg}svg'


class Files(NamedTuple):
    resources: Path
    desktop: Path
    metainfo: Path


class Skipped(Exception):
    """A tool is not installed."""


def run(*command):
    """What a tool complains about."""
    if shutil.which(command[0]) is None:
        raise Skipped(f'{command[0]} is not installed')
    result = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return (result.stdout.splitlines() or [f'exit status {result.returncode}']) if result.returncode else []


def check_desktop_file(files):
    return run('desktop-file-validate', str(files.desktop))


def check_metainfo(files):
    return run('appstreamcli', 'validate', '--no-net', '--no-color', str(files.metainfo))


def check_file_type(files):
    """Asks the desktop's own database, built from nothing but our file."""
    with tempfile.TemporaryDirectory() as folder:
        packages = Path(folder) / 'packages'
        packages.mkdir()
        shutil.copy(files.resources / f'{APPLICATION_ID}.mime.xml', packages / f'{APPLICATION_ID}.xml')
        problems = run('update-mime-database', folder)
        globs = (Path(folder) / 'globs2').read_text() if not problems else ''
    if not problems and ':application/x-wenlei:*.wenlei\n' not in globs:
        problems.append(f'no *.wenlei among the patterns: {globs!r}')
    return problems


def check_names(files):
    """The files name one another; a wrong name shows up only once all is installed."""
    desktop = configparser.ConfigParser(interpolation=None, strict=False)
    desktop.optionxform = str
    desktop.read(files.desktop, encoding='utf-8')
    entry = desktop['Desktop Entry']
    metainfo = ElementTree.parse(files.metainfo).getroot()
    mime_type = ElementTree.parse(files.resources / f'{APPLICATION_ID}.mime.xml').getroot()[0].get('type')
    expected = [
        ('icon of the desktop file', entry['Icon'], APPLICATION_ID),
        ('program of the desktop file', entry['Exec'].split()[0], metainfo.findtext('provides/binary')),
        ('launchable of the metainfo', metainfo.findtext('launchable'), f'{APPLICATION_ID}.desktop'),
        ('file type of the metainfo', metainfo.findtext('provides/mediatype'), mime_type),
        ('first file type of the desktop file', entry['MimeType'].split(';')[0], mime_type),
    ]
    return [f'{what} is {found!r}, not {wanted!r}' for what, found, wanted in expected if found != wanted]


def check_icons(files):
    problems = []
    for name, size in ((f'scalable/apps/{APPLICATION_ID}.svg', '128'),
                       (f'symbolic/apps/{APPLICATION_ID}-symbolic.svg', '16')):
        root = ElementTree.parse(files.resources / 'icons/hicolor' / name).getroot()
        if root.tag != SVG or (root.get('width'), root.get('height')) != (size, size):
            problems.append(f'{name} is not an SVG of {size} × {size}')
    return problems


CHECKS = [
    (check_desktop_file, 'the desktop file is valid'),
    (check_metainfo, 'the metainfo is valid'),
    (check_file_type, 'project files have a type'),
    (check_names, 'the files name one another rightly'),
    (check_icons, 'the icons have their sizes'),
]


def main():
    files = Files(*map(Path, sys.argv[1:]))
    failed = False
    print(f'1..{len(CHECKS)}')
    for number, (check, title) in enumerate(CHECKS, 1):
        try:
            problems = check(files)
        except Skipped as reason:
            print(f'ok {number} {title} # SKIP {reason}')
            continue
        failed |= bool(problems)
        print(f'{"not ok" if problems else "ok"} {number} {title}')
        for problem in problems:
            print(f'# {problem}')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
