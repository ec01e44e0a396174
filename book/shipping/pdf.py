"""The LaTeX of both editions -> the printed book of each."""

import os
import re
import shutil
import subprocess

from book.chapters.errors import BookError
from book.execution import files
from book.rendering import subprocesses
from from_scratch_to_gluon import programs

PROGRAMS = 'xelatex', 'latexmk', 'kpsewhich'
TEX_FILES = ('xeCJK.sty', 'unicode-math.sty', 'titlesec.sty', 'tikz.sty',
             'texgyrepagella-regular.otf', 'texgyreheros-regular.otf',
             'texgyrepagella-math.otf', 'FandolKai-Regular.otf')
FONTS = ('Noto Serif CJK SC', 'Noto Sans CJK SC', 'Noto Sans Mono CJK SC',
         'DejaVu Sans Mono')
INSTALL = (
    'on Debian and Ubuntu: apt-get install texlive-xetex '
    'texlive-lang-chinese texlive-latex-extra texlive-fonts-recommended '
    'fonts-freefont-otf fonts-texgyre fonts-texgyre-math latexmk '
    'fonts-dejavu-core fonts-noto-cjk libcairo2\n'
    'on macOS: brew install cairo && brew install --cask mactex-no-gui '
    'font-noto-serif-cjk font-noto-sans-cjk font-dejavu'
)
ERROR = re.compile(r'^(?:! |\S+:\d+: )(.+)', re.MULTILINE)
FINDING = re.compile(
    r'^(Missing character: .*'
    r'|LaTeX Warning: (?:Reference|Hyper reference) .* undefined.*'
    r'|Overfull \\hbox \((?P<width>[\d.]+)pt too wide\).*'
    r'|Overfull \\vbox \((?P<height>[\d.]+)pt too high\).*)',
    re.MULTILINE,
)
TOO_WIDE, TOO_HIGH = 1.0, 6.0  # points


def need_tools():
    """Raise BookError with all that is missing and what brings it."""
    absent = missing()
    if absent:
        raise BookError(f'the printed book needs {", ".join(absent)}\n'
                        f'{INSTALL}')


def missing():
    """Return the programs, TeX files and fonts that are not here."""
    absent = [x for x in PROGRAMS if not shutil.which(x)]
    if not absent:
        found = output_of('kpsewhich', *TEX_FILES)
        absent += [x for x in TEX_FILES if f'/{x}\n' not in found]
    if shutil.which('fc-list'):
        families = output_of('fc-list', ':', 'family')
        absent += [f'the font {x}' for x in FONTS if x not in families]
    return absent + missing_cairo()


def output_of(*command):
    return programs.run(command, stderr=subprocess.DEVNULL).stdout


def missing_cairo():
    """Return the library that draws SVG, unless it can be loaded."""
    try:
        import cairosvg  # noqa: F401
    except (ImportError, OSError):
        return ['the library cairo']
    return []


def typeset(root, folders):
    """Run LaTeX over both editions at the same time.

    folders: language -> the folder with its LaTeX.
    Returns a table: the path of a book -> what its log complains of.
    Raises BookError with the first error of an edition.
    """
    runs = []
    try:
        runs = [Run(root, *item) for item in folders.items()]
        problems = [x for run in runs for x in run.finish()]
    finally:
        for run in runs:
            run.stop()
    if problems:
        raise BookError('\n'.join(problems))
    return {run.publish(): findings(run.log_text()) for run in runs}


class Run:
    """A run of LaTeX, as often as its references need."""

    def __init__(self, root, language, folder):
        self.root, self.language, self.folder = root, language, folder
        self.log = folder / f'{files.NAME}.log'
        self.process = self.start()

    def start(self):
        with (self.folder / 'latexmk.log').open('wb') as messages:
            return subprocesses.Program(
                [
                    'latexmk',
                    '-xelatex',
                    '-interaction=nonstopmode',
                    '-halt-on-error',
                    '-file-line-error',
                    f'{files.NAME}.tex',
                ],
                messages,
                cwd=self.folder,
                env={**os.environ, 'max_print_line': '1000'},
            )

    def finish(self):
        """Wait for the end; return what went wrong."""
        if self.process.wait() == 0:
            return []
        (self.folder / f'{files.NAME}.fdb_latexmk').unlink(missing_ok=True)
        log = self.log.relative_to(self.root)
        return [f'{self.language}: {error(self.log_text())} (see {log})']

    def stop(self):
        """End LaTeX and what it has started."""
        self.process.stop()

    def log_text(self):
        try:
            return self.log.read_text(encoding='utf-8', errors='replace')
        except OSError:
            return ''

    def publish(self):
        """Put the book in place, whole; return its path."""
        path = files.PDF / f'{files.NAME}-{self.language}.pdf'
        files.copy(self.folder / f'{files.NAME}.pdf', self.root / path)
        return path


def error(log):
    """Return the first error in a log of LaTeX."""
    match = ERROR.search(log)
    return match[1].rstrip() if match else 'LaTeX ended without a message'


def findings(log):
    """Return what spoils a book although LaTeX went on: its log tells.

    Characters that no font has, links to nowhere, lines that stick out,
    pages that are too full.
    """
    return [match[0]
            for match in FINDING.finditer(log)
            if float(match['width'] or 2 * TOO_WIDE) > TOO_WIDE
            and float(match['height'] or 2 * TOO_HIGH) > TOO_HIGH]
