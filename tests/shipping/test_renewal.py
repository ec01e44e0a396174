"""An update in mid-term: what a reader has worked on goes on working.

The notebooks are those of a small book; that they run with the modules
beside them is seen by running them.
"""

import json
import os
import subprocess
import sys

import pytest
from books import ROOT, write_tiny_book

from book.chapters.toc import LANGUAGES
from book.shipping import workspace
from from_scratch_to_gluon import files, renewal
from from_scratch_to_gluon.words import WORDS

FIRST, UTILS = 'part/first.ipynb', 'part/utils.py'
NEWER = 'part.new-version'
# The notebooks know the book's utils.py by its naming utils_data
OLD = '# utils_data\ndef double(x):\n    return 2 * x\n'
NEW = '# utils_data\ndef twice(x):\n    return 2 * x\n'


@pytest.fixture
def root(tmp_path):
    """Return a small book whose chapter needs a function of utils.py."""
    root = tmp_path / 'book'
    root.mkdir()
    write_tiny_book(root)
    publish(root, OLD, 'double')
    return root


@pytest.fixture
def folder(root, tmp_path):
    """Return the folder of a reader who has just got it."""
    folder = tmp_path / 'reader' / 'gluon'
    workspace.write(root, str(folder), 'en')
    return folder


def publish(root, utils, name):
    """Bring out a version in which a chapter calls a function of utils."""
    (root / 'utils.py').write_text(utils)
    text = (f'# First\n\n```{{.python .input}}\nimport utils\n'
            f'print(utils.{name}(21))\n```\n')
    for language in LANGUAGES:
        (root / f'chapters/{language}/part/first.md').write_text(text)


def renew(root, folder, language='en'):
    return workspace.write(root, str(folder), language)


def work_on(path):
    """Change a notebook as somebody does who adds a cell and runs it."""
    notebook = json.loads(path.read_text('utf-8'))
    notebook['cells'].append({
        'cell_type': 'code', 'metadata': {}, 'outputs': [],
        'execution_count': 1, 'source': 'print(utils.double(4))'})
    path.write_text(json.dumps(notebook), 'utf-8')


def works(path):
    """Return what a notebook prints, run where it is."""
    cells = json.loads(path.read_text('utf-8'))['cells']
    code = '\n'.join(''.join(x['source']) for x in cells
                     if x['cell_type'] == 'code')
    done = subprocess.run([sys.executable, '-c', code], cwd=path.parent,
                          capture_output=True, text=True)
    return done.stdout or done.stderr.splitlines()[-1]


def page(folder, language='en'):
    """Return the page that tells what an update did, or ''."""
    path = folder / WORDS[language]['news page']
    return path.read_text('utf-8') if path.exists() else ''


def test_a_changed_notebook_and_the_new_one_both_run(root, folder):
    work_on(folder / FIRST)
    mine = (folder / FIRST).read_text()
    publish(root, NEW, 'twice')
    renew(root, folder)
    assert (folder / FIRST).read_text() == mine
    assert works(folder / FIRST) == '42\n8\n'
    assert works(folder / NEWER / 'first.ipynb') == '42\n'
    assert renew(root, folder) == []


def test_a_notebook_of_ones_own_beside_the_books_keeps_its_modules(
        root, folder):
    mine = folder / 'part/mine.ipynb'
    mine.write_bytes((folder / FIRST).read_bytes())
    publish(root, NEW, 'twice')
    renew(root, folder)
    assert works(mine) == works(folder / NEWER / 'first.ipynb') == '42\n'


def test_a_folder_that_nobody_worked_in_is_simply_renewed(root, folder):
    publish(root, NEW, 'twice')
    renew(root, folder)
    assert not (folder / NEWER).exists()
    assert works(folder / FIRST) == '42\n'


def test_where_the_modules_are_the_same_the_new_notebook_is_beside(
        root, folder):
    work_on(folder / FIRST)
    publish(root, OLD, 'double.__call__')
    renew(root, folder)
    assert not (folder / NEWER).exists()
    assert works(folder / 'part/first.new-version.ipynb') == '42\n'


def test_the_new_folder_is_renewed_and_worked_in_stays_as_well(root, folder):
    work_on(folder / FIRST)
    publish(root, NEW, 'twice')
    renew(root, folder)
    publish(root, NEW.replace('twice', 'two'), 'two')
    renew(root, folder)
    assert works(folder / NEWER / 'first.ipynb') == '42\n'
    assert not (folder / f'{NEWER}-2').exists()
    (folder / NEWER / 'more.ipynb').write_text('{}')
    publish(root, OLD, 'double')
    renew(root, folder)
    assert works(folder / f'{NEWER}-2/first.ipynb') == '42\n'
    assert works(folder / FIRST) == '42\n8\n'


def test_a_new_folder_in_the_place_of_the_old_is_the_books_again(
        root, folder):
    work_on(folder / FIRST)
    publish(root, NEW, 'twice')
    renew(root, folder)
    (folder / 'part').rename(folder / 'old')
    (folder / NEWER).rename(folder / 'part')
    publish(root, OLD, 'double')
    renew(root, folder)
    assert not (folder / NEWER).exists()
    assert works(folder / FIRST) == '42\n'


