"""What students' programs can do in a sandbox: real ones, by bubblewrap."""

import os
import shutil
import threading
import time

import psutil
import pytest

pytest.importorskip('psutil')

from classroom.errors import ClassError  # noqa: E402
from classroom.marking import bubblewrap, sandbox  # noqa: E402
from classroom.marking.limits import MIB, Limits  # noqa: E402

SMALL = Limits(seconds=20, memory=512, disk=16, threads=64, output=100_000)
# Writes in each folder where it can until it no longer can
FILL = """
import os
for folder, names, _ in os.walk('/'):
    names[:] = [x for x in names if folder + x not in ('/proc', '/usr')]
    for number in range(40):
        try:
            with open(f'{folder}/full{number}', 'wb') as file:
                file.write(bytes(2 ** 20))
        except OSError:
            break
for name in '/tmp', '/home/reader', '/dev/shm':
    print(name, sum(x.stat().st_size for x in os.scandir(name)))
"""
SHARED = """
import mmap
whole = mmap.mmap(-1, 10 ** 10)
for n in range(0, 10 ** 10, 4096):
    whole[n] = 1
"""
DAEMON = """
import os, time
print('begun', flush=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        time.sleep(1000)
    os._exit(0)
"""
MANY = """
import os, time
for _ in range(200):
    if os.fork() == 0:
        break
time.sleep(8)
"""
BOMB = """
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
"""


@pytest.fixture(autouse=True)
def bwrap(monkeypatch):
    """Use bubblewrap, or skip where it cannot make namespaces."""
    monkeypatch.delenv('IMAGE', raising=False)
    if not shutil.which('bwrap') or not bubblewrap.works():
        pytest.skip('needs bubblewrap, and namespaces')


@pytest.fixture
def run(tmp_path):
    """Return a function that runs a source in a sandbox."""
    place = sandbox.choose()

    def run(source, given=b'', limits=SMALL):
        path = tmp_path / 'program.py'
        path.write_text(source, encoding='utf-8')
        return place(path, given, limits)

    return run


def printed(ended):
    return ended.output.decode('utf-8').split()


def test_a_program_reads_its_input_and_imports_what_notebooks_import(run):
    ended = run('import sys, utils_data; print(sys.stdin.read())', b'given')
    assert (printed(ended), ended.why) == (['given'], '')


def test_nothing_of_the_book_or_the_computer_is_in_it(run):
    source = ('import os\nfor path in '
              f'{[str(sandbox.ROOT / x) for x in os.listdir(sandbox.ROOT)]} '
              "+ ['/home', '/root', '/srv', '/etc/shadow']:\n"
              '    if os.path.exists(path): print(path)')
    found = set(printed(run(source)))
    prefix = os.path.realpath(bubblewrap.sys.prefix)
    rest = {x for x in found if not prefix.startswith(os.path.realpath(x))}
    assert rest <= {'/home', '/root'}  # folders above what is shown
    listing = 'import os; print(*os.listdir("/home"), *os.listdir("/job"))'
    assert set(printed(run(listing))) == {
        'reader', 'input', 'program.py', *sandbox.UTILS}


def test_no_secret_of_the_callers_environment_is_in_it(run, monkeypatch):
    monkeypatch.setenv('JUPYTERHUB_API_TOKEN', 'tell-nobody')
    ended = run("""
import glob
for path in glob.glob('/proc/*/environ'):
    try:
        print(open(path, 'rb').read())
    except OSError:
        pass
""")
    assert b'HOME' in ended.output and b'tell-nobody' not in ended.output


def test_it_has_no_rights_and_no_network(run):
    ended = run("""
import os, socket
print(os.getuid(), os.getgid())
print(*[x.split()[1] for x in open('/proc/self/status') if x[:3] == 'Cap'])
print(*[name for _, name in socket.if_nameindex()])
try:
    socket.create_connection(('192.0.2.1', 80), 2)
except OSError as error:
    print(error.errno)
""")
    user, group, *caps, interface, number = printed(ended)
    assert '0' not in (user, group) and set(caps) == {'0' * 16}
    assert (interface, int(number)) == ('lo', 101)  # unreachable


