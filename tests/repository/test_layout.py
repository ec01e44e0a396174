"""The rules of the repository itself: what may import what, what is kept."""

import ast
import re
import subprocess
import sys
import tomllib
from collections import Counter
from importlib import metadata

import pytest
import yaml
from books import ROOT
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import utils_data
from book.chapters import toc
from book.chapters.program import parse
from book.chapters.reader import code_cells, read
from book.experiments.expected_outputs import path as references_path
from book.tools.doctor import PYTHONS
from book.tools.setup import pythons

FUNCTION_LINES, UTILS_LINES = 25, 700
ENTRIES, FILES = 10, 12  # in book/, and in any of its folders
MEGABYTE = 2 ** 20
BUILT_IN = re.compile(r'Built in\s+([\w-]+/[\w-]+)')
FUNCTIONS = ast.FunctionDef, ast.AsyncFunctionDef
SHARED = sorted(ROOT.glob('utils*.py'))  # what readers have
PACKAGE = sorted((ROOT / 'from_scratch_to_gluon').glob('*.py'))
PROGRAM = 'from_scratch_to_gluon'
TO_READ = 'from_scratch_to_gluon.tape'  # a chapter's code, for readers only
MODULES = [*SHARED, *sorted((ROOT / 'book').glob('**/*.py'))]
STAGES = ('chapters', 'execution', 'experiments', 'rendering', 'shipping',
          'tools')
UNWANTED = re.compile(r'\.(ipynb|gz|params|pyc)$|^_build/|\.csv$')
OF_MXNET = 'engine/tests/files/'  # small files that MXNet wrote
# A line for some systems alone counts where it is for this one
PIN = re.compile(r'^\s*-?\s*([\w.-]+)==([\w.]+)(?: *; *(.*?))?(?: \\)?$',
                 re.MULTILINE)
HASHED = re.compile(
    r'[\w.-]+==\S+( ; .+?)?( \\\n    --hash=sha256:[0-9a-f]{64})+\n')
BY_HAND = 'requirements-pytorch-cpu.txt'
LOCKS = {  # file: the groups of pyproject.toml that it must hold
    'requirements.txt': ['readers', 'book', 'mxnet'],
    'requirements-torch.txt': ['readers', 'book'],
    'requirements-browser.txt': ['browser'],
    'requirements-gpu.txt': ['gpu'],
    'requirements-image.txt': ['image'],
    'requirements-tools.txt': ['tools'],
    'classroom/requirements.txt': ['classroom'],
    'classroom/kubernetes/exchange/requirements.txt': ['exchange'],
    'classroom/kubernetes/requirements.txt': ['exchanged'],
}


def tree(path):
    return ast.parse(path.read_text('utf-8'))


def modules(node):
    """Return the names of the modules that code imports, or imports from.

    Whatever is imported from a package may be a module.
    """
    found = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Import):
            found |= {name.name for name in part.names}
        elif isinstance(part, ast.ImportFrom) and not part.level:
            found |= {f'{part.module}.{name.name}' for name in part.names}
    return found


def imported(node):
    """Return the names of the packages that code imports."""
    return {name.split('.')[0] for name in modules(node)}


def pins(name):
    """Return {package: version} of the exact versions that a file names."""
    return pinned((ROOT / name).read_text('utf-8'))


def pinned(text, computer=None):
    """Return {package: version} of the exact versions for this system.

    computer: what markers say of another one.
    """
    return {normal(package): version
            for package, version, marker in PIN.findall(text)
            if not marker or Marker(marker).evaluate(computer)}


def normal(package):
    return re.sub('[-_.]+', '-', package).lower()


def tracked():
    """Return the files in git, or None outside a clone."""
    done = subprocess.run(['git', 'ls-files', '-z'], cwd=ROOT,
                          capture_output=True, text=True)
    if done.returncode:
        pytest.skip('not a git clone')
    files = [name for name in done.stdout.split('\0') if name]
    return [name for name in files if (ROOT / name).is_file()]


def stage(path):
    """Return the stage that a module of `book/` belongs to."""
    return STAGES.index(path.relative_to(ROOT / 'book').parts[0])


@pytest.mark.parametrize(
    'path', [x for x in MODULES[len(SHARED):] if x.parent.name != 'book'],
    ids=lambda path: '/'.join(path.parts[-2:]))
def test_a_stage_imports_only_from_itself_and_earlier_ones(path):
    later = STAGES[stage(path) + 1:]
    assert [x for x in modules(tree(path)) if x.startswith('book.')
            and x.split('.')[1] in later] == []


def test_the_pipeline_is_seen_at_a_glance():
    top = [x for x in (ROOT / 'book').iterdir() if x.name != '__pycache__']
    assert len(top) <= ENTRIES
    holds = Counter(x.parent for x in (ROOT / 'book').rglob('*')
                    if x.is_file() and x.suffix != '.pyc')
    assert {str(x): n for x, n in holds.items() if n > FILES} == {}


