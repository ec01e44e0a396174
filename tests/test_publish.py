"""The editions become one site, replaced as a whole."""

import pytest

from book import files
from book.publish import publish
from book.toc import LANGUAGES


@pytest.mark.parametrize('when', ['before', 'between', 'after'])
def test_a_killed_publication_leaves_a_whole_site(tmp_path, when):
    folders = {}
    for language in LANGUAGES:
        folders[language] = tmp_path / files.PAGES / language
        folders[language].mkdir(parents=True)
        (folders[language] / 'page.html').write_text('new')
    site = tmp_path / files.SITE
    leftover = {
        'before': 'html.new',
        'between': 'html.old',
        'after': 'html.old',
    }[when]
    site.with_name(leftover).mkdir()
    if when != 'between':
        site.mkdir()
    publish(tmp_path, folders)
    assert (site / 'zh/page.html').read_text() == 'new'
    assert [x.name for x in sorted((tmp_path / files.BUILD).iterdir())] == [
        'html',
        'jupyter-book',
    ]
