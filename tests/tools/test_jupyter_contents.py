"""Jupyter opens chapters as notebooks and saves them without loss."""

import asyncio
import os
import pathlib
import stat
import time

import pytest
from books import finish
from nbformat.sign import MemorySignatureStore
from nbformat.v4 import new_code_cell, new_notebook
from tornado.web import HTTPError

from book.tools.jupyter import contents

CHAPTER = """\
# First

```{.python .input  n=3}
1 + 1
```
The end.
"""
PROSE = '# Read me\n\n```bash\nls\n```\n'
BROKEN = '# Broken\n\n```{.python .input}\n1 + 1\n'
FILES = {'first.md': CHAPTER, 'README.md': PROSE, 'broken.md': BROKEN}


class Manager:
    """A contents manager that waits for its answers."""

    def __init__(self, folder, **options):
        self.manager = contents.ChapterManager(
            root_dir=str(folder / 'chapters'), **options)
        self.manager.checkpoints.folder = str(folder / 'kept')
        self.manager.notary.store = MemorySignatureStore()

    def __getattr__(self, name):
        def call(*arguments, **options):
            found = getattr(self.manager, name)(*arguments, **options)
            return finish(wait(found))

        return call

    def save(self, path, content, type='notebook', format='json'):
        model = {'type': type, 'format': format, 'content': content}
        return finish(self.manager.save(model, path))


async def wait(found):
    return await found if asyncio.iscoroutine(found) else found


@pytest.fixture
def folder(tmp_path):
    """Return a folder of chapters."""
    folder = tmp_path / 'chapters'
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def manager(folder):
    return Manager(folder.parent)


@pytest.fixture
def interrupted(monkeypatch):
    """Let the disk fail in the moment before a new file takes its place."""

    def fail(*arguments):
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(os, 'replace', fail)


def changed(manager, path='first.md'):
    """Return a notebook as a person changes it."""
    notebook = manager.get(path)['content']
    notebook.cells.append(new_code_cell('2 + 2'))
    return notebook


def names(folder):
    return {x.name for x in folder.iterdir()}


def test_a_chapter_opens_as_a_notebook_of_the_kernel_of_jupyterlab(manager):
    model = manager.get('first.md')
    assert (model['type'], model['format']) == ('notebook', 'json')
    kinds = [x.cell_type for x in model['content'].cells]
    assert kinds == ['markdown', 'code', 'markdown']
    metadata = model['content'].metadata
    assert metadata.kernelspec.name == 'python3'
    assert metadata.language_info.file_extension == '.py'


@pytest.mark.parametrize('path, how', [
    ('README.md', {}), ('first.md', {'type': 'file', 'format': 'text'})])
def test_other_pages_open_as_text_and_chapters_if_asked(manager, path, how):
    model = manager.get(path, **how)
    assert (model['type'], model['content']) == ('file', FILES[path])


def test_a_list_says_what_is_a_notebook(manager):
    found = {x['name']: x['type'] for x in manager.get('')['content']}
    assert found == {
        'first.md': 'notebook', 'broken.md': 'notebook', 'README.md': 'file'}


def test_a_broken_chapter_is_refused_with_file_line_and_way_out(manager):
    with pytest.raises(HTTPError, match='Open With, Editor') as caught:
        manager.get('broken.md')
    assert caught.value.status_code == 400
    assert caught.value.log_message.startswith('broken.md:3: this fence')
    assert manager.get('broken.md', type='file')['content'] == BROKEN


def test_a_chapter_that_is_not_text_is_refused(manager, folder):
    (folder / 'first.md').write_bytes(b'\xff\xfe')
    assert manager.get('first.md')['type'] == 'file'
    with pytest.raises(HTTPError, match='not UTF-8'):
        manager.get('first.md', type='notebook')