def test_what_chapters_import_is_short_enough_to_be_read():
    assert len((ROOT / 'utils.py').read_text().splitlines()) <= UTILS_LINES


@pytest.mark.parametrize('path', MODULES[len(SHARED):],
                         ids=lambda path: path.name)
def test_only_a_process_of_its_own_imports_mxnet_and_utils(path):
    found = imported(tree(path)) & {'mxnet', 'utils'}
    assert found == set()


@pytest.mark.parametrize('path', SHARED, ids=lambda path: path.name)
def test_readers_import_only_what_the_lock_installs(path):
    packages = metadata.packages_distributions()
    foreign = imported(tree(path)) - {x.stem for x in SHARED}
    foreign -= set(sys.stdlib_module_names)
    lock = pins('requirements.txt')
    assert [name for name in foreign if not any(
        normal(package) in lock for package in packages.get(name, ()))] == []


@pytest.mark.parametrize('path', PACKAGE, ids=lambda path: path.name)
def test_what_readers_install_starts_at_once_and_without_the_pipeline(path):
    assert 'book' not in imported(tree(path))
    first = [x for x in tree(path).body
             if isinstance(x, (ast.Import, ast.ImportFrom))]
    names = set().union(*map(imported, first)) - set(sys.stdlib_module_names)
    allowed = 'numpy' if TO_READ.endswith(f'.{path.stem}') else PROGRAM
    assert names <= {allowed}
    assert TO_READ not in modules(tree(path))


@pytest.mark.parametrize('name', [
    'doctor', 'computer', 'engines', 'programs'])
def test_the_doctor_needs_no_package(name):
    path = ROOT / f'from_scratch_to_gluon/{name}.py'
    own = {'from_scratch_to_gluon', *sys.stdlib_module_names}
    assert imported(tree(path)) - own == set()


def test_what_programs_write_is_decoded_in_one_place():
    calls = [(path, x) for path in [*MODULES, *PACKAGE]
             for x in ast.walk(tree(path)) if isinstance(x, ast.Call)
             and ast.unparse(x.func).startswith('subprocess.')]
    decoding = {'text', 'encoding', 'errors', 'universal_newlines'}
    assert calls
    assert [f'{path}:{x.lineno}: use programs.run' for path, x in calls
            if decoding & {option.arg for option in x.keywords}] == []


@pytest.mark.parametrize('name', [
    'utils_data', 'utils_help', 'utils_stand_ins'])
def test_data_needs_neither_mxnet_nor_pictures(name):
    foreign = imported(tree(ROOT / f'{name}.py')) - {x.stem for x in SHARED}
    assert foreign - set(sys.stdlib_module_names) <= {
        'filelock', 'numpy', 'tqdm'}


@pytest.mark.parametrize(
    'path', [*MODULES, *PACKAGE,
             *sorted((ROOT / 'classroom').glob('**/*.py')),
             *sorted((ROOT / 'benchmarks').glob('*.py'))],
    ids=lambda path: f'{path.parent.name}/{path.name}')
def test_functions_are_short(path):
    long = [f'{path.name}:{node.lineno}: {node.name} has {lines(node)} lines'
            for node in ast.walk(tree(path)) if isinstance(node, FUNCTIONS)
            if lines(node) > FUNCTION_LINES]
    assert long == []


def lines(function):
    """Count the lines of a function without decorators and docstring."""
    count = function.end_lineno - function.lineno + 1
    if ast.get_docstring(function) is not None:
        text = function.body[0]
        count -= text.end_lineno - text.lineno + 1
    return count


def test_git_holds_no_outputs_no_data_and_no_large_files():
    assert [name for name in tracked()
            if UNWANTED.search(name) and not name.startswith(OF_MXNET)
            or (ROOT / name).stat().st_size > MEGABYTE] == []


def conda(text):
    """Return {package: version} of what a file for conda installs exactly.

    Files that it gives to pip are followed.
    """
    found = {}
    for entry in yaml.safe_load(text)['dependencies']:
        if isinstance(entry, dict):
            for line in entry['pip']:
                found |= pins_of(line)
        elif '=' in entry:
            package, version = re.split('=+', entry)
            found[normal(package)] = version
    return found


def pins_of(line):
    """Return what a line for pip installs: a package or those of a file."""
    option, _, name = line.partition(' ')
    if option == '-r':
        return pins(name)
    return pinned(line)


def test_conda_installs_the_versions_of_the_lock_and_nothing_else():
    environment = conda((ROOT / 'environment.yml').read_text('utf-8'))
    assert re.fullmatch(r'3\.11(\.\d+)?', environment.pop('python'))
    assert environment == pins('requirements.txt')


