"""A bundle installs where there is no network, and says when it is damaged.

The parts that download and build are stood in for by small files; what
gathers, names, sums up and packs them is the book's own.
"""

import hashlib
import shutil
import subprocess
import zipfile

import pytest
from books import ROOT, book, commit, write_tiny_book

from book.chapters.errors import BookError
from book.chapters.languages import words
from book.chapters.toc import LANGUAGES
from book.execution import files
from book.shipping import bundle, pdf
from book.tools.setup import targets

CONTENT = {'html': ('html/index.html', 'html/en/a page.html'),
           'pdf': ('pdf/from-scratch-to-gluon-zh.pdf',),
           'notebooks': ('notebooks/from-scratch-to-gluon-en.zip',)}
DATA = """\
import pathlib
from types import SimpleNamespace

HERE = pathlib.Path(__file__).parent
DATA_SETS = {'digits': SimpleNamespace(folder='digits')}


class DataError(RuntimeError):
    pass


def find_data(name):
    return SimpleNamespace(files={'images.gz': HERE / 'images.gz'})
"""


def stub_pip(command, root, advice):
    """Write a wheel where pip would; run anything else."""
    if 'pip' not in command:
        return RUN(command, root, advice)
    folder = command[command.index('--wheel-dir') + 1]
    (folder / 'one-1.0-py3-none-any.whl').write_bytes(b'wheel')
    return b''


