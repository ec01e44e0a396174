"""Every chapter is a notebook that runs outside the repository."""

import base64
import pathlib
import re
import zipfile

import nbformat
import pytest
import yaml
from books import (
    ROOT,
    book,
    book_process,
    keep_outputs,
    without_outputs,
    write_pair,
    write_tiny_book,
)
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell

from book.chapters import toc
from book.chapters.languages import words
from book.chapters.reader import code_cells
from book.chapters.requirements import declared
from book.chapters.toc import LANGUAGES
from book.execution import files
from book.rendering.html import header_buttons
from book.shipping import notebooks
from book.shipping.hosted.first_cell import METADATA, first_cell

PAGES = notebooks.with_code(toc.pages(ROOT))
FIGURE = """\
# First

See {numref}`graph`.

:::{figure-md} graph
![A graph](../../figures/graph.svg)

What it shows.
:::

```{.python .input}
1 + 1
```
"""
ADDRESS = 'https://github.com/someone/book'
LINK = re.compile(f'{header_buttons.BRANCH}(?:/|.*/tree/)(.*)')
LEFT_OVER = re.compile(r':::|<!--|\{(numref|eq|ref|doc)\}|\.md\b|^\(\w+\)=')


@pytest.fixture(scope='module')
def copied(tmp_path_factory):
    """Return a book with the real chapters, which were not executed."""
    root = tmp_path_factory.mktemp('copied') / 'book'
    root.mkdir()
    names = (*notebooks.SHARED, 'requirements-pytorch.txt')
    for name in ('chapters', '_toc.yml', '_config.yml', *names):
        (root / name).symlink_to(ROOT / name)
    (root / 'book').mkdir()
    (root / 'book/results.yml').symlink_to(ROOT / 'book/results.yml')
    return without_outputs(root)


@pytest.fixture(scope='module')
def zipped(copied):
    """Return the zip files with the notebooks of that book."""
    return notebooks.write(copied, toc.pages(copied))


@pytest.fixture(scope='module')
def bundles(zipped, tmp_path_factory):
    """Unpack the zip files; return the folders that they hold."""
    folder = tmp_path_factory.mktemp('elsewhere')
    for path in zipped:
        with zipfile.ZipFile(path) as file:
            file.extractall(folder)
    return [folder / path.stem for path in zipped]


@pytest.mark.parametrize('language', LANGUAGES)
@pytest.mark.parametrize('page', PAGES, ids=str)
def test_a_chapter_is_a_valid_notebook_without_myst(page, language, copied):
    notebook = notebooks.notebook(copied, page, language)
    nbformat.validate(notebook)
    assert [x.metadata for x in notebook.cells if x.metadata] == [METADATA]
    prose = [x.source for x in notebook.cells if x.cell_type == 'markdown']
    assert not [x for x in prose if LEFT_OVER.search(x)]


@pytest.mark.parametrize('language', LANGUAGES)
def test_a_notebook_opens_with_its_title_and_what_it_needs(language, copied):
    notebook = notebooks.notebook(copied, PAGES[0], language)
    title, needs, fetching, rest = notebook.cells[:4]
    assert title.source == f'# {notebook.metadata["title"]}'
    assert needs.source.startswith('> ')
    assert all(f'`{name}`' in needs.source for name in notebooks.UTILS)
    assert fetching == {**first_cell(language), 'id': 'code-0'}
    assert not rest.source.startswith('>')


@pytest.mark.parametrize('config, parts', [
    ({}, []),
    ({'html': {'baseurl': 'https://a.org/book/'},
      'repository': {'url': 'https://b.org/c'}},
     ['(https://a.org/book/zh/crash-course/ndarray.html)',
      '(https://b.org/c)'])], ids=['without addresses', 'with addresses'])
def test_the_opening_names_the_addresses_of_the_book(config, parts):
    page = toc.Page('crash-course/ndarray', ROOT)
    text = notebooks.opening(config, page, 'zh')
    assert re.findall(r'\(https.*?\)', text) == parts


def test_the_parts_and_the_first_page_are_no_notebooks():
    names = {page.name for page in PAGES}
    assert names.isdisjoint({'index', 'crash-course/index'})


def test_a_bundle_holds_all_that_is_needed_and_linked_to(bundles):
    for folder in bundles:
        found = {str(x.relative_to(folder)) for x in folder.rglob('*.*')}
        assert found >= {f'{page.name}.ipynb' for page in PAGES}
        assert found >= {'README.md', 'requirements.txt'}
        for name in notebooks.UTILS:
            assert {name} | {str(pathlib.Path(page.name).with_name(name))
                             for page in PAGES} <= found
        for file in folder.rglob('*.ipynb'):
            text = file.read_text(encoding='utf-8')
            for link in re.findall(r'\]\(([^):]+\.ipynb)\)', text):
                assert (file.parent / link).is_file(), (file, link)


