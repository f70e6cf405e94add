#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Says whether every sentence of the program can be translated, and is, in every language of po/LINGUAS.

usage: test-translations.py SOURCE-ROOT      writes TAP
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

XGETTEXT = ['xgettext', '--from-code=UTF-8', '--add-comments', '--keyword=_', '--keyword=N_',
            '--keyword=C_:1c,2', '--keyword=wen_ngettext:1,2', '--keyword=g_dngettext:2,3']
TRANSLATED_CODE = re.compile(r'\b(?:_|N_|C_|n?gettext|wen_ngettext) ?\(\s*"|translatable="(?:yes|true)"')


def tell(number, problems, title):
    print(f'{"not ok" if problems else "ok"} {number} {title}')
    for problem in problems:
        print(f'# {problem}')
    return not problems


def unlisted_files(root, listed):
    """Files with sentences for people that po/POTFILES does not name."""
    found = []
    for folder in ('app', 'engine', 'ui'):
        for path in sorted((root / folder).rglob('*')):
            name = str(path.relative_to(root))
            if path.suffix in ('.c', '.ui') and name not in listed and TRANSLATED_CODE.search(path.read_text()):
                found.append(name)
    return found


def run(command, root):
    result = subprocess.run(command, cwd=root, capture_output=True, text=True)
    return result.stderr.splitlines() if result.returncode else []


def main():
    root = Path(sys.argv[1])
    listed = [line for line in (root / 'po/POTFILES').read_text().split('\n') if line and line[0] != '#']
    languages = (root / 'po/LINGUAS').read_text().split()

    print(f'1..{3 + 3 * len(languages)}')
    good = tell(1, [name for name in listed if not (root / name).exists()], 'every file in po/POTFILES exists')
    good &= tell(2, unlisted_files(root, listed), 'every file with sentences stands in po/POTFILES')

    with tempfile.TemporaryDirectory() as folder:
        template = f'{folder}/wenlei.pot'
        good &= tell(3, run([*XGETTEXT, '--files-from=po/POTFILES', '-o', template], root), 'sentences can be collected')
        for index, language in enumerate(languages):
            po = f'po/{language}.po'
            number = 4 + 3 * index
            good &= tell(number, run(['msgfmt', '--check', '-o', f'{folder}/x.mo', po], root), f'{po} is well formed')
            good &= tell(number + 1, run(['msgcmp', po, template], root), f'{po} has every sentence')
            fuzzy = subprocess.run(['msgattrib', '--only-fuzzy', '--no-obsolete', po],
                                   cwd=root, capture_output=True, text=True).stdout
            good &= tell(number + 2, [line for line in fuzzy.splitlines() if line.startswith('msgid')],
                         f'{po} has no doubtful sentence')
    return 0 if good else 1


if __name__ == '__main__':
    sys.exit(main())
