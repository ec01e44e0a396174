"""nbgrader's pages are in the teacher's server, and in no other."""

import pathlib
import shutil
import socket
import subprocess
import sys
import time
import venv

import pytest
import requests
from books import ROOT

pytest.importorskip('nbgrader')
pytestmark = pytest.mark.slow
SCRIPT = ROOT / 'book/tools/image/teacher.sh'


@pytest.fixture(scope='module')
def image(tmp_path_factory):
    """Return a Python with the packages and Jupyter's files, as in the image.

    Its files are its own, for the script changes them.
    """
    place = tmp_path_factory.mktemp('image') / 'venv'
    venv.create(place, symlinks=True)
    [site] = place.glob('lib/python*/site-packages')
    old = pathlib.Path(sys.prefix).resolve()
    packages = old / site.relative_to(place)
    (site / 'all.pth').write_text(f'{packages}\n{ROOT}\n')
    shutil.copytree(old / 'etc', place / 'etc')
    shutil.copytree(old / 'share/jupyter', place / 'share/jupyter')
    (place / 'bin/jupyter').write_text(
        f'#!/bin/sh\nexec {place}/bin/python -m jupyter "$@"\n')
    (place / 'bin/jupyter-labextension').write_text(
        f'#!{place}/bin/python\nfrom jupyterlab.labextensions import main\n'
        'main()\n')
    for name in 'jupyter', 'jupyter-labextension':
        (place / 'bin' / name).chmod(0o755)
    subprocess.run(['sh', SCRIPT], check=True, cwd=ROOT,
                   env=variables(place))
    return place


def variables(place, **more):
    return {'PATH': f'{place}/bin:/usr/bin:/bin', 'HOME': str(place.parent),
            'PYTHONPATH': str(ROOT), **more}


def found(place, **more):
    """Return the status of Formgrader's page, and what Lab leaves out."""
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        port = free.getsockname()[1]
    home = place.parent / 'home'
    home.mkdir(exist_ok=True)
    with subprocess.Popen(
            [place / 'bin/python', '-m', 'jupyterlab', '--no-browser',
             '--allow-root', f'--port={port}', '--ServerApp.port_retries=0',
             '--IdentityProvider.token=t', f'--ServerApp.root_dir={home}'],
            env=variables(place, **more), cwd=home,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL) as server:
        try:
            return asked(f'http://127.0.0.1:{port}')
        finally:
            server.terminate()


def asked(url):
    """Ask a server, as soon as it answers."""
    token = {'token': 't'}
    for _ in range(200):
        try:
            requests.get(f'{url}/api/status', token, timeout=30)
            break
        except requests.ConnectionError:
            time.sleep(0.5)
    page = requests.get(f'{url}/formgrader', token, timeout=60)
    lab = requests.get(f'{url}/lab', token, timeout=60).text
    _, _, rest = lab.partition('"disabledExtensions": [')
    return page.status_code, '@jupyter/nbgrader' in rest.partition(']')[0]


def test_a_student_has_no_formgrader(image):
    assert found(image) == (404, True)


def test_the_teacher_has_it(image):
    config = image / 'etc/teacher/nbgrader_config.py'
    config.write_text(config.read_text().replace(
        '/home/reader', str(image.parent / 'home')))
    (image.parent / 'home/course').mkdir(parents=True, exist_ok=True)
    teacher = {'JUPYTER_CONFIG_PATH': str(image / 'etc/teacher')}
    status, is_out = found(image, **teacher)
    assert not is_out
    assert status == 200


def test_in_the_teachers_server_nothing_of_students_runs(image):
    text = (image / 'etc/teacher/nbgrader_config.py').read_text()
    assert 'c.Execute.enabled = False' in text
    assert "submitted_directory = 'judged'" in text
