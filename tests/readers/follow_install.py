"""Follow the page on installation, word by word, in an empty home.

    python tests/readers/follow_install.py [WAY ...]     (default: all WAYS)

Each way types the commands of the page into a shell that knows one Python,
or only uv; our two packages come from `make wheel`, all others from the
registry. Not a part of `make test`, for it installs much; `make faults` goes
one way. UV names the program uv where it is not on the PATH.
"""

import contextlib
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / 'chapters/en/preface/install.md'
WHEELS = ROOT / '_build/wheel'
BLOCK = re.compile(r'^```bash\n(.*?)^```$', re.MULTILINE | re.DOTALL)
ADDRESS = re.compile(r'http://\S+token=\w+')
UNWANTED = {'PYTHONPATH', 'VIRTUAL_ENV', 'ENGINE', 'CHAPTER', 'BOOK_DATA'}
SECONDS = 900
ENGINE = 'python -c "import mxnet; print(mxnet.__version__)"'
UTILS = 'python -c "import utils; print(utils.try_gpu())"'
DATA = os.environ.get("BOOK_DATA")

TEXT = PAGE.read_text('utf-8')
BLOCKS = BLOCK.findall(TEXT)


def block(start):
    """Return the block of commands that begins with some words."""
    return next(x for x in BLOCKS if x.startswith(start)).rstrip('\n')


def with_pip(command):
    return '\n'.join([block('python3 -m venv'), command, block('gluon-book '
                     'here'), UTILS, 'gluon-book doctor', ENGINE])


START = block('gluon-book start --no-browser')
MXNET = block('python -m pip install "from-scratch-to-gluon[mxnet]"')
WAYS = {  # name: what is typed; what starts a server; what must be printed
    'mxnet': (with_pip(MXNET), START, '\n1.9.1\n'),
    'torch': (with_pip(MXNET.replace('mxnet]', 'torch]')), START, '+torch'),
    'uv': ('', f'{block("uvx")} --no-browser', None),
    'make': (block('make html').splitlines()[0], None, 'index.html'),
    'python -m book': (block('make html').splitlines()[1], None,
                       'index.html'),
}


def main(chosen):
    """Go each way; return how many led nowhere."""
    lost = 0
    for name in chosen or WAYS:
        begun = time.monotonic()
        try:
            go(name, sys.executable)
            result = 'arrived'
        except AssertionError as error:
            result, lost = f'LOST: {error}', lost + 1
        print(f'{name}: {result}, {time.monotonic() - begun:.0f} s',
              flush=True)
    return lost


def go(name, python):
    """Go a way; AssertionError tells where it ends.

    python: the one that the shell knows.
    """
    typed, server, wanted = WAYS[name]
    with tempfile.TemporaryDirectory(prefix='book-') as place:
        place = pathlib.Path(place)
        variables = shell(place, python, name)
        folder = place
        if name in ('make', 'python -m book'):
            folder = place / 'book'
            subprocess.run(['git', 'clone', '--quiet', ROOT, folder],
                           check=True)
            variables['CHAPTER'] = 'install'  # one page is enough
        if typed:
            said = type_in(typed, folder, variables)
            assert wanted in said, f'{wanted!r} is not in what it said'
        if server:
            inside = '. gluon/bin/activate; ' if typed else ''
            assert serves(inside + server, folder, variables)


def shell(place, python, name):
    """Return the variables of somebody who has a Python, or only uv."""
    programs = place / 'bin'
    programs.mkdir()
    uv = shutil.which(os.environ.get('UV', 'uv'))
    known = {'uv': uv, 'uvx': uv and f'{uv}x'} if name == 'uv' else dict(
        python=python, python3=python)
    for program, path in known.items():
        assert path, 'this computer has no uv'
        (programs / program).symlink_to(os.path.realpath(path))
    links = f'{WHEELS} {os.environ.get("PIP_FIND_LINKS", "")}'.strip()
    kept = {x: y for x, y in os.environ.items() if x not in UNWANTED}
    data = {'BOOK_DATA': DATA} if DATA else {}
    return {**kept, **data, 'HOME': str(place), 'PIP_FIND_LINKS': links,
            'UV_FIND_LINKS': str(WHEELS),
            'PATH': f'{programs}{os.pathsep}{os.environ["PATH"]}'}


def type_in(text, folder, variables):
    """Type lines into a shell; return what it says."""
    done = subprocess.run(
        ['bash', '-e', '-c', text], cwd=folder, env=variables,
        timeout=SECONDS, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = done.stdout.decode('utf-8', 'replace')
    assert done.returncode == 0, said[-2000:]
    return said


def serves(line, folder, variables):
    """Tell whether a command starts a server that has the first chapter."""
    with running(line, folder, variables) as (process, log):
        end = time.monotonic() + SECONDS
        while time.monotonic() < end and process.poll() is None:
            said = log.read_text('utf-8', 'replace')
            for address in ADDRESS.findall(said):
                base, token = re.split(r'lab\S*token=|\?token=', address)
                page = (f'{base}api/contents/crash-course/ndarray.ipynb'
                        f'?token={token}')
                with contextlib.suppress(OSError):
                    return urllib.request.urlopen(page).status == 200
            time.sleep(0.5)
        raise AssertionError(log.read_text('utf-8', 'replace')[-2000:])


@contextlib.contextmanager
def running(line, folder, variables):
    """Run a command of a shell, and end all that it has started."""
    log = folder / 'log'
    with open(log, 'wb') as output, subprocess.Popen(
            ['bash', '-c', f'{line} -- --allow-root'], cwd=folder,
            env=variables, stdout=output, stderr=output,
            start_new_session=True) as process:
        try:
            yield process, log
        finally:
            os.killpg(process.pid, signal.SIGTERM)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
