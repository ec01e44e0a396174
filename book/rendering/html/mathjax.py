"""Formulas work offline: MathJax stands beside the pages.

Only the parts that the book needs are loaded: TeX input with the AMS
commands, HTML output, and the hidden MathML that screen readers read.
"""

import importlib.resources
import pathlib
import shutil

from book.execution import files

PARTS = 'input/tex', 'output/chtml', 'a11y/assistive-mml'
FILES = ('startup.js', 'core.js', *(f'{part}.js' for part in PARTS),
         'output/chtml/fonts/tex.js', 'output/chtml/fonts/woff-v2',
         'input/tex/extensions')
UNUSED = 'all-packages.js', 'ams.js', 'physics.js'  # not loaded on demand


def setup(app):
    app.connect('config-inited', choose_parts, priority=1)
    app.connect('build-finished', copy_mathjax)


def choose_parts(app, config):
    """Say where MathJax is and what it loads."""
    config.mathjax_path = 'formulas.js'  # loads MathJax
    config.mathjax3_config = {'loader': {'load': list(PARTS)}}


def copy_mathjax(app, error):
    """Copy what formulas need into the site."""
    if error or app.builder.name != 'html':
        return
    package = importlib.resources.files('sphinx-mathjax-offline')
    target = pathlib.Path(app.outdir) / '_static' / 'mathjax'
    for name in FILES:
        copy(package / 'static' / 'mathjax' / name, target / name)


def copy(source, target):
    """Copy a file or a folder."""
    if source.is_dir():
        shutil.copytree(source, target,
                        ignore=shutil.ignore_patterns(*UNUSED),
                        dirs_exist_ok=True)
    else:
        files.copy(source, target)
