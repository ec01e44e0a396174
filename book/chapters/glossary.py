"""TERMINOLOGY.md: the words of the book, and where pages introduce them.

The table has three columns, `| 中文 | English | rejected |`; several rejected
forms of either language are separated by 、 or commas.
"""

import re
from dataclasses import dataclass

from book.chapters import markdown
from book.chapters.errors import PageError, read_text

TABLE = 'TERMINOLOGY.md'
HEADER = ('中文', 'english', 'rejected')


@dataclass(frozen=True)
class Term:
    """A row: the two words, what not to write, and the line."""

    zh: str
    en: str
    rejected: tuple
    line: int


def load(root):
    """Return the terms of a book."""
    return read(read_text(root / TABLE))


def read(text, path=TABLE):
    """Return the terms of a table. Raises PageError for a broken one."""
    rows = [(number, cells(line)) for number, line
            in enumerate(text.splitlines(), 1) if line.startswith('|')]
    header = [cell.lower() for cell in rows[0][1]] if rows else []
    if tuple(header[:2]) != HEADER[:2] or len(header) != len(HEADER):
        raise PageError(path, rows[0][0] if rows else 1, 'the table must '
                        'start with `| 中文 | English | rejected |`')
    return [term(number, row, path) for number, row in rows[2:]]


def cells(line):
    """Split a row of a table into its cells."""
    return [cell.strip() for cell in line.strip().strip('|').split('|')]


def term(line, row, path):
    """Turn a row of the table into a term."""
    if len(row) != len(HEADER) or not (row[0] and row[1]):
        raise PageError(path, line, 'a row needs a Chinese and an English '
                        'term and a third cell, which may be empty')
    rejected = [form.strip() for form in re.split('[、,，]', row[2])]
    return Term(row[0], row[1], tuple(filter(None, rejected)), line)


def pattern(*words):
    """Match any of the words; English ones whole, in any case and number.
    """
    forms = [word_pattern(word) for word
             in sorted(words, key=len, reverse=True)]
    return re.compile('|'.join(forms), re.IGNORECASE)


def word_pattern(word):
    """Return the expression for one word."""
    if not word.isascii():
        return re.escape(word)
    return rf'(?<![A-Za-z]){plural(word)}(?![A-Za-z])'


def plural(word):
    """Return the expression for an English word and its plural."""
    if word.endswith('y'):
        return rf'{re.escape(word[:-1])}(?:y|ies)'
    return rf'{re.escape(word)}(?:s|es)?'


def introductions(terms, pages):
    """Return {term: (page, line)}: where each term is introduced.

    pages: (page, items) of the Chinese chapters in reading order. A term is
    introduced where its English first follows in brackets, other than in a
    link: that leads to where more is said.
    """
    found = {}
    for term, page, item, match in uses(terms, pages):
        in_link = item.detail[slice(*match.span())] != match[0]
        if not in_link and glossed(item.text[match.end():], term.en):
            found.setdefault(term, (page, item.line))
    return found


def place_of_gloss(text, zh, en):
    """Return where in a text 术语（term） begins, or None."""
    match = re.search(rf'{re.escape(zh)}（{plural(en)}[）；，]', text, re.I)
    return match and match.start()


def place_of_word(text, en, longer=()):
    """Return where an English term begins, outside of longer ones."""
    for match in pattern(en, *longer).finditer(text):
        if re.fullmatch(plural(en), match[0], re.IGNORECASE):
            return match.start()
    return None


def uses(terms, pages):
    """Yield the uses of terms in prose: term, page, item and match.

    A term inside a longer term does not count.
    """
    words = {item.zh: item for item in terms}
    every = re.compile('|'.join(
        re.escape(zh) for zh in sorted(words, key=len, reverse=True)))
    for page, items in pages if terms else []:
        for item in markdown.of('prose', items):
            for match in every.finditer(item.text):
                yield words[match[0]], page, item, match


def glossed(rest, en):
    """Say whether a text goes on with the English word in brackets."""
    return re.match(rf'（{plural(en)}[）；，]', rest, re.IGNORECASE)
