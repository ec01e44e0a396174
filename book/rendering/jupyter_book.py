"""Executed notebooks -> pages, LaTeX or EPUB, by way of Jupyter Book."""

import pathlib
import re
import shutil
import sys

from book.chapters import toc
from book.chapters.errors import BookError, disk_problem, plain
from book.chapters.program import digest
from book.chapters.toc import LANGUAGES
from book.execution import engine, environment, files
from book.rendering import subprocesses

COMMAND = 'import book; from jupyter_book.cli.main import main; main()'
BOOK = pathlib.Path(__file__).parents[1]
TITLE = re.compile('^# .+', re.MULTILINE)
WARNING = re.compile(
    r'\b(WARNING|ERROR|CRITICAL|SEVERE|error|SphinxError)\b'
)


def render(root, pages, builder='html', start=None):
    """Build both editions at the same time.

    builder: 'html', 'latex' or 'epub', one of Sphinx's; start: starts
    Jupyter Book otherwise than `launch`.
    Returns a table: language -> the folder with what was built.
    Raises BookError with one line per warning.
    """
    state = digest([table_of_contents(pages), sources(root)])
    builds = []
    try:
        builds = [
            Build(root, x, builder, state, start or launch)
            for x in LANGUAGES
        ]
        problems = [x for build in builds for x in build.finish()]
    finally:
        for build in builds:
            build.stop()
    if problems:
        raise BookError('\n'.join(problems))
    return {build.language: build.output for build in builds}


def output(root, language, builder='html'):
    """Return the folder for what is built of an edition."""
    return root / files.PAGES / builder / language / '_build' / builder


def table_of_contents(pages):
    """Return the names and the titles of all pages: every page lists them.
    """
    return [
        [page.name, *(TITLE.findall(page.text(x))[:1] for x in LANGUAGES)]
        for page in pages
    ]


def sources(root):
    """Return digests of all that shapes every page."""
    paths = [
        root / '_config.yml',
        root / engine.find().lock,
        *toc.written(BOOK, 'rendering/**/*.*'),
        *toc.written(BOOK, 'chapters/**/*.*'),
        *toc.written(BOOK, 'experiments/*.py'),
    ]
    return [files.sha256(path) for path in sorted(paths)]


def launch(arguments, log, root):
    """Start Jupyter Book; what it says goes into a file."""
    command = [sys.executable, '-c', COMMAND, *arguments]
    with log.open('w', encoding='utf-8') as file:
        return subprocesses.Program(command, file, cwd=root,
                                    env=environment.of_build(root))


class Build:
    """A run of Jupyter Book over the pages of one language.

    Unchanged pages are not read again, unless the last run did not end
    well (a warning would not be repeated) or `state` is another one. An
    e-book is always made anew, as all that lies in its folder goes into it.
    """

    def __init__(self, root, language, builder, state, start):
        self.root, self.language, self.state = root, language, state
        self.builder = builder
        self.output = output(root, language, builder)
        self.folder = self.output.parents[1]
        self.log = self.folder.with_suffix('.log')
        self.done = self.folder / 'done'
        known = self.done.exists() and self.done.read_text('utf-8') == state
        if builder == 'epub' or not known:
            shutil.rmtree(self.folder, ignore_errors=True)
        self.done.unlink(missing_ok=True)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = start(self.arguments(), self.log, root)

    def arguments(self):
        """Return the command line of Jupyter Book."""
        return [
            *('build', f'chapters/{self.language}'),
            *('--config', '_config.yml'),
            *('--toc', str(self.root.resolve() / '_toc.yml')),
            *('--path-output', str(self.folder)),
            *('--builder', 'custom', '--custom-builder', self.builder),
            *('-W', '--keep-going', '-q'),
        ]

    def finish(self):
        """Wait for the end; return what is wrong with the pages."""
        if self.process.wait() == 0:
            files.write(self.done, self.state)
            return []
        log = self.log.read_text(encoding='utf-8', errors='replace')
        text = plain(log)
        disk = disk_problem(text)
        if disk:
            return [f'{self.log.relative_to(self.root)}: {disk}']
        return warnings(text, self.root.resolve()) or [
            f'{self.log.relative_to(self.root)}: Jupyter Book ended with '
            f'status {self.process.returncode}:',
            *text.splitlines()[-5:],
        ]

    def stop(self):
        self.process.stop()


def warnings(log, root):
    """Return the lines of a log that are warnings, with relative paths."""
    return [
        line.replace(f'{root}/', '')
        for line in log.splitlines()
        if WARNING.search(line) and '.md' in line
    ]
