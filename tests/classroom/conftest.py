"""A real hub for the tests: TLS, domains, containers that are processes."""

import contextlib
import functools
import os

import pytest

pytest.importorskip('jupyterhub', reason='needs JupyterHub; `make test` '
                    'installs it with MXNet')

from classroom.simulated import hub  # noqa: E402

lacking = functools.cache(hub.lacking)


@pytest.fixture(autouse=True)
def umask():
    """Undo that the hub's configuration keeps all new files to itself."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def running_hub(tmp_path):
    """Return a function that starts a hub: names, and settings of .env.

    Names in `class.test` lead to it while it runs.
    """
    reason = lacking()
    if reason:
        pytest.skip(reason)
    with contextlib.ExitStack() as stack:

        def start(*students, folder='class', **settings):
            return stack.enter_context(
                hub.Hub(tmp_path / folder, students or ['li'], **settings))

        yield start
