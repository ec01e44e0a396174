"""Write the lines of some locks that count in the image, for a list of them.

    python book/tools/image/packages.py requirements.txt …

The locks are for all systems, the image is Linux. A package that two of them
name counts once. Needs `packaging` alone.
"""

import pathlib
import re
import sys

from packaging.markers import Marker

WRITTEN = pathlib.Path('_build/image-packages.txt')
PIN = re.compile(r'^[\w.-]+==[^\s;]+(?: ; (.+?))?(?: \\)?$\n(?:^ +.*\n)*',
                 re.MULTILINE)
IMAGE = {
    'sys_platform': 'linux', 'platform_system': 'Linux', 'os_name': 'posix',
    'platform_machine': 'x86_64', 'implementation_name': 'cpython',
    'python_version': '3.11', 'python_full_version': '3.11.15',
}


def chosen(text):
    """Return {package: its pin, with sums} of what counts in the image."""
    return {
        re.sub('[-_.]+', '-', pin[0].split('==')[0]).lower(): pin[0]
        for pin in PIN.finditer(text)
        if not pin[1] or Marker(pin[1]).evaluate(IMAGE)}


if __name__ == '__main__':
    WRITTEN.parent.mkdir(exist_ok=True)
    pins = {}
    for name in sys.argv[1:]:
        pins.update(chosen(pathlib.Path(name).read_text('utf-8')))
    WRITTEN.write_text(''.join(pins.values()), encoding='utf-8')
