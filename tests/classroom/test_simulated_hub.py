"""The hub of the tests is the real one, and nothing is left of it."""

import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.parse

import psutil
import pytest
from one_class import files_of_a_class

from classroom.simulated import hub as hubs

ADDRESSES = {
    'JupyterHub.bind_url', 'JupyterHub.hub_ip', 'JupyterHub.hub_connect_ip',
    'JupyterHub.public_url', 'JupyterHub.subdomain_host',
    'ConfigurableHTTPProxy.api_url'}
START = """\
import pathlib, sys, time
from classroom.simulated.hub import Hub
with Hub(pathlib.Path(sys.argv[1]), ['li']):
    print('ready', flush=True)
    time.sleep(600)
"""


def settings(path):
    """Return {PART.NAME: value} of a configuration of JupyterHub."""
    from traitlets.config.loader import PyFileConfigLoader

    found = PyFileConfigLoader(str(path)).load_config()
    return {f'{part}.{name}': value for part, given in found.items()
            for name, value in given.items()}


@pytest.mark.parametrize('domains', ['each', 'one'])
def test_it_differs_from_the_real_one_in_addresses_alone(
        tmp_path, monkeypatch, domains):
    files_of_a_class(tmp_path, monkeypatch)
    monkeypatch.setenv('DOMAINS', domains)
    monkeypatch.setenv('CLASSROOM_ADDRESS', '127.2.1.1')
    monkeypatch.setenv('CLASSROOM_URL', 'https://class.school.edu:4430')
    monkeypatch.setattr(sys, 'path', list(sys.path))
    real, ours = settings(hubs.REAL), settings(hubs.CONFIG)
    differing = {x for x in {*real, *ours} if real.get(x) != ours.get(x)}
    names = ADDRESSES - (
        {'JupyterHub.subdomain_host'} if domains == 'one' else set())
    assert differing == names
    for name in differing:
        if '://' in real[name]:
            before, after = map(urllib.parse.urlsplit,
                                (real[name], ours[name]))
            assert (before.scheme, before.path) == (after.scheme, after.path)


def living(folder):
    """Return the processes that work in a folder, or were told of it."""
    found = []
    for process in psutil.process_iter():
        try:
            told = [process.cwd(), *process.cmdline()]
        except psutil.Error:
            continue
        if process.pid != os.getpid() and any(str(folder) in x for x in told):
            found.append(process)
    return found


def gone(folder):
    """Tell whether the processes of a folder have ended, soon."""
    end = time.monotonic() + 10
    while living(folder) and time.monotonic() < end:
        time.sleep(0.1)
    return not living(folder)


@pytest.mark.slow
def test_a_hub_dies_as_its_container_and_comes_back(running_hub, tmp_path):
    hub = running_hub('li')
    box = hub.daemon.container('class-li', {'Cmd': ['sleep', '600']})
    box.start(hub.daemon.ended)
    proxy = [x for x in living(hub.folder) if 'node' in x.name()]
    assert proxy and hub.answers()
    hub.kill()
    assert not psutil.wait_procs(proxy, timeout=5)[1]
    assert not hub.answers() and hub.server('li')
    hub.start()
    hub.wait()
    assert hub.server('li')


@pytest.mark.slow
@pytest.mark.parametrize('how', [signal.SIGKILL, signal.SIGINT])
def test_nothing_is_left_of_a_hub_whose_test_was_ended(tmp_path, how):
    reason = hubs.lacking()
    if reason:
        pytest.skip(reason)
    process = subprocess.Popen(
        [sys.executable, '-c', START, str(tmp_path)], cwd=hubs.ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout.readline() == 'ready\n'
    assert len(living(tmp_path)) > 3
    mounts = pathlib.Path('/proc/mounts').read_text('utf-8')
    process.send_signal(how)
    process.wait()
    assert gone(tmp_path)
    assert str(tmp_path) not in mounts


@pytest.mark.slow
def test_two_hubs_side_by_side(running_hub):
    first = running_hub('li')
    second = running_hub('li', folder='other', DOMAIN='other.test')
    assert first.answers() and second.answers()
    first.kill()
    assert second.answers() and not first.answers()
