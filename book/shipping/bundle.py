"""Everything for a place without a network: one folder and one archive.

A bundle has a folder for each of its parts, a guide in each language, and
the SHA-256 of every file, in the format of `sha256sum -c`.
"""

import io
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

from book.chapters import toc
from book.chapters.errors import BookError
from book.chapters.languages import words
from book.execution import engine, files
from book.execution.engine import LOCK_FILE
from book.execution.environment import variables
from book.shipping import pdf
from from_scratch_to_gluon import probe, programs

HERE = Path(__file__).parent
NAME = files.NAME
SUMS = 'SHA256SUMS'


def wheels(root, folder):
    """Fetch the packages of the lock; build those that come as source."""
    run([sys.executable, '-m', 'pip', 'wheel', '--quiet', '--require-hashes',
         '--wheel-dir', folder, '-r', root / LOCK_FILE], root,
        'connect to the network, or leave the packages out: '
        'make bundle WITHOUT=wheels')


def data(root, folder):
    """Copy the data sets, verified, from where utils finds them."""
    found, problem = probe.ask(
        root, 'data_files', env={**variables(root), 'BOOK_STAND_IN': 'never'}
    )
    if problem:
        raise BookError(f'utils_data.py: {problem}\nor leave the data sets '
                        'out: make bundle WITHOUT=data')
    for name, path in found.items():
        files.copy(path, inside(folder, name))


def html(root, folder):
    """Copy the site."""
    shutil.copytree(root / files.SITE, folder, dirs_exist_ok=True)


def printed(root, folder):
    """Copy the printed book of both languages."""
    for path in sorted((root / files.PDF).glob(f'{NAME}-*.pdf')):
        shutil.copy(path, folder)


def zips(root, folder):
    """Copy the notebooks of both languages."""
    for path in sorted((root / files.NOTEBOOKS).glob('*.zip')):
        shutil.copy(path, folder)


def source(root, folder):
    """Unpack the files of the last commit."""
    packed = run(['git', 'archive', 'HEAD'], root,
                 'run from the top of a clone of the repository, or leave '
                 'the source out: make bundle WITHOUT=source')
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter='data')


PARTS = {'wheels': wheels, 'data': data, 'html': html, 'pdf': printed,
         'notebooks': zips, 'source': source}


def run(command, root, advice, env=None):
    """Run a command; return what it writes. BookError gives the advice."""
    try:
        done = subprocess.run(command, cwd=root, capture_output=True, env=env)
    except OSError as error:
        reason = f'{command[0]}: {error.strerror}'
        raise BookError(f'{reason}\n{advice}') from error
    if done.returncode:
        reason = programs.text(done.stderr).strip().splitlines()
        raise BookError('\n'.join([*reason[-3:], advice]))
    return done.stdout


def check(root, without=(), image=None):
    """Raise BookError for what would stop a bundle after a long build."""
    if image is not None and not image.is_file():
        raise BookError(f'{image}: no such file; name the archive of the '
                        'image, as `docker save` writes it, or leave IMAGE= '
                        'out')
    if 'wheels' not in without and engine.find().name != engine.MXNET:
        raise BookError('the wheels of a bundle are those with MXNet: `make '
                        'bundle ENGINE=mxnet`, or leave them out: make '
                        'bundle WITHOUT=wheels')
    if 'pdf' not in without:
        try:
            pdf.need_tools()
        except BookError as error:
            raise BookError(f'{error}\nor leave the printed book out: make '
                            'bundle WITHOUT=pdf') from error


def write(root, without=(), image=None):
    """Write the bundle; return its folder and its archive.

    without: names of `PARTS` to leave out; image: the archive of an image.
    """
    folder = root / files.BUNDLE
    with files.new_folder(folder) as new:
        fill(root, new / NAME, without, image)
        files.write(new / NAME / SUMS, sums(new / NAME))
        pack(new / NAME, new / f'{NAME}.zip')
    return [folder / NAME, folder / f'{NAME}.zip']


def fill(root, folder, without, image):
    """Put the parts of a bundle and the guides into a folder."""
    for name, add in PARTS.items():
        if name not in without:
            (folder / name).mkdir(parents=True)
            add(root, folder / name)
    if image is not None:
        files.copy(image, inside(folder / 'image', image.name))
    for language in toc.LANGUAGES:
        guide = HERE / 'guides' / f'offline.{language}.md'
        text = guide.read_text(encoding='utf-8')
        text = text.replace('PLATFORM', sysconfig.get_platform())
        if without:
            left_out = words(language)['bundle']['left_out']
            text += left_out.format(', '.join(without))
        files.write(folder / f'README.{language}.md', text)


def inside(folder, name):
    """Return the path of a name in a folder; it must not lead out of it."""
    path = Path(os.path.normpath(folder / name))
    if folder not in path.parents:
        raise BookError(f'{name}: leads out of the bundle; rename the file')
    return path


def sums(folder):
    """Return a line with the SHA-256 and the name of each file."""
    lines = []
    for path in sorted(folder.rglob('*')):
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or '\n' in name or '\\' in name:
            raise BookError(f'{name!r}: a link, or a name that not every '
                            'system knows; remove or rename it')
        if path.is_file():
            lines.append(f'{files.sha256(path)}  {name}\n')
    return ''.join(lines)


def pack(folder, path):
    """Write a folder as an archive that every system opens, as it is.

    Most of it is packed already.
    """
    with zipfile.ZipFile(path, 'w', strict_timestamps=False) as target:
        for file in sorted(x for x in folder.rglob('*') if x.is_file()):
            target.write(file, file.relative_to(folder.parent))
