"""Programs that end with the build that started them, even if it is killed.

A small guard stands between the two. It reads from a pipe that the build
never writes to: the pipe ends when the build does.
"""

import subprocess
import sys

from book.execution import processes

GUARD = """\
import os
import subprocess
import sys
import threading

from book.execution.processes import end


def watch():
    os.read(0, 1)
    end(os.getpid())


threading.Thread(target=watch, daemon=True).start()
sys.exit(subprocess.call(sys.argv[1:], stdin=subprocess.DEVNULL))
"""


class Program(subprocess.Popen):
    """A program that writes what it says to a file."""

    def __init__(self, command, log, **options):
        super().__init__(
            [sys.executable, '-c', GUARD, *command],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **options,
        )

    def stop(self):
        """End the program and all that it has started."""
        if self.poll() is None:
            processes.end(self.pid)
            self.wait()
        self.stdin.close()
