"""A notebook and what it depends on -> the key of its outputs.

Two notebooks with the same key have the same outputs: prose, comments and
layout do not count, and so both languages share one key.
"""

import ast
import functools
import hashlib
import io
import json
import tokenize

from book.chapters.errors import PageError
from book.chapters.reader import code_cells
from book.execution import reached, taken

NAMING = {'find_data', 'read_images'}  # called with the name of a set
NO_CODE = {
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
}


@functools.cache
def program(source, path='<cell>', line=1):
    """Return what a cell computes, without its comments and its layout.

    A semicolon at the end counts: it hides the value of the cell.
    """
    source = plain_python(source)
    return ast.dump(parse(source, path, line)) + ';' * is_quiet(source)


@functools.cache
def parse(source, path='<cell>', line=1):
    """Parse a cell; PageError names the line of a syntax error."""
    try:
        return ast.parse(plain_python(source))
    except SyntaxError as error:
        raise PageError(
            path,
            line + (error.lineno or 1) - 1,
            f'{type(error).__name__}: {error.msg}',
        ) from error


def plain_python(source):
    """Replace the magics of a cell, if it has any, by calls."""
    try:
        ast.parse(source)
    except SyntaxError:
        from IPython.core.inputtransformer2 import TransformerManager

        try:
            return TransformerManager().transform_cell(source)
        except SyntaxError:
            pass
    return source


def is_quiet(source):
    """Tell whether the last thing in a cell is a semicolon."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    last = [token.string for token in tokens if token.type not in NO_CODE]
    return last[-1:] == [';']


def programs(notebook, path='<text>'):
    """Return the program of each code cell."""
    return [
        program(cell.source, path, cell.metadata.line)
        for cell in code_cells(notebook)
    ]


def program_digest(notebook, path='<text>'):
    """Return what identifies the code of a notebook, in any language."""
    return digest(programs(notebook, path))


def key(notebook, environment):
    """Return what identifies the outputs of a notebook.

    environment: says which `utils`, packages, data and device there are.
    """
    parts = {'programs': programs(notebook), 'lock': environment.lock}
    used = references(notebook)
    if used:
        parts['utils'] = reached.programs(environment.utils, used)
        parts['full'] = environment.full
    if uses_device(notebook):
        parts['device'] = environment.device
    parts['data'] = {
        name: environment.data[name]
        for name in data_sets(notebook, environment.utils)
    }
    if notebook.metadata.needs:
        parts['needs'] = [
            environment.needs[x] for x in notebook.metadata.needs
        ]
    return digest(parts)


def digest(value):
    """Return the SHA-256 of a value made of lists, tables and text."""
    return hashlib.sha256(
        json.dumps(value, sort_keys=True).encode()
    ).hexdigest()


def imports(notebook):
    """Return the names of the packages that a notebook imports."""
    found = set()
    for node in nodes(notebook):
        if isinstance(node, ast.Import):
            found |= {name.name.split('.')[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split('.')[0])
    return found


def references(notebook):
    """Return what a notebook takes from the modules that chapters share."""
    return references_of(tuple(x.source for x in code_cells(notebook)))


@functools.cache
def references_of(cells):
    """Return what some cells take from the modules that chapters share."""
    trees = map(parse, cells)
    return taken.taken(node for tree in trees for node in ast.walk(tree))


def uses_device(notebook):
    """Say whether a notebook computes with MXNet, itself or in `utils`."""
    return 'mxnet' in imports(notebook) or bool(references(notebook))


def data_sets(notebook, utils):
    """Return the names of the data sets that a notebook loads, sorted.

    utils: the modules that chapters share, pairs (name, text). The table
    LOADERS there says what each function loads. The sets that
    `utils.find_data` and `utils.read_images` are called with are found by
    their names; called with anything but a text they may load any set.
    """
    used = references(notebook)
    found = reached.data_sets(utils, used)
    if NAMING & {name for _, name in used}:
        named = taken.named(nodes(notebook), NAMING)
        if None in named:
            found |= set(reached.loaders(utils).values())
        found |= named - {None}
    return sorted(found)


def nodes(notebook):
    """Yield all syntax nodes of a notebook."""
    for cell in code_cells(notebook):
        yield from ast.walk(parse(cell.source))


def first_difference(one, other):
    """Return the index of the first code cell in which notebooks differ.

    None when they are the same program.
    """
    pairs = list(zip(programs(one), programs(other), strict=False))
    for index, (left, right) in enumerate(pairs):
        if left != right:
            return index
    same = len(code_cells(one)) == len(code_cells(other))
    return None if same else len(pairs)
