"""Formulas about numbers: in claims, and in sentences that show a number.

They are expressions of Jinja, which look like Python's and can do nothing
but compute: `gru < lstm`, `falls(loss)`, `100 * accuracy`.
"""

import statistics
from itertools import pairwise

import jinja2
from jinja2 import meta
from jinja2.sandbox import SandboxedEnvironment

from book.chapters.errors import BookError


def falls(numbers):
    """Tell whether each number is smaller than the one before it."""
    return all(a > b for a, b in pairwise(numbers))


def rises(numbers):
    """Tell whether each number is greater than the one before it."""
    return all(a < b for a, b in pairwise(numbers))


def language():
    """Return what reads formulas."""
    found = SandboxedEnvironment(undefined=jinja2.StrictUndefined)
    found.globals = {'falls': falls, 'rises': rises, 'abs': abs, 'max': max,
                     'min': min, 'mean': statistics.fmean, 'sum': sum}
    return found


LANGUAGE = language()


def compute(formula, values):
    """Return what a formula gives with these values, name -> value.

    Raises BookError for what is no formula, or asks for other names.
    """
    try:
        found = LANGUAGE.compile_expression(
            formula, undefined_to_none=False)(**values)
        if isinstance(found, jinja2.Undefined):
            raise jinja2.UndefinedError(f'{formula!r} is undefined')
        return found
    except (jinja2.TemplateError, TypeError, ArithmeticError,
            LookupError) as error:
        known = ', '.join(sorted(values)) or 'none'
        raise BookError(f'`{formula}`: {error}; names known here: {known}'
                        ) from error


def names(formula):
    """Return the names of numbers in a formula."""
    tree = LANGUAGE.parse('{{ ' + formula + ' }}')
    return meta.find_undeclared_variables(tree) - LANGUAGE.globals.keys()
