"""Results are found in the outputs, judged, and shown."""

import json
import re
from dataclasses import replace

import nbformat.v4 as v4
import pytest

from book.chapters.errors import BookError
from book.experiments import expected_outputs, results
from book.experiments.sentences import claims, formulas

ENTRY = {'chapter': 'mlp', 'name': 'five epochs', 'metric': 'loss',
         'printed_2017': 0.25, 'full_run': 0.15,
         'find': r'epoch 5, loss ([\d.]+)', 'cpu': [0.1, 0.3],
         'full': [0.1, 0.2]}
EXPERIMENT = results.parse(ENTRY)
NOTED = replace(EXPERIMENT, noted={'mxnet': [(0.21, 0.22)],
                                   'torch': [(0.17,), (0.18,)]})
RUN = {'run': 'autumn', 'date': '2026-11-22', 'seeds': [0, 100],
       'machine': {'en': 'two cores', 'zh': '两核'}}


def notebook(*texts, **book):
    """Return an executed notebook whose cells printed these texts."""
    cells = [v4.new_code_cell('', outputs=[
        v4.new_output('stream', name='stdout', text=text)])
        for text in texts]
    return v4.new_notebook(cells=cells, metadata={'book': book})


@pytest.fixture
def table(tmp_path):
    """Return a function that writes a table of results."""
    def write(text):
        path = tmp_path / 'results.yml'
        path.write_text(text)
        return path
    return write


def test_the_table_of_the_book_is_valid():
    experiments = results.load()
    assert len({str(x) for x in experiments}) == len(experiments) > 0
    for experiment in experiments:
        has_figure = experiment.printed_2017 is not None
        assert has_figure == bool(experiment.reason), 'each figure has one'
        for value in experiment.known:
            assert results.judge(value, experiment.cpu), experiment


def test_each_experiment_has_a_band_or_a_claim_on_its_number():
    for experiment in results.load():
        asked = {name for claim in claims.load(chapter=experiment.chapter)
                 for name in formulas.names(claim.formula)}
        found = set(re.compile(experiment.find).groupindex)
        judged = experiment.cpu or experiment.full or asked & found
        assert judged, str(experiment)


def test_an_experiment_knows_the_values_of_all_runs(table):
    measured = {'autumn': [0.1, 0.2], 'winter': [0.3, 0.1]}
    path = table(json.dumps([RUN, {**RUN, 'run': 'winter'},
                             {**ENTRY, 'measured': measured}]))
    assert results.load(path)[0].known == [0.1, 0.2, 0.3, 0.1]
    assert list(results.runs(path)) == ['autumn', 'winter']


def test_what_was_noted_last_with_an_engine_is_known(table):
    runs = [RUN, {**RUN, 'run': 'ours', 'engine': 'torch', 'seeds': [0]},
            {**RUN, 'run': 'winter'}]
    measured = {'autumn': [0.1, 0.2], 'winter': [0.3, 0.1], 'ours': [0.25]}
    path = table(json.dumps([*runs, {**ENTRY, 'measured': measured}]))
    [experiment] = results.load(path)
    assert experiment.last('mxnet') == 0.3
    assert experiment.last('torch') == 0.25
    assert EXPERIMENT.last('torch') is None
    assert experiment.known == [0.1, 0.2, 0.3, 0.1, 0.25]


def test_a_chapter_has_its_own_experiments():
    chosen = results.load(chapter='linear-regression-gluon')
    assert {x.chapter for x in chosen} == {'linear-regression-gluon'}


@pytest.mark.parametrize('key, value, problem', [
    ('cpu', None, 'the band None must be'),
    ('cpu', [1], r'the band \[1\] must be'),
    ('cpu', [2, 1], r'must be \[lowest, highest\]'),
    ('find', 'loss', 'needs one group, has 0'),
    ('find', '(', 'unterminated'), ('colour', 'red', r"\['colour'\]"),
    ('reason', {'en': 'Better.'}, '`reason` needs en and zh'),
    ('measured', {'spring': [1, 2]}, '`measured` .* of the run spring'),
    ('measured', {'autumn': [1]}, '`measured` .* of the run autumn'),
], ids=['no band', 'half a band', 'band upside down', 'no group',
        'no expression', 'unknown key', 'reason in one language',
        'unknown run', 'too few values'])
def test_a_bad_entry_is_named(table, key, value, problem):
    path = table(json.dumps([RUN, ENTRY, {**ENTRY, key: value}]))
    with pytest.raises(BookError, match=f'results.yml: entry 3: .*{problem}'):
        results.load(path)


@pytest.mark.parametrize('text, problem', [
    (json.dumps([{**RUN, 'machine': {'zh': '两核'}}]),
     'entry 1: .*`machine` needs en and zh'),
    (json.dumps([{**RUN, 'engine': 'steam'}]),
     'entry 1: `engine` needs one of mxnet and torch'),
    (json.dumps([{**RUN, 'colour': 'red'}]),
     r"entry 1: .*unknown keys \['colour'\]"),
    ('- chapter: mlp\n', r'entry 1: missing keys .*metric'),
    ('- {', 'cannot be read'),
], ids=['machine in one language', 'unknown engine', 'unknown key',
        'missing key', 'no YAML'])
def test_what_is_wrong_with_a_table_is_named(table, text, problem):
    with pytest.raises(BookError, match=f'results.yml: {problem}'):
        results.load(table(text))


