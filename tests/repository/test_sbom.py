"""The list of the image's packages that a release carries."""

import json
import subprocess

import pytest
from books import ROOT
from test_layout import normal, pins

TOOLS = ROOT / '.venv-tools'
SBOM = ROOT / '_build/sbom.cdx.json'
VALIDATE = """\
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

text = open(sys.argv[1], encoding='utf-8').read()
sys.exit(JsonStrictValidator(SchemaVersion.V1_6).validate_str(text))
"""


@pytest.fixture(scope='module')
def sbom():
    """Return the path of a list that has just been made."""
    if not (TOOLS / 'ready').exists():
        pytest.skip('needs `make sbom`, or another tool, to have run once')
    subprocess.run(['make', '--silent', 'sbom'], cwd=ROOT, check=True)
    return SBOM


def test_it_lists_every_package_of_the_image_with_its_sums(sbom):
    found = json.loads(sbom.read_text('utf-8'))['components']
    wanted = pins('requirements.txt') | pins('requirements-image.txt')
    assert {normal(x['name']): x['version'] for x in found} == wanted
    assert all(x['externalReferences'][0]['hashes'] for x in found)


def test_the_same_lock_gives_the_same_list(sbom):
    before = sbom.read_bytes()
    subprocess.run(['make', '--silent', 'sbom'], cwd=ROOT, check=True)
    assert sbom.read_bytes() == before


def test_it_keeps_to_the_schema(sbom):
    done = subprocess.run([TOOLS / 'bin/python', '-c', VALIDATE, sbom],
                          capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, '')