def test_a_module_that_the_reader_changed_stays_with_its_folder(root, folder):
    (folder / UTILS).write_text(OLD + 'MORE = 1\n')
    publish(root, NEW, 'twice')
    renew(root, folder)
    assert (folder / UTILS).read_text() == OLD + 'MORE = 1\n'
    assert works(folder / FIRST) == '42\n'
    assert works(folder / NEWER / 'first.ipynb') == '42\n'


OBSTACLES = {
    'a folder': lambda path: path.mkdir(),
    'a link to nothing': lambda path: path.symlink_to('nowhere'),
    'a link to itself': lambda path: path.symlink_to(path.name),
    'a pipe': os.mkfifo if hasattr(os, 'mkfifo') else None,
}


@pytest.mark.skipif(os.name == 'nt', reason='has other obstacles')
@pytest.mark.parametrize('name', ['README.md', UTILS, renewal.LIST])
@pytest.mark.parametrize('kind', OBSTACLES)
def test_an_obstacle_at_one_file_does_not_stop_the_others(
        root, folder, kind, name):
    (folder / name).unlink()
    OBSTACLES[kind](folder / name)
    publish(root, NEW, 'twice')
    renew(root, folder)
    here = folder / (NEWER if name != 'README.md' else 'part')
    if name == renewal.LIST and kind != 'a folder':
        here = folder / NEWER
    assert works(here / 'first.ipynb') == '42\n'


def test_a_file_in_the_place_of_a_folder_is_told_and_the_rest_is_renewed(
        root, folder):
    (folder / 'part').rename(folder / 'mine')
    (folder / 'part').write_text('mine')
    publish(root, NEW, 'twice')
    lines = renew(root, folder)
    assert any(x.startswith('not renewed: ') for x in lines)
    assert (folder / 'utils.py').read_text() == NEW, 'on top'
    assert '`part/first.ipynb`' in page(folder)
    assert (folder / 'part').read_text() == 'mine'


@pytest.mark.parametrize('language', LANGUAGES)
def test_a_page_in_the_readers_language_tells_what_was_done(
        root, tmp_path, language):
    folder = tmp_path / 'reader'
    renew(root, folder, language)
    assert page(folder, language) == '', 'nothing yet'
    work_on(folder / FIRST)
    (folder / 'README.md').write_text('mine')
    publish(root, NEW, 'twice')
    guide = workspace.HERE / 'guides' / f'workspace.{language}.md'
    renew(root, folder, language)
    text = page(folder, language)
    assert f'`{NEWER}`' in text and WORDS[language]['news folders'] in text
    assert (folder / 'README.md').read_text() == 'mine', guide
    (folder / WORDS[language]['news page']).unlink()
    renew(root, folder, language)
    assert page(folder, language) == '', 'told once'


def test_the_page_names_the_files_that_stayed(root, folder):
    work_on(folder / FIRST)
    publish(root, OLD, 'double.__call__')
    renew(root, folder)
    assert ('`part/first.ipynb`: the new version is [part/first.new-version.'
            'ipynb](part/first.new-version.ipynb).') in page(folder)


def test_a_full_disk_is_told_in_jupyter_if_that_still_fits(
        root, folder, monkeypatch):
    def full(source, target):
        raise OSError(28, 'No space left on device', str(target))

    publish(root, NEW, 'twice')
    monkeypatch.setattr(renewal.files, 'copy', full)
    with pytest.raises(renewal.BookError):
        renew(root, folder)
    assert 'No space left on device' in page(folder)


def test_what_the_power_left_empty_is_written_again(root, folder):
    for name in FIRST, UTILS:
        (folder / name).write_bytes(b'')
    renew(root, folder)
    assert works(folder / FIRST) == '42\n'


def test_a_list_that_leads_outside_is_not_followed(root, folder, tmp_path):
    table = files.read_table(folder / renewal.LIST)
    for name in '../outside', f'../{NEWER}', '/tmp/x':
        table['folders'] = {'part': name, '..': '...new-version'}
        files.write_table(folder / renewal.LIST, table)
        (tmp_path / 'reader/outside').mkdir(exist_ok=True)
        (folder / FIRST).unlink()
        renew(root, folder)
        assert (folder / FIRST).exists()
        assert list((tmp_path / 'reader/outside').iterdir()) == []


@pytest.mark.slow
def test_the_real_book_renews_what_a_student_worked_on(tmp_path):
    """With the modules of today and a changed one beside a chapter."""
    folder = tmp_path / 'en'
    workspace.write(ROOT, str(folder), 'en')
    part = sorted(folder.glob('*/utils.py'))[0].parent
    table = files.read_table(folder / renewal.LIST)
    old = (part / 'utils.py').read_text('utf-8') + '# an older version\n'
    (part / 'utils.py').write_text(old, 'utf-8')
    table['files'][f'{part.name}/utils.py'] = files.digest(part / 'utils.py')
    files.write_table(folder / renewal.LIST, table)
    work_on(sorted(part.glob('*.ipynb'))[0])
    workspace.write(ROOT, str(folder), 'en')
    new = folder / f'{part.name}.new-version'
    assert (part / 'utils.py').read_text('utf-8') == old
    assert (new / 'utils.py').read_bytes() == (ROOT / 'utils.py').read_bytes()
    assert len(list(new.glob('*.ipynb'))) == len(list(part.glob('*.ipynb')))
