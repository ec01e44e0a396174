"""utils.py -> what readers may call, without importing it."""

import ast
import re
from dataclasses import dataclass

from book.chapters.errors import PageError

SECTION = re.compile(r'\n\n# (.+)\n\n')


@dataclass(frozen=True)
class Entry:
    """A function or a class.

    parameters: as they are written, or None where there are none to give;
    text: the docstring; members: the methods of a class that have one.
    """

    name: str
    kind: str
    parameters: tuple
    text: str
    members: tuple = ()


@dataclass(frozen=True)
class Section:
    """What begins with a comment, its title, and ends with the next."""

    title: str
    entries: tuple


def read(text, path='utils.py'):
    """Return the sections of the file with what readers may call."""
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise PageError(path, error.lineno or 1, error.msg) from error
    found = []
    for title, start, end in sections(text):
        nodes = [x for x in definitions(tree) if start < x.lineno < end]
        found.append(Section(title, tuple(map(entry, nodes))))
    return [section for section in found if section.entries]


def sections(text):
    """Return the title, the first and the last line of each section."""
    matches = list(SECTION.finditer(text))
    starts = [text.count('\n', 0, x.start(1)) + 1 for x in matches]
    ends = [*starts[1:], text.count('\n') + 2]
    return list(zip([x[1] for x in matches], starts, ends, strict=False))


def definitions(node):
    """Return the public functions and classes of a file or a class."""
    return [
        x
        for x in node.body
        if isinstance(x, (ast.FunctionDef, ast.ClassDef))
        and not x.name.startswith('_')
    ]


def entry(node):
    """Return the entry of a definition."""
    text = ast.get_docstring(node) or ''
    if isinstance(node, ast.FunctionDef):
        return Entry(node.name, 'function', parameters(node.args), text)
    return Entry(node.name, 'class', of_class(node), text, members(node))


def members(node):
    """Return the entries of the methods of a class."""
    return tuple(
        Entry(
            f'{node.name}.{x.name}',
            'method',
            parameters(x.args)[1:],
            ast.get_docstring(x),
        )
        for x in definitions(node)
        if ast.get_docstring(x)
    )


def of_class(node):
    """Return the parameters of a class: of `__init__`, or its fields."""
    for part in node.body:
        if getattr(part, 'name', '') == '__init__':
            return parameters(part.args)[1:]
    fields = [x for x in node.body if isinstance(x, ast.AnnAssign)]
    return tuple(written(x.target.id, x.value) for x in fields) or None


def parameters(given):
    """Return the parameters of a function as they are written."""
    plain = [*given.posonlyargs, *given.args]
    defaults = [None] * (len(plain) - len(given.defaults)) + given.defaults
    found = [written(x.arg, y) for x, y in zip(plain, defaults)]
    if given.vararg or given.kwonlyargs:
        found.append(f'*{given.vararg.arg if given.vararg else ""}')
    found += [
        written(x.arg, y) for x, y in zip(given.kwonlyargs, given.kw_defaults)
    ]
    if given.kwarg:
        found.append(f'**{given.kwarg.arg}')
    return tuple(found)


def written(name, default):
    """Return a parameter as it is written."""
    return f'{name}={ast.unparse(default)}' if default else name
