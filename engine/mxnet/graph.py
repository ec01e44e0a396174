"""Graphs of operators: noted once, then carried out one after the other.

`Plan` carries one out on tensors, `fill_shapes` finds the shapes of weights
from those of the data, and `to_json` writes what MXNet, too, can read.
Chapters: gluon-basics/block, gluon-basics/serialization.
"""

import ast
import functools
import json

import torch

from .autograd import join
from .base import MXNetError
from .ndarray.ndarray import linked, torch_type, wrap
from .ndarray.operator import OPERATORS


class Node:
    """A variable (op is None), or an operator on outputs of other nodes.

    inputs: pairs (node, which of its outputs); attrs: other arguments.
    """

    def __init__(self, op, name, inputs=(), attrs=None, param=None):
        self.op, self.name, self.param = op, name, param
        self.inputs, self.attrs = list(inputs), attrs or {}

    @property
    def num_outputs(self):
        """How many arrays the operator returns."""
        if self.op is None:
            return 1
        return {'SliceChannel': self.attrs.get('num_outputs', 1),
                'split': self.attrs.get('num_outputs', 1),
                'topk': 1 + (self.attrs.get('ret_typ') == 'both'),
                '_rnn_layer': 2 + (self.attrs.get('mode') == 'lstm')
                }.get(self.op, 1)

    def input_names(self):
        """Return the argument's name for each input; '*data' for many."""
        names, count = OPERATORS[self.op].parameters, len(self.inputs)
        for i, name in enumerate(names):
            if name.startswith('*'):
                return (names[:i] + [name] * count)[:count]
        return names[:count]


def in_order(heads):
    """Return all nodes that lead to the heads, inputs before their users."""
    found, seen = [], set()
    stack = [(node, False) for node, _ in reversed(heads)]
    while stack:
        node, inputs_are_done = stack.pop()
        if inputs_are_done:
            found.append(node)
        elif node not in seen:
            seen.add(node)
            stack.append((node, True))
            stack += [(source, False) for source, _ in reversed(node.inputs)]
    return found


class Plan:
    """A graph as a list of steps; `run` takes them one after the other.

    Each output of each node has a place in a list of values.
    """

    def __init__(self, heads):
        nodes, places, count = in_order(heads), {}, 0
        for node in nodes:
            places[node], count = count, count + node.num_outputs
        self.variables = [node for node in nodes if node.op is None]
        self.inputs = [places[node] for node in self.variables]
        self.heads = [places[node] + i for node, i in heads]
        self.count, self.steps = count, []
        needed = set(self.heads)
        for node in reversed(nodes):
            if node.op is not None:
                sources = [places[source] + i for source, i in node.inputs]
                free = set(sources) - needed  # nobody needs them later
                needed.update(sources)
                self.steps.insert(0, (step_of(node), node, places[node],
                                      sources, tuple(free)))

    def run(self, arrays):
        """Carry out the graph.  arrays: one for each of `variables`."""
        values = [None] * self.count
        for place, array in zip(self.inputs, arrays):
            values[place] = linked(array)
        for step, node, place, sources, free in self.steps:
            try:
                result = step(*[values[source] for source in sources])
            except (RuntimeError, IndexError, ValueError) as error:
                raise MXNetError(f'in the graph, at {node.name} ({node.op}): '
                                 f'{error}') from error
            for source in free:
                values[source] = None
            if isinstance(result, list):
                values[place:place + len(result)] = result
            else:
                values[place] = result
        found = [wrap(values[place], arrays[0].context, arrays)
                 for place in self.heads]
        join(found)  # they are of one graph
        return found


def step_of(node):
    """Return the function on tensors that a node stands for."""
    compute = OPERATORS[node.op].compute
    return functools.partial(compute, **node.attrs) if node.attrs else compute


def fill_shapes(heads, arrays):
    """Set the unknown shapes of parameters, from the shapes of the data.

    arrays: {name of a variable: array}. Nothing is computed: PyTorch's
    device 'meta' has shapes only.
    """
    values = {}
    for node in in_order(heads):
        if node.op is None:
            if node.name in arrays:
                values[node] = arrays[node.name].tensor.to('meta')
            continue
        rule = OPERATORS[node.op].fill
        for (source, _), name in zip(node.inputs, node.input_names()):
            if source.param is not None and source not in values:
                if rule is not None and not known(source.param.shape):
                    fill(source.param, rule(shape_of(values, node),
                                            **node.attrs).get(name))
                values[source] = empty_of(source.param, node)
        values[node] = step_of(node)(*[
            values[source][i] if isinstance(values[source], list)
            else values[source] for source, i in node.inputs])


def shape_of(values, node):
    """Return the shape of a node's first input."""
    source, i = node.inputs[0]
    value = values[source]
    return tuple((value[i] if isinstance(value, list) else value).shape)


def known(shape):
    """Return whether all lengths of a shape are known; 0 is not."""
    return shape is not None and all(n > 0 for n in shape)


def fill(param, shape):
    """Give a parameter the lengths that it leaves open."""
    if shape is not None:
        old = param.shape or (0,) * len(shape)
        param.shape = tuple(a or b for a, b in zip(old, shape))


def empty_of(param, node):
    """Return a tensor of a parameter's shape, without numbers."""
    if not known(param.shape):
        raise MXNetError(f'the shape {param.shape} of {param.name} does not '
                         f'follow from what {node.name} ({node.op}) gets')
    return torch.empty(param.shape, dtype=torch_type(param.dtype),
                       device='meta')


# Files

MXNET_VERSION = ['int', 10901]


def to_json(heads):
    """Return a graph as text, in MXNet's form."""
    nodes = in_order(heads)
    places = {node: i for i, node in enumerate(nodes)}
    rows = []
    for node in nodes:
        row = {'op': node.op or 'null', 'name': node.name}
        attrs = dict(node.attrs)
        if node.op and OPERATORS[node.op].parameters[0][0] == '*':  # concat
            attrs['num_args'] = len(node.inputs)  # MXNet asks for it
        if attrs:
            row['attrs'] = {key: str(attrs[key]) for key in attrs}
        row['inputs'] = [[places[source], i, 0] for source, i in node.inputs]
        rows.append(row)
    return json.dumps({
        'nodes': rows,
        'arg_nodes': [i for i, node in enumerate(nodes) if node.op is None],
        'heads': [[places[node], i, 0] for node, i in heads],
        'attrs': {'mxnet_version': MXNET_VERSION}}, indent=2)


def plain(text):
    """Return the value that an attribute's text stands for."""
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def from_json(text, name='the file'):
    """Return the heads of a graph in MXNet's form."""
    try:
        rows = json.loads(text)
        nodes = []
        for row in rows['nodes']:
            nodes.append(node_of(row, nodes))
        return [(nodes[place], i) for place, i, *_ in rows['heads']]
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise MXNetError(f'{name} holds no graph that this package can '
                         f'read: {error!r}') from error


def node_of(row, nodes):
    """Return the node that a row of a file describes."""
    if row['op'] == 'null':
        return Node(None, row['name'])
    if row['op'] not in OPERATORS:
        raise MXNetError(f'the operator {row["op"]} of {row["name"]} is not '
                         'in this package')
    names = OPERATORS[row['op']].parameters
    attrs = {key: plain(value) for key, value
             in row.get('attrs', row.get('param', {})).items()
             if key in names}
    inputs = [(nodes[place], i) for place, i, *_ in row['inputs']]
    return Node(row['op'], row['name'], inputs, attrs)
