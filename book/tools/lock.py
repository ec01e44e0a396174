"""Files of requirements, and the SHA-256 of what they let pip install.

A pin is a line `package==version`; below it come the hashes of all files of
that release, for every system. uv asks the registry for them.
"""

import re
import subprocess
import sys

from book.chapters.errors import BookError
from book.execution import files

FILES = (
    'requirements.txt',
    'requirements-browser.txt',
    'requirements-gpu.txt',
    'requirements-image.txt',
    'requirements-tools.txt',
    'classroom/requirements.txt',
)
PIN = re.compile(r'^([\w.-]+)==([^\s\\;]+)', re.MULTILINE)
HASH = ' \\\n    --hash=sha256:{}'
HASHES = re.compile(r' \\\n {4}--hash=sha256:[0-9a-f]{64}')
UV = (
    *('-m', 'uv', 'pip', 'compile', '-', '--quiet', '--no-config'),
    *('--no-deps', '--no-annotate', '--no-header', '--generate-hashes'),
    *('--no-python-downloads', '--python-version', '3.11.15'),
)


def renew(root):
    """Write the hashes of all pins anew; return the files that changed."""
    changed = []
    for name in FILES:
        text = (root / name).read_text(encoding='utf-8')
        new = hashed(text, ask(PIN.findall(text)))
        if new != text:
            files.write(root / name, new)
            changed.append(name)
    return changed


def hashed(text, hashes):
    """Return a file of requirements with other hashes below its pins.

    hashes: {package: hashes as pip reads them}, names as `normal` has them.
    """
    bare = HASHES.sub('', text)
    return PIN.sub(lambda pin: pin[0] + hashes[normal(pin[1])], bare)


def ask(pins):
    """Return {package: hashes} of pins, from the registry."""
    lines = '\n'.join(f'{name}=={version}' for name, version in pins)
    done = subprocess.run(
        [sys.executable, *UV], input=lines, capture_output=True, text=True
    )
    if done.returncode:
        raise BookError(
            f'{done.stderr.strip()}\n`make lock` installs uv and uses it'
        )
    return found(done.stdout)


def found(text):
    """Return {package: hashes} of what uv writes."""
    pin = re.compile(rf'{PIN.pattern}((?:{HASHES.pattern})+)', re.MULTILINE)
    return {normal(name): hashes for name, _, hashes in pin.findall(text)}


def normal(package):
    """Return the name of a package as registries compare it."""
    return re.sub('[-_.]+', '-', package or '').lower()