@pytest.mark.parametrize('source, why', [
    ('while True: pass', 'time'),
    ('while True: print("x" * 1000)', 'output'),
    (BOMB, 'threads'),
    (SHARED, 'memory'),
], ids=['loop', 'print', 'fork bomb', 'shared memory'])
def test_a_limit_ends_it_and_nothing_is_left(run, source, why):
    begin = time.monotonic()
    ended = run(source, limits=SMALL._replace(seconds=6))
    assert ended.why == why
    assert len(ended.output) <= SMALL.output + 1
    assert time.monotonic() - begin < 60
    for _ in range(100):
        if not left():
            return
        time.sleep(0.1)
    raise AssertionError(left())


def left():
    """Return the programs that still run in sandboxes of this thread."""
    mine = os.getuid() or bubblewrap.number()
    return [x.info['cmdline'] for x in
            psutil.process_iter(['uids', 'cmdline'])
            if x.info['uids'] and x.info['uids'].real == mine
            and '/job/program.py' in (x.info['cmdline'] or [])]


def test_a_loop_ends_when_it_has_computed_enough(run):
    begin = time.monotonic()
    ended = run('print("begun", flush=True)\nwhile True: pass',
                limits=SMALL._replace(seconds=300, computing=2))
    assert (printed(ended), ended.why) == (['begun'], '')
    assert time.monotonic() - begin < 200


def test_no_process_gets_more_memory_than_the_limit(run):
    ended = run('x = []\n'
                'while len(x) < 100: x.append(bytearray(10 ** 8)); '
                'print(len(x), flush=True)')
    assert ended.why == 'memory' or len(printed(ended)) <= 5


def test_what_it_writes_stays_small_and_is_gone_afterwards(run):
    found = printed(run(FILL))
    assert len(found) == 6
    assert all(int(size) <= SMALL.disk * MIB for size in found[1::2])
    assert printed(run('import os; print(*os.listdir("/home/reader"))')) == []


def test_a_process_that_hides_ends_with_it(run):
    begin = time.monotonic()
    ended = run(DAEMON)
    assert (printed(ended), ended.why) == (['begun'], '')
    assert time.monotonic() - begin < SMALL.seconds


def test_the_job_cannot_be_changed(run):
    assert b'Read-only' in run("""
try:
    open('/job/program.py', 'w')
except OSError as error:
    print(error)
""").output


def test_processes_of_one_sandbox_do_not_count_for_another(run):
    many = threading.Thread(target=run, args=[MANY], kwargs={
        'limits': SMALL._replace(threads=250)})
    before = len(psutil.pids())
    many.start()
    try:
        while many.is_alive() and len(psutil.pids()) < before + 150:
            time.sleep(0.1)
        assert many.is_alive()
        ended = run('import os; os.fork(); print("done")')
    finally:
        many.join()
    assert (printed(ended), ended.why) == (['done', 'done'], '')


def test_a_caller_who_keeps_files_to_himself_can_run_a_program(run):
    umask = os.umask(0o077)
    try:
        ended = run('print("begun")')
    finally:
        os.umask(umask)
    assert (printed(ended), ended.why) == (['begun'], '')


def test_a_sandbox_that_cannot_start_is_not_the_programs_fault(
        run, monkeypatch):
    monkeypatch.setattr(bubblewrap, 'limited',
                        lambda limits: ['prlimit', '--fsize=bad'])
    with pytest.raises(ClassError, match='could not start the program'):
        run('print("done")')


def test_without_a_sandbox_nothing_runs(monkeypatch):
    monkeypatch.setattr(sandbox.shutil, 'which', lambda name: None)
    with pytest.raises(ClassError, match='there is no sandbox'):
        sandbox.choose()
