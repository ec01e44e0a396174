"""The modules that chapters share -> their parts, and what those refer to.

A part is a statement at the top of a module: it gives something a name, or
it does something at the import. The text is parsed, nothing is imported.
Comments, layout, docstrings and `pass` execute nothing and do not count.

A reference is a pair (module, name). The name AT_IMPORT stands for what the
import does, and ALL for the whole module: for a use such as
`globals()[name]`, of which only a run shows what it reaches.
"""

import ast
import builtins
import copy
import itertools
import symtable
import sys
from dataclasses import dataclass, field

AT_IMPORT, ALL = '', '*'
FUNCTIONS = ast.FunctionDef, ast.AsyncFunctionDef
DEFINITIONS = *FUNCTIONS, ast.ClassDef
IMPORTS = ast.Import, ast.ImportFrom
# Looks names up, runs text, or reads the text of a program
OPAQUE = {
    'eval', 'exec', 'globals', 'locals', 'vars', '__import__',
    'import_module', 'modules', 'help', 'getsource', 'getsourcelines',
    'getdoc', '__doc__',
}
# Called for a value, these do nothing else
HARMLESS = {
    'collections', 'dataclasses', 'functools', 'itertools', 'pathlib', 're',
    'types', 'typing',
}


@dataclass
class Module:
    """The parts of a module.

    trees, references: name -> the syntax trees, as text, of the statements
    that bind it, and what they refer to; those of the import under
    AT_IMPORT. stars: the modules from which it imports all names.
    """

    trees: dict = field(default_factory=dict)
    references: dict = field(default_factory=dict)
    stars: list = field(default_factory=list)

    def add(self, name, tree, references=()):
        if tree:
            self.trees.setdefault(name, []).append(tree)
        self.references.setdefault(name, set()).update(references)


class Executed(ast.NodeTransformer):
    """Removes what executes nothing: docstrings, other constants, pass."""

    def visit_Expr(self, node):
        return None if isinstance(node.value, ast.Constant) else node

    def visit_Pass(self, node):
        return None


def read(name, tree, shared):
    """Return the parts of a module.

    shared: {module: tree} of all whose parts are wanted, this one, too.
    """
    found = Module()
    links = module_names(ast.walk(tree), shared)
    bodies = [x for other in shared.values() for x in other.body]
    classes = {x.name for x in bodies if isinstance(x, ast.ClassDef)}
    own = {y for x in bodies for y in bound(x)} - classes
    harmless = classes | {*dir(builtins)} | harmless_imports(tree)
    for node in tree.body:
        if isinstance(node, IMPORTS):
            add_import(found, node, shared)
            continue
        names = bound(node)
        called = called_at_import(node)
        quiet = not called & own
        if not isinstance(node, DEFINITIONS):
            quiet = called <= harmless
        references = references_of(node, name, links, shared)
        for each in names if names and quiet else [*names, AT_IMPORT]:
            found.add(each, executed_tree(node), references)
    return found


def executed_tree(node):
    """Return the syntax tree of what a statement executes, as text."""
    rest = Executed().visit(copy.deepcopy(node))
    return ast.dump(rest) if rest else ''


def bound(node):
    """Return the names that a statement defines, if it does only that."""
    if isinstance(node, DEFINITIONS):
        return [node.name]
    targets = getattr(node, 'targets', [getattr(node, 'target', None)])
    if not isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
        return []
    flat = itertools.chain(*(getattr(x, 'elts', [x]) for x in targets))
    names = [getattr(x, 'id', None) for x in flat]
    return names if all(names) else []  # `table[key] = value` changes others


def harmless_imports(tree):
    """Return the names that a module imports from harmless ones."""
    return {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, IMPORTS)
        for alias in node.names
        if getattr(node, 'module', alias.name) in HARMLESS
    }


def called_at_import(node):
    """Return the first names of what a statement calls at the import.

    Functions are called when somebody calls them; their decorators and
    default values are there at once.
    """
    names = set()
    for part in at_once(node):
        decorators = getattr(part, 'decorator_list', [])
        calls = [part.func] if isinstance(part, ast.Call) else []
        names |= {first_name(x) for x in [*decorators, *calls]}
    return names


def at_once(node):
    """Yield a node and those below it, but not the bodies of functions."""
    yield node
    below = ast.iter_child_nodes(node)
    if isinstance(node, FUNCTIONS):
        below = [*node.decorator_list, node.args]
    for child in below:
        yield from at_once(child)


def first_name(node):
    """Return `a` for `a`, `a.b.c` and `a(1).b`; '' if it has no name."""
    while not isinstance(node, ast.Name):
        node = getattr(node, 'value', getattr(node, 'func', None))
        if node is None:
            return ''
    return node.id


def add_import(found, node, shared):
    """Add an import at the top of a module.

    One from the standard library counts for those who use the name; any
    other may change how the rest behaves, and counts for all.
    """
    source = getattr(node, 'module', None)
    for alias in node.names:
        module = source or alias.name
        name = alias.asname or alias.name.split('.')[0]
        single = copy.copy(node)
        single.names = [alias]
        tree, references = ast.dump(single), [*imported(single, shared)]
        if module in shared:
            found.add(AT_IMPORT, '', [(module, AT_IMPORT)])
        elif module.split('.')[0] not in sys.stdlib_module_names:
            name = AT_IMPORT
        if alias.name == '*' and module in shared:
            found.stars.append(module)
        elif not source and module in shared:
            found.add(name, tree, [(module, ALL)])
        else:
            found.add(name, tree, references)


def imported(node, shared):
    """Yield what an import statement refers to."""
    for alias in node.names:
        module = getattr(node, 'module', alias.name)
        if module in shared:
            yield module, AT_IMPORT
            if isinstance(node, ast.ImportFrom):
                yield module, alias.name


def module_names(nodes, shared):
    """Return {name: module} for the names under which modules stand."""
    return {
        alias.asname or alias.name: alias.name
        for node in nodes
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name in shared
    }


def references_of(node, module, links, shared):
    """Return what a statement of a module refers to.

    links: {name: module}.
    """
    nodes = [*ast.walk(node)]
    found = {(module, x) for x in global_names(node) - links.keys()}
    found |= attributes(nodes, links)
    for part in nodes:
        if isinstance(part, IMPORTS):
            found |= {*imported(part, shared)}
        if getattr(part, 'id', getattr(part, 'attr', None)) in OPAQUE:
            found.add((module, ALL))
    return found


def attributes(nodes, links):
    """Return the references `module.name`; ALL for a module as a value.

    links: {name: module}.
    """
    values = {
        node.value: node.attr
        for node in nodes
        if isinstance(node, ast.Attribute)
    }
    found = set()
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in links:
            name = values.get(node, '__')
            hidden = name.startswith('__')  # such as `utils.__dict__`
            found.add((links[node.id], ALL if hidden else name))
    return found


def global_names(node):
    """Return the names that a statement takes from its module."""
    table = symtable.symtable(ast.unparse(node), '<module>', 'exec')
    return {
        symbol.get_name()
        for scope in scopes(table)
        for symbol in scope.get_symbols()
        if scope is table
        or symbol.is_global()
        or (scope.get_type() == 'class' and symbol.is_referenced())
    }


def scopes(table):
    """Yield a scope and those inside it."""
    yield table
    for inner in table.get_children():
        yield from scopes(inner)
