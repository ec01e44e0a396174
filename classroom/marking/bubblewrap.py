"""A sandbox made of namespaces, by bubblewrap: for machines without Docker.

The program sees Python with its packages, the data and /job, all of them
read-only, a small home of its own, and no network. It has no user's rights.
"""

import contextlib
import importlib.util
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading

import psutil

from classroom.errors import ClassError
from classroom.marking.limits import MIB, Ended, environment
from classroom.marking.reading import CHUNK, Watch, bounded
from from_scratch_to_gluon.programs import run as run_program
from utils_data import data_folder

# Users whom nobody else is, so that the kernel counts the processes of each
# sandbox by themselves; systemd, too, takes users without accounts from here
FIRST_USER, USERS = 61184, 4336
OFTEN = 0.1  # seconds between two looks at what a program takes
SYSTEM = '/usr', '/etc/fonts', '/etc/ld.so.cache', '/etc/localtime'
LINKS = '/bin', '/lib', '/lib64', '/sbin'
HOME = '/home/reader'
# The first line tells that the limits are set and the job can be read
BEGUN = b'\n'
NOT_BEGUN = (
    'bubblewrap could not start the program of a student, which says nothing '
    'about the program; is the machine out of memory or processes?'
)
START = 'exec < /job/input && echo && exec "$0" /job/program.py'
# What the sandbox has of its own, and none of it is the computer's
OWN = ('--unshare-ipc', '--unshare-pid', '--unshare-net', '--unshare-uts',
       '--unshare-cgroup-try')


def works():
    """Tell whether bubblewrap can make a sandbox here."""
    return not run_program([*wrapped([], MIB), 'true'],
                           stderr=subprocess.DEVNULL).returncode


def run(files, limits):
    """Run /job/program.py; see sandbox.choose.

    files: what is in /job, name -> bytes.
    """
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        for name, content in files.items():
            path = pathlib.Path(folder, name)
            path.write_bytes(content)
            path.chmod(0o444)  # for the sandbox's user, whatever the umask
        words = [*wrapped(bound(folder), limits.disk * MIB),
                 *limited(limits), '/bin/sh', '-c', START,
                 os.path.realpath(sys.prefix) + '/bin/python']
        return watched(words, limits)


def watched(words, limits):
    """Run a program and end it at its limits."""
    with subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, bufsize=0,
            env=environment(limits)) as process:
        watch = Watch(process.kill)
        timer = watch.after(limits.seconds)
        done = threading.Event()
        looking = threading.Thread(
            target=look, args=[process.pid, limits, watch, done])
        timer.start()
        looking.start()
        chunks = iter(lambda: process.stdout.read(CHUNK), b'')
        try:
            output = bounded(chunks, limits.output + len(BEGUN), watch)
            process.wait()
        finally:
            timer.cancel()
            done.set()
            process.kill()
    if not (output or watch.why):
        raise ClassError(NOT_BEGUN)
    return Ended(output.removeprefix(BEGUN), watch.why)


def look(pid, limits, watch, done):
    """Watch the memory and the threads of all processes of a sandbox."""
    while not done.wait(OFTEN):
        memory, threads = taken(pid)
        if memory > limits.memory * MIB:
            watch.stop('memory')
        if threads > limits.threads:
            watch.stop('threads')


def taken(pid):
    """Return the bytes and threads of a process and of all below it."""
    memory = threads = 0
    with contextlib.suppress(psutil.Error):
        for process in psutil.Process(pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                memory += process.memory_info().rss
                threads += process.num_threads()
    return memory, threads


def wrapped(folders, size):
    """Return the words for an empty world in which only folders are.

    size: of each place where the program can write, in bytes.
    """
    words = [shutil.which('bwrap'), *OWN, '--die-with-parent',
             '--new-session', '--hostname', 'sandbox', '--proc', '/proc',
             '--dev', '/dev']
    for path in SYSTEM:
        words += shown(path)
    for path in LINKS:
        if os.path.islink(path):
            words += ['--symlink', os.readlink(path), path]
        else:
            words += shown(path)
    words += [*folders, *above(HOME)]
    for path in (HOME, '/tmp', '/dev/shm'):
        words += ['--perms', '1777', '--size', str(size), '--tmpfs', path]
    return [*words, '--remount-ro', '/dev', '--remount-ro', '/',
            '--chdir', HOME, *user()]


def shown(path, place=None):
    """Return the words for a folder or file that can be read, at a place."""
    place = place or path
    return [*above(place), '--ro-bind-try', path, place]


def above(place):
    """Return the words for the folders above a place, open to all."""
    return [word for folder in reversed(pathlib.Path(place).parents[:-1])
            for word in ('--perms', '0755', '--dir', str(folder))]


def number():
    """Return the number of the sandbox's user, another for each thread."""
    return FIRST_USER + threading.get_native_id() % USERS


def user():
    """Return the words that take away all rights of who calls."""
    if os.geteuid():
        return ['--unshare-user', '--uid', '1000', '--gid', '1000']
    kept = [x for name in ('SETUID', 'SETGID', 'SETPCAP')
            for x in ('--cap-add', f'CAP_{name}')]
    return ['--cap-drop', 'ALL', *kept, 'setpriv', f'--reuid={number()}',
            f'--regid={number()}', '--clear-groups', '--inh-caps=-all',
            '--bounding-set=-all']


def bound(job):
    """Return the words for Python, its packages, the data and the job.

    Not the book: its chapters hold the answers.
    """
    found = {os.path.realpath(x) for x in (sys.prefix, sys.base_prefix)}
    spec = importlib.util.find_spec('mxnet')  # the book's engine or MXNet
    engine = pathlib.Path(spec.origin).resolve().parent
    if not any(engine.is_relative_to(x) for x in found):
        found.add(str(engine))
    words = [word for path in sorted(found) for word in shown(path)]
    for answers in pathlib.Path(os.path.realpath(sys.prefix)).glob(
            'lib/python*/site-packages/from_scratch_to_gluon'):
        words += ['--tmpfs', str(answers), '--remount-ro', str(answers)]
    data = os.path.realpath(data_folder())
    return [*words, *shown(data, '/opt/data'), *shown(job, '/job')]


def limited(limits):
    """Return the program that sets limits which the kernel enforces."""
    threads = limits.threads + 1
    if os.geteuid():  # the kernel counts the user's other processes, too
        threads += sum(x.info['num_threads'] or 0 for x in
                       psutil.process_iter(['num_threads']))
    return ['prlimit', f'--nproc={threads}', '--core=0', '--nofile=1024',
            f'--fsize={limits.disk * MIB}', f'--data={limits.memory * MIB}',
            f'--cpu={limits.computing}']
