"""Processes that end with all that they have started."""

import os
import signal
import subprocess


def end(pid):
    """Kill a process that leads a group, and the group; on Windows its tree.

    Raises ProcessLookupError where there is none any more.
    """
    if os.name == 'nt':
        subprocess.run(['taskkill', '/F', '/T', '/PID', str(pid)],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    else:
        os.killpg(pid, signal.SIGKILL)
