"""The checks and reports that need the whole book, not one page."""

import contextlib
import os

from book.chapters import glossary, markdown, toc
from book.chapters.checks import style, translation
from book.execution import cache, schedule
from book.execution.cache_key import data_sets
from book.experiments import expected_outputs, results, seeds

TERMS = 'TERMINOLOGY.md'


def findings(root, chapter=None):
    """Return what is wrong with the text of the book, or of a chapter.

    The glosses of the Chinese edition are always checked as a whole.
    """
    pages, chosen = toc.pages(root), toc.pages(root, chapter)
    found = []
    for language in toc.LANGUAGES:
        labels = edition_labels(pages, language)
        for page in chosen:
            found += page_findings(page, language, labels)
    for page in chosen:
        found += pair_findings(page)
    table = read_terms(root)
    found += glossary.check_table(table, TERMS)
    for page in chosen:
        found += word_findings(page, table)
    return found + gloss_findings(pages, table)


def edition_labels(pages, language):
    """Return the labels of all pages of an edition."""
    return set().union(*(style.labels(markdown.items(page.text(language)))
                         for page in pages))


def page_findings(page, language, labels):
    """Return the findings for the style and the links of one page."""
    draft = style.Draft(page.text(language), language, page.is_chapter,
                        page.is_lesson)
    return (style.check(draft, page.label(language))
            + style.check_links(draft, page.path(language),
                                page.label(language), labels))


def pair_findings(page):
    """Return what differs between the languages of a page."""
    return translation.check(*map(page.text, toc.LANGUAGES),
                        *map(page.label, toc.LANGUAGES))


def read_terms(root):
    """Read the table of terms."""
    return glossary.read((root / TERMS).read_text('utf-8'), TERMS)


def word_findings(page, table):
    """Return the words on a page, in both languages, that are not ours."""
    return [finding for language in toc.LANGUAGES
            for finding in glossary.check_page(
                table, markdown.items(page.text(language)),
                page.label(language))]


def gloss_findings(pages, table):
    """Return the terms that the Chinese edition does not gloss."""
    return glossary.check_glosses(table, [
        (page.label('zh'), markdown.items(page.text('zh')))
        for page in pages if page.is_lesson])


def rows(root, chapter=None, shift=0):
    """Return the table of results; executes what is not in the cache.

    shift: by how much the seeds are moved.
    """
    experiments = results.load(root / 'book/results.yml', chapter)
    slugs = {experiment.chapter for experiment in experiments}
    pages = [page for page in toc.pages(root, chapter) if page.slug in slugs]
    notebooks = {page.slug: notebook
                 for page, notebook in executed(root, pages, shift)}
    return [results.row(notebooks.get(experiment.chapter), experiment)
            for experiment in experiments]


def executed(root, pages, shift=0):
    """Return pairs (page, executed notebook) for pages with code."""
    chapters = [seeds.moved(x, shift) for x in schedule.prepare(pages)]
    table = schedule.execute(root, chapters)
    return [(chapter.page, cache.load(root, table[chapter.digest]))
            for chapter in chapters if table.get(chapter.digest)]


def renew_references(root, chapter=None):
    """Write the references of the chapters; return their files.

    A chapter that loads data is executed on the real data and on the
    stand-ins, any other one once.
    """
    pages = toc.pages(root, chapter)
    with environment_of(BOOK_STAND_IN='never'):
        real = executed(root, pages)
    loading = [page for page, notebook in real if data_sets(notebook)]
    with environment_of(BOOK_STAND_IN='always'):
        stand_in = dict(executed(root, loading)) if loading else {}
    return [renew(root, page, notebook, stand_in.get(page, notebook))
            for page, notebook in real]


def renew(root, page, real, stand_in):
    """Write the references of one chapter; return their file."""
    experiments = results.load(root / 'book/results.yml', page.slug)
    path = expected_outputs.path(root, page)
    found = expected_outputs.deterministic(real, stand_in, experiments)
    expected_outputs.write(path, found)
    return path


@contextlib.contextmanager
def environment_of(**variables):
    """Set environment variables for a while."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
