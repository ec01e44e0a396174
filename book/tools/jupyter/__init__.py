"""Chapters in Jupyter: what Markdown is as a notebook, and the way back.

`chapter` turns one into the other, `contents` does so for Jupyter's server,
and the extension in `labextensions` tells JupyterLab and Notebook to open
pages as notebooks. `server_config.py` brings them together.
"""

import os
import pathlib
import sys
import tempfile

from jupyter_core import paths

CONFIG = pathlib.Path(__file__).with_name('server_config.py')
PLACES = ('JUPYTER_CONFIG_DIR', 'JUPYTER_DATA_DIR', 'JUPYTER_RUNTIME_DIR',
          'IPYTHONDIR', 'MPLCONFIGDIR')


def start(options=()):
    """Become a server of JupyterLab on the chapters.

    options: those of Jupyter, such as --no-browser.
    """
    os.environ.update(places())
    program = [sys.executable, '-m', 'jupyterlab']
    os.execv(sys.executable, [*program, f'--config={CONFIG}', *options])


def places():
    """Return variables with places for Jupyter, if it has none at home."""
    wanted = (paths.jupyter_config_dir(), paths.jupyter_data_dir(),
              paths.jupyter_runtime_dir())
    if all(map(writable, wanted)):
        return {}
    folder = pathlib.Path(tempfile.mkdtemp(prefix='jupyter-'))
    print('note: the home folder cannot be written to; Jupyter keeps its '
          f'settings in {folder}', file=sys.stderr)
    return {name: str(folder / name.lower()) for name in PLACES}


def writable(folder):
    """Tell whether a folder is there, or can be made, to write to."""
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)
