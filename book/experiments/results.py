"""results.yml and an executed chapter -> what it reached, and is it right?"""

import datetime
import math
import re
from dataclasses import dataclass, field

from book.chapters.errors import BookError
from book.chapters.reader import code_cells
from book.chapters.toc import LANGUAGES
from book.execution.engine import ENGINES, MXNET
from book.experiments import entries
from book.experiments.comparison import is_full, output_text

TABLE = entries.TABLE
NEEDED = {'chapter', 'name', 'metric', 'find'}
BANDS = 'cpu', 'full'
OPTIONAL = {*BANDS, 'printed_2017', 'full_run', 'measured', 'reason'}
RUN = {'run', 'date', 'machine', 'seeds'}
COLUMNS = dict(zip(ENGINES, ('MXNet', 'PyTorch')))  # of the tables
OK, OUT, MISSING = 'ok', 'OUT OF BAND', 'MISSING'
STAND_IN = 'stand-in, not judged'
SKIPPED = 'skipped: not installed'


@dataclass(frozen=True)
class Run:
    """With which seeds, when, and on what machine bands were measured.

    machine: its class in the words of each language; engine: which of
    ENGINES computed.
    """

    name: str
    date: datetime.date
    machine: dict
    seeds: tuple
    engine: str = MXNET


@dataclass(frozen=True)
class Experiment:
    """One number that a chapter prints, and the bands it must fall into.

    cpu, full: (lowest, highest) for a CPU and for a run on all data; None
    where seeds differ so much that a band says nothing, and claims judge;
    printed_2017, full_run: what the 2017 book printed, and what a run on
    all data gave; measured: name of a run -> a value for each of its seeds;
    noted: an engine -> the values of each run with it, the latest last;
    reason: why it is not what it was in 2017, in the words of each language.
    """

    chapter: str
    name: str
    metric: str
    find: re.Pattern
    cpu: tuple = None
    full: tuple = None
    printed_2017: float = None
    full_run: float = None
    measured: dict = field(default_factory=dict)
    noted: dict = field(default_factory=dict)
    reason: dict = None

    def __str__(self):
        return f'{self.chapter}, {self.name}: {self.metric}'

    @property
    def known(self):
        """All values that were measured, on any machine."""
        return [x for values in self.measured.values() for x in values]

    def last(self, engine):
        """What was noted last for the page's own seed, or None."""
        runs = self.noted.get(engine)
        return runs[-1][0] if runs else None


@dataclass(frozen=True)
class Row:
    """What an experiment reached; `value` is None when it is missing.

    problem: why it is missing; engine: which of ENGINES computed it.
    """

    experiment: Experiment
    value: float
    band: tuple
    verdict: str
    problem: str = ''
    engine: str = MXNET

    @property
    def good(self):
        return self.verdict in (OK, STAND_IN, SKIPPED)


def load(path=TABLE, chapter=None):
    """Return the experiments of a table, or those of one chapter, or several.

    chapter: a slug, or several with spaces between.
    Raises BookError, naming the entry, for one that cannot be used.
    """
    known = runs(path)
    experiments = entries.parsed(path, 'find', lambda x: parse(x, known))
    return [x for x in experiments
            if chapter is None or x.chapter in chapter.split()]


def runs(path=TABLE):
    """Return the runs that a table names, by their names."""
    return {run.name: run for run in entries.parsed(path, 'run', parse_run)}


def parse(entry, runs=()):
    """Turn an entry of the table into an experiment.

    runs: those that the table has, by name.
    """
    entries.refuse(entry, NEEDED, OPTIONAL)
    find = re.compile(entry['find'], re.MULTILINE)
    if find.groups != 1:
        raise ValueError(f'`find` needs one group, has {find.groups}')
    measured = {name: tuple(map(float, values))
                for name, values in entry.get('measured', {}).items()}
    noted = {}
    for name, values in measured.items():
        if name not in runs or len(values) != len(runs[name].seeds):
            raise ValueError(f'`measured` needs a value for each seed of the '
                             f'run {name}, which the table has to name')
        noted.setdefault(runs[name].engine, []).append(values)
    entries.bilingual(entry.get('reason', dict.fromkeys(LANGUAGES)), 'reason')
    bands = {name: band(entry[name]) for name in BANDS if name in entry}
    return Experiment(**{**entry, **bands, 'find': find,
                         'measured': measured, 'noted': noted})


