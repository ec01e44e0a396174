"""The commands beside `start`; what is true of their result is a failure."""

import os
import pathlib
import sys

from from_scratch_to_gluon import renewal, shipped, words
from from_scratch_to_gluon.errors import BookError
from from_scratch_to_gluon.words import say


def here(arguments):
    """Write what notebooks import into the current folder."""
    folder = current()
    done = renewal.renew_beside(shipped.utils(), shipped.UTILS, folder)
    for path, name, problem in done:
        word = 'obstacle' if problem else 'beside' if name else 'written'
        print(say(word, name=name, path=path.name, problem=problem))
    if not done:
        print(say('nothing new'))


def doctor(arguments):
    """Examine the computer; fail when something is broken."""
    from from_scratch_to_gluon import start
    from from_scratch_to_gluon.doctor import examine

    if start.must_restart():
        return start.restart(arguments.given)
    return examine(current(), language=words.chosen)


def current():
    """Return the current folder."""
    try:
        return pathlib.Path.cwd()
    except FileNotFoundError as error:
        raise BookError(say('gone')) from error


def data(arguments):
    """Fetch and verify every data set; a look-alike is not enough."""
    sys.path.insert(0, str(shipped.utils()))
    import utils_data

    os.environ['BOOK_STAND_IN'] = 'never'
    for name in utils_data.DATA_SETS:
        try:
            found = utils_data.find_data(name)
            utils_data.verified_contents(found, name)
        except utils_data.DataError as error:
            raise BookError(' '.join(str(error).split())) from error
        [folder] = {path.parent for path in found.files.values()}
        print(f'{name:15} {folder}', flush=True)
