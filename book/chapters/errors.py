"""What can go wrong, told with the place and the way out."""

import errno
import re

from from_scratch_to_gluon.errors import BookError

WRITE = 'work where you may write'
WAYS_OUT = {errno.ENOSPC: 'make room', errno.EDQUOT: 'make room',
            errno.EFBIG: 'raise the limit on the size of files',
            errno.EROFS: WRITE, errno.EACCES: WRITE, errno.EPERM: WRITE}
DISK = re.compile(r"\[Errno (\d+)\] ([^:'\"\n]+(?:: '[^'\n]+')?)")
COLOUR = re.compile(r'\x1b\[[0-9;]*m')


class PageError(BookError):
    """Something is wrong at a line of a file."""

    def __init__(self, path, line, problem):
        super().__init__(path, line, problem)
        self.path, self.line, self.problem = path, line, problem

    def __str__(self):
        return f'{self.path}:{self.line}: {self.problem}'


class CellError(PageError):
    """A code cell raised, took too long, or took its kernel down."""

    def __init__(self, path, line, cell, problem):
        super().__init__(path, line, problem)
        self.args = (path, line, cell, problem)
        self.cell = cell

    def __str__(self):
        return f'{self.path}:{self.line}: cell {self.cell}: {self.problem}'


def read(path):
    """Return the text of a file at the top of the repository."""
    try:
        return path.read_text(encoding='utf-8')
    except OSError as error:
        raise BookError(f'{path.name}: {error.strerror}; run from the top of '
                        'the repository') from error


def disk_problem(text):
    """Return what a message says of the disk, with the way out, or ''."""
    for number, problem in DISK.findall(text):
        way_out = WAYS_OUT.get(int(number))
        if way_out:
            return f'{problem.strip()}; {way_out} and run again'
    return ''


def plain(text):
    """Return a text without a terminal's colours."""
    return COLOUR.sub('', text)
