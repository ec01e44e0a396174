"""_toc.yml -> the pages of the book and the files they are written in."""

import pathlib
import posixpath
from dataclasses import dataclass

from sphinx_external_toc.api import FileItem
from sphinx_external_toc.parsing import MalformedError, parse_toc_data

from book.chapters import errors, settings
from book.chapters.errors import BookError, PageError

LANGUAGES = ('en', 'zh')
NAME = '_toc.yml'
WAY_OUT = (
    'write `root:` and `chapters:`, and each page once, like '
    '`- file: part/slug`'
)
FRONT = 'preface/'  # the part before the first lesson
LEFT_BEHIND = '.new', '.swp', '.tmp', '~', '__pycache__'
REFERENCE = {f'appendix/{slug}' for slug in (
    'python', 'notation', 'terminology', 'results', 'utils-api',
    'gpu-buying-guide', 'teaching')}


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

    @property
    def is_lesson(self):
        """Tell a chapter that teaches from preface and works of reference."""
        if self.name.startswith(FRONT) or self.name in REFERENCE:
            return False
        return self.is_chapter

    def path(self, language):
        return self.root / 'chapters' / language / f'{self.name}.md'

    def label(self, language):
        """Return the file's path as messages show it."""
        return f'chapters/{language}/{self.name}.md'

    def text(self, language):
        try:
            return errors.read_text(self.path(language))
        except UnicodeDecodeError as error:
            line = error.object.count(b'\n', 0, error.start) + 1
            problem = 'not UTF-8; save the page in this encoding'
            raise PageError(self.label(language), line, problem) from error


def pages(root, chapter=None):
    """Return the pages of `_toc.yml` in reading order.

    chapter: a slug, or several with spaces between; only these are returned.
    Raises BookError for an unreadable table, an unknown slug, a page outside
    of `chapters`, a listed page without its file in each language, a file
    that is not listed, and a folder that is no edition.
    """
    root = pathlib.Path(root)
    found = [Page(name, root) for name in load(root / NAME)]
    problems = (outside(found)
                or missing_files(found) + unlisted_files(found, root)
                + foreign_folders(root))
    if problems:
        raise BookError('\n'.join(problems))
    if chapter is None:
        return found
    return [choose(found, slug) for slug in chapter.split() or ['']]


def choose(found, chapter):
    """Return the page with the slug of a chapter."""
    chapters = [page for page in found if page.is_chapter]
    for page in chapters:
        if page.slug == chapter:
            return page
    slugs = '\n  '.join(page.slug for page in chapters)
    raise BookError(f'{NAME}: no chapter {chapter!r}; the chapters are\n  '
                    f'{slugs}')


def load(path):
    """Return the table of contents, as Jupyter Book reads it.

    That is a table: name of a page, in reading order -> what is below it.
    """
    table = {'format': 'jb-book', **settings.read(path)}
    if 'parts' in table:
        raise BookError(f'{NAME}: `parts:` is not used; a part is a folder '
                        'with an index.md, listed under `chapters:`')
    try:
        found = parse_toc_data(table)
    except (MalformedError, TypeError, ValueError) as error:
        raise BookError(f'{NAME}: {error}; {WAY_OUT}') from error
    for document in found.values():
        for item in (x for tree in document.subtrees for x in tree.items):
            if not isinstance(item, FileItem):
                raise BookError(f'{NAME}: {item!r} is no file; {WAY_OUT}')
    return found


def outside(found):
    """Say which names do not lead straight to a file of an edition."""
    return [
        f'{NAME}: {page.name!r} is no page of chapters/; write its path '
        'below the folder of a language, like part/slug'
        for page in found
        if posixpath.normpath(page.name) != page.name
        or page.name.startswith(('/', '..'))
    ]


def missing_files(found):
    """Say which listed pages lack their file in a language."""
    problems = []
    for page in found:
        absent = [x for x in LANGUAGES if not page.path(x).is_file()]
        for language in absent:
            hint = (
                'write it, or take the page out of _toc.yml'
                if len(absent) == len(LANGUAGES)
                else 'the page exists in the other language only; write '
                'its twin'
            )
            problems.append(f'{page.label(language)}: {NAME} lists this page '
                            f'but there is no such file; {hint}')
    return problems


def written(folder, pattern='**/*.md'):
    """Return the files in a folder that a person has written, sorted.

    What starts with a dot is not one of them: Jupyter's checkpoints, the
    locks of editors, what macOS adds. Nor are the backups of editors.
    """
    return [path for path in sorted(folder.glob(pattern))
            if not any(map(left_behind, path.relative_to(folder).parts))]


def left_behind(name):
    """Tell whether a name is that of a file which a program left behind."""
    return name.startswith(('.', '#', '~')) or name.endswith(LEFT_BEHIND)


def unlisted_files(found, root):
    """Say which Markdown files of the editions _toc.yml does not list."""
    listed = {page.path(x) for page in found for x in LANGUAGES}
    return [unlisted(path.relative_to(root)) for x in LANGUAGES
            for path in written(root / 'chapters' / x) if path not in listed]


def unlisted(path):
    name = pathlib.Path(*path.parts[2:]).with_suffix('')
    return (f'{path}: not listed in {NAME}; add the line "- file: {name}", '
            'or remove the file')


def foreign_folders(root):
    """Say which folders hold pages but are no editions."""
    folders = {path.relative_to(root).parts[1]
               for path in written(root / 'chapters', '*/**/*.md')}
    return [f'chapters/{x}: no edition; the editions are '
            f'{" and ".join(LANGUAGES)}, declared in '
            'book/chapters/languages.py; move this folder elsewhere'
            for x in sorted(folders.difference(LANGUAGES))]
