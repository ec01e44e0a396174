"""A reader opens, runs and saves a chapter in JupyterLab and Notebook 7."""

import pytest
from servers import copy_chapters, git, jupyter

from book.chapters.reader import code_cells, read

CHAPTER = 'crash-course/ndarray.md'
CELL = '.jp-Notebook .jp-Cell'
MINUTE = 60_000
CHANGED = '.lm-DockPanel-tabBar .jp-mod-dirty'


@pytest.fixture(scope='module')
def folder(tmp_path_factory):
    return copy_chapters(tmp_path_factory.mktemp('jupyterlab') / 'book')


@pytest.fixture(scope='module')
def server(folder):
    with jupyter(folder) as server:
        yield server


@pytest.fixture
def open_page(browser, server):
    """Return a function that opens a page of Jupyter."""
    page = browser.new_page()
    page.set_default_timeout(MINUTE)

    def open_page(path):
        page.goto(f'{server.url}{path}?token={server.token}')
        return page

    yield open_page
    page.close()


def test_a_chapter_runs_and_is_saved_as_it_was(open_page, folder):
    page = open_page(f'lab/tree/en/{CHAPTER}')
    page.wait_for_selector(CELL)
    page.wait_for_selector('text=/ \\| Idle$/')
    assert page.locator(CHANGED).count() == 0
    page.click('text="Run"')
    page.click('text="Run All Cells"')
    text = (folder / 'chapters/en' / CHAPTER).read_text('utf-8')
    last = len(code_cells(read(text)))
    page.wait_for_selector(f'text="[{last}]:"')
    page.locator('.jp-OutputArea-output').first.wait_for(state='attached')
    page.locator(CHANGED).wait_for()
    page.keyboard.press('Control+s')
    page.wait_for_selector(CHANGED, state='detached')
    assert git(folder, 'status', '--porcelain') == ''


@pytest.mark.parametrize('place', ['lab/tree', 'edit'],
                         ids=['JupyterLab', 'Notebook 7'])
def test_a_page_of_prose_opens_in_the_text_editor(open_page, place):
    page = open_page(f'{place}/en/index.md')
    page.wait_for_selector('.jp-FileEditor')


def test_a_broken_chapter_is_explained_where_it_does_not_open(
        open_page, folder):
    path = folder / 'chapters/en/broken.md'
    path.write_text('Text.\n\n```{.python .input}\n1\n')
    page = open_page('lab/tree/en/broken.md')
    dialog = page.wait_for_selector('.jp-Dialog-content')
    path.unlink()
    assert 'en/broken.md:3: this fence is never closed' in dialog.inner_text()


@pytest.mark.parametrize('place', ['notebooks', 'edit'])
def test_notebook_7_opens_a_chapter_as_a_notebook(open_page, place):
    page = open_page(f'{place}/zh/{CHAPTER}')
    page.wait_for_url(f'**/notebooks/zh/{CHAPTER}**')
    page.wait_for_selector(CELL)


def test_the_file_list_of_notebook_7_leads_to_the_notebook(open_page):
    page = open_page('tree/en/crash-course')
    with page.context.expect_page() as opened:
        page.dblclick('.jp-DirListing-item >> text="ndarray.md"')
    other = opened.value
    other.set_default_timeout(MINUTE)
    other.wait_for_url(f'**/notebooks/en/{CHAPTER}**')
    other.wait_for_selector(CELL)
    other.close()
