"""Other programs, and what they write, in whatever encoding that is."""

import locale
import subprocess


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