def parse_run(entry):
    """Turn an entry of the table into a run."""
    entries.refuse(entry, RUN, {'engine'})
    entries.bilingual(entry['machine'], 'machine')
    engine = entry.get('engine', MXNET)
    if engine not in ENGINES:
        raise ValueError(f'`engine` needs one of {" and ".join(ENGINES)}')
    return Run(entry['run'], entry['date'], entry['machine'],
               tuple(entry['seeds']), engine)


def band(values):
    """Return (lowest, highest) of a band as it was written."""
    try:
        low, high = map(float, values)
    except (TypeError, ValueError):
        low, high = 1, 0
    if not low <= high:
        raise ValueError(f'the band {values} must be [lowest, highest]')
    return low, high


def extract(texts, experiment):
    """Return (cell, value): the one place that `find` matches.

    texts: the text output of each code cell. Cells count from 1.
    Raises BookError when there is no place or more than one.
    """
    places = [(cell, match[1]) for cell, text in enumerate(texts, 1)
              for match in experiment.find.finditer(text)]
    if len(places) != 1:
        cells = ', '.join(str(cell) for cell, _ in places) or 'none'
        raise BookError(
            f'{experiment}: `{experiment.find.pattern}` must match one place '
            f'in the outputs; it matches in cells: {cells}; correct `find` '
            'in book/results.yml or what the chapter prints')
    cell, value = places[0]
    return cell, number(value, experiment)


def number(text, experiment):
    """Return the value of what `find` caught."""
    try:
        return float(text)
    except ValueError:
        raise BookError(f'{experiment}: {text!r} is no number; correct '
                        '`find` in book/results.yml') from None


def judge(value, band):
    """Say whether a value lies in its band, ends included, if it has one."""
    low, high = band or (-math.inf, math.inf)
    return math.isfinite(value) and low <= value <= high


def band_for(experiment, texts):
    """Return the band that holds for outputs."""
    return experiment.full if is_full(texts) else experiment.cpu


def row(notebook, experiment):
    """Judge one experiment on an executed notebook.

    notebook: None for a chapter that needs what is not installed.
    """
    if notebook is None:
        return Row(experiment, None, band_for(experiment, []), SKIPPED)
    texts = [output_text(cell.outputs) for cell in code_cells(notebook)]
    chosen, engine = band_for(experiment, texts), engine_of(notebook)
    try:
        value = extract(texts, experiment)[1]
    except BookError as error:
        return Row(experiment, None, chosen, MISSING, str(error), engine)
    verdict = OK if judge(value, chosen) else OUT
    if stand_ins(notebook):
        verdict = STAND_IN
    return Row(experiment, value, chosen, verdict, engine=engine)


def engine_of(notebook):
    """Return which of ENGINES executed a notebook."""
    return notebook.metadata.get('book', {}).get('engine', MXNET)


def stand_ins(notebook):
    """Return the data sets for which a chapter used a stand-in."""
    data = notebook.metadata.get('book', {}).get('data', {})
    return sorted(name for name, kind in data.items() if kind != 'real')


def table(rows):
    """Return the rows as a text table, and below it why some are missing.

    One engine has run; for the other stands what was noted.
    """
    ran = {row.engine for row in rows}
    heads = [COLUMNS[x] + ', noted' * (x not in ran) for x in ENGINES]
    head = ('chapter', 'experiment', 'metric', '2017', 'full run', *heads,
            'band', '')
    lines = aligned([head, *map(columns, rows)])
    return '\n'.join(lines + [row.problem for row in rows if row.problem])


def aligned(rows):
    """Return rows of texts as lines with aligned columns."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ['  '.join(map(str.ljust, row, widths)).rstrip() for row in rows]


def columns(row):
    """Return the texts of a row of the table."""
    experiment = row.experiment
    return (experiment.chapter, experiment.name, experiment.metric,
            shown(experiment.printed_2017), shown(experiment.full_run),
            *(shown(row.value if x == row.engine else experiment.last(x))
              for x in ENGINES),
            span(row.band), row.verdict)


def span(band):
    """Return a band as the table shows it."""
    return '{:g} to {:g}'.format(*band) if band else '-'


def shown(value):
    """Return a number as the table shows it."""
    return '-' if value is None else f'{value:.6g}'
