"""Chapters train with other seeds, and bands are held against the values."""

import dataclasses
import inspect
import re
from itertools import zip_longest

import pytest
from books import ROOT, book, write_pair

from book.chapters import reader, toc
from book.chapters.errors import BookError
from book.chapters.program import nodes
from book.execution import environment, files, schedule
from book.execution.cache_key import key, taken
from book.experiments import judging, results, seeds
from book.experiments.seeds import suggest
from book.experiments.sentences import values

SEEDED = '''\
# Chance

An opening sentence.

```{{.python .input}}
import utils
utils.set_seed({seed})
```

```{{.python .input}}
print('drawn', {drawn})
```
'''
UTILS = '''
import random


def set_seed(seed=0):
    random.seed(seed)
    global SEED
    SEED = seed
'''
EXPERIMENT = '''\
- {{chapter: first, name: only, metric: number, find: '^drawn (\\S+)',
   cpu: [{0}], full: [{0}]}}
'''


@pytest.fixture
def chance(tiny_book):
    """Return a function that writes a book whose numbers are seeds."""
    (tiny_book / 'book').mkdir()
    with (tiny_book / 'utils.py').open('a') as utils:
        utils.write(UTILS)

    def write(band, drawn='utils.SEED', seed=7):
        text = SEEDED.format(seed=seed, drawn=drawn)
        write_pair(tiny_book, 'part/first', text)
        (tiny_book / 'book/results.yml').write_text(EXPERIMENT.format(band))
        return tiny_book

    return write


def spread_of(*values, band=(0, 1), known=()):
    """Return the spread of an experiment with these values."""
    experiment = results.parse(
        {'chapter': 'mlp', 'name': 'five epochs', 'metric': 'accuracy',
         'find': '(.)', **({'cpu': band, 'full': band} if band else {}),
         'measured': {'earlier': list(known)}},
        {'earlier': results.Run('earlier', None, {}, known)})
    verdicts = [results.OK if results.judge(x, band) else results.OUT
                for x in values]
    return seeds.Spread({
        100 * number: results.Row(experiment, value, band, verdict)
        for number, (value, verdict) in enumerate(zip(values, verdicts))})


# The rule for a band

@pytest.mark.parametrize('values, known, band', [
    ([0.81, 0.82, 0.83], [], (0.79, 0.85)),
    ([0.8123, 0.8215, 0.8307], [], (0.793, 0.85)),
    ([2.3, 2.3, 2.3001], [], (2.2998, 2.3003)),
    ([0.81, 0.82, 0.83], [0.7], (0.7, 0.85)),
], ids=['reaches three deviations', 'is rounded outwards',
        'has room for two units of the last digit',
        'covers what other machines showed'])
def test_a_band(values, known, band):
    assert suggest(values, known) == band


def test_a_band_goes_below_zero_only_with_its_values():
    assert suggest([0.1, 0.2, 0.3])[0] == 0
    assert suggest([-0.1, 0.2, 0.5])[0] < 0


@pytest.mark.parametrize('values, band, verdict', [
    ((0.81, 0.82, 0.83), (0.78, 0.86), 'ok'),
    ((0.2, 0.5, 0.9), None, 'ok'),
    ((0.81, 0.82, 0.83), (0.80, 0.84), 'narrow'),
    ((0.81, 0.82, 0.83), (0.815, 0.9), 'OUT OF BAND'),
    ((0.5, 0.5, 0.5), (0.5, 0.5), 'ok, the same with every seed'),
], ids=['room', 'no band', 'no room', 'outside', 'deterministic'])
def test_verdicts(values, band, verdict):
    found = spread_of(*values, band=band)
    assert found.verdict == verdict
    assert found.good == (verdict != 'OUT OF BAND')


