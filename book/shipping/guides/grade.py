"""Mark what a class handed in, one student after the other.

    python grade.py linear-regression-scratch

`nbgrader autograde` for all students stops at the first notebook in which a
cell was copied; one that lacks a check waits for a mark by hand for ever.
This program, in the folder of the course, looks at each notebook first, has
nbgrader mark those that are whole, and lists at the end which need a hand,
and why. Run it again when these are mended: it marks only what is new.
"""

import argparse
import importlib.util
import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ERROR = re.compile(r'\| ERROR\] (.+)')


def main(arguments=None):
    """Mark an assignment; return 1 when something needs a hand."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('assignment', help='as its folder in release')
    assignment = parser.parse_args(arguments).assignment
    handed_in = sorted(Path('submitted').glob(f'*/{assignment}'))
    refuse_to_start(assignment, handed_in)
    problems = []
    for folder in handed_in:
        found = mark(folder.parent.name, assignment)
        print(f'{folder.parent.name}: {found or "marked"}', flush=True)
        problems += [f'  {folder}: {found}'] if found else []
    print(f'{len(handed_in) - len(problems)} of {len(handed_in)} are marked')
    if problems:
        print('These need a hand:', *problems, sep='\n')
    return int(bool(problems))


def refuse_to_start(assignment, handed_in):
    """End with a line about what is missing for all."""
    if importlib.util.find_spec('nbgrader') is None:
        sys.exit(f'{sys.executable} has no nbgrader; README.md says how to '
                 'install it')
    if not any(Path('release', assignment).glob('*.ipynb')):
        sys.exit(f'no notebook in release/{assignment}; run this in the '
                 'folder of the course, with the name of an assignment')
    if not handed_in:
        sys.exit(f'nothing is in submitted/STUDENT/{assignment}')


def mark(student, assignment):
    """Have nbgrader mark a student's work; return what is wrong, or ''."""
    found, is_new = [], False
    for released in sorted(Path('release', assignment).glob('*.ipynb')):
        path, done = (Path(stage, student, assignment, released.name)
                      for stage in ('submitted', 'autograded'))
        problems = list(obstacles(path, released))
        found += problems
        is_new = is_new or not problems and not (
            done.exists() and done.stat().st_mtime > path.stat().st_mtime)
    if found or not is_new:
        return '; '.join(found)
    return autograde(student, assignment)


def obstacles(path, released):
    """Yield what keeps nbgrader from marking a notebook, and the way out."""
    if not path.exists():
        others = ', '.join(x.name for x in path.parent.glob('*.ipynb'))
        there = f'rename {others}' if others else 'ask for it'
        yield f'there is no {path.name}; {there}'
        return
    try:
        found = cells(path)
    except (ValueError, KeyError, TypeError, AttributeError):
        yield f'{path.name} is no notebook; ask for it again'
        return
    wanted = cells(released)
    copied = ', '.join(name for name in wanted if found[name] > 1)
    missing = ', '.join(name for name in wanted if not found[name])
    if copied:
        yield f'{path.name} has a copy of {copied}; delete the copy in it'
    if missing:
        yield (f'{path.name} lacks {missing}; open it and {released} in '
               'JupyterLab, and copy what is missing over')



def cells(path):
    """Return how often each of nbgrader's cells is in a notebook."""
    notebook = json.loads(path.read_text('utf-8'))
    names = [cell['metadata'].get('nbgrader', {}).get('grade_id')
             for cell in notebook['cells']]
    return Counter(name for name in names if name)


def autograde(student, assignment):
    """Run nbgrader for one student; return what went wrong, or ''."""
    done = subprocess.run(
        [sys.executable, '-m', 'nbgrader', 'autograde', assignment,
         '--student', student, '--force'],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    told = done.stdout.decode('utf-8', 'replace')
    errors = ERROR.findall(told)
    if done.returncode:
        return f'nbgrader: {errors[0] if errors else told[-300:]}'
    if any('Timeout' in error for error in errors):
        return 'marked, but a cell ran too long: look at it yourself'
    return ''


if __name__ == '__main__':
    sys.exit(main())
