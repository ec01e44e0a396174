"""Numbers in sentences, put in from the run that the page shows.

An author writes

    It reaches {result}`100 * accuracy:.0f` %.

with a formula of the numbers that the chapter printed and, after the colon,
how Python is to write it.
"""

import re

from book.chapters.errors import BookError, PageError
from book.execution import outputs
from book.experiments import entries
from book.experiments.sentences import formulas, values

ROLE = re.compile(r'\{result\}`([^`\n]+)`')
MINUS = re.compile(r'^-')


def of_page(root, page, language, text, executed=True):
    """Return the text of a page with its numbers put in.

    executed: they are those of its outputs. A page without outputs shows
    those that results.yml keeps.
    """
    if not ROLE.search(text):
        return text
    shown = outputs.executed(root, page) if executed else None
    numbers = (values.of_notebook(root / entries.NAME, page, shown) if shown
               else values.of_any_run(root / entries.NAME, page.slug))
    return filled(text, numbers, page.label(language))


def filled(text, numbers, path, line=1):
    """Return Markdown with its numbers put in.

    numbers: name -> value; line: that of the page, on which the text starts.
    Raises PageError for what cannot be shown.
    """
    found = []
    for offset, content in enumerate(text.split('\n')):
        try:
            found.append(ROLE.sub(lambda x: written(x[1], numbers), content))
        except BookError as error:
            raise PageError(path, line + offset, str(error)) from error
    return '\n'.join(found)


def written(content, numbers):
    """Return the number that a role asks for."""
    formula, _, how = content.rpartition(':')
    value = formulas.compute(formula or content, numbers)
    try:
        return MINUS.sub('−', format(value, how if formula else '.6g'))
    except (TypeError, ValueError) as error:
        raise BookError(f'`{content}`: {error}; write `formula:.2f`'
                        ) from error
