"""A chapter -> what it takes from `utils`, under whichever name.

`import utils as u`, `from utils import train as t` and `from utils import *`
are followed. What only a run would show, such as `getattr(utils, name)`,
`help(utils.train)` or a program in a text, takes everything.
"""

import ast
import re

from book.execution import parts
from book.execution.parts import ALL, AT_IMPORT
from book.execution.reached import SHARED

PROGRAM = re.compile(
    r'\b(?:import|from)\s+(?:{0})\b|^(?:{0})$'.format('|'.join(SHARED))
)
MAGICS = {'run_line_magic', 'run_cell_magic', 'system', 'getoutput'}
LOOKING = {'help', 'getsource', 'getsourcelines', 'getdoc', '__doc__'}
EVERYTHING = 'utils', ALL


def taken(nodes):
    """Return the references of a chapter to the modules it shares.

    nodes: all syntax nodes of its cells.
    """
    nodes = list(nodes)
    links = parts.module_names(nodes, SHARED)
    found = parts.attributes(nodes, links)
    found |= {(module, AT_IMPORT) for module in links.values()}
    known = set(links)
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module in SHARED:
            found.add((node.module, AT_IMPORT))
            for alias in node.names:
                known.add(alias.asname or alias.name)
                found |= given(node.module, alias.name, nodes)
    known = derived(nodes, known) - own_functions(nodes)
    if any(hides(node, known) for node in nodes):
        found.add(EVERYTHING)
    return frozenset(found)


def given(module, name, nodes):
    """Return the references that `from module import name` makes."""
    if name != '*':
        return {(module, name)}
    return {(module, '__all__'), *((module, x) for x in names(nodes))}


def names(nodes):
    """Return the names that some nodes mention."""
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def derived(nodes, known):
    """Return some names, and those that get their values from them."""
    bindings = [x for x in map(binding, nodes) if x]
    while True:
        more = {
            name for to, used in bindings if used & known for name in to
        }
        if more <= known:
            return known
        known = known | more


def own_functions(nodes):
    """Return the functions of the chapter: their text is part of it."""
    return {x.name for x in nodes if isinstance(x, parts.FUNCTIONS)}


def binding(node):
    """Return the names that a node gives a value, and those it uses."""
    if isinstance(node, parts.DEFINITIONS):
        return {node.name}, names(ast.walk(node))
    target = getattr(node, 'target', getattr(node, 'optional_vars', None))
    targets = getattr(node, 'targets', [target] if target else [])
    value = (
        getattr(node, 'value', None)
        or getattr(node, 'iter', None)
        or getattr(node, 'context_expr', None)
    )
    if not targets or not value:
        return None
    to = names(x for part in targets for x in ast.walk(part))
    return to, names(ast.walk(value))


def hides(node, known):
    """Say whether a node may use `utils` in a way that cannot be followed.

    known: the names of what comes from `utils`, '*' for all that it has.
    """
    if isinstance(node, ast.Constant):
        return bool(PROGRAM.search(str(node.value)))
    name = getattr(node, 'attr', '')
    inside = ast.walk(node)
    if isinstance(node, ast.Call):
        name = getattr(node.func, 'attr', getattr(node.func, 'id', ''))
        inside = [x for part in node.args for x in ast.walk(part)]
    if name in LOOKING:
        return not known.isdisjoint(names(inside))
    if isinstance(node, ast.Call) and name in parts.OPAQUE | MAGICS:
        return '*' in known or not known.isdisjoint(words(inside))
    return False


def words(nodes):
    """Return the names and the words of texts in some nodes."""
    texts = [str(x.value) for x in nodes if isinstance(x, ast.Constant)]
    return names(nodes) | set(re.findall(r'\w+', ' '.join(texts)))


def named(nodes, functions):
    """Return the texts with which functions of `utils` are called.

    The first argument of each call, or None where it is no text, and for a
    function that is passed on.
    """
    nodes = list(nodes)
    links = parts.module_names(nodes, SHARED)
    local = {
        alias.asname or alias.name: alias.name
        for node in nodes
        if isinstance(node, ast.ImportFrom) and node.module in SHARED
        for alias in node.names
    }
    calls = {x.func: x for x in nodes if isinstance(x, ast.Call)}
    return {
        first_text(calls.get(node))
        for node in nodes
        if denoted(node, links, local) in functions
    }


def denoted(node, links, local):
    """Return the name that an expression has in `utils`; '' for others."""
    if isinstance(node, ast.Attribute):
        return node.attr if names([node.value]) & links.keys() else ''
    if isinstance(node, ast.Name):
        return node.id if '*' in local else local.get(node.id, '')
    return ''


def first_text(call):
    """Return the first argument of a call if it is a text."""
    given = [*call.args, *(x.value for x in call.keywords)] if call else []
    value = getattr(given[0], 'value', None) if given else None
    return value if isinstance(value, str) else None
