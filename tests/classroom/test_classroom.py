"""A class: weak settings stop the hub; names off the list stay outside."""

import json
import pathlib

import pytest
from books import finish
from one_class import (
    CLASSROOM,
    EXAMPLE,
    NO_HUB,
    PASSWORD,
)

from classroom import sizes
from classroom.hub import settings


@pytest.fixture
def door():
    """Return what decides who comes in, with an empty database."""
    pytest.importorskip('jupyterhub', reason=NO_HUB)
    from jupyterhub import orm
    from traitlets.config import Config

    from classroom.hub.authenticator import ClassAuthenticator

    session = orm.new_session_factory('sqlite:///:memory:')()

    def make(students=('li', 'wang'), password=PASSWORD.text, **more):
        given = {'students': set(students), 'teacher': 'zhang'}
        config = {**given, 'password': password, **more}
        return ClassAuthenticator(config=Config(ClassAuthenticator=config),
                                  _deprecated_db_session=session)

    return make


def attempt(door, name, password):
    data = {'username': name, 'password': password}
    return bool(finish(door.get_authenticated_user(None, data)))


GOOD = 'four quiet cats'


def test_a_name_of_the_list_signs_up_and_comes_in(door):
    found = door()
    assert found.create_user('li', GOOD).is_authorized
    assert attempt(found, 'li', GOOD)
    assert not attempt(found, 'li', 'four loud cats')


@pytest.mark.parametrize('name, password, options', [
    pytest.param('mallory', GOOD, {}, id='a name off the list'),
    pytest.param('zhang', GOOD, {}, id='the name of the teacher'),
    pytest.param('li', GOOD, {'enable_signup': False}, id='a closed list'),
    pytest.param('li', 'cats', {}, id='a short password'),
    pytest.param('li', 'password123', {}, id='a common password'),
    pytest.param('li', 'x' * 73, {}, id='one too long for bcrypt'),
])
def test_nobody_signs_up_under(door, name, password, options):
    found = door(**options)
    assert found.create_user(name, password) is None
    assert not attempt(found, name, password)
    assert found.user_exists(name) == (name == 'zhang')
    assert attempt(found, 'zhang', PASSWORD.text), 'the teacher gets in'


def test_a_name_that_is_taken_off_the_list_stays_outside(door):
    door().create_user('li', GOOD)
    assert not attempt(door(students=['wang']), 'li', GOOD)


def test_only_the_teacher_governs_the_class(door):
    assert door().admin_users == {'zhang'}


def test_a_new_password_in_the_settings_replaces_the_old_one(door):
    door()
    found = door(password='another long password')
    assert attempt(found, 'zhang', 'another long password')
    assert not attempt(found, 'zhang', PASSWORD.text)


def test_after_ten_wrong_passwords_the_right_one_has_to_wait(door):
    found = door()
    found.create_user('li', GOOD)
    for _ in range(10):
        assert not attempt(found, 'li', 'guess')
    assert not attempt(found, 'li', GOOD)


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
