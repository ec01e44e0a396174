"""Do the wheels install, start and run where there is nothing else?

    python tests/readers/check_wheel.py INDEX PYTHON[:EXTRA] ...

For each Python, such as `python3.8:mxnet` or `python3.12`, it makes an empty
environment, installs the wheels of `make wheel` into it from the folder INDEX
alone, lets `gluon-book start` make notebooks in an empty home, asks the
server for the first chapter, and executes CHAPTERS there. What INDEX lacks is
downloaded first; `--offline` leaves this out. Not a part of `make test`: it
needs minutes, and gigabytes for PyTorch.
"""

import argparse
import contextlib
import json
import os
import pathlib
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
WHEELS = ROOT / '_build/wheel'
PACKAGE = 'from-scratch-to-gluon'
FIRST = 'crash-course/ndarray.ipynb'
CHAPTERS = FIRST, 'supervised-learning/linear-regression-gluon.ipynb'
SECONDS = 120
LARGEST = 15_000_000  # bytes
VERSIONS = ('import sys, mxnet, numpy; '
            'print("Python", sys.version.split()[0], "mxnet", '
            'mxnet.__version__, "numpy", numpy.__version__)')


def main():
    """Check each Python; return how many failed."""
    options = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    options.add_argument('index', type=pathlib.Path)
    options.add_argument('pythons', nargs='+', metavar='PYTHON[:EXTRA]')
    options.add_argument('--offline', action='store_true')
    chosen = options.parse_args()
    chosen.index.mkdir(parents=True, exist_ok=True)
    for path in WHEELS.glob('*.whl'):
        assert path.stat().st_size < LARGEST, path
        shutil.copy(path, chosen.index)
    failed = 0
    for case in chosen.pythons:
        python, _, extra = case.partition(':')
        wanted = f'{PACKAGE}[{extra}]' if extra else PACKAGE
        started = time.monotonic()
        try:
            if not chosen.offline:
                download(python, wanted, chosen.index)
            check(python, wanted, chosen.index)
            result = 'good'
        except (AssertionError, OSError, subprocess.SubprocessError) as error:
            result, failed = f'FAILED: {error}', failed + 1
        print(f'{case}: {result}, {time.monotonic() - started:.0f} s',
              flush=True)
    return failed


def download(python, wanted, index):
    """Fetch what the index lacks of what pip would install."""
    run([python, '-m', 'pip', 'download', '--quiet', '--dest', index,
         '--find-links', index, wanted])


def check(python, wanted, index):
    """Install, start and execute in an environment and home of its own."""
    with tempfile.TemporaryDirectory(prefix='book-wheel-') as place:
        place = pathlib.Path(place)
        run([python, '-m', 'venv', place / 'env'])
        programs = place / 'env' / ('Scripts' if os.name == 'nt' else 'bin')
        run([programs / 'python', '-m', 'pip', 'install', '--quiet',
             '--no-index', '--find-links', index, wanted],
            PIP_CONFIG_FILE=os.devnull)
        (place / 'home').mkdir()
        folder = start(programs / 'gluon-book', place / 'home')
        print(run([programs / 'python', '-c', VERSIONS]).strip())
        for chapter in CHAPTERS:
            run([programs / 'jupyter-execute', folder / chapter],
                HOME=place / 'home')
            print('  executed', chapter, flush=True)
        assert not list((place / 'env').rglob('site-packages/utils*'))


def start(program, home):
    """Let the program make notebooks and serve them; return their folder."""
    port, token = free_port(), secrets.token_hex(16)
    command = [program, 'start', '--language', 'en', '--no-browser', '--',
               f'--ServerApp.port={port}',
               f'--IdentityProvider.token={token}',
               '--allow-root']
    with running(command, home) as server:
        address = f'http://127.0.0.1:{port}/api/contents/{FIRST}'
        chapter = answer(server, f'{address}?token={token}')
        assert chapter['type'] == 'notebook'
    return home / 'gluon-book/en'


@contextlib.contextmanager
def running(command, home):
    """Run a server, show what it says first, and end it."""
    log = home / 'log'
    with open(log, 'w') as output, subprocess.Popen(
            list(map(str, command)), stdout=output, stderr=output,
            env=variables(HOME=home), start_new_session=True) as server:
        try:
            yield server
        finally:
            os.killpg(server.pid, 15)
            server.wait(SECONDS)
            print('\n'.join(f'  {x}' for x in log.read_text().splitlines()
                            if not x.startswith('[')), flush=True)


def answer(server, address):
    """Return what a server says as soon as it answers."""
    end = time.monotonic() + SECONDS
    while True:
        try:
            with urllib.request.urlopen(address) as found:
                return json.load(found)
        except OSError:
            assert server.poll() is None, 'gluon-book start ended'
            assert time.monotonic() < end, 'the server does not answer'
            time.sleep(0.5)


def free_port():
    with socket.socket() as found:
        found.bind(('127.0.0.1', 0))
        return found.getsockname()[1]


def run(command, **settings):
    """Run a program; return its output, or tell the end of its messages."""
    done = subprocess.run(list(map(str, command)), env=variables(**settings),
                          capture_output=True, text=True)
    end = done.stderr.strip().splitlines()[-5:]
    assert done.returncode == 0, '\n  '.join([str(command[0]), *end])
    return done.stdout


def variables(**settings):
    """Return the environment's variables without those of this book's."""
    unwanted = {'PYTHONPATH', 'VIRTUAL_ENV', 'ENGINE', 'PIP_FIND_LINKS'}
    kept = {x: y for x, y in os.environ.items() if x not in unwanted}
    return {**kept, **{x: str(y) for x, y in settings.items()}}


if __name__ == '__main__':
    sys.exit(main())
