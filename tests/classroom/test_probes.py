"""Hidden tests accept right answers, and neither mistakes nor tricks."""

import ast
import json
import os
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor

import pytest
from answers import TASKS, WORDS, job, result, source, verdict
from books import ROOT
from mistakes import bodiless, mistakes

from book.shipping import assignments
from classroom.marking import compare, probes, program

PAGE_OF = {name: page for page, name in TASKS}
PROBE = ROOT / 'classroom/marking/probe.py'
# Mistakes that change what is printed, or nothing, such as `<=` for `<`: 35
# of 497. The test tries every fifth, of large networks every fifteenth; with
# steps of 1 it takes a minute and a half.
HARMLESS = {'HybridDense': 1, 'MyDense': 1, 'Residual': 1, 'dropout': 2,
            'next_index': 1, 'predict_rnn': 1, 'split': 1, 'train': 19,
            'train_and_predict_rnn': 6, 'train_batch': 1, 'vgg_block': 1}
STEP, LARGE = 5, ('alexnet', 'resnet18', 'vgg')
OTHER_WAYS = {  # as right as the book's
    'remainders': """
        def remainders(n):
            return [*(int(n % 3 == k) for k in range(3)),
                    *(int(n % 5 == k) for k in range(5))]
    """,
    'data_iter': """
        def data_iter(X, y, batch_size):
            order = np.random.permutation(len(X))
            for i in range(0, len(X), batch_size):
                rows = nd.array(order[i:i + batch_size])
                yield X[rows], y[rows]
    """,
    'accuracy': """
        def accuracy(output, label):
            predicted = output.asnumpy().argmax(axis=1)
            return (predicted == label.asnumpy()).mean()
    """,
    'dropout': """
        import numpy

        scaled = lambda X, mask, keep: X * nd.array(mask) / keep

        def dropout(X, rate):
            keep = 1 - rate
            mask = numpy.random.rand(*X.shape) >= rate
            return scaled(X, mask, keep or 1)
    """,
    'rms': """
        def rms(residuals):
            return float(np.linalg.norm(residuals) / len(residuals) ** 0.5)
    """,
    'Preprocessor': """
        class Preprocessor:
            def fit(self, table):
                self.numbers = list(table.select_dtypes('number'))
                self.words = [x for x in table if x not in self.numbers]
                self.table = table.copy()
                return self

            def apply(self, table, limit=3):
                columns = []
                for name in self.numbers:
                    mean = self.table[name].mean()
                    z = (table[name] - mean) / self.table[name].std()
                    columns.append(z.fillna(0).clip(-limit, limit))
                for name in self.numbers:
                    if self.table[name].isna().any():
                        columns.append(table[name].isna())
                for name in self.words:
                    for value in sorted(self.table[name].dropna().unique()):
                        columns.append(table[name] == value)
                    columns.append(table[name].isna())
                return pd.concat(columns, axis=1).to_numpy('float32')
    """,
    'Residual': """
        class Residual(nn.HybridBlock):
            def __init__(self, channels, same_shape=True, **kwargs):
                super().__init__(**kwargs)
                step = 1 if same_shape else 2
                self.around = None
                if not same_shape:
                    self.around = nn.HybridSequential()
                    self.around.add(nn.Conv2D(channels, 1, strides=step,
                                              use_bias=False), nn.BatchNorm())
                self.net = nn.HybridSequential()
                for strides in (step, 1):
                    self.net.add(nn.Conv2D(channels, 3, strides, 1,
                                           use_bias=False), nn.BatchNorm())
                    if strides == step and len(self.net) == 2:
                        self.net.add(nn.Activation('relu'))

            def hybrid_forward(self, F, X):
                side = X if self.around is None else self.around(X)
                return F.relu(self.net(X) + side)
    """,
    'data_iter_random': """
        import random

        def data_iter_random(corpus_indices, batch_size, num_steps, ctx=None):
            last = len(corpus_indices) - num_steps
            starts = random.sample(range(0, last, num_steps),
                                   len(range(0, last, num_steps)))
            while starts:
                now, starts = starts[:batch_size], starts[batch_size:]
                X, y = [nd.array([corpus_indices[i + k:i + k + num_steps]
                                  for i in now], ctx) for k in (0, 1)]
                yield X, y
    """,
    'next_index': """
        def next_index(output, temperature=None):
            scores = output.asnumpy()
            if temperature is None:
                return int(scores.argmax())
            p = np.exp((scores - scores.max()) / temperature)
            return int(np.random.choice(len(p), p=p / p.sum()))
    """,
}


def test_each_task_of_the_book_has_a_hidden_test():
    checks = assignments.load_checks()
    assert {page: list(tasks) for page, tasks in checks.items()} == {
        page: list(tasks) for page, tasks in probes.load().items()}


def idle(page, name):
    """Return the definition of a task whose functions do nothing."""
    return bodiless(job(page, name)['answer'], name)


