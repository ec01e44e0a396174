"""What comes through Caddy and the proxy reaches the hub."""

import http.client
import time

import pytest


@pytest.mark.slow
def test_the_proxy_does_not_hang_up_on_caddy(running_hub):
    """A save that is sent on a connection just closed would fail."""
    hub = running_hub('li')
    line = http.client.HTTPConnection(hub.address, 8000, timeout=10)
    line.connect()
    first = line.sock
    for pause in 0, 8:
        time.sleep(pause)
        line.request('GET', '/hub/health')
        answer = line.getresponse()
        answer.read()
        assert answer.status == 200
    assert line.sock is first
