"""The wheels hold what readers need, the same bytes each time."""

import email
import re
import shutil
import tomllib
import zipfile
from pathlib import PurePosixPath

import pytest
from books import ROOT, book, write_tiny_book
from packaging.requirements import Requirement

import from_scratch_to_gluon
from book.execution import files
from book.shipping import wheel
from from_scratch_to_gluon import start as starting
from from_scratch_to_gluon.shipped import UTILS

PACKAGE = 'from_scratch_to_gluon'
LINUX_311 = {'python_version': '3.11', 'sys_platform': 'linux',
             'platform_machine': 'x86_64'}
LINUX, INTEL_MAC = ('linux', 'x86_64'), ('darwin', 'x86_64')
ARM, APPLE = ('linux', 'aarch64'), ('darwin', 'arm64')
WINDOWS = ('win32', 'AMD64')
SYSTEMS = LINUX, INTEL_MAC, ARM, APPLE, WINDOWS
MXNET, OURS, NEITHER = {'mxnet'}, {'gluon-on-torch'}, set()


def project(folder):
    """Return what the distribution in a folder says of itself."""
    text = (folder / 'pyproject.toml').read_text('utf-8')
    return tomllib.loads(text)['project']


PROJECT = project(ROOT)


# What is inside


@pytest.fixture(scope='module')
def wheels(tmp_path_factory):
    """Return the wheels of a tiny book: {name of the package: path}."""
    root = write_tiny_book(tmp_path_factory.mktemp('wheel'))
    shutil.copy(ROOT / 'pyproject.toml', root)
    for name in (PACKAGE, 'engine'):
        shutil.copytree(ROOT / name, root / name, ignore=wheel.IGNORED)
    (root / PACKAGE / 'notebooks').mkdir()
    (root / PACKAGE / 'notebooks/left.ipynb').touch()
    (root / 'engine/tests/test_more.py').touch()
    status, output, _ = book(root, 'wheel')
    assert status == 0
    paths = [root / line for line in output.splitlines()]
    return {path.name.split('-')[0]: path for path in paths}


def names(path):
    with zipfile.ZipFile(path) as archive:
        return archive.namelist()


def metadata(path):
    """Return what a wheel says of itself."""
    with zipfile.ZipFile(path) as archive:
        [name] = [x for x in archive.namelist() if x.endswith('METADATA')]
        return email.message_from_bytes(archive.read(name))


@pytest.mark.slow
def test_the_package_brings_its_code_and_the_notebooks(wheels):
    found = set(names(wheels[PACKAGE]))
    code = {f'{PACKAGE}/{path.name}' for pattern in ('*.py', '*.json')
            for path in (ROOT / PACKAGE).glob(pattern)}
    assert code <= found
    for language in ('en', 'zh'):
        folder = f'{PACKAGE}/notebooks/{language}'
        assert {f'{folder}/{x}' for x in (
            'README.md', 'part/first.ipynb', 'part/second.ipynb',
            *UTILS, *(f'part/{x}' for x in UTILS))} <= found
    assert f'{PACKAGE}/notebooks/left.ipynb' not in found


@pytest.mark.slow
def test_nothing_called_utils_book_or_tests_is_installed(wheels):
    for package, path in wheels.items():
        top = {PurePosixPath(x).parts[0] for x in names(path)}
        ours = {PACKAGE: PACKAGE, 'gluon_on_torch': 'mxnet'}[package]
        assert {x for x in top if not x.endswith('.dist-info')} == {ours}
        assert not [x for x in names(path) if 'test_' in x.split('/')[-1]
                    and not x.endswith('test_utils.py')]


@pytest.mark.slow
def test_the_page_of_the_registry_is_for_readers_and_names_the_licences(
        wheels):
    found = metadata(wheels[PACKAGE])
    assert found['License-Expression'] == PROJECT['license']
    start = 'uvx --python 3.11 from-scratch-to-gluon start'
    assert start in found.get_payload()
    for path in wheels.values():
        assert any('/licenses/LICENSE' in x for x in names(path))