def test_saving_what_was_opened_does_not_touch_the_file(manager, folder):
    before = (folder / 'first.md').stat()
    model = manager.save('first.md', manager.get('first.md')['content'])
    after = (folder / 'first.md').stat()
    assert model['type'] == 'notebook'
    assert after.st_ino == before.st_ino
    assert after.st_mtime_ns == before.st_mtime_ns


def test_saving_changes_only_what_was_changed(manager, folder):
    manager.save('first.md', changed(manager))
    added = '\n```{.python .input}\n2 + 2\n```\n'
    assert (folder / 'first.md').read_text() == CHAPTER + added


def test_other_pages_are_saved_as_text(manager, folder):
    manager.save('README.md', 'New.\n', type='file', format='text')
    assert (folder / 'README.md').read_text() == 'New.\n'


@pytest.mark.parametrize('wanted', [False, True])
def test_outputs_are_saved_only_if_wanted(folder, wanted):
    manager = Manager(folder.parent, save_outputs=wanted)
    notebook = manager.get('first.md')['content']
    notebook.cells[1].outputs = [{'output_type': 'stream', 'name': 'stdout',
                                  'text': '2\n'}]
    notebook.cells[1].execution_count = 4
    manager.save('first.md', notebook)
    text = (folder / 'first.md').read_text()
    assert ('```{.json .output n=4}' in text) is wanted
    assert (text == CHAPTER) is not wanted


def test_a_new_page_can_be_saved_as_a_notebook(manager, folder):
    cells = [new_code_cell('1')]
    manager.save('new.md', new_notebook(cells=cells))
    text = (folder / 'new.md').read_text()
    assert text == '```{.python .input}\n1\n```\n'


def test_a_notebook_of_jupyter_stays_one(manager):
    manager.save('own.ipynb', new_notebook(cells=[new_code_cell('1')]))
    model = manager.get('own.ipynb')
    assert model['content'].cells[0].source == '1'


def test_a_copy_is_the_same_file(manager, folder):
    model = manager.copy('first.md')
    assert (folder / model['path']).read_text() == CHAPTER


@pytest.mark.parametrize('path', ['first.md', 'own.ipynb', 'README.md'])
@pytest.mark.usefixtures('interrupted')
def test_an_interrupted_save_leaves_the_old_file(manager, folder, path):
    with pytest.raises(HTTPError, match='No space left'):
        manager.save(path, new_notebook(cells=[new_code_cell('2')]))
    assert {x.name: x.read_text() for x in folder.iterdir()} == FILES


def test_a_killed_save_leaves_the_old_file(manager, folder):
    notebook = changed(manager)
    if os.fork() == 0:
        os.replace = lambda *arguments: os._exit(9)
        try:
            manager.save('first.md', notebook)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.wait()[1]) == 9
    assert (folder / 'first.md').read_text() == CHAPTER
    manager.save('first.md', notebook)
    assert '2 + 2' in (folder / 'first.md').read_text()


def test_what_killed_saves_have_left_is_swept_away_later(manager, folder):
    for name, age in (('.first.md.1-0.new', 7200), ('.first.md.2-0.new', 5)):
        (folder / name).write_text('half')
        now = time.time()
        os.utime(folder / name, (now - age, now - age))
    manager.save('first.md', changed(manager))
    assert names(folder) == FILES.keys() | {'.first.md.2-0.new'}


def test_saves_at_the_same_time_do_not_mix(folder):
    with contents.whole(folder / 'first.md') as one:
        with contents.whole(folder / 'first.md') as two:
            one.write_text('one')
            two.write_text('two')
        assert (folder / 'first.md').read_text() == 'two'
    assert (folder / 'first.md').read_text() == 'one'
    assert names(folder) == FILES.keys()


def test_what_cannot_be_written_leaves_the_old_file(manager, folder):
    notebook = changed(manager)
    notebook.cells[0].source = 'half a character: \ud800'
    with pytest.raises(HTTPError):
        manager.save('first.md', notebook)
    assert (folder / 'first.md').read_text() == CHAPTER


