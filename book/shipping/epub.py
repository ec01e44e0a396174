"""What Sphinx made of the editions -> two e-books."""

import os
import shutil

from book.execution import files

NAME = 'from-scratch-to-gluon-{}.epub'


def publish(root, folders):
    """Put the e-books in place, each as a whole; return their paths.

    folders: language -> the folder with the e-book of that edition.
    """
    return [
        put(folder / 'book.shipping.epub', root / files.EPUB / NAME.format(language))
        for language, folder in folders.items()
    ]


def put(source, target):
    """Copy a file so that it is never seen half-written."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(f'{target.name}.new')
    shutil.copy(source, new)
    os.replace(new, target)
    return target
