"""results.yml and an executed chapter -> what it reached, and is it right?"""

import math
import os
import pathlib
import re
from dataclasses import dataclass

import yaml

from book.compare import on_gpu, output_text
from book.errors import BookError
from book.reader import code_cells

TABLE = pathlib.Path(__file__).with_name('results.yml')
NEEDED = {'chapter', 'name', 'metric', 'find', 'cpu', 'full'}
OPTIONAL = {'printed_2017', 'full_run'}
HEAD = ('chapter', 'experiment', 'metric', '2017', 'full run', 'this run',
        'band', '')
OK, OUT, MISSING = 'ok', 'OUT OF BAND', 'MISSING'
STAND_IN = 'stand-in, not judged'
SKIPPED = 'skipped: not installed'


@dataclass(frozen=True)
class Experiment:
    """One number that a chapter prints, and the bands it must fall into.

    cpu, full: (lowest, highest) for a CPU and for a run on all data;
    printed_2017, full_run: what the 2017 book printed, and what a run on
    all data gave.
    """

    chapter: str
    name: str
    metric: str
    find: re.Pattern
    cpu: tuple
    full: tuple
    printed_2017: float = None
    full_run: float = None

    def __str__(self):
        return f'{self.chapter}, {self.name}: {self.metric}'


@dataclass(frozen=True)
class Row:
    """What an experiment reached; `value` is None when it is missing.

    problem: why it is missing.
    """

    experiment: Experiment
    value: float
    band: tuple
    verdict: str
    problem: str = ''

    @property
    def good(self):
        return self.verdict in (OK, STAND_IN, SKIPPED)


def load(path=TABLE, chapter=None):
    """Return the experiments of a table, or those of one chapter.

    Raises BookError, naming the entry, for one that cannot be used.
    """
    try:
        entries = yaml.safe_load(pathlib.Path(path).read_text('utf-8')) or []
    except (OSError, yaml.YAMLError) as error:
        raise BookError(f'{path}: cannot be read: {error}') from error
    found = []
    for number, entry in enumerate(entries, 1):
        try:
            found.append(parse(entry))
        except (TypeError, ValueError, re.error) as error:
            raise BookError(f'{path}: entry {number}: {error}') from error
    return [x for x in found if chapter in (None, x.chapter)]


def parse(entry):
    """Turn an entry of the table into an experiment."""
    missing, unknown = NEEDED - set(entry), set(entry) - NEEDED - OPTIONAL
    if missing or unknown:
        raise ValueError(f'missing keys {sorted(missing)}, unknown keys '
                         f'{sorted(unknown)}')
    find = re.compile(entry['find'], re.MULTILINE)
    if find.groups != 1:
        raise ValueError(f'`find` needs one group, has {find.groups}')
    bands = {name: band(entry[name]) for name in ('cpu', 'full')}
    return Experiment(**{**entry, **bands, 'find': find})


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
    """Say whether a value lies in its band, ends included."""
    low, high = band
    return math.isfinite(value) and low <= value <= high


def band_for(experiment, texts):
    """Return the band that holds for outputs.

    A run on a GPU, or with BOOK_FULL=1, is a full run.
    """
    full = os.environ.get('BOOK_FULL') == '1' or any(map(on_gpu, texts))
    return experiment.full if full else experiment.cpu


def row(notebook, experiment):
    """Judge one experiment on an executed notebook.

    notebook: None for a chapter that needs what is not installed.
    """
    if notebook is None:
        return Row(experiment, None, band_for(experiment, []), SKIPPED)
    texts = [output_text(cell.outputs) for cell in code_cells(notebook)]
    chosen = band_for(experiment, texts)
    try:
        value = extract(texts, experiment)[1]
    except BookError as error:
        return Row(experiment, None, chosen, MISSING, str(error))
    if stand_ins(notebook):
        return Row(experiment, value, chosen, STAND_IN)
    return Row(experiment, value, chosen, OK if judge(value, chosen) else OUT)


def stand_ins(notebook):
    """Return the data sets for which a chapter used a stand-in."""
    data = notebook.metadata.get('book', {}).get('data', {})
    return sorted(name for name, kind in data.items() if kind != 'real')


def table(rows):
    """Return the rows as a text table, and below it why some are missing.
    """
    cells = [HEAD, *map(columns, rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ['  '.join(map(str.ljust, line, widths)).rstrip()
             for line in cells]
    return '\n'.join(lines + [row.problem for row in rows if row.problem])


def columns(row):
    """Return the texts of a row of the table."""
    experiment = row.experiment
    low, high = row.band
    return (experiment.chapter, experiment.name, experiment.metric,
            shown(experiment.printed_2017), shown(experiment.full_run),
            shown(row.value),
            f'{low:g} to {high:g}', row.verdict)


def shown(value):
    """Return a number as the table shows it."""
    return '-' if value is None else f'{value:.6g}'
