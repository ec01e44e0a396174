"""Other seeds -> how far results spread, and which band would cover them.

A chapter fixes its seeds with `utils.set_seed` and `torch.manual_seed`. To
train with others, `moved_by`, put before its first cell, moves all its
seeds by one number. Such a run has a key of its own in the cache, for its
program differs, and no page shows it.
"""

import contextlib
import copy
import dataclasses
import inspect
import math
import statistics
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

import yaml

from book.chapters.errors import BookError
from book.chapters.program import imports, program_digest
from book.chapters.reader import code_cells
from book.execution import files
from book.experiments import results

STEP = 100  # more than the seeds that a chapter itself counts through
SEEDING = {'utils': 'set_seed', 'torch': 'manual_seed'}
MOVE = 'import {0}\n{0}.{1} = moved_by({2}, {0}.{1})\n'
DEVIATIONS, UNITS = 3, 2
HEAD = ('chapter', 'experiment', 'metric', "the page's seed", 'other seeds',
        'band', 'suggested', '')
SAME, NARROW = 'ok, the same with every seed', 'narrow'


@dataclass(frozen=True)
class Spread:
    """The rows of an experiment by how far its seeds were moved."""

    rows: dict

    @property
    def experiment(self):
        return self.rows[0].experiment

    @property
    def values(self):
        """What the experiment reached; None where it is missing."""
        return [row.value for row in self.rows.values()]

    @property
    def good(self):
        return all(row.good for row in self.rows.values())

    @property
    def comparable(self):
        """Are there values of all seeds, from the real data?"""
        judged = {row.verdict for row in self.rows.values()}
        return judged <= {results.OK, results.OUT}

    @property
    def suggestion(self):
        """The band that the values ask for; None where there is none."""
        if not self.comparable or len(set(self.values)) == 1:
            return None
        return suggest(self.values, self.experiment.known)

    @property
    def verdict(self):
        judged = {row.verdict for row in self.rows.values()}
        if judged != {results.OK}:
            return ', '.join(sorted(judged - {results.OK}))
        if self.suggestion is None:
            return SAME
        if self.rows[0].band is None:
            return results.OK
        low, high = self.rows[0].band
        inside = low <= self.suggestion[0] and self.suggestion[1] <= high
        return results.OK if inside else NARROW


def shifts(seeds):
    """Return how far to move the seeds, for so many seeds."""
    if seeds < 2:
        raise BookError(f'{seeds} seeds do not spread; ask for 2 or more')
    return [STEP * number for number in range(seeds)]


def moved_by(shift, set_seed):
    """Return a function that sets another seed than it is given."""
    return lambda seed=0: set_seed(seed + shift)


def moved(chapter, shift):
    """Return a chapter with its seeds moved."""
    if not shift:
        return chapter
    notebook = copy.deepcopy(chapter.notebook)
    modules = imports(notebook)
    moves = [MOVE.format(module, function, shift)
             for module, function in SEEDING.items() if module in modules]
    if not moves:
        return chapter
    before = ''.join([inspect.getsource(moved_by), *moves])
    for first in code_cells(notebook)[:1]:
        first.source = before + first.source
        first.metadata.line -= before.count('\n')  # as on the page
    return dataclasses.replace(chapter, notebook=notebook,
                               digest=program_digest(notebook))


@contextlib.contextmanager
def named(shift):
    """Say in the messages for which seeds a chapter failed."""
    try:
        yield
    except BookError as error:
        if not shift:
            raise
        lines = [told(x, shift) for x in str(error).splitlines()]
        raise BookError('\n'.join(lines)) from error


def told(problem, shift):
    """Return a message that says of which seeds it is."""
    return problem + f' (with its seeds moved by {shift})' * bool(shift)


def gather(rows):
    """Turn {shift: rows of the table of results} into spreads."""
    return [Spread(dict(zip(rows, group, strict=True)))
            for group in zip(*rows.values(), strict=True)]


def report(judged):
    """Return what runs with several seeds showed, as text.

    judged: by how much the seeds were moved -> what judging.judge found.
    """
    spreads = gather({shift: x.rows for shift, x in judged.items()})
    false = [told(problem, shift) for shift, x in judged.items()
             for problem in x.false]
    return '\n'.join([table(spreads), *false])