def test_the_table_shows_the_own_seed_the_others_and_the_bands():
    shown = seeds.table([spread_of(0.81, 0.82, 0.83, known=[0.7])])
    head, row = (re.split('  +', line) for line in shown.splitlines())
    assert head == ['chapter', 'experiment', 'metric', "the page's seed",
                    'other seeds', 'band', 'suggested']
    assert row == ['mlp', 'five epochs', 'accuracy', '0.81', '0.82, 0.83',
                   '0 to 1', '0.7 to 0.85', 'ok']


def test_one_seed_is_too_few():
    with pytest.raises(BookError, match='1 seeds do not spread; ask for 2'):
        seeds.shifts(1)


# The table keeps values

TABLE = """\
# Autumn was warm.
- run: autumn
  date: 2026-11-22
  seeds: [0, 100]
  machine: {en: two cores, zh: 两核}

- chapter: mlp
  name: five epochs
  metric: accuracy
  find: '(.)'
  cpu: [0, 1]
  full: [0, 1]
  reason: {en: Why., zh: 原因。}

# And this one?
- chapter: mlp
  name: six epochs
  metric: accuracy
  find: '(.)'
  cpu: [0, 1]
  full: [0, 1]
"""


def judged(spread, **numbers):
    """Return what judging finds of seeds; numbers: a list for each name."""
    named = [dict(zip(numbers, row, strict=True))
             for row in zip(*numbers.values(), strict=True)]
    return {shift: judging.Judged(rows=[row], false=[], claims=[],
                                  numbers={'mlp': mine} if mine else {})
            for (shift, row), mine in zip_longest(spread.rows.items(), named)}


def test_values_are_kept_and_nothing_else_changes(tmp_path):
    path = tmp_path / 'results.yml'
    path.write_text(TABLE, 'utf-8')
    for second in (0.9, 0.75):
        seeds.keep(path, 'autumn', judged(spread_of(0.5, second)))
    kept = '  measured:\n    autumn: [0.5, 0.75]\n'
    assert path.read_text('utf-8').replace(kept, '', 1) == TABLE
    assert [x.known for x in results.load(path)] == [[0.5, 0.75], []]


def test_values_of_other_runs_stay(tmp_path):
    path = tmp_path / 'results.yml'
    start, *rest = TABLE.split('\n\n')
    other = start.replace('autumn', 'winter')
    path.write_text('\n\n'.join([start, other, *rest]), 'utf-8')
    seeds.keep(path, 'winter', judged(spread_of(0.5, 0.6)))
    seeds.keep(path, 'autumn', judged(spread_of(0.000001, 0.8)))
    assert results.load(path)[0].measured == {
        'winter': (0.5, 0.6), 'autumn': (0.000001, 0.8)}


def test_values_are_kept_where_there_is_no_band(tmp_path):
    path = tmp_path / 'results.yml'
    without = re.sub('  (cpu|full): .*\n', '', TABLE)
    path.write_text(without, 'utf-8')
    seeds.keep(path, 'autumn', judged(spread_of(0.5, 0.9)))
    assert [x.known for x in results.load(path)] == [[0.5, 0.9], []]


def test_a_run_is_described_before_its_values_are_kept(tmp_path):
    path = tmp_path / 'results.yml'
    path.write_text(TABLE, 'utf-8')
    for name, found in (('spring', (1, 2)), ('autumn', (1, 2, 3))):
        with pytest.raises(BookError, match=f'says `run: {name}`, `engine: '):
            seeds.keep(path, name, judged(spread_of(*found)))


def test_the_values_of_an_engine_are_kept_under_a_run_of_its_own(tmp_path):
    path = tmp_path / 'results.yml'
    ours = '- run: ours\n  engine: torch\n  seeds: [0]'
    rest = '\n  date: 2026-11-30\n  machine: {en: one core, zh: 一核}\n'
    path.write_text(TABLE + ours + rest, 'utf-8')
    ran = spread_of(0.5, band=(0, 1)).rows[0]
    for engine, run in (('mxnet', 'ours'), ('torch', 'autumn')):
        spread = seeds.Spread({0: dataclasses.replace(ran, engine=engine)})
        with pytest.raises(BookError, match=f'`engine: {engine}`'):
            seeds.keep(path, run, judged(spread))
    path.write_text(ours + rest + TABLE, 'utf-8')
    seeds.keep(path, 'ours', judged(spread))
    assert results.load(path)[0].last('torch') == 0.5


