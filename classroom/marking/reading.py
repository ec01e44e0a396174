"""Reads what an untrusted program writes: so much, so long, and no more."""

import threading

CHUNK = 2**16


class Watch:
    """Ends a program at a limit, once, and remembers which it was."""

    def __init__(self, end):
        self.end, self.why = end, ''
        self.lock = threading.Lock()

    def stop(self, why):
        """End the program because of a limit."""
        with self.lock:
            if not self.why:
                self.why = why
                self.end()

    def after(self, seconds):
        """Return a timer that ends the program."""
        timer = threading.Timer(seconds, self.stop, ['time'])
        timer.daemon = True
        return timer


def bounded(chunks, limit, watch):
    """Return the bytes of an iterator, at most one more than the limit."""
    found = bytearray()
    for chunk in chunks:
        found += chunk[:limit + 1 - len(found)]
        if len(found) > limit:
            watch.stop('output')
            break
    return bytes(found)