@pytest.mark.parametrize('page, name', TASKS)
def test_a_probe_accepts_the_answer_of_the_book_and_no_idle_code(page, name):
    assert verdict(page, name, result(page, name)) == ''
    assert verdict(page, name, result(page, name, idle(page, name))) != ''
    other_inputs = result(page, name, seed=1)
    assert verdict(page, name, other_inputs) != ''


@pytest.mark.parametrize('seed', range(3))
@pytest.mark.parametrize('name', OTHER_WAYS)
def test_a_probe_accepts_answers_that_are_right_in_another_way(name, seed):
    page, answer = PAGE_OF[name], textwrap.dedent(OTHER_WAYS[name])
    found = result(page, name, answer, seed)
    assert verdict(page, name, found, seed) == ''


@pytest.mark.slow
def test_planted_mistakes_are_refused_unless_they_are_harmless():
    too_many = []
    for page, name in TASKS:
        planted = list(mistakes(job(page, name)['answer'], name))
        passed = [wrong for wrong
                  in planted[::3 * STEP if name in LARGE else STEP]
                  if not verdict(page, name, result(page, name, wrong))]
        if len(passed) > HARMLESS.get(name, 0):
            too_many += passed
    assert too_many == []


# What goes into a job


@pytest.mark.parametrize('page, name', TASKS)
def test_the_answer_of_the_book_is_in_no_job_of_a_student(page, name):
    found = job(page, name, answer='pass')
    defined = {getattr(node, 'name', '')
               for node in ast.walk(ast.parse(found['before']))}
    assert name not in defined
    assert not any(x.startswith('check_') for x in defined)
    assert set(found) == {'name', 'before', 'answer', 'others', 'probe',
                          'seed'}


def test_a_wrong_answer_to_one_task_of_a_cell_does_not_spoil_the_other():
    page = PAGE_OF['split']
    wrong = job(page, 'split')['answer'].replace('in arrays[1:]', 'in []')
    assert verdict(page, 'split', result(page, 'split', wrong)) == ''
    assert verdict(page, 'all_reduce', result(page, 'all_reduce', wrong))


def test_a_helper_and_a_line_for_jupyter_in_the_cell_are_no_obstacle():
    answer = textwrap.dedent("""\
        %matplotlib inline
        from mxnet import nd as arrays
        FACTOR = 1
        def net(X):
            return FACTOR * arrays.maximum(X, 0)
        def relu(X):
            return net(X)
        relu(what_no_cell_defines)
        !echo done
        """)
    page = PAGE_OF['relu']
    assert verdict(page, 'relu', result(page, 'relu', answer)) == ''


def notebook(*cells):
    """Return a notebook of (name for nbgrader, source)."""
    return {'cells': [
        {'cell_type': 'code', 'source': text,
         'metadata': {'nbgrader': {'grade_id': name}}}
        for name, text in cells]}


@pytest.mark.parametrize('cells, sentence', [
    ([], 'The cell task-f is missing.'),
    ([('task-f', '')] * 2, 'The cell task-f is there more than once.')])
def test_a_cell_that_is_not_there_once_is_told(cells, sentence):
    teachers = notebook(('task-f', 'def f(): pass'), ('check-f', 'f()'))
    assert program.tasks(teachers) == ['f']
    with pytest.raises(program.Unreadable) as told:
        program.job('f', {'code': 'return 1'}, teachers, notebook(*cells), 0)
    assert told.value.sentence(WORDS) == sentence


@pytest.mark.parametrize('text', [
    b'', b'{}', b'\xff', b'[' * 100_000, b'{"cells": 3}', b'{"cells": [[]]}',
    b'{"cells": [{"source": [1], "metadata": {}}]}',
    b'{"cells": [{"source": "", "metadata": {"nbgrader": []}}]}',
    b'{"cells": [{"source": "", "metadata": {"nbgrader": '
    b'{"grade_id": 3}}}]}'], ids=lambda text: str(text[:60]))
def test_what_is_no_notebook_is_told(tmp_path, text):
    path = tmp_path / 'first.ipynb'
    path.write_bytes(text)
    with pytest.raises(program.Unreadable) as told:
        program.read(path)
    assert told.value.sentence(WORDS) == (
        'first.ipynb cannot be read as a notebook.')


# What comes out


def array(shape, numbers):
    return {'shape': shape, 'numbers': numbers}


@pytest.mark.parametrize('expected, found, is_right', [
    (1, 1.0000001, True), (1, 1.1, False), (1, True, True), (1, '1', False),
    (1, None, False), (0, float('nan'), False), (1, 10 ** 999, False),
    (float('nan'), float('nan'), True), (float('inf'), 1e308, False),
    ([1, 2], [1, 2], True), ([1, 2], [1], False), ([1], [[1]], False),
    ('a', 'a', True), ('a', ['a'], False), ([], {}, False),
    (array([2], [1, 2]), array([2], [1, 2.000001]), True),
    (array([2], [1, 2]), array([1, 2], [1, 2]), False),
    (array([2], [1, 2]), array([2], [1]), False),
    (array([2], [1, 2]), array([2], 'ab'), False),
    (array([2], [1, 2]), [1, 2], False)], ids=repr)