NAMED = TABLE + """
- chapter: mlp
  values:
  - '(?P<loss>.)'

# The end
"""


def test_the_values_of_names_are_kept(tmp_path):
    path = tmp_path / 'results.yml'
    path.write_text(NAMED, 'utf-8')
    for second in (0.4, (0.5, 0.25)):
        seeds.keep(path, 'autumn', judged(spread_of(1, 2), loss=[3, second]))
    assert values.recorded(path, 'mlp') == {
        ('autumn', 0): {'loss': 3}, ('autumn', 1): {'loss': (0.5, 0.25)}}
    assert path.read_text('utf-8').endswith("""
- chapter: mlp
  values:
  - '(?P<loss>.)'
  measured:
    autumn: {
      loss: [3, [0.5, 0.25]],
    }

# The end
""")


# The runs

def test_only_the_seeds_of_a_program_move(chance):
    (chapter,) = schedule.prepare(toc.pages(chance('0, 999'), 'first'))
    other = seeds.moved(chapter, 100)
    first, second = reader.code_cells(other.notebook)
    before, after, rest = first.source.partition('import utils\n')
    assert before == inspect.getsource(seeds.moved_by)
    assert rest == ('utils.set_seed = moved_by(100, utils.set_seed)\n'
                    f'{after}utils.set_seed(7)')
    assert second == reader.code_cells(chapter.notebook)[1]


def test_a_moved_function_is_given_another_seed():
    assert seeds.moved_by(100, lambda seed: seed)(7) == 107
    assert seeds.moved_by(100, lambda seed: seed)() == 100


def test_each_shift_has_its_own_key_and_takes_nothing_more_of_utils(chance):
    (chapter,) = schedule.prepare(toc.pages(chance('0, 999'), 'first'))
    notebooks = [seeds.moved(chapter, x).notebook for x in (0, 100, 200)]
    surroundings = environment.gather(chapter.page.root, [chapter.notebook])
    assert len({key(x, surroundings) for x in notebooks}) == 3
    assert all(taken(x) == taken(chapter.notebook) for x in notebooks)


@pytest.mark.slow
def test_other_seeds_are_tried_and_no_page_shows_them(chance):
    root = chance('0, 999')
    assert book(root, 'html')[0] == 0
    before = files.read_table(root / files.OUTPUTS)
    status, output, messages = book(root, 'spread', '--seeds', '3')
    assert status == 0, messages
    assert '7                107, 207     0 to 999  0 to 410' in output
    assert files.read_table(root / files.OUTPUTS) == before


@pytest.mark.slow
def test_a_value_outside_of_its_band_is_a_failure(chance):
    status, output, _ = book(chance('0, 150'), 'spread', '--seeds', '3')
    assert status == 1
    assert output.rstrip().endswith('OUT OF BAND')


@pytest.mark.slow
def test_a_chapter_that_bears_only_its_own_seed_is_named(chance):
    root = chance('0, 999', drawn='1 // (utils.SEED == 7)')
    status, _, messages = book(root, 'spread')
    assert status == 1
    assert ('chapters/en/part/first.md:11: cell 2: ZeroDivisionError: '
            in messages)
    assert 'by zero (with its seeds moved by 100)' in messages


# The book

def test_no_chapter_takes_its_seeds_past_the_functions_that_are_moved():
    for page in toc.pages(ROOT):
        notebook = reader.read(page.text('en'))
        names = {alias.name for node in nodes(notebook)
                 for alias in getattr(node, 'names', [])
                 if hasattr(alias, 'name')}
        assert not names & set(seeds.SEEDING.values()), page
