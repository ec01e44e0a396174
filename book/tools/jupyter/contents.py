"""Jupyter's view of the files: chapters are notebooks.

A page with code cells opens, runs and saves as a notebook; other pages stay
text. Whatever is saved is written beside the old file first and then takes
its place, so that an interrupted save leaves the old file whole.
"""

import contextlib
import functools
import glob
import itertools
import os
import pathlib
import shutil
import tempfile
import time

from ipykernel.ipkernel import IPythonKernel
from jupyter_client.kernelspec import NoSuchKernel, get_kernel_spec
from jupyter_core.paths import jupyter_data_dir
from jupyter_server.services.contents.filecheckpoints import (
    AsyncFileCheckpoints,
)
from jupyter_server.services.contents.largefilemanager import (
    AsyncLargeFileManager,
)
from jupyter_server.utils import to_api_path
from tornado.web import HTTPError
from traitlets import Bool, Unicode, default

from book.chapters import reader, toc
from book.chapters.errors import PageError
from book.tools.jupyter import chapter

ADVICE = 'to mend it, open the file as text: Open With, Editor'
HOUR = 3600
NUMBERS = itertools.count()
KINDS = {'.md', '.ipynb'}
OTHER_KIND = (
    'a chapter and a notebook are written differently, so a new name does '
    'not turn one into the other; use File, Save Notebook As'
)


class ChapterCheckpoints(AsyncFileCheckpoints):
    """Keeps checkpoints in a folder of their own, not among the chapters."""

    folder = Unicode(
        config=True,
        help='Where checkpoints are kept; by default in the home folder, '
        'with the data of Jupyter.',
    )

    @default('folder')
    def _default_folder(self):
        folder = pathlib.Path(jupyter_data_dir(), 'checkpoints')
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            return tempfile.mkdtemp(prefix='checkpoints-')
        return str(folder)

    def checkpoint_path(self, checkpoint_id, path):
        """Return the file of a checkpoint; its folder is made."""
        file = pathlib.Path(self._get_os_path(path.strip('/')))
        folder = pathlib.Path(self.folder, *file.parent.parts[1:])
        with self.perm_to_403():
            folder.mkdir(parents=True, exist_ok=True)
        return str(folder / f'{file.stem}-{checkpoint_id}{file.suffix}')

    async def restore_checkpoint(self, contents_mgr, checkpoint_id, path):
        """Bring a checkpoint back, whole or not at all."""
        source = pathlib.Path(self.checkpoint_path(checkpoint_id, path))
        if not source.is_file():
            self.no_such_checkpoint(path, checkpoint_id)
        target = contents_mgr._get_os_path(path.strip('/'))
        with contents_mgr.atomic_writing(target, text=False) as file:
            file.write(source.read_bytes())


class ChapterManager(AsyncLargeFileManager):
    """Opens and saves chapters as notebooks, all else as Jupyter does."""

    save_outputs = Bool(
        False,
        config=True,
        help='Save outputs in chapters, too, as blocks that notedown reads.',
    )

    @default('checkpoints_class')
    def _default_checkpoints(self):
        return ChapterCheckpoints

    async def get(self, path, content=True, type=None, **options):
        """Return the model of a file; of a chapter that of a notebook."""
        if type is None and self.holds_chapter(path):
            type = 'notebook'
        return await super().get(path, content, type, **options)

    def holds_chapter(self, path):
        """Tell whether there is a chapter at a path."""
        file = self._get_os_path(path.strip('/'))
        if not (is_page(file) and os.path.isfile(file)):
            return False
        try:
            text = pathlib.Path(file).read_text(encoding='utf-8')
        except (OSError, UnicodeError):
            return False
        return chapter.is_chapter(text)

    async def _read_notebook(self, os_path, as_version=4,
                             capture_validation_error=None, raw=False):
        """Read a notebook, from Markdown if it is a page."""
        if not is_page(os_path):
            return await super()._read_notebook(os_path, as_version,
                                                capture_validation_error, raw)
        text, _, content = await self._read_file(os_path, 'text', raw=True)
        label = to_api_path(os_path, self.root_dir)
        try:
            notebook = chapter.reads(text, label)
        except PageError as error:
            raise HTTPError(400, f'{error}; {ADVICE}') from error
        notebook.metadata.update(kernel())
        return (notebook, content) if raw else notebook

    async def _save_notebook(self, os_path, nb,
                             capture_validation_error=None):
        """Save a notebook, as Markdown if it is a page.

        A page that would not change is not touched.
        """
        if not is_page(os_path):
            return await super()._save_notebook(os_path, nb,
                                                capture_validation_error)
        content = chapter.writes(nb, self.save_outputs).encode('utf-8')
        file = pathlib.Path(os_path)
        if not file.is_file() or file.read_bytes() != content:
            with self.atomic_writing(os_path, text=False) as target:
                target.write(content)

    async def rename_file(self, old_path, new_path):
        """Rename a file, unless its name would then be wrong."""
        kinds = {os.path.splitext(x)[1] for x in (old_path, new_path)}
        if kinds == KINDS:
            raise HTTPError(400, OTHER_KIND)
        await super().rename_file(old_path, new_path)

    @contextlib.contextmanager
    def atomic_writing(self, os_path, text=True, encoding='utf-8', **options):
        """Yield a file to write to, which replaces another when it ends."""
        if not self.use_atomic_writing:
            with super().atomic_writing(os_path, text=text, encoding=encoding,
                                        **options) as file:
                yield file
            return
        mode, kind = ('w', encoding) if text else ('wb', None)
        options = {'newline': '\n', **options} if text else options
        with self.perm_to_403(os_path), whole(os_path) as new:
            with open(new, mode, encoding=kind, **options) as file:
                yield file
                file.flush()
                os.fsync(file.fileno())


@contextlib.contextmanager
def whole(path):
    """Yield a name for a new file, which then takes the place of a file.

    If anything goes wrong the old file stays. A link stays a link, and the
    file keeps its permissions.
    """
    path = pathlib.Path(path).resolve()
    new = path.with_name(f'.{path.name}.{os.getpid()}-{next(NUMBERS)}.new')
    try:
        yield new
        if path.exists():
            shutil.copymode(path, new)
        os.replace(new, path)
        sweep(path)
    finally:
        new.unlink(missing_ok=True)


def sweep(path):
    """Remove what saves have left that were killed long ago."""
    for left in path.parent.glob(f'.{glob.escape(path.name)}.*.new'):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > HOUR:
                left.unlink()


@functools.cache
def kernel():
    """Return what JupyterLab notes in a notebook about its kernel.

    A notebook that says so from the start does not look changed as soon as
    its kernel is there.
    """
    try:
        spec = get_kernel_spec(reader.KERNEL['name'])
    except (NoSuchKernel, ValueError):  # none, or not as it should be
        return {}
    name = {**reader.KERNEL, 'display_name': spec.display_name}
    return {'kernelspec': name, 'language_info': IPythonKernel.language_info}


def is_page(path):
    return path.endswith('.md')


def prose(folder):
    """Return the names of pages that, wherever they stand, are text."""
    names = {True: set(), False: set()}
    for path in toc.written(pathlib.Path(folder)):
        text = path.read_text(encoding='utf-8', errors='replace')
        names[chapter.is_chapter(text)].add(path.stem)
    return sorted(names[False] - names[True])
