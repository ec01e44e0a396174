"""A class: what it needs, worked out from what was measured."""

import json
import pathlib

import pytest
from one_class import CLASSROOM, EXAMPLE

from classroom import sizes
from classroom.hub import settings


def test_one_machine_allows_a_student_as_much_as_the_cluster():
    text = EXAMPLE['MEMORY_PER_STUDENT']
    assert settings.mebibytes(text) >= sizes.limit(sizes.load())


@pytest.mark.parametrize('language, name', sizes.READMES.items())
def test_the_tables_of_the_readme_are_as_measured(language, name):
    text = (CLASSROOM / name).read_text('utf-8')
    assert set(x[2] for x in sizes.BLOCK.finditer(text)) == {'class', 'sizes'}
    assert sizes.renew(text, sizes.load(), language) == text


def test_a_class_gets_nodes_for_its_memory_its_cores_and_its_pods():
    small = {'memory_largest': 100}
    assert sizes.guarantee(small) == 128
    assert sizes.nodes(30, small) == 1
    assert sizes.nodes(101, small) == 2  # pods, and cores as well
    large = {'memory_largest': 8000}
    assert sizes.nodes(30, large) == 6  # 30 times 10048 MiB


def test_what_was_measured_is_complete():
    measured = json.loads(pathlib.Path(sizes.MEASURED).read_text('utf-8'))
    assert measured['lost'] == 0
    assert measured['finished'] == measured['students']
    assert measured['chapter'] in measured['alone']
