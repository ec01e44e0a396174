"""_toc.yml -> the pages of the book and the files they are written in."""

import pathlib
from dataclasses import dataclass

import yaml

from book.errors import BookError

LANGUAGES = ('en', 'zh')


@dataclass(frozen=True)
class Page:
    """One page, in every language: `name` is PART/SLUG without .md."""

    name: str
    root: pathlib.Path

    def __str__(self):
        return self.name

    @property
    def slug(self):
        return self.name.rsplit('/', 1)[-1]

    @property
    def is_chapter(self):
        return self.slug != 'index'

    def path(self, language):
        return self.root / 'chapters' / language / f'{self.name}.md'

    def text(self, language):
        return self.path(language).read_text(encoding='utf-8')


def pages(root, chapter=None):
    """Return the pages of `_toc.yml` in reading order.

    chapter: a slug; only that page is returned.
    Raises BookError for an unreadable table, an unknown slug, a listed page
    without its file in each language, and a file that is not listed.
    """
    root = pathlib.Path(root)
    found = [Page(name, root) for name in names(load(root / '_toc.yml'))]
    problems = missing_files(found) + unlisted_files(found, root)
    if problems:
        raise BookError('\n'.join(problems))
    if chapter is None:
        return found
    chosen = [page for page in found if page.slug == chapter]
    if not chosen:
        slugs = ', '.join(page.slug for page in found if page.is_chapter)
        raise BookError(f'_toc.yml: no chapter {chapter!r}; it has {slugs}')
    return chosen


def load(path):
    """Read the table of contents."""
    try:
        table = yaml.safe_load(path.read_text(encoding='utf-8'))
    except OSError as error:
        raise BookError(f'{path}: {error.strerror}; run from the '
                        'repository') from error
    except yaml.YAMLError as error:
        raise BookError(f'{path}: not YAML: {error}') from error
    if not isinstance(table, dict) or 'root' not in table:
        raise BookError(f'{path}: must be a table with the keys `root` '
                        'and `chapters`')
    return table


def names(table):
    """Return the page names of a table of contents, depth first."""
    found = [table['root']] if 'root' in table else [table['file']]
    for key in ('chapters', 'sections'):
        for entry in table.get(key) or []:
            if not isinstance(entry, dict) or 'file' not in entry:
                raise BookError(f'_toc.yml: the entry {entry!r} has no '
                                '`file:`; parts are folders with an '
                                'index.md, listed like chapters')
            found += names(entry)
    return found


def missing_files(found):
    """Say which listed pages lack their file in a language."""
    problems = []
    for page in found:
        absent = [x for x in LANGUAGES if not page.path(x).is_file()]
        for language in absent:
            hint = ('write it, or take the page out of _toc.yml'
                    if len(absent) == len(LANGUAGES) else
                    'the page exists in the other language only; write '
                    'its twin')
            path = page.path(language).relative_to(page.root)
            problems.append(f'{path}: _toc.yml lists this page but there '
                            f'is no such file; {hint}')
    return problems


def unlisted_files(found, root):
    """Say which Markdown files of the editions _toc.yml does not list."""
    listed = {page.path(x) for page in found for x in LANGUAGES}
    files = sorted((root / 'chapters').glob('[a-z][a-z]/**/*.md'))
    return [f'{path.relative_to(root)}: not listed in _toc.yml; add '
            f'"- file: {path.relative_to(root).with_suffix("")}" without '
            'the "chapters/xx/", or remove the file'
            for path in files if path not in listed]