@pytest.mark.slow
def test_the_same_input_gives_the_same_bytes(wheels):
    before = {path: files.sha256(path) for path in wheels.values()}
    path = wheels[PACKAGE]
    root = path.parents[2]
    (root / PACKAGE / 'errors.py').chmod(0o600)
    wheel.write(root)
    assert {path: files.sha256(path) for path in before} == before


def test_a_failure_is_told_and_leaves_the_old_wheels(tiny_book, monkeypatch):
    old = tiny_book / files.WHEEL / 'old.whl'
    files.write(old, '')
    monkeypatch.setattr(
        wheel, 'stage_package',
        lambda root, place: (place / 'pyproject.toml').write_text('[project'))
    status, _, messages = book(tiny_book, 'wheel')
    assert status == 1 and 'make the environment anew' in messages
    assert old.exists() and list(old.parent.iterdir()) == [old]


# What is said of it


def test_the_version_is_the_same_in_both_places():
    assert from_scratch_to_gluon.__version__ == PROJECT['version']


def test_a_registry_takes_the_version_of_the_engine():
    version = project(ROOT / 'engine')['version']
    assert re.fullmatch(r'1\.9\.1\.\d+', version)
    start = (ROOT / 'engine/mxnet/_start.py').read_text('utf-8')
    assert f"__version__ = '1.9.1+torch{version[-1]}'" in start


def engines(python, system, extra=''):
    """Return the engines that pip would install."""
    name, machine = system
    values = {'python_version': python, 'python_full_version': f'{python}.1',
              'sys_platform': name, 'platform_machine': machine}
    asked = map(Requirement, PROJECT['dependencies'])
    further = PROJECT['optional-dependencies'].get(extra, ())
    wanted = [*asked, *map(Requirement, further)]
    return {x.name for x in wanted if x.name in ('mxnet', 'gluon-on-torch')
            and (x.marker is None or x.marker.evaluate(values))}


@pytest.mark.parametrize('extra, wanted', [
    ('', {LINUX: 'nnnnoo', INTEL_MAC: 'nnnnnn', ARM: 'nnoooo',
          APPLE: 'nnoooo', WINDOWS: 'nnoooo'}),
    ('mxnet', {LINUX: 'mmmmoo', INTEL_MAC: 'mmmmnn', ARM: 'nnoooo',
               APPLE: 'nnoooo', WINDOWS: 'nnoooo'}),
    ('torch', {LINUX: 'nnoooo', INTEL_MAC: 'nnnnnn', ARM: 'nnoooo',
               APPLE: 'nnoooo', WINDOWS: 'nnoooo'}),
], ids=['plain', 'mxnet', 'torch'])
@pytest.mark.parametrize('system', SYSTEMS, ids='-'.join)
def test_which_engine_comes_on_python_3_8_to_3_13(extra, wanted, system):
    meaning = {'m': MXNET, 'o': OURS, 'n': NEITHER}
    pythons = [f'3.{minor}' for minor in range(8, 14)]
    assert [engines(x, system, extra) for x in pythons] == [
        meaning[x] for x in wanted[system]]


@pytest.mark.parametrize('changes, extras', [
    ({}, ['mxnet', 'torch']),
    ({'python_version': '3.8'}, ['mxnet']),
    ({'python_version': '3.12'}, ['torch']),
    ({'sys_platform': 'darwin'}, ['mxnet']),
    ({'sys_platform': 'win32', 'platform_machine': 'AMD64'}, ['torch']),
    ({'sys_platform': 'darwin', 'python_version': '3.12'}, []),
])
def test_extras_that_help_are_read_from_what_the_package_asks_for(
        monkeypatch, changes, extras):
    asked = []
    for extra, lines in PROJECT['optional-dependencies'].items():
        for package, marker in (x.split('; ') for x in lines):
            asked.append(f'{package}; ({marker}) and extra == "{extra}"')
    monkeypatch.setattr(starting.metadata, 'requires', lambda name: asked)
    assert starting.offered({**LINUX_311, **changes}) == extras


def test_numpy_is_held_back_for_mxnet_alone():
    held = [Requirement(x) for x in PROJECT['optional-dependencies']['mxnet']]
    assert {str(x.specifier) for x in held} == {'==1.9.1', '<1.24'}
    assert len({str(x.marker) for x in held}) == 1
    assert 'numpy' in PROJECT['dependencies']