RUN = bundle.run


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Return a book, in git, of which everything has been built."""
    root = write_tiny_book(tmp_path / 'book')
    (root / 'utils_data.py').write_text(DATA)
    (root / 'images.gz').write_bytes(b'data')
    for names in CONTENT.values():
        for name in names:
            files.write(root / files.BUILD / name, name)
    (root / '.gitignore').write_text('_build/\nimages.gz\n')
    commit(root)
    monkeypatch.setattr(bundle, 'run', stub_pip)
    return root


def names(folder):
    """Return the names of all files in a folder."""
    return {x.relative_to(folder).as_posix()
            for x in folder.rglob('*') if x.is_file()}


def verified(folder):
    """Run the command of the guide; return its status and its words."""
    done = subprocess.run(['sha256sum', '--quiet', '-c', bundle.SUMS],
                          cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout


def test_a_bundle_holds_every_part_and_its_archive_the_same(root):
    folder, archive = bundle.write(root)
    assert names(folder) >= {
        'README.en.md', 'README.zh.md', 'SHA256SUMS',
        'wheels/one-1.0-py3-none-any.whl', 'data/digits/images.gz',
        'source/utils.py', 'source/chapters/zh/part/first.md',
        *sum(CONTENT.values(), ())}
    assert not any('.git/' in x or '_build' in x for x in names(folder))
    with zipfile.ZipFile(archive) as found:
        assert {x.removeprefix(f'{bundle.NAME}/')
                for x in found.namelist()} == names(folder)
        assert found.testzip() is None


@pytest.mark.parametrize('part', bundle.PARTS)
def test_a_part_can_be_left_out_and_the_guides_say_so(root, part):
    folder, _ = bundle.write(root, without=[part])
    assert not (folder / part).exists()
    assert {x.name for x in folder.iterdir() if x.is_dir()} == {
        *bundle.PARTS} - {part}
    for language in LANGUAGES:
        text = (folder / f'README.{language}.md').read_text(encoding='utf-8')
        left_out = words(language)['bundle']['left_out']
        assert text.endswith(left_out.format(part))


def test_an_image_is_added_by_its_own_name(root, tmp_path):
    image = tmp_path / 'my image.tar'
    image.write_bytes(b'layers')
    folder, _ = bundle.write(root, image=image)
    assert (folder / 'image/my image.tar').read_bytes() == b'layers'
    assert verified(folder) == (0, '')


def test_every_file_is_listed_with_its_sum(root):
    folder, _ = bundle.write(root)
    lines = (folder / bundle.SUMS).read_text().splitlines()
    listed = {line[66:]: line[:64] for line in lines}
    assert set(listed) == names(folder) - {bundle.SUMS}
    page = (folder / 'html/en/a page.html').read_bytes()
    assert listed['html/en/a page.html'] == hashlib.sha256(page).hexdigest()


@pytest.mark.skipif(not shutil.which('sha256sum'), reason='no sha256sum')
def test_a_damaged_file_is_found_by_name(root):
    folder, _ = bundle.write(root)
    assert verified(folder) == (0, '')
    path = folder / 'data/digits/images.gz'
    path.write_bytes(b'dat4')
    assert verified(folder) == (1, 'data/digits/images.gz: FAILED\n')
    path.unlink()
    assert verified(folder)[0] == 1


@pytest.mark.parametrize('name', ['../out', '/etc/out', 'a/../../out', '.'])
def test_no_name_leads_out_of_the_bundle(tmp_path, name):
    with pytest.raises(BookError, match='leads out of the bundle'):
        bundle.inside(tmp_path / 'bundle', name)


@pytest.mark.parametrize('name', ['a', 'a/b', 'a/../b'])
def test_a_name_inside_is_a_path_inside(tmp_path, name):
    assert tmp_path in bundle.inside(tmp_path, name).parents


def test_a_link_is_no_part_of_a_bundle(root):
    (root / 'link').symlink_to('utils.py')
    commit(root)
    with pytest.raises(BookError, match="'source/link': a link"):
        bundle.write(root)
    assert not (root / files.BUNDLE).exists()


def test_a_name_that_breaks_the_list_is_refused(tmp_path):
    (tmp_path / 'two\nlines').write_text('')
    with pytest.raises(BookError, match="'two.nlines': a link, or a name"):
        bundle.sums(tmp_path)


def test_a_failure_keeps_the_old_bundle_and_leaves_nothing_half(
        root, monkeypatch):
    folder, archive = bundle.write(root)
    before = archive.read_bytes()
    (root / 'images.gz').unlink()
    with pytest.raises(FileNotFoundError):
        bundle.write(root)
    assert archive.read_bytes() == before
    assert verified(folder) == (0, '')
    assert not (root / files.BUILD / 'bundle.new').exists()


# What cannot be had: said before the long build, with the way out


def test_missing_data_are_told_with_the_way_out(root):
    (root / 'utils_data.py').write_text(
        DATA + "\n\ndef find_data(name):\n    raise DataError('no digits')\n")
    with pytest.raises(BookError, match='no digits\n.*WITHOUT=data'):
        bundle.write(root)


def test_without_a_clone_the_source_cannot_be_had(root):
    shutil.rmtree(root / '.git')
    with pytest.raises(BookError, match='(?s)git.*WITHOUT=source'):
        bundle.write(root)


@pytest.mark.parametrize('command, problem', [
    (['sh', '-c', 'echo No matching distribution >&2; exit 1'],
     '(?s)No matching.*leave it out'),
    (['no-such-program'], 'no-such-program: .*\nleave it out')],
    ids=['what pip says', 'a program that is not there'])
def test_a_program_that_fails_is_told_with_the_way_out(
        tmp_path, command, problem):
    with pytest.raises(BookError, match=problem):
        bundle.run(command, tmp_path, 'leave it out')


def test_missing_latex_is_told_first_with_the_way_out(tmp_path, monkeypatch):
    def need_tools():
        raise BookError('the printed book needs xelatex')

    monkeypatch.setattr(pdf, 'need_tools', need_tools)
    with pytest.raises(BookError, match='needs xelatex\nor .*WITHOUT=pdf'):
        bundle.check(tmp_path)
    assert bundle.check(tmp_path, without=['pdf']) is None


def test_an_image_that_is_not_there_is_told_first(tiny_book):
    status, output, messages = book(
        tiny_book, 'bundle', '--image', 'nothing.tar')
    assert (status, output) == (1, '')
    assert 'error: nothing.tar: no such file' in messages


def test_the_command_knows_the_parts():
    assert set(targets.BUNDLED) == set(bundle.PARTS)
    assert set(targets.BUNDLED) >= {'html', 'pdf', 'notebooks'}


@pytest.mark.parametrize('language', LANGUAGES)
def test_the_guide_names_every_part(language):
    path = ROOT / f'book/shipping/guides/offline.{language}.md'
    text = path.read_text(encoding='utf-8')
    assert [x for x in [*bundle.PARTS, 'image'] if f'| `{x}` |' not in text
            ] == []
