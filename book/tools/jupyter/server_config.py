"""Settings of Jupyter for the chapters: jupyter lab --config THIS_FILE."""

import os
import pathlib

from book.execution import environment
from book.tools.jupyter.contents import prose

ROOT = pathlib.Path(__file__).parents[3]
CHAPTERS = ROOT / 'chapters'
TAKES_PAGES = 'jupyterlab_jupytext', 'jupytext'  # from our contents manager

os.environ.update(environment.variables(ROOT))  # kernels inherit it

c = get_config()  # noqa: F821
c.ServerApp.ip = 'localhost'
c.ServerApp.root_dir = str(CHAPTERS)
manager = 'book.tools.jupyter.contents.ChapterManager'
c.ServerApp.contents_manager_class = manager
c.ServerApp.jpserver_extensions.update(dict.fromkeys(TAKES_PAGES, False))
page = {'prose': prose(CHAPTERS)}
c.ServerApp.tornado_settings = {'page_config_data': page}
c.LabServerApp.extra_labextensions_path = [
    str(pathlib.Path(__file__).parent / 'labextensions')
]
