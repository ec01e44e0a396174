"""From Scratch to Gluon: a deep-learning book in which every chapter runs.

`gluon-book start` opens its notebooks. What they import, `utils.py` and its
two companions, lies beside them: nothing of that name is installed.
"""

import sys

if sys.version_info < (3, 8):  # every Python must understand this file
    sys.exit('error: this is Python %d.%d; the book runs on 3.8 or newer, '
             'best on 3.11' % sys.version_info[:2])

__version__ = '0.1.0'
