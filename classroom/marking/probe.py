"""Run the hidden test of one task: in a sandbox, for the code is a student's.

    python classroom/marking/probe.py < job > result

A job (see program.py) has the teacher's definitions, the cell with the
student's answer, a seed, and the probe: code that calls the answer on inputs
drawn from the seed and returns what came out. The result is one line of
JSON, {"value": ...} or {"problem": ...}.

The student's code could write that line itself. It would need the right
values for it, and these are not in this process: they come from another
one, with the book's answer, and are compared outside.
"""

import ast
import json
import os
import sys
import textwrap

DEFINITIONS = (ast.Import, ast.ImportFrom, ast.FunctionDef,
               ast.AsyncFunctionDef, ast.ClassDef)
NO_PYTHON = '%', '!', '?'  # lines for Jupyter begin with these


def main():
    """Read a job, write its result, and end whatever still runs here."""
    job = json.load(sys.stdin)
    result = os.fdopen(os.dup(1), 'w', encoding='utf-8')
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    try:
        line = json.dumps({'value': plain(probed(job))})
    except BaseException as error:  # SystemExit, too, is the student's
        line = json.dumps({'problem': told(error)})
    result.write(line + '\n')
    result.flush()
    os._exit(0)  # no thread, nothing at the exit


def probed(job):
    """Return what the probe of a job finds out about the answer."""
    import numpy as np

    import utils

    name = job['name']
    setattr(utils, name, missing(name))
    names = {'np': np}
    run(job['before'], names)
    own = dict(names)
    run(reduced(job['answer'], without=job['others']), own)
    if name not in own:
        raise NameError(f'the cell does not define {name}')
    names[name] = own[name]
    run('def probe(draw):\n' + textwrap.indent(job['probe'], '    '), names)
    utils.set_seed(job['seed'])
    return names['probe'](np.random.RandomState(job['seed']))


def run(source, names):
    """Execute a source with these names."""
    exec(compile(source, '<answer>', 'exec'), names)


def missing(name):
    """Return what stands in utils for the answer while it is tested."""
    def write_it(*args, **kwargs):
        raise NotImplementedError(f'utils.{name} is the answer: write it')

    return write_it


def reduced(source, without=()):
    """Return what a cell defines: no calls, no lines for Jupyter.

    without: names of functions and classes that are left out.
    """
    lines = [line for line in source.split('\n')
             if not line.startswith(NO_PYTHON)]
    nodes = [node for node in ast.parse('\n'.join(lines)).body
             if is_kept(node) and getattr(node, 'name', '') not in without]
    return ast.unparse(ast.Module(nodes, []))


def is_kept(node):
    """Return whether a statement imports, defines, or names a constant."""
    if not isinstance(node, ast.Assign):
        return isinstance(node, DEFINITIONS)
    if not all(isinstance(x, (ast.Name, ast.Tuple)) for x in node.targets):
        return False
    try:
        ast.literal_eval(node.value)
    except (ValueError, TypeError):
        return isinstance(node.value, ast.Lambda)
    return True


def plain(value):
    """Return a value as JSON holds it; an array as its shape and numbers."""
    import numpy as np

    if hasattr(value, 'asnumpy'):
        value = value.asnumpy()
    if isinstance(value, np.ndarray):
        return {'shape': value.shape, 'numbers': value.ravel().tolist()}
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (list, tuple)):
        return [plain(part) for part in value]
    if isinstance(value, (type(None), bool, int, float, str)):
        return value
    raise TypeError(f'the result is a {type(value).__name__}')


def told(error):
    """Return an error as text, whatever it does when it is asked."""
    name = type(error).__name__
    try:
        return f'{name}: {error}'
    except BaseException:
        return name


if __name__ == '__main__':
    main()
