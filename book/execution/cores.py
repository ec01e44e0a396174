"""How many processor cores there are, and how to share them."""

import os
import pathlib

CPU = pathlib.Path('/sys/devices/system/cpu')
QUOTA = pathlib.Path('/sys/fs/cgroup/cpu.max')


def physical_cores():
    """Return how many cores this process may use.

    Two threads of one core count once, and a quota of the container counts.
    """
    if not hasattr(os, 'sched_getaffinity'):
        return max(1, (os.cpu_count() or 2) // 2)
    cores = {core(cpu) for cpu in os.sched_getaffinity(0)}
    return max(1, min(len(cores), quota()))


def core(cpu):
    """Return what identifies the core that a logical processor is on."""
    folder = CPU / f'cpu{cpu}' / 'topology'
    try:
        return (
            (folder / 'physical_package_id').read_text(),
            (folder / 'core_id').read_text(),
        )
    except OSError:
        return cpu


def quota():
    """Return how many processors the container may keep busy."""
    try:
        limit, period = QUOTA.read_text().split()
        return max(1, int(limit) // int(period))
    except (OSError, ValueError):
        return os.cpu_count() or 1


def threads(workers):
    """Return how many threads each of some workers may use.

    More threads than cores make MXNet many times slower.
    """
    return max(1, physical_cores() // workers)
