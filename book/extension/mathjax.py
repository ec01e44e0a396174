"""Formulas work offline: MathJax stands beside the pages."""

import importlib.resources
import pathlib
import shutil

FILES = 'tex-chtml.js', 'input/tex/extensions', 'output/chtml/fonts/woff-v2'


def setup(app):
    app.connect('config-inited', choose_path)
    app.connect('build-finished', copy_mathjax)


def choose_path(app, config):
    config.mathjax_path = 'mathjax/tex-chtml.js'


def copy_mathjax(app, error):
    """Copy what formulas need into the site."""
    if error or app.builder.format != 'html':
        return
    package = importlib.resources.files('sphinx-mathjax-offline')
    target = pathlib.Path(app.outdir) / '_static' / 'mathjax'
    for name in FILES:
        source = package / 'static' / 'mathjax' / name
        if source.is_dir():
            shutil.copytree(source, target / name, dirs_exist_ok=True)
        else:
            target.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target / name)
