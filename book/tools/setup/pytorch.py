"""Where pip looks for PyTorch.

What the usual registry has for Linux needs gigabytes of CUDA libraries.
Without an NVIDIA card the build for the processor, which PyTorch's own
registry has, does the same; a user's own settings for pip come first.
"""

import os
import platform
import shutil
import urllib.request

from from_scratch_to_gluon import engines

REGISTRY = 'https://download.pytorch.org/whl/cpu'
PATIENCE = 5  # seconds
SETTINGS = 'PIP_EXTRA_INDEX_URL', 'PIP_INDEX_URL', 'PIP_FIND_LINKS'


def options(say, registry=REGISTRY):
    """Return what pip should be told besides; tell the user about it."""
    if any(map(os.environ.get, SETTINGS)) or not gigabytes():
        return []
    if answers(f'{registry}/torch/'):
        say(f'PyTorch for the processor, from {registry}')
        return ['--extra-index-url', registry]
    say(f'{registry} does not answer: PyTorch comes with gigabytes of CUDA '
        'libraries, from the usual registry')
    return []


def gigabytes():
    """Tell whether the usual build is large, and for a card not here."""
    return (platform.system() == 'Linux'
            and platform.machine() in engines.INTEL
            and not shutil.which('nvidia-smi'))


def answers(address):
    """Tell whether a registry answers within a few seconds."""
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as page:
            return page.status == 200
    except (OSError, ValueError):
        return False
