"""The menus of a page lead to its own files and services."""

import pytest
import yaml
from books import ROOT

from book.chapters.languages import words
from book.rendering.html import header_buttons

ADDRESS = 'https://github.com/someone/book'


@pytest.mark.parametrize('name, url', [
    ('Colab', 'https://colab.research.google.com/github/someone/book/blob/'
     'notebooks/zh/part/page.ipynb'),
    ('Kaggle', 'https://kaggle.com/kernels/welcome?src=https://github.com/'
     'someone/book/blob/notebooks/zh/part/page.ipynb'),
    ('Binder', 'https://mybinder.org/v2/gh/someone/book/notebooks'
     '?urlpath=lab/tree/zh/part/page.ipynb'),
], ids=['Colab', 'Kaggle', 'Binder'])
def test_a_service_opens_the_notebook_of_the_page(name, url):
    menu = header_buttons.launches(
        words('zh')['buttons'], ADDRESS, 'zh/part/page.ipynb')
    [link] = [x for x in menu['buttons'] if x['text'] == name]
    assert link['url'] == url


def test_binder_which_has_the_lock_alone_opens_no_page_that_needs_more():
    menu = header_buttons.launches(words('en')['buttons'], ADDRESS, 'a.ipynb',
                                   ['requirements-pytorch.txt'])
    assert [x['text'] for x in menu['buttons']] == ['Colab', 'Kaggle']


def test_a_page_that_runs_offers_its_notebook_first_and_others_none():
    runs, reads = (
        header_buttons.downloads(words('en')['buttons'], '../_sources/a', x)
        for x in (True, False))
    assert [x.get('url') for x in runs['buttons']] == [
        '../_sources/a.ipynb', '../_sources/a.md', None]
    assert 'Jupyter' not in {x['text'] for x in reads['buttons']}


def test_the_whole_book_comes_after_the_files_of_the_page():
    menu = header_buttons.downloads(
        words('zh')['buttons'], '../_sources/a', False,
        {'pdf': '../../pdf/a.pdf', 'epub': 'https://book.test/a.epub'})
    assert [(x['text'], x['url']) for x in menu['buttons'][-2:]] == [
        ('全书PDF', '../../pdf/a.pdf'),
        ('全书EPUB', 'https://book.test/a.epub')]


def test_an_edit_and_a_report_are_of_the_file_of_the_language():
    menu = header_buttons.sources(
        words('zh')['buttons'], ADDRESS, 'main', 'zh', 'part/page')
    assert [x['url'] for x in menu['buttons'][:2]] == [
        f'{ADDRESS}/edit/main/chapters/zh/part/page.md',
        f'{ADDRESS}/issues/new?template=1-page.yml'
        '&page=chapters/zh/part/page.md']


def test_that_form_exists_and_has_a_field_for_the_page():
    path = ROOT / '.github/ISSUE_TEMPLATE' / header_buttons.FORM
    form = yaml.safe_load(path.read_text('utf-8'))
    assert form['body'][0]['id'] == 'page'
