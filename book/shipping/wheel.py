"""What readers install, as wheels: the package and the engine.

Both are built from a copy that holds what belongs in and nothing else, with
the setuptools of this environment. The same input gives the same bytes.
"""

import os
import shutil
import sys
import tempfile
from pathlib import Path

from book.chapters import toc
from book.execution import files
from book.shipping import workspace
from book.shipping.bundle import run

PACKAGE = 'from_scratch_to_gluon'
GUIDE = Path(__file__).parent / 'guides/package.md'
BESIDE = 'pyproject.toml', 'LICENSE', 'LICENSE-CODE'
IGNORED = shutil.ignore_patterns('__pycache__', 'notebooks', '.*')
SAME = {'SOURCE_DATE_EPOCH': '315532800',  # 1980, where zip files begin
        'PYTHONHASHSEED': '0'}


def write(root):
    """Build both wheels; return their paths."""
    with files.new_folder(root / files.WHEEL) as new:
        for stage in (stage_package, stage_engine):
            with tempfile.TemporaryDirectory(prefix='book-') as place:
                stage(root, Path(place))
                build(Path(place), new)
    return sorted((root / files.WHEEL).glob('*.whl'))


def stage_package(root, place):
    """Copy the package, and make the notebooks that it brings."""
    for name in BESIDE:
        shutil.copy(root / name, place)
    shutil.copy(GUIDE, place / 'README.md')
    shutil.copytree(root / PACKAGE, place / PACKAGE, ignore=IGNORED)
    for language in toc.LANGUAGES:
        folder = place / PACKAGE / 'notebooks' / language
        workspace.make(root, language, folder)


def stage_engine(root, place):
    """Copy the engine without its tests."""
    for name in ('pyproject.toml', 'LICENSE', 'README.md'):
        shutil.copy(root / 'engine' / name, place)
    shutil.copytree(root / 'engine/mxnet', place / 'mxnet', ignore=IGNORED)


def build(source, target):
    """Build the wheel of a folder, without a network."""
    for path in source.rglob('*'):
        path.chmod(0o755 if path.is_dir() else 0o644)
    run([sys.executable, '-m', 'pip', 'wheel', '--quiet', '--no-index',
         '--no-deps', '--no-build-isolation', '--wheel-dir', target, source],
        source, 'what builds wheels is not whole: make the environment anew',
        env={**os.environ, **SAME})
