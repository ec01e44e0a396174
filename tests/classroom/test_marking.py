"""The four commands, from the release to the feedback.

nbgrader is real; Docker is the stand-in, whose containers are bubblewrap's.
"""

import contextlib
import json

import marked
import pytest

docker = pytest.importorskip('docker')
pytest.importorskip('nbgrader')

from classroom.__main__ import main  # noqa: E402
from classroom.marking import homes, probes, program  # noqa: E402
from classroom.simulated import bubblewrap, daemon  # noqa: E402

pytestmark = pytest.mark.slow
WORK = f'book/work/{marked.NAME}'
NOTEBOOK = f'{WORK}/{marked.NAME}.ipynb'
XSS = '<img src=x onerror=alert(1)><script>alert(2)</script>'


@pytest.fixture
def hub(tmp_path, monkeypatch):
    """Be in the hub's container of a class: li and wang have logged in."""
    if not bubblewrap.can_run():
        pytest.skip('needs bubblewrap, and namespaces')
    files = tmp_path / 'class'
    files.mkdir()
    (files / 'students.txt').write_text('li\nwang\nzhao\n')
    monkeypatch.setattr(probes, 'of', lambda name: marked.PROBE)
    with daemon.Daemon(tmp_path / 'docker') as running:
        for name, value in {
                'DOCKER_HOST': running.url, 'IMAGE': 'image:1',
                'CLASSROOM_FILES': files,
                'CLASSROOM_COURSE': tmp_path / 'course'}.items():
            monkeypatch.setenv(name, str(value))
        client = docker.from_env()
        for name in 'li', 'wang':
            client.volumes.create(f'class-{name}')
        yield marked.course(tmp_path / 'course')
        left = client.containers.list(all=True)
        names = [x.name for x in client.volumes.list()]
    assert left == []
    assert sorted(names) == ['class-li', 'class-wang']


def write(student, **files):
    """Write files into a home, as the student's server does."""
    with homes.Homes('image:1').opened(student) as home:
        home.put({path.replace('__', '/'): text.encode()
                  for path, text in files.items()})


def read(student, path):
    """Return the text of a file in a home, or None."""
    with homes.Homes('image:1').opened(student) as home:
        found = home.take(path)
    return found and found.decode('utf-8')


def do(word, *more):
    return main([word, marked.NAME, *more])


def answer(student, code, text='It is twice as long.', extra=None):
    """Have a student work on the notebook and save it."""
    notebook = json.loads(read(student, NOTEBOOK))
    for cell in notebook['cells']:
        if program.grade_id(cell) == 'task-double':
            cell['source'] = code
        if program.grade_id(cell) == 'answer-1':
            cell['source'] = text
    notebook['cells'] += [extra] if extra else []
    with homes.Homes('image:1').opened(student) as home:
        home.put({NOTEBOOK: json.dumps(notebook).encode()})


def test_an_assignment_goes_to_all_and_comes_back_with_marks(hub, capsys):
    assert do('release') == 1
    assert 'zhao: has not logged in yet' in capsys.readouterr().out
    for name in 'utils.py', 'utils_data.py':
        assert read('li', f'{WORK}/{name}') is None  # not of this course
    assert 'BEGIN SOLUTION' not in read('li', NOTEBOOK)

    code = {'cell_type': 'code', 'metadata': {}, 'outputs': [],
            'execution_count': None, 'source':
            'from IPython.display import HTML, display\nprint(6 * 7)\n'
            f'display(HTML({XSS!r}))'}
    answer('li', marked.RIGHT, XSS, code)
    answer('wang', 'def double(x):\n    return x ** 2')
    assert do('release') == 1  # never over a student's own file
    assert marked.RIGHT in json.loads(read('li', NOTEBOOK))['cells'][2][
        'source']

    assert do('collect') == 1
    assert hub.notebook('submitted', marked.NAME, 'li').with_name(
        'timestamp.txt').exists()
    assert do('grade') == 0
    out = capsys.readouterr().out
    assert 'li: 1 of 1 tasks are right' in out
    assert 'wang: 0 of 1 tasks are right' in out
    found = marked.points(hub)
    assert found['li'] == {'check-double': 2, 'answer-1': None}
    assert found['wang'] == {'check-double': 0, 'answer-1': None}
    judged = hub.notebook('autograded', marked.NAME, 'li').read_text('utf-8')
    assert '42\\n' in judged and 'text/html' not in judged

    assert do('feedback') == 0
    page = read('li', f'book/feedback/{marked.NAME}.html')
    assert 'check-double' in page and '<img src=x' not in page
    assert '<script>alert' not in page
    assert do('grade') == 0
    assert 'li: is marked already' in capsys.readouterr().out


