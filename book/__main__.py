"""python -m book: the front door.

Every Python must understand this file, 2.7 too, to be told which it takes.
"""

import sys

OLDEST = 3, 8
TOO_OLD = (
    'error: this is Python %d.%d; start `python -m book` with 3.8 or newer '
    '(the chapters run on 3.11 with MXNet, on 3.10 to 3.13 with PyTorch; get '
    'one with `uv python install 3.11` or from python.org)\n'
)


def main(arguments=None):
    """Run a target; return the exit status."""
    if sys.version_info < OLDEST:
        sys.stderr.write(TOO_OLD % sys.version_info[:2])
        return 1
    from book.tools.setup import front

    return front.main(arguments)


if __name__ == '__main__':
    sys.exit(main())
