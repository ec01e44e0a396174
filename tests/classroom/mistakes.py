"""Small mistakes in a correct answer, to see what a test of it refuses."""

import ast
import copy

OTHER = {  # an operator: what somebody might write for it
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div,
    ast.Div: ast.Mult, ast.Pow: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv, ast.Lt: ast.LtE, ast.LtE: ast.Lt,
    ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.And: ast.Or, ast.Or: ast.And}


def definition(source, name):
    """Return the syntax tree of a function or class in a source."""
    [found] = [x for x in ast.parse(source).body
               if getattr(x, 'name', None) == name]
    return found


def bodiless(source, name):
    """Return a definition with bodies that do nothing."""
    found = definition(source, name)
    for node in ast.walk(found):
        if isinstance(node, ast.FunctionDef):
            node.body = [ast.Pass()]
    return ast.unparse(found)


def mistakes(source, name):
    """Yield the sources of a definition with one mistake each."""
    found = definition(source, name)
    count = len(list(ast.walk(found)))
    for place in range(count):
        for change in CHANGES:
            wrong = copy.deepcopy(found)
            node = list(ast.walk(wrong))[place]
            if change(node):
                yield ast.unparse(ast.fix_missing_locations(wrong))


def another_operator(node):
    """Change + to -, < to <=, and the like; say whether there was one."""
    if isinstance(node, ast.Compare):
        if type(node.ops[0]) in OTHER:
            node.ops[0] = OTHER[type(node.ops[0])]()
            return True
    elif type(getattr(node, 'op', None)) in OTHER:
        node.op = OTHER[type(node.op)]()
        return True
    return False


def another_number(node):
    """Make a number one too large, and True False."""
    if not isinstance(node, ast.Constant) or \
            not isinstance(node.value, (bool, int, float)):
        return False
    node.value = (not node.value if isinstance(node.value, bool)
                  else node.value + 1)
    return True


def no_sign(node):
    """Lose a minus."""
    if not isinstance(getattr(node, 'op', None), ast.USub):
        return False
    node.op = ast.UAdd()
    return True


def other_branch(node):
    """Do what belongs into the other case."""
    if not isinstance(node, (ast.If, ast.IfExp)):
        return False
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return True


def no_keyword(node):
    """Forget the last keyword argument of a call."""
    if not isinstance(node, ast.Call) or not node.keywords:
        return False
    node.keywords.pop()
    return True


def no_line(node):
    """Forget the last line of a body that has several."""
    body = getattr(node, 'body', None)
    if not isinstance(body, list) or len(body) < 2:
        return False
    body.pop(-2 if isinstance(body[-1], ast.Return) else -1)
    return True


CHANGES = (another_operator, another_number, no_sign, other_branch,
           no_keyword, no_line)
