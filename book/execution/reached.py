"""What a chapter takes from `utils` -> all that it reaches there.

The modules are read as text, as one table: a name stands for the statements
that bind it, and reaches whatever these mention. Comments, layout and
docstrings do not count. Drawings of stand-ins do not either: the key of a
chapter has them as the identity of its data, 'stand-in-2'.
"""

import ast
import functools
import itertools
import re
import symtable

from book.chapters.errors import PageError, read

SHARED = 'utils', 'utils_data', 'utils_help'
AT_IMPORT = ''  # stands for what importing the modules does
ALL = '*'  # and this for their whole text, where nothing can be followed
LOADERS = 'LOADERS'  # the table that says which function loads which data
RUNS_TEXT = {'eval', 'exec', 'globals', 'vars', 'import_module'}
READS_TEXT = {'help', 'getsource', 'getdoc'}
PROGRAM = re.compile(r'\b(?:import|from)\s+utils\b|\butils\.\w')
DEFINITIONS = ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef
IMPORTS = ast.Import, ast.ImportFrom


def sources(root):
    """Return the modules that chapters share: pairs (name, text)."""
    return tuple((name, read(root / f'{name}.py')) for name in SHARED
                 if name == SHARED[0] or (root / f'{name}.py').exists())


def parse(module, text):
    """Parse a module; PageError names the line of a syntax error."""
    try:
        return ast.parse(text)
    except SyntaxError as error:
        problem = f'{type(error).__name__}: {error.msg}'
        raise PageError(f'{module}.py', error.lineno or 1, problem) from error


@functools.cache
def statements(modules):
    """Return {name: its statements}: (syntax tree as text, what it names)."""
    found = {}
    for module, text in modules:
        for node in parse(module, text).body:
            names, executed = mentioned(node), Executed().visit(node)
            for name in bound(node) if executed else ():
                statement = ast.dump(executed), names
                found.setdefault(name, []).append(statement)
    return found


class Executed(ast.NodeTransformer):
    """Removes what executes nothing: docstrings and other constants."""

    def visit_Expr(self, node):
        return None if isinstance(node.value, ast.Constant) else node


def bound(node):
    """Return the names that a statement binds; AT_IMPORT if it does more."""
    if isinstance(node, DEFINITIONS):
        return [node.name]
    if isinstance(node, IMPORTS):
        return [alias.asname or alias.name for alias in node.names]
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = getattr(node, 'targets', None) or [node.target]
        flat = [y for x in targets for y in getattr(x, 'elts', [x])]
        if all(isinstance(x, ast.Name) for x in flat):
            return [x.id for x in flat]
    return [AT_IMPORT]


def mentioned(node):
    """Return the names that a statement takes from its module and others."""
    table = symtable.symtable(ast.unparse(node), 'statement', 'exec')
    names = set(itertools.chain(*map(global_names, scopes(table))))
    for part in ast.walk(node):
        if isinstance(part, ast.ImportFrom) and part.module in SHARED:
            names |= {alias.name for alias in part.names} - {ALL}
        elif isinstance(part, ast.Attribute):
            if getattr(part.value, 'id', '') in SHARED:
                names.add(part.attr)
    return names | {ALL} if names & RUNS_TEXT else names


def scopes(table):
    """Yield the scope of a statement, and those of functions inside it."""
    yield table
    for inner in table.get_children():
        yield from scopes(inner)


def global_names(scope):
    """Return the names of a scope that are not its own variables."""
    return {symbol.get_name()
            for symbol in scope.get_symbols()
            if symbol.is_global()
            or scope.get_type() != 'function' and symbol.is_referenced()}


@functools.cache
def closure(modules, names):
    """Return the names, and all that they reach."""
    table, found, waiting = statements(modules), set(), [*names]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += table if name == ALL else ()
            waiting += itertools.chain(*(x for _, x in table.get(name, ())))
    return found


def programs(modules, names):
    """Return {name: syntax trees} of all that some names reach."""
    if ALL in names:
        return dict(modules)
    table = statements(modules)
    return {name: [tree for tree, _ in table[name]]
            for name in closure(modules, names) & table.keys()}


def loaders(modules):
    """Return the declared table: a function -> the data set that it loads."""
    for module, text in modules:
        for node in parse(module, text).body:
            if LOADERS in bound(node) and isinstance(node, ast.Assign):
                return ast.literal_eval(node.value)
    return {}


def taken(nodes):
    """Return the names that a chapter takes from `utils`, from its nodes.

    It takes ALL with a use that cannot be followed: of the module as a
    value, of docstrings and sources, or in a text that is a program.
    """
    nodes = list(nodes)
    aliases = {alias.asname or alias.name for node in nodes
               if isinstance(node, ast.Import)
               for alias in node.names if alias.name in SHARED}
    found = {AT_IMPORT} if aliases else set()
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module in SHARED:
            names = {alias.name for alias in node.names}
            found |= mentions(nodes) if ALL in names else names
            found.add(AT_IMPORT)
        elif isinstance(node, ast.Attribute):
            found |= {node.attr for _ in mentions([node.value]) & aliases}
    if found and hides(nodes, aliases):
        found.add(ALL)
    return frozenset(found)


def mentions(nodes):
    """Return the names among some nodes."""
    return {node.id for node in nodes if isinstance(node, ast.Name)}


def hides(nodes, aliases):
    """Say whether a use of `utils` cannot be followed."""
    followed = {id(x.value) for x in nodes if isinstance(x, ast.Attribute)}
    for node in nodes:
        if isinstance(node, ast.Name):
            if node.id in aliases and id(node) not in followed:
                return True
        elif looks(node):
            if mentions(ast.walk(node)) & aliases:
                return True
        elif isinstance(node, ast.Constant):
            if PROGRAM.search(str(node.value)):
                return True
    return False


def looks(node):
    """Say whether a node asks for names, docstrings or sources."""
    if isinstance(node, ast.Attribute):
        return node.attr == '__doc__'
    called = getattr(node, 'func', None)
    name = getattr(called, 'id', getattr(called, 'attr', ''))
    return name in READS_TEXT | RUNS_TEXT
