"""_toc.yml and _config.yml, the files of settings -> tables."""

import yaml

from book.chapters import errors
from book.chapters.errors import BookError, PageError

CONFIG = '_config.yml'


def read(path):
    """Return the table that a file of settings holds; empty for none.

    Raises BookError, with the line where there is one.
    """
    try:
        table = yaml.safe_load(errors.read(path))
    except (UnicodeDecodeError, yaml.reader.ReaderError) as error:
        raise BookError(f'{path.name}: not text in UTF-8: {error}') from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1
        problem = f'not YAML: {error.problem}'
        raise PageError(path.name, line, problem) from error
    if not isinstance(table or {}, dict):
        raise BookError(f'{path.name}: must be a table of `key: value`')
    return table or {}


def address(root):
    """Return where the site will stand, or None if nobody has said."""
    path = root / CONFIG
    table = read(path) if path.exists() else {}
    found = (table.get('html') or {}).get('baseurl')
    if found and not str(found).startswith(('https://', 'http://')):
        raise BookError(f'{CONFIG}: html.baseurl is {found!r}; write the '
                        'whole address of the site, like '
                        'https://example.org/book/')
    return f'{found.rstrip("/")}/' if found else None
