"""Checks of the text of the book, in seconds."""

from book.chapters import glossary, markdown, toc
from book.chapters.checks import links, style, terminology, translation


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
    table = glossary.load(root)
    found += terminology.check_table(table, glossary.TABLE)
    for page in chosen:
        found += word_findings(page, table)
    return found + gloss_findings(pages, table)


def edition_labels(pages, language):
    """Return the labels of all pages of an edition."""
    return set().union(*(markdown.labels(markdown.items(page.text(language)))
                         for page in pages))


def page_findings(page, language, labels):
    """Return the findings for the style and the links of one page."""
    draft = style.Draft(page.text(language), language, page.is_chapter,
                        page.is_lesson)
    return (style.check(draft, page.label(language))
            + links.check(draft, page.path(language),
                                page.label(language), labels))


def pair_findings(page):
    """Return what differs between the languages of a page."""
    return translation.check(*map(page.text, toc.LANGUAGES),
                        *map(page.label, toc.LANGUAGES))


def word_findings(page, table):
    """Return the words on a page, in both languages, that are not ours."""
    return [finding for language in toc.LANGUAGES
            for finding in terminology.check_page(
                table, markdown.items(page.text(language)),
                page.label(language))]


def gloss_findings(pages, table):
    """Return the terms that the Chinese edition does not gloss."""
    return terminology.check_glosses(table, [
        (page.label('zh'), markdown.items(page.text('zh')))
        for page in pages if page.is_lesson])
