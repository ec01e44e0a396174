"""Addresses, ports and names of this machine that a class is given."""

import contextlib
import itertools
import os
import socket

SERVER = 8888  # where a student's server listens
ROOM = 250
counted = itertools.count()  # all addresses that this process has given


def free_address():
    """Return an address of this machine that nobody uses.

    Each process takes them from a network of its own.
    """
    while True:
        last = divmod(next(counted) % ROOM**2, ROOM)
        address = f'127.{os.getpid() % ROOM + 2}.{last[0] + 1}.{last[1] + 1}'
        if not is_used(address, SERVER):
            return address


def is_used(address, port):
    with socket.socket() as probe:
        try:
            probe.bind((address, port))
        except OSError:
            return True
    return False


def free_ports(number):
    """Return ports of this machine that nobody uses."""
    with contextlib.ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.socket()) for _ in range(number)
        ]
        for one in sockets:
            one.bind(('127.0.0.1', 0))
        return [one.getsockname()[1] for one in sockets]


@contextlib.contextmanager
def names_here(domain):
    """Let a domain and all names in it lead to this machine, in this process.
    """
    real = socket.getaddrinfo

    def found(host, *more, **options):
        name = host.decode() if isinstance(host, bytes) else host
        if name and f'.{name}'.endswith(f'.{domain}'):
            host = '127.0.0.1'
        return real(host, *more, **options)

    socket.getaddrinfo = found
    try:
        yield
    finally:
        socket.getaddrinfo = real
