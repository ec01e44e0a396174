"""Where students' code runs: without a network, without much of anything.

With Docker it is a container for each program; without, bubblewrap and
namespaces of the kernel. Where there is neither, nothing runs.
"""

import os
import pathlib
import shutil

from classroom.errors import ClassError
from classroom.marking import bubblewrap
from from_scratch_to_gluon.shipped import UTILS

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
NONE = (
    'there is no sandbox for the code of students: IMAGE names no image of '
    'the book, and bubblewrap is not installed or may not make namespaces; '
    'mark in the hub with `class grade`, or `apt install bubblewrap`'
)


def choose():
    """Return what runs a program: run(program, given, limits) -> Ended.

    program: the path of a Python program of ours; given: the bytes that it
    reads from its standard input.
    """
    image = os.environ.get('IMAGE')
    if image:
        from classroom.marking import container  # needs docker-py

        place = container.Sandbox(image)
    elif shutil.which('bwrap') and bubblewrap.works():
        place = bubblewrap
    else:
        raise ClassError(NONE)

    def run(program, given, limits):
        return place.run(job(program, given), limits)

    return run


def job(program, given):
    """Return what is in the folder /job of a sandbox: name -> bytes."""
    found = {name: (ROOT / name).read_bytes() for name in UTILS}
    return {**found, 'input': given,
            'program.py': pathlib.Path(program).read_bytes()}
