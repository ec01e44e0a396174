"""Which files of a book have changed?"""

import stat

from book.chapters import toc

WATCHED = (
    *('_toc.yml', '_config.yml', 'TERMINOLOGY.md', 'requirements*.txt'),
    *('utils*.py', 'chapters/**/*', 'book/results.yml'),
    *('book/chapters/words/*', 'book/rendering/*/**/*.*'),
)


class Watcher:
    """Compares the files with what they were when it was last asked.

    It asks the system for times and sizes: a few milliseconds, and every
    editor is understood, also one that puts a new file in place of the old.
    """

    def __init__(self, root):
        self.root = root
        self.known = self.last = self.snapshot()

    def changed(self):
        """Tell whether files have changed, and are not changing just now."""
        last, self.last = self.last, self.snapshot()
        if self.last != last or self.last == self.known:
            return False
        self.known = self.last
        return True

    def is_behind(self):
        """Tell whether files have changed that nobody was told of."""
        return self.snapshot() != self.known

    def snapshot(self):
        """Return {path: what changes when the file does}."""
        found = {}
        for pattern in WATCHED:
            for path in toc.written(self.root, pattern):
                found[path] = mark(path)
        return found


def mark(path):
    try:
        status = path.stat()
    except OSError:
        return None  # removed meanwhile
    if stat.S_ISDIR(status.st_mode):
        return None  # what is written inside changes it, whatever it is
    return status.st_mtime_ns, status.st_size, status.st_ino
