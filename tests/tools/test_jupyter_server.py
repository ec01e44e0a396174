"""`make notebook` starts a server that knows chapters, for its reader alone.

The server is a real one and is driven through its API, as JupyterLab does.
What opening, saving, renaming and checkpoints do is tested in
test_jupyter_contents.py.
"""

import json
import os
import socket
import tempfile

import pytest
import requests
from books import ROOT
from servers import SECONDS, copy_chapters, git, jupyter, runtime_of

from book.tools.jupyter import places

pytestmark = pytest.mark.slow
CHAPTER = 'en/crash-course/ndarray.md'


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    return copy_chapters(tmp_path_factory.mktemp('jupyter') / 'book')


@pytest.fixture(scope='module')
def server(folder):
    """Start a server in an environment that has jupytext, too.

    As jupytext does, its stand-in takes the place of our contents manager.
    """
    rival = folder.parent / 'jupytext'
    enabled = rival / 'jupyter_server_config.d/jupytext.json'
    enabled.parent.mkdir(parents=True)
    extensions = {'jupyterlab_jupytext': True}
    enabled.write_text(json.dumps(
        {'ServerApp': {'jpserver_extensions': extensions}}))
    (rival / 'jupyterlab_jupytext.py').write_text(
        'def load_jupyter_server_extension(app):\n'
        '    app.web_app.settings["contents_manager"] = None\n')
    path = os.pathsep.join([str(rival), os.environ.get('PYTHONPATH', '')])
    with jupyter(folder, PYTHONPATH=path,
                 JUPYTER_CONFIG_PATH=str(rival)) as server:
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


def test_checkpoints_belong_to_the_reader_and_not_to_the_clone(
    server, folder, unchanged
):
    assert server.ask('POST', f'contents/{CHAPTER}/checkpoints').ok
    kept = (runtime_of(folder) / 'checkpoints').rglob('*.md')
    name = 'en/crash-course/ndarray-checkpoint.md'
    assert any(path.match(name) for path in kept)


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


def test_jupyter_finds_a_place_where_the_home_folder_has_none(
    tmp_path, monkeypatch, capsys
):
    for name in os.environ:
        if name.startswith(('JUPYTER', 'XDG')):
            monkeypatch.delenv(name)
    monkeypatch.setenv('HOME', str(tmp_path))
    assert places() == {}
    monkeypatch.setenv('HOME', '/dev/null/nobody')
    monkeypatch.setattr(tempfile, 'tempdir', str(tmp_path))
    found = places()
    assert {'JUPYTER_RUNTIME_DIR', 'IPYTHONDIR', 'MPLCONFIGDIR'} <= {*found}
    assert all(x.startswith(str(tmp_path)) for x in found.values())
    assert 'the home folder cannot be written to' in capsys.readouterr().err
