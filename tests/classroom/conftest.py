"""A real hub for the tests: TLS, domains, containers that are processes."""

import contextlib
import shutil
import subprocess

import pytest

pytest.importorskip('jupyterhub', reason='needs JupyterHub; `make test` '
                    'installs it with MXNet')

from classroom.simulated import containers, hub  # noqa: E402


def missing():
    """Return what this machine lacks to run a hub, or an empty text."""
    for program in 'caddy', 'bwrap':
        if not shutil.which(program):
            return f'needs {program}'
    if not containers.can_run():
        return 'needs namespaces, which this machine does not allow'
    done = subprocess.run([*hub.NAMESPACE, 'true'], capture_output=True)
    if done.returncode:
        return 'needs a PID namespace, which takes root'
    try:
        hub.find_proxy(hub.ROOT / '.venv/hub')
    except RuntimeError as error:
        return str(error)
    return ''


@pytest.fixture
def running_hub(tmp_path):
    """Return a function that starts a hub: names, and settings of .env."""
    lacking = missing()
    if lacking:
        pytest.skip(lacking)
    with contextlib.ExitStack() as stack:
        stack.enter_context(hub.names_here())

        def start(*students, **settings):
            return stack.enter_context(
                hub.Hub(tmp_path / 'class', students or ['li'], **settings))

        yield start
