"""The list of pages beside a page: made once for a folder, then marked."""

from book.extension.sidebar import marked

ARROW = '<summary><i class="fa-solid fa-chevron-down"></i></summary>'
PLAIN = (
    '<ul class="nav bd-sidenav">\n'
    '<li class="toctree-l1 has-children">'
    '<a class="reference internal" href="index.html">1. Part</a>'
    f'<details>{ARROW}<ul>\n'
    '<li class="toctree-l2">'
    '<a class="reference internal" href="page.html">1.1. Page</a></li>\n'
    '</ul>\n</details></li>\n</ul>'
)


def test_a_page_is_marked_and_the_part_above_it_unfolded():
    assert marked(PLAIN, 'page.html', ['index.html']) == (
        '<ul class="current nav bd-sidenav">\n'
        '<li class="toctree-l1 current active has-children">'
        '<a class="reference internal" href="index.html">1. Part</a>'
        f'<details open="open">{ARROW}<ul class="current">\n'
        '<li class="toctree-l2 current active">'
        '<a class="current reference internal" href="#">1.1. Page</a></li>\n'
        '</ul>\n</details></li>\n</ul>'
    )


def test_the_page_of_a_part_is_unfolded_and_no_page_in_it_marked():
    text = marked(PLAIN, 'index.html', [])
    assert 'has-children"><a class="current reference internal" ' in text
    assert text.count('current active') == 1
    assert f'<details open="open">{ARROW}<ul>' in text


def test_a_page_that_is_not_in_the_list_has_no_marks():
    assert marked(PLAIN, 'search.html', []) == PLAIN
