"""From Scratch to Gluon: a deep-learning book in which every chapter runs.

`gluon-book start` opens its notebooks. What they import, `utils.py` and its
two companions, lies beside them: nothing of that name is installed.
"""

__version__ = '0.1.0'
