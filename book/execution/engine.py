"""The engine that computes, as readers' programs find it, for a build.

The variable ENGINE, which chooses an environment for `make`, may only agree
with it. Starts without any package, for the doctor.
"""

import os

from book.chapters.errors import BookError
from from_scratch_to_gluon.engines import (  # noqa: F401 - all in one place
    ENGINES,
    LOCK_FILE,
    LOCKS,
    MXNET,
    TORCH,
    Engine,
    find,
    installed,
    version,
)

TWO = ('{} are both installed, and both are called mxnet; take one away: '
       '`python -m pip uninstall {}`, or {}')


def current():
    """Return the engine, unless ENGINE names another or there are two."""
    both = installed()
    if len(both) > 1:
        raise BookError(TWO.format(' and '.join(both), *both))
    found, wanted = find(), os.environ.get('ENGINE')
    if wanted and wanted not in ENGINES:
        raise BookError(f'ENGINE={wanted}: no such engine; say mxnet or '
                        'torch')
    if wanted and wanted != found.name:
        raise BookError(
            f'ENGINE={wanted}, but this Python has {found}; start with '
            f'`make ENGINE={wanted}`, or do not set ENGINE')
    return found
