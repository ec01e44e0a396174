"""Other programs, and what they write, in whatever encoding that is."""

import locale
import os
import subprocess
import sys


def run(command, **options):
    """Run a program to its end; its output becomes text.

    options: those of subprocess.run.
    """
    done = subprocess.run(command, stdout=subprocess.PIPE, **options)
    done.stdout = text(done.stdout)
    return done


def text(written):
    """Return the text that a program has written.

    Many write UTF-8 whatever the system's encoding is, and others that; what
    is neither becomes a mark.
    """
    try:
        found = written.decode('utf-8')
    except UnicodeDecodeError:
        found = written.decode(locale.getpreferredencoding(False), 'replace')
    return found.replace('\r\n', '\n')


def unread():
    """Write to nowhere: who read us has gone, as `head` does; return 1."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1
