"""A Jupyter server's files: written under another name, then renamed.

Jupyter's own manager writes into the file itself, so that a server killed
at that moment leaves half a notebook behind.
"""

import contextlib
import os
import pathlib
import shutil
import tempfile

from jupyter_server.services.contents.largefilemanager import (
    AsyncLargeFileManager,
)


class WholeFiles(AsyncLargeFileManager):
    """Jupyter's files, each of them old or new, never in between."""

    @contextlib.contextmanager
    def atomic_writing(self, os_path, *args, **kwargs):
        with self.perm_to_403(os_path), renamed(os_path, *args, **kwargs) as f:
            yield f


@contextlib.contextmanager
def renamed(path, text=True, encoding='utf-8'):
    """Open a new file that takes the place of another when it is complete."""
    path = pathlib.Path(path).resolve()
    how = {'encoding': encoding, 'newline': '\n'} if text else {}
    file = tempfile.NamedTemporaryFile(
        'w' if text else 'wb',
        dir=path.parent,
        prefix=f'.{path.name}.',
        suffix='.new',
        delete=False,
        **how,
    )
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        set_mode(path, file.name)
        os.replace(file.name, path)
    except BaseException:
        os.unlink(file.name)
        raise


def set_mode(path, new):
    """Give a new file the access mode of the old one, or the usual mode."""
    if path.exists():
        shutil.copymode(path, new)
    else:
        mask = os.umask(0)
        os.umask(mask)
        os.chmod(new, 0o666 & ~mask)
