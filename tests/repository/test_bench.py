"""What the benchmarks say of their numbers; nothing is timed here."""

import math
import shutil

import pytest
from books import ROOT, book

from benchmarks import (
    __main__,
    build,
    growth,
    machine,
    memory,
    pipeline,
    report,
    small_books,
    threads,
    trainer,
    training,
)
from benchmarks.report import Chart, Part, Table
from benchmarks.small_books import Run
from book.chapters import reader, toc
from book.chapters.errors import BookError

FACTS = {
    'date': '2026-01-01', 'seconds': 5, 'processor': 'a processor, 2 cores',
    'memory': '8 GiB', 'system': 'a system', 'versions': {'python': '3.11'}}
PART = Part(
    'Races', 'run by hand.',
    (Table('Who', ('name', 'speed'), (('hare', 1200.4), ('tortoise', 3))),),
    Chart('bars', 'steps', {'': {'hare': 1200.4, 'tortoise': 3}}))


@pytest.mark.parametrize('value, text', [
    (12345.6, '12,346'), (12.34, '12.3'), (0.456, '0.46'), (4000, '4,000'),
    ('word', 'word'), (None, '–'),
])
def test_numbers_have_the_digits_that_one_can_trust(value, text):
    assert report.number(value) == text


def test_a_table_has_its_numbers_on_the_right():
    assert report.table(PART.tables[0]).splitlines()[2:] == [
        '| name | speed |', '| --- | ---: |', '| hare | 1,200 |',
        '| tortoise | 3 |']


def test_one_bad_round_does_not_count_and_a_straight_line_has_one_slope():
    assert report.median([10, 11, 900]) == 11
    assert report.spread([9, 10, 12]) == pytest.approx(0.3)
    straight = report.slope({30: 16, 10: 6, 100: 51})
    assert straight == {(10, 30): 0.5, (30, 100): 0.5}


def test_a_part_that_is_not_measured_again_stays_in_the_report(tmp_path):
    for name in ('first', 'second'):
        report.keep(tmp_path, name, PART, FACTS)
    text = report.write(tmp_path, ('first', 'second', 'never')).read_text()
    assert text.count('| hare | 1,200 |') == 2
    assert '(second.svg)' in text and 'never' not in text
    assert 'a processor, 2 cores' in text
    assert '<svg' in (tmp_path / 'first.svg').read_text()


def test_lines_can_be_drawn_from_what_was_kept(tmp_path):
    chart = Chart('lines', 's', {'all': {10: 2.0, 100: 20.0}}, 'chapters')
    report.keep(tmp_path, 'lines', Part('Lines', '', (), chart), FACTS)
    found, _ = report.load(tmp_path, 'lines')
    report.draw(found, tmp_path / 'again.svg')
    assert '<svg' in (tmp_path / 'again.svg').read_text()


def rows(part, number=0):
    return part.tables[number].rows


def test_ratios_are_ours_by_gluons():
    speeds = {pipeline.OURS: [80, 100, 90], pipeline.GLUONS: [9, 10, 8]}
    assert rows(pipeline.part(speeds))[0][-1] == 10


SPEEDS = {'mxnet': [30, 31, 29], 'engine': [57, 61, 58], 'torch': [60] * 3}


def test_three_libraries_stand_side_by_side_with_their_ratios():
    found = dict.fromkeys(training.NETWORKS, SPEEDS)
    both = training.part({'1 thread': found, '2 threads': found})
    assert [x.title[-9:] for x in both.tables] == [' 1 thread', '2 threads']
    _, ours, engine, torch, widest, *ratios, target, met = rows(both)[0]
    assert (ours, engine, torch) == (30, 58, 60)
    assert widest == pytest.approx(4 / 58)
    assert ratios == pytest.approx([58 / 60, 61 / 31, 0.5])
    assert (target, met) == ('0.95 of PyTorch', 'yes')
    drawn = both.chart.series
    assert list(drawn) == ['MXNet', 'engine', 'PyTorch']
    assert set(drawn['PyTorch'].values()) == {1}
    assert len(drawn['engine']) == 2 * len(training.NETWORKS)