def test_the_sums_of_the_data_sets_are_in_one_file_and_with_the_engine():
    digest = re.compile(r'\b[0-9a-f]{64}\b')
    found = {x: set(digest.findall((ROOT / x).read_text('utf-8', 'replace')))
             for x in tracked() if x not in (*LOCKS, BY_HAND)}
    found = {name: sums for name, sums in found.items() if sums}
    engine = 'engine/mxnet/gluon/data/vision/datasets.py'  # a package alone
    assert found.keys() == {engine, 'utils_data.py'}
    assert found[engine] < found['utils_data.py']
    images = {x.sha256 for name in ('mnist', 'fashion-mnist')
              for x in utils_data.DATA_SETS[name].files.values()}
    assert found[engine] == images


@pytest.mark.parametrize('name', LOCKS)
def test_a_lock_is_pins_with_their_hashes_as_make_lock_writes_them(name):
    head, text = (ROOT / name).read_text('utf-8').split('make lock\n')
    assert head.startswith('# ') and HASHED.sub('', text) == ''


def sums(name):
    """Return {package: (version, sums)} of a file with hashes."""
    return {
        normal(x[1]): (x[2], {*re.findall('[0-9a-f]{64}', x[0])})
        for x in re.finditer(
            r'^([\w.-]+)==(\S+).*\\\n(?:    --hash.*\n)+',
            (ROOT / name).read_text('utf-8'), re.MULTILINE)}


def test_pytorch_of_the_site_and_the_image_has_the_versions_of_the_others():
    text = (ROOT / BY_HAND).read_text('utf-8')
    assert HASHED.sub('', ''.join(
        x for x in text.splitlines(True) if not x.startswith('#'))) == ''
    found, locked = sums(BY_HAND), sums('requirements-torch.txt')
    wanted = pinned((ROOT / 'requirements-pytorch.txt').read_text('utf-8'),
                    on(LINUX, 11))
    assert {name: version.split('+')[0]
            for name, (version, _) in found.items()} == wanted
    assert len(found['torch'][1]) == 2  # x86_64 and aarch64
    assert {x: y for x, y in found.items() if x in locked} == {
        x: locked[x] for x in found if x in locked}


@pytest.mark.parametrize('name, groups', LOCKS.items())
def test_a_lock_holds_what_pyproject_asks_for(name, groups):
    locked = pins(name)
    wanted = [Requirement(x) for group in groups for x in asked(group)]
    wanted = [x for x in wanted if not x.marker or x.marker.evaluate()]
    assert [str(x) for x in wanted
            if locked.get(normal(x.name)) not in x.specifier] == []


LINUX = {'sys_platform': 'linux', 'platform_system': 'Linux',
         'os_name': 'posix', 'platform_machine': 'x86_64'}
ARM = {**LINUX, 'platform_machine': 'aarch64'}
MAC = {**LINUX, 'sys_platform': 'darwin', 'platform_system': 'Darwin',
       'platform_machine': 'arm64'}
INTEL_MAC = {**MAC, 'platform_machine': 'x86_64'}
WINDOWS = {'sys_platform': 'win32', 'platform_system': 'Windows',
           'os_name': 'nt', 'platform_machine': 'AMD64'}
OWN = {  # packages that only some systems need
    'linux': {'pexpect'}, 'darwin': {'pexpect', 'appnope'},
    'win32': {'colorama', 'pywinpty'}}
SYSTEMS = {'Linux': LINUX, 'Linux on ARM': ARM, 'macOS': MAC,
           'Windows': WINDOWS}


def on(system, minor):
    """Return what markers say of a computer."""
    return {**system, 'implementation_name': 'cpython', 'extra': '',
            'platform_python_implementation': 'CPython',
            'python_version': f'3.{minor}',
            'python_full_version': f'3.{minor}.2'}


@pytest.mark.parametrize('name, computer', [
    pytest.param('requirements.txt', on(LINUX, 11), id='MXNet, Linux'),
    pytest.param('requirements.txt', on(INTEL_MAC, 11), id='MXNet, macOS'),
    *(pytest.param('requirements-torch.txt', on(system, minor),
                   id=f'PyTorch, {title}, Python 3.{minor}')
      for title, system in SYSTEMS.items() for minor in range(10, 14))])
def test_a_lock_holds_what_pyproject_asks_for_on(name, computer):
    locked = pinned((ROOT / name).read_text('utf-8'), computer)
    wanted = [Requirement(x) for group in LOCKS[name] for x in asked(group)]
    wanted = [x for x in wanted
              if not x.marker or x.marker.evaluate(computer)]
    assert len(wanted) > 20
    assert [str(x) for x in wanted
            if locked.get(normal(x.name)) not in x.specifier] == []
    assert locked.keys() & {x for names in OWN.values() for x in names} == (
        OWN[computer['sys_platform']])


