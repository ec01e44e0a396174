"""What the cells of a notebook compute, without comments and layout."""

import ast
import functools
import hashlib
import io
import json
import tokenize

from book.chapters.errors import PageError
from book.chapters.reader import code_cells

NO_CODE = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT,
           tokenize.DEDENT, tokenize.ENDMARKER}


def program(source, path='<cell>', line=1):
    """Return what a cell computes, without its comments and its layout.

    A semicolon at the end counts: it hides the value of the cell.
    """
    parse(source, path, line)
    return dumped(source)


def parse(source, path='<cell>', line=1):
    """Parse a cell; PageError names the line of a syntax error."""
    try:
        return tree(source)
    except SyntaxError as error:
        raise PageError(path, line + (error.lineno or 1) - 1,
                        f'{type(error).__name__}: {error.msg}') from error


@functools.cache
def tree(source):
    """Return the syntax tree of a cell, the same whoever asks."""
    return ast.parse(plain_python(source))


@functools.cache
def dumped(source):
    """Return the syntax tree of a cell as text."""
    return ast.dump(tree(source)) + ';' * is_quiet(plain_python(source))


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
    return [program(cell.source, path, cell.metadata.line)
            for cell in code_cells(notebook)]


def program_digest(notebook, path='<text>'):
    """Return what identifies the code of a notebook, in any language."""
    return digest(programs(notebook, path))


def digest(value):
    """Return the SHA-256 of a value made of lists, tables and text."""
    text = json.dumps(value, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def imports(notebook):
    """Return the names of the packages that a notebook imports."""
    found = set()
    for node in nodes(notebook):
        if isinstance(node, ast.Import):
            found |= {name.name.split('.')[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split('.')[0])
    return found


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
