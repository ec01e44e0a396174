"""Chapters in Jupyter: what Markdown is as a notebook, and the way back.

`chapter` turns one into the other, `contents` does so for Jupyter's server,
and the extension in `labextensions` tells JupyterLab and Notebook to open
pages as notebooks. `server_config.py` brings them together.
"""

import os
import pathlib
import sys

CONFIG = pathlib.Path(__file__).with_name('server_config.py')


def start(options=()):
    """Become a server of JupyterLab on the chapters.

    options: those of Jupyter, such as --no-browser.
    """
    program = [sys.executable, '-m', 'jupyterlab']
    os.execv(sys.executable, [*program, f'--config={CONFIG}', *options])