def test_the_value_and_its_cell_are_found():
    assert results.extract(['', 'epoch 5, loss 0.2'], EXPERIMENT) == (2, 0.2)


@pytest.mark.parametrize('texts, problem', [
    (['epoch 4, loss 0.2'], 'matches in cells: none'),
    (['epoch 5, loss 0.2', 'epoch 5, loss 0.3'], 'matches in cells: 1, 2'),
    (['epoch 5, loss 0.2.1'], "'0.2.1' is no number"),
], ids=['nowhere', 'twice', 'no number'])
def test_there_is_exactly_one_value(texts, problem):
    with pytest.raises(BookError, match=problem):
        results.extract(texts, EXPERIMENT)


@pytest.mark.parametrize('value, right', [
    (0.1, True), (0.3, True), (0.31, False), (float('nan'), False),
    (float('inf'), False)], ids=str)
def test_bands_include_their_ends(value, right):
    assert results.judge(value, (0.1, 0.3)) == right


@pytest.mark.parametrize('text, data, verdict', [
    ('epoch 5, loss 0.25', 'real', results.OK),
    ('epoch 5, loss 0.35', 'real', results.OUT),
    ('nothing', 'real', results.MISSING),
    ('epoch 5, loss 9', 'stand-in', results.STAND_IN),
    ('gpu(0)\nepoch 5, loss 0.25', 'real', results.OUT),
], ids=['in its band', 'out of it', 'missing', 'stand-in data', 'a GPU'])
def test_verdicts(text, data, verdict):
    executed = notebook(text, data={'mnist': data})
    assert results.row(executed, EXPERIMENT).verdict == verdict


def test_without_a_band_every_number_is_right():
    experiment = replace(EXPERIMENT, cpu=None, full=None)
    for text, verdict in [('epoch 5, loss 0.35', results.OK),
                          ('nothing', results.MISSING)]:
        row = results.row(notebook(text, data={}), experiment)
        assert row.verdict == verdict
        assert results.columns(row)[-2] == '-'
    assert not results.judge(float('nan'), None)


def test_a_full_run_has_its_own_band(monkeypatch):
    monkeypatch.setenv('BOOK_FULL', '1')
    executed = notebook('epoch 5, loss 0.25')
    assert results.row(executed, EXPERIMENT).verdict == results.OUT


def test_the_table_is_aligned():
    rows = [results.row(notebook(f'epoch 5, loss {x}'), NOTED)
            for x in ('0.2', '0.123456789')]
    assert results.table(rows) == '''\
chapter  experiment   metric  2017  full run  MXNet     PyTorch, noted  band
mlp      five epochs  loss    0.25  0.15      0.2       0.18            0.1 \
to 0.3  ok
mlp      five epochs  loss    0.25  0.15      0.123457  0.18            0.1 \
to 0.3  ok'''


def test_what_ran_and_what_was_noted_change_columns_with_the_engine():
    ran = notebook('epoch 5, loss 0.2', engine='torch')
    head, row = results.table([results.row(ran, NOTED)]).splitlines()
    assert re.split('  +', head)[5:7] == ['MXNet, noted', 'PyTorch']
    assert re.split('  +', row)[5:7] == ['0.21', '0.2']


@pytest.mark.parametrize('key', ['printed_2017', 'full_run'])
def test_a_value_from_elsewhere_may_be_missing(key):
    entry = {name: value for name, value in ENTRY.items() if name != key}
    columns = results.columns(results.row(notebook(), results.parse(entry)))
    assert columns.count('-') == 3  # this one, and those of the engines


def test_the_table_says_why_a_result_is_missing():
    text = results.table([results.row(notebook('nothing'), EXPERIMENT)])
    assert text.splitlines()[1].endswith('MISSING')
    assert 'matches in cells: none' in text.splitlines()[2]


def test_references_are_what_both_kinds_of_data_agree_on():
    real = notebook('shape 3', 'accuracy 0.8', 'epoch 5, loss 0.2', '',
                    'took 1.5 s')
    stand_in = notebook('shape 3\n' + 'stand-in data', 'accuracy 0.7',
                        'epoch 5, loss 0.2', '', 'took 9 s')
    assert expected_outputs.deterministic(real, stand_in, [EXPERIMENT]) == {
        1: 'shape 3', 5: 'took TIME'}


@pytest.mark.parametrize('text', [
    'one', '\n  indented first', '[[1. 2.]\n [3. 4.]]', "'quoted': 1",
    '中文', 'a\n\nb', '- dash'],
    ids=['word', 'indented', 'array', 'quotes', 'Chinese', 'empty line',
         'dash'])
def test_references_survive_their_file(tmp_path, text):
    path = tmp_path / 'part/slug.yml'
    expected_outputs.write(path, {1: text, 12: 'end'})
    assert expected_outputs.load(path) == {1: text, 12: 'end'}


def test_multi_line_references_are_readable():
    assert expected_outputs.dump({3: 'a b \nc'}) == '3: |-\n  a b\n  c\n'


def test_a_chapter_without_references_has_no_file(tmp_path):
    path = tmp_path / 'slug.yml'
    expected_outputs.write(path, {1: 'one'})
    expected_outputs.write(path, {})
    assert not path.exists() and expected_outputs.load(path) == {}
