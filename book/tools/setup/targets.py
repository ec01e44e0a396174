"""The targets: what each does, where it runs, and which options it has.

`make TARGET NAME=value` and `python -m book TARGET --option value` are the
same; VARIABLES pairs the names.
"""

import pathlib
import shlex
from argparse import ArgumentTypeError
from collections import namedtuple

from book.execution.engine import MXNET, TORCH

BUNDLED = 'wheels', 'data', 'html', 'pdf', 'notebooks', 'source'
# Where else a target runs than in the engine's environment: in this Python;
# in an environment if there is one; in two others
HERE, THERE, TOOLS, GPU = 'here', 'there', 'tools', 'gpu'

# words: what it does; parts: those that it needs besides, in all or {engine:
# parts}, or where else it runs; engine: the only one it is for
Target = namedtuple('Target', 'words options parts engine',
                    defaults=[{}, (), None])


def quoted(text):
    """Return the text of several words, if its quotes are closed."""
    try:
        shlex.split(text)
    except ValueError as error:
        raise ArgumentTypeError(f'{text}: {error}') from error
    return text


def port(text):
    """Return the number of a port; 0 is any that is free."""
    if text.isdecimal() and int(text) < 2**16:
        return int(text)
    raise ArgumentTypeError(f'{text}: no port; say one from 1024 to 65535')


CHAPTER = {'--chapter': {'metavar': 'SLUG', 'help': 'only this chapter; '
                         'several with spaces between'}}
KEEP = {'--keep': {'metavar': 'RUN', 'help': 'write the values into '
                   'book/results.yml, for this run'}}
REPORT = {'--report': {'metavar': 'FILE',
                       'help': 'write a report as JUnit XML, too'}}
OPTIONS = {'--options': {'metavar': 'WORDS', 'default': '', 'type': quoted,
                         'help': 'further options of the program'}}
PORT = {'--port': {'type': port, 'default': 8000, 'help':
                   'of this computer, where the browser finds it; 8000'}}
SEEDS = {'--seeds': {'type': int, 'default': 5, 'metavar': 'NUMBER', 'help':
                     "how many, the chapters' own among them; 5"}}
FOLDER = {'--folder': {'metavar': 'DIR',
                       'help': 'where; made if it is not'},
          '--language': {'metavar': 'LANGUAGE', 'help': 'en or zh'}}
BUNDLE = {
    '--image': {'type': pathlib.Path, 'help': 'the archive of the image'},
    '--without': {'metavar': 'PART', 'nargs': '+', 'default': [],
                  'choices': BUNDLED,
                  'help': 'parts to leave out: ' + ', '.join(BUNDLED)},
}
TEST = {**CHAPTER, **REPORT, '--fresh': {
            'metavar': '1', 'default': '', 'help': 'execute all chapters'},
        '--tests': {'metavar': 'PATHS', 'default': '', 'type': quoted,
                    'help': 'only these'}}
ONLY = {'--only': {'metavar': 'PARTS', 'default': '', 'type': quoted,
                   'help': 'only these'}}
STUDENTS = {'--students': {'type': int, 'default': 30, 'help': '30'}}
FAMILY = {'--family': {'metavar': 'NAME', 'default': '', 'type': quoted,
                       'help': 'only these calls'}}
NOTEBOOK = {**OPTIONS, 'more': {'nargs': '*', 'metavar': 'OPTION'}}

