"""Do TERMINOLOGY.md and the pages keep to its words?"""

import functools

from book.chapters.glossary import TABLE, glossed, pattern, uses


def check_table(terms, path=TABLE):
    """Return the findings for the table itself: words listed twice."""
    found, seen = [], {}
    for item in terms:
        for word in (item.zh, item.en.lower()):
            if word in seen:
                found.append(f'{path}:{item.line}: {word} is in line '
                             f'{seen[word]} already; keep one of the two')
            seen.setdefault(word, item.line)
    return found


def check_page(terms, items, path):
    """Return the findings for one page: forms that the table rejects."""
    return [f'{path}:{item.line}: {problem}'
            for item in items if item.kind in ('prose', 'heading')
            for problem in rejected_forms(tuple(terms), item.text)]


def rejected_forms(terms, text):
    """Yield what is wrong with a line of prose.

    A rejected form inside a longer accepted term does not count.
    """
    for form, longer, better in rejections(terms):
        rest = longer.sub('', text) if longer else text
        match = form.search(rest)
        if match:
            yield f'“{match[0]}” is not our word; write “{better}”'


@functools.cache
def rejections(terms):
    """Return (form, longer accepted terms, our word) of all rejected forms.

    The first two are expressions; there may be no longer terms.
    """
    accepted = {word for item in terms for word in (item.zh, item.en)}
    found = []
    for item in terms:
        for form in item.rejected:
            longer = [word for word in accepted
                      if form.lower() in word.lower() and word != form]
            better = item.en if form.isascii() else item.zh
            found.append((pattern(form), longer and pattern(*longer), better))
    return found


def check_glosses(terms, pages):
    """Return the findings for the Chinese edition: terms without gloss.

    pages: (path, items) of its chapters in reading order. Where a term
    appears first outside headings, its English follows in brackets:
    术语（term）. A term inside a longer term does not count.
    """
    found, seen = [], set()
    for term, path, item, match in uses(terms, pages):
        if term not in seen and not glossed(item.text[match.end():], term.en):
            found.append(f'{path}:{item.line}: the first {term.zh} of the '
                         f'book has no gloss; write {term.zh}（{term.en}）')
        seen.add(term)
    return found
