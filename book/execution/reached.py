"""What a chapter takes from `utils` -> all that it reaches, for its key.

The text of `utils.py` and of the modules behind it is followed from function
to function. Whatever cannot be followed reaches everything.
"""

import ast
import functools

from book.chapters.errors import PageError
from book.execution import parts
from book.execution.parts import ALL

STAND_INS = 'utils_stand_ins'
SHARED = 'utils', 'utils_data', STAND_INS
LOADERS = 'LOADERS'


@functools.cache
def read(sources):
    """Return {module: its parts} for pairs (module, text).

    Stand-ins that are imported inside functions alone are left out: they
    are drawn on demand, and the key of a chapter already has them, as the
    identity of its data: 'stand-in-1'.
    """
    trees = {name: parse(name, text) for name, text in sources}
    others = [x for name, x in trees.items() if name != STAND_INS]
    if not any(imports_stand_ins(x) for x in others):
        trees.pop(STAND_INS, None)
    return {name: parts.read(name, x, trees) for name, x in trees.items()}


def parse(name, text):
    """Parse a module; PageError names the line of a syntax error."""
    try:
        return ast.parse(text)
    except SyntaxError as error:
        problem = f'{type(error).__name__}: {error.msg}'
        raise PageError(f'{name}.py', error.lineno or 1, problem) from error


def imports_stand_ins(tree):
    """Say whether importing a module imports the stand-ins."""
    return any(
        True
        for node in parts.at_once(tree)
        if isinstance(node, parts.IMPORTS)
        for _ in parts.imported(node, [STAND_INS])
    )


@functools.cache
def reached(sources, references):
    """Return the references, and all that they reach."""
    modules = read(sources)
    found, waiting = set(), [*references]
    while waiting:
        reference = waiting.pop()
        if reference not in found:
            found.add(reference)
            waiting += further(modules, *reference)
    return frozenset(found)


def further(modules, module, name):
    """Return what a name of a module refers to."""
    if module not in modules:
        return []
    its = modules[module]
    behind = [(star, name) for star in its.stars if name != parts.AT_IMPORT]
    return [*its.references.get(name, ()), *behind]


def programs(sources, references):
    """Return {module.name: syntax trees} of all that is reached."""
    modules = read(sources)
    found = reached(sources, references)
    if any(name == ALL for _, name in found):
        return {name: text for name, text in sources if name in modules}
    return {
        f'{module}.{name}': modules[module].trees[name]
        for module, name in found
        if module in modules and name in modules[module].trees
    }


def data_sets(sources, references):
    """Return the names of the data sets whose loaders are reached."""
    found = reached(sources, references)
    names = {name for _, name in found}
    return {
        data_set
        for loader, data_set in loaders(sources).items()
        if names & {loader, ALL}
    }


@functools.cache
def loaders(sources):
    """Return the table of the functions that load a data set."""
    found = {}
    for name, text in sources:
        for node in parse(name, text).body:
            if parts.bound(node) == [LOADERS]:
                found |= ast.literal_eval(node.value)
    return found
