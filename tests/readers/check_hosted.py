"""Run notebooks as Colab does: alone, with Python and PyTorch and no MXNet.

Run it by hand, for it takes minutes, and an environment with PyTorch:

    make wheel
    python3.12 -m venv .venv-torch-hosted
    .venv-torch-hosted/bin/pip install torch ipykernel numpy pandas \\
        matplotlib filelock tqdm
    .venv/bin/python tests/readers/check_hosted.py .venv-torch-hosted

pip may take packages from `_build/wheel` alone, so it can neither replace
what is there nor fetch what lacks. The environment stays as it is: what the
first cell installs goes into one on top of it, where another module `utils`
lies in wait. Each notebook starts in an empty folder; BOOK_DATA has the data.
A line tells the seconds until the first cell was done and all of them.
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbformat.v4 import new_code_cell

ROOT = pathlib.Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

from book.chapters import toc  # noqa: E402
from book.shipping import notebooks  # noqa: E402

PARTS = 'gluon-basics', 'supervised-learning'
WHEELS = ROOT / '_build/wheel'
KERNEL = 'hosted'
SECONDS = 1200
PACKAGES = 'torch', 'numpy', 'ipykernel', 'ipython'
# Asked at the end of each notebook: what was imported, and from where
LAST = """\
import importlib.metadata as metadata, os
assert os.path.samefile(os.path.dirname(utils.__file__), os.getcwd())
import mxnet
print(mxnet.__version__, *map(metadata.version, {packages}))
"""


def on_top(base, folder):
    """Make an environment on top of another; return its Python."""
    python = base / 'bin' / 'python'
    subprocess.run([python, '-m', 'venv', folder], check=True)
    [places] = folder.glob('lib/python*/site-packages')
    [below] = base.glob('lib/python*/site-packages')
    line = f'import site; site.addsitedir({str(below)!r})\n'
    (places / 'base.pth').write_text(line)
    (places / 'utils.py').write_text('"""Somebody else\'s."""\n')
    return folder / 'bin' / 'python'


def versions(python):
    """Return the versions of what has to stay, as an environment has them."""
    code = ('import importlib.metadata as metadata\n'
            f'print(*map(metadata.version, {PACKAGES}))')
    done = subprocess.run([python, '-c', code], check=True, text=True,
                          capture_output=True)
    return done.stdout.split()


def add_kernel(python, folder):
    """Tell Jupyter of the Python whose kernel runs the notebooks."""
    kernel = folder / 'kernels' / KERNEL
    kernel.mkdir(parents=True)
    words = [str(python), '-m', 'ipykernel_launcher', '-f',
             '{connection_file}']
    table = {'argv': words, 'display_name': KERNEL, 'language': 'python'}
    (kernel / 'kernel.json').write_text(json.dumps(table))
    os.environ['JUPYTER_PATH'] = str(folder)


def execute(path):
    """Execute a notebook; return seconds: the first cell, and all of it."""
    notebook = nbformat.read(path, as_version=4)
    last = new_code_cell(LAST.format(packages=PACKAGES))
    notebook.cells.append(last)
    began, first = time.monotonic(), []

    def note(cell, **_):
        if 'setup' in cell.metadata.get('tags', ()):
            first.append(time.monotonic() - began)

    place = {'metadata': {'path': str(path.parent)}}
    NotebookClient(notebook, timeout=SECONDS, kernel_name=KERNEL,
                   resources=place, on_cell_executed=note).execute(
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    [said] = last.outputs
    return first[0], time.monotonic() - began, said.text.split()


def alone(page, language, folder, before):
    """Execute the notebook of a page where there is nothing else."""
    notebooks.write_each(ROOT, [page], language, folder, executed=False)
    first, whole, (engine, *after) = execute(folder / f'{page.name}.ipynb')
    if after != before:
        raise ValueError(f'packages have changed: {before} -> {after}')
    return f'{first:6.1f} s {whole:6.1f} s  mxnet {engine}'


def check(base, wheels, language, chosen):
    """Execute the notebooks; return the names of those that fail."""
    failed = []
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        python = on_top(base, folder / 'environment')
        add_kernel(python, folder / 'jupyter')
        before = versions(python)
        print(*map('{} {}'.format, PACKAGES, before), flush=True)
        os.environ.update(PIP_NO_INDEX='1', PIP_FIND_LINKS=str(wheels))
        os.environ.pop('PYTHONPATH', None)
        for page in chosen:
            try:
                told = alone(page, language, folder / page.slug, before)
            except (CellExecutionError, ValueError) as error:
                failed.append(page.name)
                told = re.sub(r'\x1b\[[\d;]*m', '', str(error))
            print(f'{page.name:50} {told}', flush=True)
    return failed


def main():
    parser = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    parser.add_argument('environment', type=pathlib.Path)
    parser.add_argument('--wheels', type=pathlib.Path, default=WHEELS)
    parser.add_argument('--language', default='en')
    parser.add_argument('--parts', nargs='+', default=PARTS)
    chosen = parser.parse_args()
    pages = [x for x in notebooks.with_code(toc.pages(ROOT))
             if x.name.split('/')[0] in chosen.parts]
    failed = check(chosen.environment.resolve(), chosen.wheels.resolve(),
                   chosen.language, pages)
    sys.exit(f'{len(failed)} of {len(pages)} failed' if failed else 0)


if __name__ == '__main__':
    main()
