"""Is the code of the book Python for the version that reads this?

Without arguments it compiles `utils*.py`, what readers install and the code
of all chapters; with the slug of a chapter it runs that chapter as a program.
It needs no package and no newer Python than 3.8, which the book's own
pipeline does not run on.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
FENCE = re.compile(r'^```\{\.python \.input[^}]*\}\n(.*?)^```$',
                   re.MULTILINE | re.DOTALL)


def code(text):
    """Return the code of a page; each line stands where the page has it."""
    lines = ['\n'] * len(text.splitlines())
    for cell in FENCE.finditer(text):
        first = text.count('\n', 0, cell.start(1))
        inside = cell[1].splitlines(keepends=True)
        lines[first:first + len(inside)] = inside
    return ''.join(lines)


def sources():
    """Yield all files with code for readers, and that code."""
    for path in sorted([*ROOT.glob('utils*.py'),
                        *ROOT.glob('from_scratch_to_gluon/*.py')]):
        yield path, path.read_text(encoding='utf-8')
    for path in sorted(ROOT.glob('chapters/*/*/*.md')):
        yield path, code(path.read_text(encoding='utf-8'))


def problems():
    """Return one line for each file that this Python cannot compile."""
    found = []
    for path, source in sources():
        try:
            compile(source, str(path), 'exec')
        except SyntaxError as error:
            place = '{}:{}'.format(path.relative_to(ROOT), error.lineno)
            found.append('{}: {}'.format(place, error.msg))
    return found


def run(slug):
    """Run the code of a chapter in this process."""
    [path] = ROOT.glob('chapters/en/*/{}.md'.format(slug))
    sys.path.insert(0, str(ROOT))
    program = compile(code(path.read_text(encoding='utf-8')), str(path),
                      'exec')
    exec(program, {'__name__': '__main__'})


def main(slugs):
    for slug in slugs:
        run(slug)
    found = [] if slugs else problems()
    version = '.'.join(map(str, sys.version_info[:2]))
    print('\n'.join(found) or 'Python {}: no problem'.format(version))
    return bool(found)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
