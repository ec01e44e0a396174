"""Processes that end with this one, and the memory that they take."""

import concurrent.futures
import subprocess
import threading

import psutil

# However this process ends, the kernel ends what it has started
BOUND = 'setpriv', '--pdeathsig', 'KILL', '--'
# Four times the share of others when all want the cores, as `cpu_shares` of
# 4096 in compose.yml; where the kernel shares out by sessions
FIRST = ('sh', '-c', '{ echo -6 > /proc/self/autogroup; } 2> /dev/null; '
         'exec "$@"', 'first')
MIB = 2**20


def start(words, ended=lambda: None, **options):
    """Start a program in a session of its own; return its Popen.

    `ended` is called at its end. To the kernel the parent is the thread
    that starts a program: one of its own stays until the end.
    """
    begun = concurrent.futures.Future()
    threading.Thread(target=attend, args=[words, options, begun, ended],
                     daemon=True).start()
    return begun.result()


def attend(words, options, begun, ended):
    """Start a program, tell `begun`, and wait for its end."""
    try:
        process = subprocess.Popen(
            [*BOUND, *words], stdin=subprocess.DEVNULL,
            start_new_session=True, **options)
    except Exception as error:
        begun.set_exception(error)
        return
    begun.set_result(process)
    process.wait()
    ended()


def end(process):
    """End a process at once, if it runs."""
    if process and process.poll() is None:
        process.kill()
        process.wait()


def memory(process):
    """Return the memory in MiB of a process and all that came from it."""
    try:
        first = psutil.Process(process.pid)
        family = [first, *first.children(recursive=True)]
    except psutil.Error:
        return 0
    return sum(share(x.pid) for x in family) / MIB


def share(number):
    """Return the bytes of a process, shared pages divided by their users."""
    try:
        with open(f'/proc/{number}/smaps_rollup', encoding='ascii') as file:
            found = [x.split() for x in file if x.startswith('Pss:')]
    except OSError:  # it has ended
        return 0
    return int(found[0][1]) * 1024 if found else 0
