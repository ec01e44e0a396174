"""Execute a chapter without Jupyter; print its outputs as JSON.

    python tests/card/card_chapter.py chapters/en/gluon-basics/use-gpu.md

A machine with a graphics card may have neither Jupyter nor a network; this
needs Python and what the chapter itself imports. Of a cell it keeps what is
printed, and the value of a last expression; pictures are drawn and thrown
away. The first cell that fails ends the chapter.
"""

import ast
import contextlib
import importlib.util
import io
import json
import os
import pathlib
import re
import sys
import tempfile
import traceback
from unittest import mock

FENCE = re.compile(r'^```\{\.python \.input\}\n(.*?)^```$', re.M | re.S)
JUPYTER = 'IPython', 'matplotlib_inline'


def cells(text):
    """Return the code cells of a page."""
    return FENCE.findall(text)


def without_jupyter():
    """Let `utils` import what it takes from Jupyter where that is missing.

    Outside Jupyter it does not use any of it.
    """
    for name in JUPYTER:
        if importlib.util.find_spec(name) is None:
            stand_in = sys.modules[name] = mock.MagicMock()
            stand_in.get_ipython.return_value = None


def run(source, path, names):
    """Execute a cell; return what it prints.

    path: where its text is kept, for `inspect.getsource` to find it.
    """
    path.write_text(source, encoding='utf-8')
    tree = ast.parse(source, path)
    last = tree.body[-1]
    if isinstance(last, ast.Expr):
        tree.body[-1] = ast.Assign([ast.Name('_', ast.Store())], last.value)
        ast.fix_missing_locations(ast.copy_location(tree.body[-1], last))
    names['_'] = None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(tree, path, 'exec'), names)
        if names['_'] is not None:
            print(repr(names['_']))
    return printed.getvalue()


def execute(text):
    """Return the outputs of a page's cells, and the error that ended it."""
    outputs, names = [], {'__name__': '__main__'}
    for number, source in enumerate(cells(text), 1):
        path = pathlib.Path(f'cell_{number}.py').resolve()
        try:
            outputs.append(run(source, path, names))
        except Exception as error:
            traceback.print_exc()
            told = f'cell {number}: {type(error).__name__}: {error}'
            return outputs, ' '.join(told.split())
    return outputs, ''


def main(path):
    """Execute a page in a temporary folder."""
    text = pathlib.Path(path).read_text(encoding='utf-8')
    os.environ['MPLBACKEND'] = 'agg'
    without_jupyter()
    before = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        outputs, error = execute(text)
        os.chdir(before)
    print(json.dumps({'outputs': outputs, 'error': error}))


if __name__ == '__main__':
    main(*sys.argv[1:])