@pytest.mark.parametrize('name, engine, met', [
    ('lenet', 56, 'no'), ('lenet', 57, 'yes'), ('rnn-scratch', 29, 'no'),
    ('rnn-scratch', 30, 'yes'),
])
def test_networks_are_held_against_pytorch_and_loops_against_mxnet(
        name, engine, met):
    speeds = {'mxnet': [30], 'engine': [engine], 'torch': [60]}
    assert training.row(name, speeds)[-1] == met


def test_a_missing_engine_is_told_with_what_installs_it(
        tmp_path, monkeypatch):
    monkeypatch.setattr(machine, 'ENGINE', tmp_path / 'python')
    with pytest.raises(BookError, match='make bench'):
        training.measure(print)


def test_numbers_of_the_wrong_library_are_refused(monkeypatch):
    monkeypatch.setattr(machine, 'ENGINE', ROOT / 'Makefile')
    monkeypatch.setattr(machine, 'ask', lambda *_: '1.9.1')
    with pytest.raises(BookError, match='not the engine'):
        training.measure(print)


def test_workers_measure_in_turn_until_nobody_asks(tmp_path, monkeypatch):
    package = tmp_path / 'benchmarks'
    package.mkdir()
    for name in ('__init__', 'handshake'):
        shutil.copy(ROOT / f'benchmarks/{name}.py', package)
    (package / 'count.py').write_text(
        'import itertools\nfrom benchmarks.handshake import answer_each\n'
        'print("a notice")\nanswer_each(itertools.count(1).__next__)\n')
    monkeypatch.setattr(machine, 'ROOT', tmp_path)
    workers = [machine.Worker('count', ()) for _ in range(2)]
    assert machine.in_turn(workers, 3) == [[1, 2, 3], [1, 2, 3]]
    assert [x.process.returncode for x in workers] == [0, 0]
    with pytest.raises(BookError, match='benchmarks.none` ended with'):
        machine.in_turn([machine.Worker('none', ())], 1)


def test_every_network_has_its_batch():
    wanted = {*training.NETWORKS, *threads.KEPT}
    assert wanted <= set(trainer.SHAPES)
    assert {len(trainer.batch(x)[0]) for x in wanted} == {256, 64, 32}


SCRATCH = ['mlp-scratch', 'rnn-scratch']
NETS = [x for x in training.NETWORKS if x not in SCRATCH]


@pytest.mark.slow
@pytest.mark.parametrize('name', NETS)
def test_both_libraries_have_networks_of_the_same_size(name):
    torch = pytest.importorskip('torch')
    from mxnet import nd

    from benchmarks import networks_mxnet, networks_torch

    X, _ = (part[:2] for part in trainer.batch(name))
    ours = networks_mxnet.NETWORKS[name]()
    ours.initialize()
    theirs = networks_torch.NETWORKS[name]()
    inputs = torch.tensor(X)
    scores = theirs(inputs.long() if name == 'lstm' else inputs)
    expected = ours(nd.array(X)).shape
    if name == 'lstm':
        scores = scores.permute(0, 2, 1)
    assert tuple(scores.shape) == expected
    learned = [param.data() for param in ours.collect_params().values()
               if param.grad_req != 'null']
    assert (sum(array.numel() for array in theirs.parameters())
            == sum(array.size for array in learned))


@pytest.mark.slow
@pytest.mark.parametrize('name', SCRATCH)
def test_loops_from_scratch_begin_with_a_guess_in_both_libraries(name):
    pytest.importorskip('torch')
    from benchmarks import networks_mxnet, networks_torch

    X, y = (part[:2] for part in trainer.batch(name))
    for library in networks_mxnet, networks_torch:
        loss, _ = library.step(name, X, y)()
        if name == 'mlp-scratch':
            assert loss / len(X) == pytest.approx(math.log(10), abs=0.1)
        else:
            assert loss == pytest.approx(math.log(44), abs=0.5)


