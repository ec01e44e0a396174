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


def mistakes(source, name):
    """Yield the sources of a definition with one mistake each."""
    [found] = [x for x in ast.parse(source).body
               if getattr(x, 'name', None) == name]
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
    """Lose a minus or a `not`."""
    if not isinstance(node, ast.UnaryOp):
        return False
    node.op = ast.UAdd() if isinstance(node.op, ast.USub) else node.op
    if isinstance(node.op, ast.Not):
        node.op, node.operand = ast.Not(), ast.UnaryOp(ast.Not(),
                                                       node.operand)
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