def suggest(values, elsewhere=()):
    """Return the band that values of several seeds ask for.

    The rule: the mean, and on both sides of it three standard deviations,
    but at least two units of the last digit printed. The band also covers
    what other machines showed (elsewhere), does not go below 0 if no value
    does, and is rounded outwards: to two digits of its half width, but not
    beyond the last digit printed.
    """
    mean = statistics.fmean(values)
    digit = min(Decimal(repr(x)).as_tuple().exponent for x in values)
    reach = max(DEVIATIONS * statistics.stdev(values), UNITS * 10.0**digit)
    known = [*values, *elsewhere]
    low, high = min(mean - reach, *known), max(mean + reach, *known)
    if min(known) >= 0:
        low = max(low, 0)
    step = Decimal(1).scaleb(max(math.floor(math.log10(reach)) - 1, digit))
    return rounded(low, step, ROUND_FLOOR), rounded(high, step, ROUND_CEILING)


def rounded(value, step, direction):
    """Round a number to a multiple of a power of ten."""
    return float(Decimal(repr(value)).quantize(step, direction))


def table(spreads):
    """Return the spreads as a text table, and why values are missing."""
    lines = results.aligned([HEAD, *map(columns, spreads)])
    problems = {row.problem: None for spread in spreads
                for row in spread.rows.values() if row.problem}
    return '\n'.join([*lines, *problems])


def columns(spread):
    """Return the texts of a row of the table."""
    experiment = spread.experiment
    own, *others = map(results.shown, spread.values)
    return (experiment.chapter, experiment.name, experiment.metric, own,
            ', '.join(others), results.span(spread.rows[0].band),
            results.span(spread.suggestion), spread.verdict)


def keep(path, name, judged):
    """Write what runs with several seeds gave into the table of results.

    name: the run, which the table already describes; judged: as in `report`.
    Only the lines of `measured` are touched.
    """
    seeds, spreads = list(judged), gather({x: y.rows
                                           for x, y in judged.items()})
    engine = spreads and spreads[0].rows[0].engine
    run = results.runs(path).get(name)
    if run is None or [*run.seeds] != seeds or run.engine != engine:
        raise BookError(f'{path}: put an entry above the experiments that '
                        f'says `run: {name}`, `engine: {engine}`, '
                        f'`seeds: {seeds}`, `date` and `machine`')
    text = path.read_text('utf-8')
    lines, table = text.splitlines(), yaml.safe_load(text)
    values = {str(x.experiment): x.values for x in spreads if x.comparable}
    values |= named_values([x.numbers for x in judged.values()])
    nodes = yaml.compose(text).value
    for node, entry in zip(reversed(nodes), reversed(table), strict=True):
        label = label_of(entry)
        if label in values:
            first, last = place(node)
            measured = {**entry.get('measured', {}), name: values[label]}
            lines[first:last] = written(measured)
    files.write(path, '\n'.join(lines) + '\n')


def named_values(numbers):
    """Return the values of the entries `values`: label -> name -> values.

    numbers: for each seed, slug -> name -> number.
    """
    own, *others = numbers
    return {
        f'{slug}, values': {name: [x[slug][name] for x in numbers]
                            for name in names}
        for slug, names in own.items() if all(slug in x for x in others)}


def label_of(entry):
    """Return how an entry of the table calls itself; '' for others."""
    if 'values' in entry:
        return f'{entry["chapter"]}, values'
    if 'find' in entry:
        return '{chapter}, {name}: {metric}'.format_map(entry)
    return ''


def place(node):
    """Return the first line for `measured`, and the line after its last."""
    keys = {key.value: (key, value) for key, value in node.value}
    if 'measured' in keys:
        key, runs = keys['measured']
        return key.start_mark.line, runs.value[-1][1].end_mark.line + 1
    before = next(x for x in ('full', 'values', 'find') if x in keys)
    value = keys[before][1]
    last = value if before == 'find' else value.value[-1]
    return (last.end_mark.line + 1,) * 2


def written(measured):
    """Return the lines of `measured`."""
    return ['  measured:', *(line for name, values in measured.items()
                             for line in lines_of(name, values))]


def lines_of(name, values):
    """Return the lines of a run: its values, or those of each name."""
    if not isinstance(values, dict):
        return [f'    {name}: {listed(values)}']
    rows = [f'{key}: {listed(row)},' for key, row in values.items()]
    return [f'    {name}: {{', *(f'      {row}' for row in rows), '    }']


def listed(value):
    """Return a number or several, in brackets, as YAML reads them."""
    if isinstance(value, (list, tuple)):
        return f'[{", ".join(map(listed, value))}]'
    return results.shown(float(value))  # YAML takes 6e-07 for a text