def test_the_report_of_threads_has_a_named_row_for_each_case():
    assert threads.label(1, 1) == '1 process, 1 thread'
    assert threads.label(2, 2) == '2 processes, 2 threads'
    speeds = {(*case, spin): 1.0 for case in threads.CASES
              for spin in ('short', 'long')}
    both = threads.part(speeds, {'LeNet': (10.0, 12.0)})
    assert len(rows(both)) == len(threads.CASES)
    assert rows(both, 1)[0][-1] == 1.2


def test_growth_tells_what_each_further_page_costs():
    runs = {10: [Run(10.0, 0, 500, 15.0), Run(5.0, 0, 90), Run(6.0, 0, 90)],
            30: [Run(20.0, 0, 600, 30.0), Run(7.0, 0, 90), Run(8.0, 0, 90)]}
    first, second = rows(growth.part(runs))
    assert first[4:] == (0.5, None, 0.75, 500)
    assert second[5:] == (0.25, 0.5, 600)


def test_builds_are_compared_after_each_edit():
    found = {name: {build.OURS: Run(2.0, 1, 9), build.PLAIN: Run(6.0, 2, 9)}
             for name in build.EDITS}
    compared = rows(build.part(found))
    assert compared[0] == ('cold', '2.0 s (1)', '6.0 s (2)', 3.0)
    assert len(compared) == len(build.EDITS)


def test_memory_is_told_for_chapters_and_the_build():
    part = memory.part({'ndarray': 260.0, memory.BUILD: 900.0})
    assert [row[0] for row in rows(part)] == ['ndarray', memory.BUILD]


def test_a_part_that_does_not_exist_is_told_with_those_that_do(capsys):
    with pytest.raises(SystemExit):
        __main__.main(['speed'])
    message = capsys.readouterr().err
    assert "'speed'" in message and 'pipeline' in message


def test_links_to_chapters_left_out_of_an_excerpt_become_text():
    text = 'See [one](one.md#part), [two](../b/two.md).'
    assert small_books.without_links(text, 'a/page', ('b/two',)) == (
        'See one, [two](../b/two.md).')


def test_an_excerpt_is_a_book_that_plain_jupyter_book_can_read(tmp_path):
    small_books.excerpt(tmp_path, build.NAMES)
    names = [page.name for page in toc.pages(tmp_path)]
    assert names == ['index', *build.NAMES]
    settings = build.settings(tmp_path, 'zh')
    assert 'zh_CN' in settings and 'book' not in settings.split('sphinx')[1]
    build.convert(tmp_path, tmp_path, 'en', build.EDITED)
    path = tmp_path / 'chapters/en' / f'{build.EDITED}.ipynb'
    before = path.stat().st_mtime_ns
    build.convert(tmp_path, tmp_path, 'en', build.EDITED)
    assert path.stat().st_mtime_ns == before, 'an unchanged one stays'


def test_edits_change_what_they_say(tmp_path):
    small_books.excerpt(tmp_path, build.NAMES)
    [page] = [x for x in toc.pages(tmp_path) if x.name == build.EDITED]
    before = {x: reader.read(page.text(x)) for x in toc.LANGUAGES}
    build.code(tmp_path)
    for language in toc.LANGUAGES:
        cells = reader.code_cells(reader.read(page.text(language)))
        assert cells[0].source.startswith('edited = True\n')
        assert len(cells) == len(reader.code_cells(before[language]))


@pytest.mark.slow
def test_a_generated_book_is_built_and_nothing_is_executed(tmp_path):
    small_books.generate(tmp_path, 3)
    small_books.fill_cache(tmp_path)
    status, _, messages = book(tmp_path, 'html')
    assert status == 0, messages
    assert '3 cached' in messages
    assert '0 executed' in messages


def test_the_real_book_has_the_chapters_that_are_measured():
    names = {page.name for page in toc.pages(ROOT)}
    assert set(build.NAMES) <= names
    assert set(__main__.CHAPTERS) <= {x.rsplit('/', 1)[-1] for x in names}
