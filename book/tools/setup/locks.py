"""What looks after the locks: `make lock`, `make audit`, `make sbom`."""

import re
import shlex

from book.tools.setup.programs import Step, module

LOCK = 'requirements.txt'
TORCH_LOCK = 'requirements-torch.txt'
IMAGE_LOCK = 'requirements-image.txt'
TORCH_SUMS = 'requirements-pytorch-cpu.txt'
SBOM = '_build/sbom{}.cdx.json'
# What is in the images: with MXNet, with our engine, and with the hub of a
# class, which stands on the first
IMAGES = {
    '': (LOCK, IMAGE_LOCK),
    '-torch': (TORCH_LOCK, IMAGE_LOCK, TORCH_SUMS),
    '-hub': (LOCK, 'classroom/requirements.txt'),
}
BESIDE = 'image', 'gpu', 'browser'  # groups, each in a file of its own
# For all systems, with the sums of all files; from the Python of Debian 12
# on where the series is that of MXNet
COMPILE = (
    'uv', 'pip', 'compile', '--quiet', '--no-config', '--no-annotate',
    '--custom-compile-command', 'make lock', '--generate-hashes',
    '--no-python-downloads',
)
CLUSTER = (  # what only a class in a cluster has
    ('exchange/requirements.txt', '--group', 'exchange'),
    ('requirements.txt', '--group', 'exchanged', '--no-deps'),
)
OURS = 'gluon-on-torch\n'  # a package of no registry: in no lock
LINUX = '--python-version', '3.11.2', '--python-platform', 'linux'
PIN = re.compile(r'^([\w.-]+)==', re.MULTILINE)


def lock(python, options):
    """The two locks of the book; then what goes beside the first."""
    def compiled(file, *words):
        return module(python, *COMPILE, *shlex.split(options.options), *words,
                      '-o', file)

    def book(file, *words):
        return compiled(file, '--universal', *words, '--group', 'book',
                        'pyproject.toml', '--excludes', '-'
                        )._replace(text=OURS)

    yield book(LOCK, '--python-version', '3.11.2', '--group', 'mxnet')
    yield book(TORCH_LOCK, '--python-version', '3.10', '-c',
               'requirements-pytorch.txt')
    yield compiled('requirements-tools.txt', *LINUX, '--group', 'tools')
    beyond = [*LINUX, '-c', LOCK]
    with open(LOCK, encoding='utf-8') as file:
        for name in sorted(set(PIN.findall(file.read()))):
            beyond += ['--no-emit-package', name]
    for group in BESIDE:
        yield compiled(f'requirements-{group}.txt', *beyond, '--group', group)
        beyond += ['-c', IMAGE_LOCK] if group == 'image' else []
    yield compiled('classroom/requirements.txt', *beyond, '--group',
                   'classroom')
    for file, *words in CLUSTER:
        yield compiled(f'classroom/kubernetes/{file}', *LINUX, *words)


def audit(python, options):
    check = ('pip_audit', '--strict', '--disable-pip', '--require-hashes')
    return [module(python, *check, '-r', LOCK, '-r', IMAGE_LOCK),
            module(python, *check, '-r', TORCH_LOCK)]


def sbom(python, options):
    """List the Python packages of each image, with their sums."""
    for name, locks in IMAGES.items():
        yield Step([python, 'book/tools/image/packages.py', *locks])
        yield module(python, 'cyclonedx_py', 'requirements',
                     '--output-reproducible', '--pyproject',
                     'pyproject.toml', '--mc-type', 'application', '-o',
                     SBOM.format(name), '_build/image-packages.txt')