@pytest.mark.parametrize('language', LANGUAGES)
@pytest.mark.parametrize('page', PAGES, ids=str)
def test_a_button_opens_a_notebook_that_finds_what_it_imports(
        page, language, copied, zipped):
    needs = declared(page.text('en'))
    menu = header_buttons.launches(words(language)['buttons'], ADDRESS,
                                   f'{language}/{page.name}.ipynb', needs)
    opened = {x['text']: LINK.search(x['url'])[1] for x in menu['buttons']}
    assert {'Colab', 'Kaggle'} <= opened.keys()
    assert ('Binder' in opened) == (not needs)  # it has the lock alone
    for name in opened.values():
        path = copied / files.NOTEBOOKS / name
        notebook = nbformat.read(path, as_version=4)
        assert code_cells(notebook)[0].source == first_cell(language).source
        assert all((path.parent / x).is_file() for x in notebooks.UTILS)


def test_zip_files_are_the_same_byte_for_byte(copied, zipped):
    first = [path.read_bytes() for path in zipped]
    notebooks.write(copied, toc.pages(copied))
    assert [path.read_bytes() for path in zipped] == first


def test_one_chapter_is_renewed_and_the_others_are_kept(tiny_book):
    small = without_outputs(tiny_book)
    pages = toc.pages(small)
    notebooks.write(small, pages)
    for name in ('first', 'second'):
        text = f'# New {name}\n\n```{{.python .input}}\n1\n```\n'
        write_pair(small, f'part/{name}', text)
    notebooks.write(without_outputs(small), pages, 'first')
    folder = small / files.NOTEBOOKS / 'zh/part'
    assert '# New first' in (folder / 'first.ipynb').read_text()
    assert '# New second' not in (folder / 'second.ipynb').read_text()


def test_a_page_that_is_gone_leaves_the_folder(tiny_book):
    small = without_outputs(tiny_book)
    pages = toc.pages(small)
    notebooks.write(small, pages)
    notebooks.write(small, pages[:-1])
    folder = small / files.NOTEBOOKS
    assert [x.stem for x in (folder / 'en').rglob('*.ipynb')] == ['first']
    assert {x.name for x in folder.parent.iterdir()} == {
        'notebooks', files.OUTPUTS.name}


@pytest.mark.slow
def test_the_command_writes_outputs_and_the_record_of_the_run(tiny_book):
    status, output, _ = book_process(tiny_book, 'notebooks')
    assert status == 0
    assert output.split() == [
        f'_build/notebooks/from-scratch-to-gluon-{x}.zip' for x in LANGUAGES]
    path = tiny_book / files.NOTEBOOKS / 'zh/part/second.ipynb'
    notebook = nbformat.read(path, as_version=4)
    fetching, cell = code_cells(notebook)
    assert fetching.outputs == [] and fetching.execution_count is None
    assert cell.outputs[0].text == '42\n' and cell.execution_count == 1
    assert notebook.metadata['book']['device'] == 'cpu'


@pytest.mark.parametrize('words, told', [('zh', '标签'), ('en', 'label')])
def test_a_drawing_comes_along_in_the_words_of_the_edition(
        tmp_path, words, told):
    path = tmp_path / 'graph.svg'
    path.write_text('<svg><text>label</text></svg>')
    kind, content = notebooks.data_address(path, words).split(',')
    assert kind == 'data:image/svg+xml;base64'
    assert f'>{told}</text>' in base64.b64decode(content).decode()


@pytest.mark.slow
@pytest.mark.parametrize('depth', [1, 2])
def test_numbers_are_those_of_the_site(tmp_path, depth):
    root = write_tiny_book(tmp_path)
    write_pair(root, 'part/first', FIGURE)
    (root / 'chapters/figures').mkdir()
    (root / 'chapters/figures/graph.svg').write_text('<svg/>')
    for name, key, value in (('_toc.yml', 'options', {'numbered': True}),
                             ('_config.yml', 'sphinx',
                              {'numfig_secnum_depth': depth})):
        table = yaml.safe_load((root / name).read_text())
        place = table.setdefault(key, {})
        place.get('config', place).update(value)
        (root / name).write_text(yaml.safe_dump(table))
    keep_outputs(root, first=['2'], second=['42\n'])
    for form in 'html', 'notebooks':
        status, _, messages = book(root, form)
        assert status == 0, messages
    page = (root / files.SITE / 'en/part/first.html').read_text()
    number = re.search(r'caption-number">\D*([\d.]+)', page)[1]
    path = root / files.NOTEBOOKS / 'en/part/first.ipynb'
    notebook = path.read_text()
    assert f'See Figure {number}.' in notebook
    assert 'find_spec' in notebook and 'find_spec' not in page


@pytest.mark.slow
def test_a_chapter_runs_in_its_folder_far_from_the_repository(
        bundles, monkeypatch):
    monkeypatch.delenv('PYTHONPATH', raising=False)
    folder = bundles[0] / 'supervised-learning'
    notebook = nbformat.read(folder / 'linear-regression-gluon.ipynb',
                             as_version=4)
    notebook.cells.append(new_code_cell('utils.__file__'))
    NotebookClient(notebook,
                   resources={'metadata': {'path': str(folder)}}).execute()
    place = notebook.cells[-1].outputs[0].data['text/plain']
    assert place == repr(str(folder / 'utils.py'))
