"""A notebook and what it depends on -> the key of its outputs.

Two notebooks with the same key have the same outputs: prose, comments and
layout do not count, and so both languages share one key.
"""

import ast
import functools

from book.chapters.program import digest, imports, nodes, parse, programs
from book.chapters.reader import code_cells
from book.execution import reached

NAMING = {'find_data', 'read_images'}  # called with the name of a set


def key(notebook, environment):
    """Return what identifies the outputs of a notebook.

    environment: says which engine, `utils`, packages, data and device there
    are.
    """
    parts = {'programs': programs(notebook), 'lock': environment.lock}
    names = taken(notebook)
    if names:
        parts['utils'] = reached.programs(environment.utils, names)
        parts['full'] = environment.full
    if uses_device(notebook):
        parts['device'] = environment.device
        parts['engine'] = identity(environment)
    parts['data'] = {name: environment.data[name]
                     for name in data_sets(notebook, environment.utils)}
    if notebook.metadata.needs:
        parts['needs'] = [environment.needs[x]
                          for x in notebook.metadata.needs]
    return digest(parts)


def identity(environment):
    """Return what tells an engine from others, and from its older self."""
    engine = environment.engine
    return [engine.name, engine.version, engine.torch, engine.python,
            environment.sources]


def taken(notebook):
    """Return the names that a notebook takes from `utils`."""
    return taken_by(tuple(cell.source for cell in code_cells(notebook)))


@functools.cache
def taken_by(cells):
    """Return the names that some cells take from `utils`."""
    trees = map(parse, cells)
    return reached.taken(node for tree in trees for node in ast.walk(tree))


def uses_device(notebook):
    """Say whether a notebook computes with MXNet, itself or in `utils`."""
    return 'mxnet' in imports(notebook) or bool(taken(notebook))


def data_sets(notebook, utils):
    """Return the names of the data sets that a notebook loads, sorted.

    utils: the modules that chapters share. Their table LOADERS says what
    each function loads. `utils.find_data` and `utils.read_images` load the
    set that they are called with; any, if that is no text.
    """
    names, declared = taken(notebook), reached.loaders(utils)
    every = {*declared.values()}
    if reached.ALL in names:
        return sorted(every)
    found = reached.closure(utils, names) & declared.keys()
    sets = {declared[x] for x in found}
    if NAMING & names:
        sets |= named_sets(notebook) or every
    return sorted(sets)


def named_sets(notebook):
    """Return the texts that functions of NAMING are called with."""
    return {
        node.args[0].value
        for node in nodes(notebook)
        if isinstance(node, ast.Call)
        and getattr(node.func, 'attr', getattr(node.func, 'id', '')) in NAMING
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
