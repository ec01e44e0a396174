"""Where each folder of the book's is among a reader's.

Notebooks import the modules beside them, utils.py above all. If a reader has
worked in a folder, and the book brings another module for it, the folder
stays as it is, and the new edition of the folder comes beside it, whole:
`part` stays, `part.new-version` is new. Each notebook then has the modules
that it was written with. From then on the new one is renewed.
"""

import itertools
import pathlib
import re

from from_scratch_to_gluon.files import EMPTY, digest


def known(table):
    """Return of {folder: new edition} what is of our making."""
    return {part: here for part, here in table.items()
            if re.fullmatch(re.escape(part) + r'\.new-version(-\d+)?', here)
            and '/' not in part}


def placed(name, table):
    """Return where a file of the book's is among a reader's."""
    part, slash, rest = name.partition('/')
    return table['folders'].get(part, part) + slash + rest


def choose(source, chosen, folder, table):
    """Decide about every folder of the files that are chosen."""
    for part in sorted({x.partition('/')[0] for x in chosen if '/' in x}):
        own = [x for x in chosen if x.startswith(f'{part}/')]
        here = table['folders'].get(part)
        if here and not (folder / here).is_dir():
            take_over(folder, own, table)
        if must_stay(source, folder, own, table):
            table['folders'][part] = free(folder, part)


def take_over(folder, own, table):
    """Note that a reader has removed a new folder, or renamed it to the old.
    """
    lasts = {name: table['files'].pop(placed(name, table), None)
             for name in own}
    table['folders'].pop(own[0].partition('/')[0])
    for name, last in lasts.items():
        if last and digest(folder / name) == last:
            table['files'][name] = last


def must_stay(source, folder, own, table):
    """Tell whether a folder has to keep what its notebooks import."""
    looks = [look(source, folder, name, table) for name in own]
    return any(map(is_other_module, own, looks)) and (
        any(map(is_changed, looks)) or has_more(folder, own, table))


def look(source, folder, name, table):
    """Return the digests of a file: the book's, as given, and as found."""
    path = placed(name, table)
    return (digest(source / name), table['files'].get(path),
            digest(folder / path))


def is_other_module(name, digests):
    """Tell whether the book brings another module for one that is there."""
    new, before, found = digests
    return name.endswith('.py') and new != before and found not in (
        None, EMPTY, new)


def is_changed(digests):
    """Tell whether a file is the reader's work."""
    return digests[2] not in (None, EMPTY, *digests[:2])


def has_more(folder, own, table):
    """Tell whether a reader has put notebooks beside those of the book."""
    path = pathlib.Path(folder, placed(own[0], table)).parent
    ours = {pathlib.PurePosixPath(x).name for x in own}
    return any(x.name not in ours and '.new-version' not in x.name
               for x in path.glob('*.ipynb'))


def free(folder, part):
    """Return a name for a new folder beside an old one."""
    for number in itertools.count(1):
        name = f'{part}.new-version' + (f'-{number}' if number > 1 else '')
        if not (folder / name).exists():
            return name
