"""Processes that start at once, for a server has imported all they need.

The server (Python's forkserver) ends with this process, however it ends.
"""

import multiprocessing
import os
import signal
import sys
import traceback

METHODS = multiprocessing.get_all_start_methods()
CONTEXT = multiprocessing.get_context(
    'forkserver' if 'forkserver' in METHODS else 'spawn'
)
NEEDED = (  # what Jupyter Book loads before it reads the first page
    *('jupyter_book.cli.main', 'jupyter_book.sphinx', 'myst_nb.sphinx_ext'),
    *('sphinx.builders.html', 'sphinx.ext.autodoc', 'sphinx_book_theme'),
    *('pydata_sphinx_theme', 'sphinx_copybutton', 'sphinx_design'),
    *('sphinxcontrib.bibtex', 'sphinx_jupyterbook_latex', 'babel.dates'),
    *('book.rendering.every_page.index', 'book.rendering.html.search'),
    *('book.rendering.html.style_sheet', 'book.rendering.html.mathjax'),
    *('book.rendering.made_pages.results_page', 'book.execution.schedule'),
)


def prepare():
    """Let the server import what its processes will need."""
    if 'forkserver' in METHODS:
        CONTEXT.set_forkserver_preload(list(NEEDED))


class Process:
    """A function in a process of its own, which ends with this one.

    log: the file that gets what it writes; None for the terminal.
    """

    def __init__(self, function, *arguments, log=None):
        self.inner = CONTEXT.Process(
            target=run, args=(function, arguments, log), daemon=True
        )
        self.inner.start()

    @property
    def returncode(self):
        return self.inner.exitcode

    def wait(self):
        """Wait for the end; return the exit status."""
        self.inner.join()
        return self.returncode

    def stop(self):
        """End the process, which first ends what it has started."""
        self.inner.terminate()
        self.inner.join(5)
        self.inner.kill()


def run(function, arguments, log):
    """Call a function; leave with the exit status that it deserves."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the preview stops us
    signal.signal(signal.SIGTERM, interrupt)
    if log:
        file = open(log, 'w', encoding='utf-8', buffering=1)
        sys.stdout = sys.stderr = file
    try:
        function(*arguments)
    except KeyboardInterrupt:
        os._exit(130)
    except SystemExit as end:
        sys.exit(end.code)
    except BaseException:
        traceback.print_exc()
        sys.exit(1)


def interrupt(number, frame):
    raise KeyboardInterrupt


def jupyter_book(root, arguments):
    """Run Jupyter Book in the folder of the book."""
    from jupyter_book.cli.main import main

    from book.execution import environment

    os.chdir(root)
    here = environment.of_build(root)
    os.environ.clear()
    os.environ.update(here)
    main(arguments, standalone_mode=False)


def execute(root, slugs, answers):
    """Execute some chapters; answer with what was wrong."""
    from book.chapters import toc
    from book.chapters.errors import BookError
    from book.execution import schedule

    os.chdir(root)
    try:
        pages = [x for x in toc.pages(root) if x.slug in slugs]
        schedule.execute(root, schedule.prepare(pages))
        answers.put([])
    except BookError as error:
        answers.put(str(error).splitlines())