def work(student, script):
    """Run commands in the home of a student."""
    docker.from_env().containers.run(
        'image:1', ['sh', '-c', script], remove=True,
        volumes={f'class-{student}': {'bind': '/home/reader'}},
        working_dir='/home/reader')


@pytest.mark.parametrize('script, kept, released', [
    ('mkdir -p book mine; ln -s ../mine book/work; echo my > mine/own',
     'mine/own', 'li: has it'),
    ('mkdir -p book; echo my > book/work', 'book/work', 'li: Docker:'),
    (f'mkdir -p {NOTEBOOK}; echo my > {NOTEBOOK}/own', f'{NOTEBOOK}/own',
     'li: has it'),
    (f'mkdir -p book/feedback/{marked.NAME}.html; '
     f'echo my > book/feedback/{marked.NAME}.html/own',
     f'book/feedback/{marked.NAME}.html/own', 'li: has it'),
], ids=['link', 'file', 'notebook', 'page'])
def test_nothing_of_a_student_is_removed_for_what_is_put_there(
        hub, capsys, script, kept, released):
    work('li', script)
    do('release')
    assert released in capsys.readouterr().out
    with homes.Homes('image:1').opened('li') as home:
        with contextlib.suppress(homes.Refused):
            home.put({f'book/feedback/{marked.NAME}.html': b'page'})
    assert read('li', kept) == 'my\n'
    work('li', 'test -h book/work || test ! -e mine')


def test_without_docker_the_words_say_so_in_a_line(hub, capsys, monkeypatch):
    monkeypatch.setenv('DOCKER_HOST', 'unix:///nowhere/docker.sock')
    place = hub.notebook('submitted', marked.NAME, 'li')
    place.parent.mkdir(parents=True)
    place.write_text('{}')
    for word in 'release', 'collect', 'grade':
        assert do(word) == 1
        assert 'Docker: ' in capsys.readouterr().err


@pytest.mark.parametrize('script, wrong', [
    (f'ln -s /etc/passwd {NOTEBOOK}', 'is no file'),
    (f'mkdir {NOTEBOOK}', 'is no file'),
    (f'mkfifo {NOTEBOOK}', 'is no file'),
    (f'truncate -s 30M {NOTEBOOK}', 'is larger than'),
    (f'rm -r {WORK}; ln -s /etc {WORK}', 'there is no'),
], ids=['link', 'folder', 'pipe', 'large', 'folder elsewhere'])
def test_what_is_no_notebook_is_not_taken(hub, capsys, script, wrong):
    write('wang', **{NOTEBOOK: 'short'})
    write('li', **{NOTEBOOK: 'short'})
    work('li', f'rm {NOTEBOOK}; {script}')
    assert do('collect') == 1
    out = capsys.readouterr().out
    assert wrong in out and 'wang: collected' in out
    assert not hub.notebook('submitted', marked.NAME, 'li').exists()


def test_nothing_is_graded_or_given_back_before_it_is_there(hub, capsys):
    for word in 'grade', 'feedback':
        assert do(word) == 1
    assert main(['release', 'no-such-lesson']) == 1
    told = capsys.readouterr().err
    assert 'nothing is in submitted' in told
    assert 'nothing is marked' in told
    assert 'the book has no such lesson' in told


def test_a_machine_without_docker_is_told_in_a_line(
        hub, monkeypatch, tmp_path, capsys):
    assert do('release') == 1
    place = hub.notebook('submitted', marked.NAME, 'li')
    place.parent.mkdir(parents=True)
    place.write_text('{}')
    monkeypatch.setenv('DOCKER_HOST', f'unix://{tmp_path}/nobody.sock')
    for word in 'release', 'collect', 'grade':
        capsys.readouterr()
        assert do(word) == 1
        told = capsys.readouterr().err
        assert 'the hub does not reach its containers' in told
        assert told.count('\n') == 1
