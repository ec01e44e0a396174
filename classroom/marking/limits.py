"""How much a program of a student may take, and how it ended."""

from typing import NamedTuple

MIB = 2**20


class Limits(NamedTuple):
    """Seconds, MiB, numbers of threads, bytes, cores.

    computing: of a process, in seconds of a core; what only waits ends by
    the clock. So a busy machine does not make right answers wrong.
    """

    seconds: int = 300
    computing: int = 60
    memory: int = 2048
    disk: int = 128  # a file system in memory; twice, with the one in /tmp
    threads: int = 256
    output: int = 1_000_000
    cores: int = 1


class Ended(NamedTuple):
    """What a program wrote, at most a byte more than allowed; and why it
    was ended: one of WHY, or '' if it came to its end by itself.
    """

    output: bytes
    why: str = ''


WHY = {
    'time': 'ran longer than {seconds} s',
    'memory': 'took more than {memory} MiB of memory',
    'threads': 'started more than {threads} threads',
    'output': 'wrote more than {output} bytes',
}


def told(why, limits):
    """Return why a program was ended, in words."""
    return WHY[why].format(**limits._asdict())


def environment(limits):
    """Return the only variables that a program of a student gets."""
    return {
        'HOME': '/home/reader', 'PATH': '/usr/bin:/bin', 'LANG': 'C.UTF-8',
        'BOOK_DATA': '/opt/data', 'OMP_NUM_THREADS': str(limits.cores),
        'PYTHONPATH': '/job', 'PYTHONDONTWRITEBYTECODE': '1'}