def test_values_are_compared(expected, found, is_right):
    said = compare.verdict(compare.Result(expected, ''),
                           read({'value': found}), 1e-3, WORDS)
    assert (said == '') == is_right


def read(found):
    return compare.read(json.dumps(found).encode(), WORDS)


@pytest.mark.parametrize('output', [
    b'', b'\xff\xfe', b'{', b'[1]', b'{}', b'{"value": 1}\n{"value": 1}',
    b'{"value": ' + b'9' * 5000 + b'}', b'{"value": ' + b'[' * 100_000,
    b' ' * (compare.LIMIT + 1)], ids=lambda output: str(output[:20]))
def test_an_output_that_is_no_result_is_refused(output):
    assert compare.read(output, WORDS).problem


def test_a_message_of_a_student_is_one_short_line():
    problem = read({'problem': 'a\nb\x1b[31m' + 'c' * 999}).problem
    assert problem.isprintable() and len(problem) < 300
    assert 'a b [31mccc' in problem


# Tricks, in a process as in the sandbox


NAME = 'accuracy'
UNSOLVED = """
def accuracy(output, label):
    raise NotImplementedError
"""
TRICKS = {
    'ends the process': """
def accuracy(output, label):
    import os
    os._exit(0)
""",
    'forges the line': """
def accuracy(output, label):
    import os
    for stream in range(100):
        try:
            os.write(stream, b'{"value": [1.0, 1.0]}' + bytes([10]))
        except OSError:
            pass
    os._exit(0)
""",
    'answers for ever': """
def accuracy(output, label):
    import os
    while True:
        for stream in range(3, 9):
            try:
                os.write(stream, b'9' * 9999)
            except OSError:
                pass
""",
    'traces': """
def accuracy(output, label):
    import sys
    def see(frame, event, found):
        if event == 'return' and frame.f_code.co_name == 'probe':
            frame.f_locals['output'] = frame.f_locals['label']
        return see
    sys.settrace(see)
    sys._getframe(1).f_trace = see
    return 1.0
""",
    'makes all tests pass': """
def accuracy(output, label, passes=lambda *values, **options: None):
    import json
    import numpy
    numpy.testing.assert_allclose = numpy.allclose = passes
    json.dumps = lambda found: '{"value": true}'
    return 1.0
""",
    'is equal to all': """
class Equal(float):
    def __eq__(self, other):
        return True
    __ne__ = __lt__ = __gt__ = __eq__
def accuracy(output, label):
    return Equal(0.5)
""",
    'calls utils': """
def accuracy(output, label):
    return utils.accuracy(output, label)
""",
    'imports from utils': """
from utils import accuracy as ready
def accuracy(output, label):
    return ready(output, label)
""",
}
TRANSFORMER = """
def all_pass(lines):
    return ['pass'] if 'check' in lines[0] else lines
get_ipython().input_transformers_post.append(all_pass)
"""


def in_a_process(given):
    """Run probe.py as the sandbox does, and read what comes out."""
    process = subprocess.Popen(
        [sys.executable, PROBE], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, cwd=ROOT,
        env={**os.environ, 'PYTHONPATH': str(ROOT)})
    with process:
        process.stdin.write(json.dumps(given).encode())
        process.stdin.close()
        output = process.stdout.read(compare.LIMIT + 1)
        process.kill()
    return compare.read(output, WORDS)


@pytest.mark.slow
def test_the_answer_of_the_book_is_right_and_no_trick_makes_another_so():
    page = PAGE_OF[NAME]
    honest = {'is the answer of the book': job(page, NAME)['answer']}
    answers = {**honest, **TRICKS}
    jobs = [job(page, NAME, answer) for answer in answers.values()]
    with ThreadPoolExecutor(2) as pool:
        found = dict(zip(answers, pool.map(in_a_process, jobs)))
    assert {trick for trick, read in found.items()
            if verdict(page, NAME, read) == ''} == set(honest)


def test_what_other_cells_do_to_jupyter_and_to_tests_is_not_run():
    page = PAGE_OF[NAME]
    teachers = source(page)
    submitted = notebook(
        ('', TRANSFORMER), ('', 'np.testing = None'),
        (f'task-{NAME}', UNSOLVED), (f'check-{NAME}', ''))
    given = program.job(NAME, probes.load()[page][NAME], teachers, submitted,
                        0)
    assert 'get_ipython' not in json.dumps(given)
    assert 'np.testing = None' not in json.dumps(given)
    assert given['answer'] == UNSOLVED


@pytest.mark.slow
def test_an_endless_answer_ends_with_the_limit_of_the_caller():
    page = PAGE_OF[NAME]
    endless = """
def accuracy(output, label):
    import signal
    for number in range(1, 32):
        try:
            signal.signal(number, signal.SIG_IGN)
        except OSError:
            pass
    while True:
        pass
"""
    with pytest.raises(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, PROBE],
                       input=json.dumps(job(page, NAME, endless)).encode(),
                       cwd=ROOT, timeout=4)
