"""What came with the package: notebooks, and what they import."""

import pathlib

from from_scratch_to_gluon.errors import BookError
from from_scratch_to_gluon.words import say

HERE = pathlib.Path(__file__).resolve().parent
NOTEBOOKS = HERE / 'notebooks'
UTILS = ('utils.py', 'utils_data.py', 'utils_help.py',
         'utils_stand_ins.py')


def notebooks(language):
    """Return the folder of the notebooks of a language."""
    folder = NOTEBOOKS / language
    if not folder.is_dir():
        raise BookError(say('no notebooks', folder=folder))
    return folder


def utils():
    """Return the folder of what notebooks import; a clone has it on top."""
    clone = HERE.parent
    if (clone / '_toc.yml').is_file():
        return clone
    return notebooks('en')
