"""The lists of the images' packages that a release carries."""

import json
import subprocess

import pytest
from books import ROOT
from test_layout import normal, pins

from book.tools.setup import locks

TOOLS = ROOT / '.venv-tools'
VALIDATE = """\
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

text = open(sys.argv[1], encoding='utf-8').read()
sys.exit(JsonStrictValidator(SchemaVersion.V1_6).validate_str(text))
"""


@pytest.fixture(scope='module')
def made():
    """Make the lists; return {what an image is called: the path of its list}.
    """
    if not (TOOLS / 'ready').exists():
        pytest.skip('needs `make sbom`, or another tool, to have run once')
    subprocess.run(['make', '--silent', 'sbom'], cwd=ROOT, check=True)
    return {name: ROOT / locks.SBOM.format(name) for name in locks.IMAGES}


@pytest.mark.parametrize('image', locks.IMAGES)
def test_a_list_has_every_package_of_its_image_with_its_sums(made, image):
    found = json.loads(made[image].read_text('utf-8'))['components']
    wanted = {}
    for lock in locks.IMAGES[image]:
        wanted |= pins(lock)
    if image == '-torch':
        wanted['torch'] = pins('requirements-pytorch.txt')['torch'] + '+cpu'
    assert {normal(x['name']): x['version'] for x in found} == wanted
    assert all(x['externalReferences'][0]['hashes'] for x in found)


def test_the_lists_name_what_an_image_is_there_for(made):
    names = {image: {x['name'] for x in json.loads(
        path.read_text('utf-8'))['components']}
        for image, path in made.items()}
    assert 'mxnet' in names[''] - names['-torch']
    assert 'torch' in names['-torch'] - names['']
    assert 'dockerspawner' in names['-hub'] - names['']
    assert names[''] <= names['-hub']


def test_the_same_locks_give_the_same_lists(made):
    before = [path.read_bytes() for path in made.values()]
    subprocess.run(['make', '--silent', 'sbom'], cwd=ROOT, check=True)
    assert [path.read_bytes() for path in made.values()] == before


@pytest.mark.parametrize('image', locks.IMAGES)
def test_a_list_keeps_to_the_schema(made, image):
    done = subprocess.run([TOOLS / 'bin/python', '-c', VALIDATE,
                           made[image]], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, '')