def asked(group):
    """Return what pyproject.toml asks for: readers, or one of its groups.

    An engine of ours is in no lock.
    """
    table = tomllib.loads((ROOT / 'pyproject.toml').read_text('utf-8'))
    if group == 'readers':
        return [x for x in table['project']['dependencies']
                if not x.startswith('gluon-on-torch')]
    found = []
    for x in table['dependency-groups'][group]:
        found += [x] if isinstance(x, str) else asked(x['include-group'])
    return found


@pytest.mark.parametrize('name', [
    'requirements-gpu.txt', 'requirements-image.txt',
    'requirements-browser.txt', 'classroom/requirements.txt'])
def test_further_locks_leave_the_lock_as_it_is(name):
    assert not pins(name).keys() & pins('requirements.txt').keys()


def test_a_hub_has_what_its_students_have():
    students, hub = map(pins, ['requirements-image.txt',
                               'classroom/requirements.txt'])
    assert students.items() <= hub.items()


@pytest.mark.parametrize('lock', ['requirements.txt',
                                  'requirements-torch.txt'])
def test_what_pytorch_shares_with_the_lock_has_its_versions(lock):
    further, known = map(pins, ['requirements-pytorch.txt', lock])
    shared = further.keys() & known.keys()
    assert {x: further[x] for x in shared} == {x: known[x] for x in shared}
    assert 'setuptools' in shared


def test_pytorch_is_pinned_in_one_place_and_new_enough_for_our_engine():
    naming = [name for name in [*LOCKS, 'requirements-pytorch.txt']
              if 'torch' in pins(name)]
    assert naming == ['requirements-pytorch.txt']
    needed = [Requirement(x) for x in project('engine')['dependencies']]
    found = {**pins('requirements-torch.txt'), **pins(naming[0])}
    assert [str(x) for x in needed if found[x.name] not in x.specifier] == []


def test_both_engines_build_with_the_same_jupyter_book():
    names = [x for x in pins('requirements.txt')
             if re.match('jupyter-book|sphinx|myst|docutils|nb', x)]
    ours = pins('requirements-torch.txt')
    assert len(names) > 10
    assert {x: ours[x] for x in names} == {
        x: pins('requirements.txt')[x] for x in names}


def test_the_front_door_asks_for_the_python_that_the_project_allows():
    allowed = SpecifierSet(project('.')['requires-python'])
    ours = SpecifierSet(project('engine')['requires-python'])
    for minor in range(6, 16):
        version = f'3.{minor}'
        assert (version in allowed) == (minor >= 8)
        assert (version in ours) == (minor >= 10)
    assert pythons.PYTHONS == PYTHONS
    assert PYTHONS['torch'] == ((3, 10), (3, 13))


def project(folder):
    """Return what the distribution in a folder says of itself."""
    path = ROOT / folder / 'pyproject.toml'
    return tomllib.loads(path.read_text('utf-8'))['project']


@pytest.mark.parametrize('page', toc.pages(ROOT), ids=str)
def test_chapters_do_not_import_the_pipeline(page):
    code = '\n'.join(cell.source for cell
                     in code_cells(read(page.text('en'))))
    assert 'book' not in imported(parse(code))


def built():
    """Yield what utils.py says is built in a chapter, and the chapter."""
    for node in tree(ROOT / 'utils.py').body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            match = BUILT_IN.search(ast.get_docstring(node) or '')
            if match:
                yield pytest.param(node, match[1], id=node.name)


@pytest.mark.parametrize('node, chapter', list(built()))
def test_utils_has_the_code_that_the_chapter_builds(node, chapter):
    path = ROOT / 'chapters/en' / f'{chapter}.md'
    assert bare(definition(path, node.name)) == bare(node)


def definition(path, name):
    """Return the last definition of a name in a chapter, as a tree."""
    found = [node for cell in code_cells(read(path.read_text('utf-8'), path))
             for node in parse(cell.source, path, cell.metadata.line).body
             if getattr(node, 'name', None) == name]
    assert found, f'{path}: utils.py says that {name} is built here'
    return found[-1]


def bare(definition):
    """Return the code of a definition without docstrings and comments.

    What a chapter calls `utils.batches` is plain `batches` in utils.py,
    where decorators of utils_help.py tell of wrong arguments.
    """
    definition.decorator_list = [
        x for x in definition.decorator_list
        if not ast.unparse(x).startswith('utils_help.')]
    for node in ast.walk(definition):
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            if ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(definition).replace('utils.', '')


def test_references_belong_to_chapters():
    pages = {references_path(ROOT, page) for page in toc.pages(ROOT)}
    files = set((ROOT / 'tests/references').glob('**/*.yml'))
    assert files - pages == set()