def test_permissions_and_links_are_kept(manager, folder):
    real = folder / 'real.md'
    (folder / 'first.md').rename(real)
    (folder / 'first.md').symlink_to('real.md')
    real.chmod(0o640)
    manager.save('first.md', changed(manager))
    assert (folder / 'first.md').readlink() == pathlib.Path('real.md')
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert '2 + 2' in real.read_text()


def test_checkpoints_stay_away_from_the_chapters(manager, folder):
    manager.save('first.md', changed(manager))
    assert names(folder) == FILES.keys()
    [one] = manager.list_checkpoints('first.md')
    assert one['id'] == 'checkpoint'


def test_a_checkpoint_brings_the_chapter_back_if_it_exists(manager, folder):
    with pytest.raises(HTTPError, match='does not exist'):
        manager.restore_checkpoint('checkpoint', 'first.md')
    manager.create_checkpoint('first.md')
    manager.save('first.md', changed(manager))
    manager.restore_checkpoint('checkpoint', 'first.md')
    assert (folder / 'first.md').read_text() == CHAPTER


def test_an_interrupted_restore_leaves_the_file(manager, folder, request):
    manager.create_checkpoint('first.md')
    (folder / 'first.md').write_text('changed')
    request.getfixturevalue('interrupted')
    with pytest.raises(OSError, match='No space left'):
        manager.restore_checkpoint('checkpoint', 'first.md')
    assert (folder / 'first.md').read_text() == 'changed'


def test_checkpoints_follow_their_chapter(manager):
    manager.create_checkpoint('first.md')
    manager.rename('first.md', 'second.md')
    assert manager.list_checkpoints('first.md') == []
    assert len(manager.list_checkpoints('second.md')) == 1
    manager.delete_checkpoint('checkpoint', 'second.md')
    assert manager.list_checkpoints('second.md') == []


def test_folders_with_the_same_names_have_their_own_checkpoints(
        manager, folder):
    for name in ('en', 'zh'):
        (folder / name).mkdir()
        (folder / name / 'first.md').write_text(CHAPTER)
    manager.create_checkpoint('en/first.md')
    assert manager.list_checkpoints('zh/first.md') == []


def test_checkpoints_need_a_place_where_one_may_write(monkeypatch, tmp_path):
    (tmp_path / 'file').write_text('')
    monkeypatch.setenv('JUPYTER_DATA_DIR', str(tmp_path / 'file'))
    folder = contents.ChapterCheckpoints().folder
    assert os.access(folder, os.W_OK)


def test_a_chapter_is_not_renamed_to_a_notebook(manager):
    with pytest.raises(HTTPError, match='Save Notebook As'):
        manager.rename('first.md', 'first.ipynb')
    assert manager.get('first.md')['type'] == 'notebook'


def test_jupyter_may_be_told_to_write_in_place(folder):
    manager = Manager(folder.parent, use_atomic_writing=False)
    before = (folder / 'first.md').stat().st_ino
    manager.save('first.md', changed(manager))
    assert (folder / 'first.md').stat().st_ino == before


def test_a_chapter_opens_beside_a_broken_kernel(
    manager, tmp_path, monkeypatch
):
    spec = tmp_path / 'kernels/python3/kernel.json'
    spec.parent.mkdir(parents=True)
    spec.write_text('no JSON')
    monkeypatch.setenv('JUPYTER_PATH', str(tmp_path))
    contents.kernel.cache_clear()
    assert manager.get('first.md')['type'] == 'notebook'
    contents.kernel.cache_clear()


def test_names_of_pages_that_are_text_everywhere(folder):
    (folder / 'en').mkdir()
    for name in ('first', 'index', 'README', '.index-checkpoint'):
        (folder / f'en/{name}.md').write_text(PROSE)
    assert contents.prose(folder) == ['README', 'index']
