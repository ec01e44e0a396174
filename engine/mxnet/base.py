"""What everything else needs: the type of errors, and names.

Stands on nothing. An error says what was asked, what does not fit, and the
way out; its type is MXNet's, so that an `except` clause written for MXNet
holds here.
"""

import difflib
import sys


class MXNetError(RuntimeError):
    """What an operation of MXNet could not do."""


class NotThere(AttributeError):
    """A name of MXNet that this package does not provide."""


def nearest(name, names):
    """Return '; did you mean `x`?', or nothing if no name is like it."""
    found = difflib.get_close_matches(name, names, 1)
    return f'; did you mean `{found[0]}`?' if found else ''


def guard(module_name):
    """Return a module's `__getattr__`: it explains which names are missing.

    `guard(__name__)` belongs at the end of each public module.
    """
    def missing(name):
        if name.startswith('__'):
            raise AttributeError(name)
        names = [x for x in vars(sys.modules[module_name]) if x[0] != '_']
        hint = nearest(name, names) or (
            ': it provides what the book uses; for all of MXNet 1.9.1 '
            'install `mxnet` (Python 3.11; Linux or a Mac with Intel)')
        raise NotThere(f'`{module_name}.{name}` is not in this package'
                       f'{hint}')

    return missing


class NotImplementedForSymbol(NotImplementedError):
    """What a symbol, which has no numbers, cannot do."""


class NameManager:
    """Numbers for things without a name: dense0, dense1, conv0, ...

    `with NameManager('net0_'):` puts this before all names inside.
    """

    _entered = []

    def __init__(self, prefix=''):
        self.prefix, self.counts = prefix, {}

    def __enter__(self):
        self._entered.append(self)
        return self

    def __exit__(self, *error):
        self._entered.pop()

    def number(self, hint):
        """Return the hint with the next number: 'dense' -> 'dense0'."""
        number = self.counts.get(hint, 0)
        self.counts[hint] = number + 1
        return f'{hint}{number}'

    @staticmethod
    def name(hint, name=None):
        """Return a name: the given one, or the hint with a number."""
        manager = (NameManager._entered or [OUTERMOST])[-1]
        return manager.prefix + (name or manager.number(hint))


OUTERMOST = NameManager()