TARGETS = {  # in the order of the help
    'help': Target('Show this list', {}, HERE),
    'html': Target('Execute what changed, build both editions: '
                   '_build/html/index.html', CHAPTER),
    'pdf': Target('Build the printed book: '
                  '_build/pdf/from-scratch-to-gluon-{en,zh}.pdf'),
    'epub': Target('Build the e-book: '
                   '_build/epub/from-scratch-to-gluon-{en,zh}.epub'),
    'serve': Target('Show the book on localhost, new at every save: '
                    'PORT=8000', PORT),
    'notebooks': Target('Write executed notebooks: _build/notebooks, one zip '
                        'per language', CHAPTER),
    'notebook': Target('Open the chapters in JupyterLab, as notebooks, and '
                       'save them', NOTEBOOK),
    'workspace': Target("Write or renew a reader's own notebooks: DIR=folder "
                        'LANGUAGE=en', FOLDER),
    'assignments': Target('Write notebooks for a class, answers taken out: '
                          '_build/assignments'),
    'bundle': Target('Gather all for places without a network: _build/bundle '
                     '(IMAGE=FILE, WITHOUT=PARTS)', BUNDLE),
    'wheel': Target("Build the readers' packages: _build/wheel"),
    'execute': Target('Execute what changed, without building the site',
                      CHAPTER),
    'test': Target('Check everything on the CPU; FRESH=1 executes all '
                   'chapters', TEST, {MXNET: ('browser', 'hub', 'proxy'),
                                   TORCH: ()}),
    'faults': Target('Kill, starve and feed nonsense to the book: all that '
                     'tests/faults has', {}, ('browser',)),
    'data': Target('Fetch and verify every data set'),
    'results': Target('Show the results: 2017, both engines, band; KEEP=run '
                      'notes them', {**CHAPTER, **KEEP}),
    'spread': Target('Train with SEEDS=5 seeds: results, claims; KEEP=run '
                     'notes it', {**CHAPTER, **KEEP, **SEEDS}),
    'check': Target('Check style, terms, figures and the agreement of the '
                    'languages, in seconds', CHAPTER),
    'doctor': Target('Check this computer: what is wrong, why, and what to '
                     'do', {}, THERE),
    'lock': Target('Write what pip may install, with hashes; newer versions: '
                   'OPTIONS=--upgrade', OPTIONS, TOOLS),
    'audit': Target('Ask PyPI for known vulnerabilities of what is pinned',
                    {}, TOOLS),
    'sbom': Target("List the images' Python packages: _build/sbom*.cdx.json "
                   '(CycloneDX)', {}, TOOLS),
    'references': Target('Renew the outputs that the tests compare with',
                         CHAPTER),
    'lint': Target('Check the Python code with ruff'),
    'syntax': Target("Compile the chapters' code, also with PYTHON=python3.8",
                     {}, HERE),
    'test-gpu': Target('Execute everything in full on a GPU; fail without '
                       'one', REPORT, GPU),
    'pytorch': Target('Install PyTorch, for the appendix that sets it beside '
                      'Gluon'),
    'image': Target('Build the Docker image from-scratch-to-gluon '
                    '(arguments: Dockerfile)', {}, HERE),
    'image-test': Target('Build the image without Docker, try it offline '
                         '(Debian, root)'),
    'bench': Target('Measure all, or ONLY=parts: tables, plots, '
                    '_build/bench/report.md', ONLY, (), MXNET),
    'benchmark-site': Target('Measure the site: weight of pages, Lighthouse '
                             '(needs Node.js)', {}, ('browser',)),
    'classroom-test': Target('Measure a hub with STUDENTS=30 simulated '
                             'students (needs npm, bubblewrap)',
                             STUDENTS, ('browser', 'hub', 'proxy')),
    'engine-record': Target('Record what MXNet answers, for the tests of the '
                            'engine (FAMILY=name)', FAMILY, ('browser',),
                            MXNET),
    'clean': Target('Remove what was built and executed (the data sets stay)',
                    {}, THERE),
}
VARIABLES = {  # what make knows as NAME=value, and the environment
    'ENGINE': '--engine', 'PYTHON': '--python', 'VENV': '--venv',
    'CHAPTER': '--chapter', 'KEEP': '--keep', 'SEEDS': '--seeds',
    'PORT': '--port', 'DIR': '--folder', 'LANGUAGE': '--language',
    'IMAGE': '--image', 'WITHOUT': '--without', 'OPTIONS': '--options',
    'FRESH': '--fresh', 'TESTS': '--tests', 'REPORT': '--report',
    'ONLY': '--only', 'STUDENTS': '--students', 'FAMILY': '--family',
}
