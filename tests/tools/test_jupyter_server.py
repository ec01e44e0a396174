"""`make notebook` starts a server that knows chapters, for its reader alone.

The server is a real one and is driven through its API, as JupyterLab does.
What opening, saving, renaming and checkpoints do is tested in
test_jupyter_contents.py.
"""

import socket

import pytest
import requests
from books import ROOT
from servers import SECONDS, copy_chapters, git, jupyter

pytestmark = pytest.mark.slow
CHAPTER = 'en/crash-course/ndarray.md'


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    return copy_chapters(tmp_path_factory.mktemp('jupyter') / 'book')


@pytest.fixture(scope='module')
def server(folder):
    with jupyter(folder) as server:
        yield server


@pytest.fixture
def unchanged(folder):
    """Check at the end that git sees no change."""
    yield
    assert git(folder, 'status', '--porcelain') == ''


def code(model):
    return [x for x in model['content']['cells'] if x['cell_type'] == 'code']


def test_nobody_gets_in_without_the_token(server):
    answer = requests.get(f'{server.url}api/contents', timeout=SECONDS)
    assert answer.status_code == 403
    assert len(server.token) >= 32


def test_only_this_computer_is_listened_to(server):
    assert server.found['hostname'] == 'localhost'
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(('127.0.0.2', server.found['port']), 5)


def test_opening_and_saving_changes_nothing(server, unchanged):
    for path in (CHAPTER, CHAPTER.replace('en', 'zh', 1)):
        model = server.get(path)
        saved = server.save(path, model['content'])
        assert saved['type'] == 'notebook'


def test_a_chapter_runs_from_top_to_bottom(server, unchanged):
    model = server.get(CHAPTER)
    with server.kernel(CHAPTER) as run:
        for cell in code(model):
            cell['outputs'] = run(cell['source'])
            kinds = [x['output_type'] for x in cell['outputs']]
            assert 'error' not in kinds, cell['outputs']
        where = run('import os; print(os.getcwd())')[0]['text']
    assert where.strip().endswith('chapters/en/crash-course')
    assert code(model)[0]['outputs']
    server.save(CHAPTER, model['content'])


def test_the_page_of_jupyterlab_knows_the_extension_and_the_prose(server):
    page = requests.get(f'{server.url}lab?token={server.token}',
                        timeout=SECONDS).text
    assert '"chapters-as-notebooks"' in page
    assert '"index"' in page
    address = 'lab/extensions/chapters-as-notebooks/static/extension.js'
    script = requests.get(f'{server.url}{address}', timeout=SECONDS)
    assert script.ok


def test_the_command_leaves_nothing_in_the_chapters(server, unchanged):
    assert not list((ROOT / 'chapters').rglob('.ipynb_checkpoints'))
