"""The settings of a class on one machine: weak ones stop the hub."""

import ipaddress

import pytest
from one_class import LIST, PASSWORD, ROOM, VARIABLES

from classroom.hub import settings


def read(students=LIST, password=PASSWORD, machine=ROOM, **changed):
    return settings.read(
        {**VARIABLES, **changed}, students, password, machine)


def test_settings_that_are_strong_are_taken():
    found = read(DOMAINS='one', STUDENTS_AT_ONCE='2', DISK_PER_STUDENT='3G',
                 STUDENT_NETWORKS='172.30.0.0/16')
    assert found == settings.Settings(
        domain='class.school.edu', each=False, teacher='zhang',
        students=frozenset({'li', 'wang'}), at_once=2,
        memory=4096, cores=1, disk=3072, idle_minutes=60, language='en',
        backup_hour=3, backups=14,
        image='from-scratch-to-gluon:0.1.0',
        networks=ipaddress.IPv4Network('172.30.0.0/16'))


def test_what_is_not_said_is_safe():
    for found in read(), read(DOMAINS='', DISK_PER_STUDENT=''):
        assert found.each, 'every student has a domain'
        assert found.disk == 2048
        assert found.at_once == 3, 'the whole class and its teacher'


def test_a_list_that_was_written_on_windows_is_read():
    assert settings.listed('\ufeffli\r\nwang # 2\r\n') == (
        ['li', 'wang'], [])


@pytest.mark.parametrize('changed', [
    'DOMAIN=', 'DOMAIN=localhost', 'DOMAIN=192.168.1.5',
    'DOMAIN=class.example.org', 'DOMAIN=https://class.school.edu',
    'DOMAINS=no', 'TLS=', 'TLS=me', 'TLS=me@school edu.org',
    'TEACHER=', 'TEACHER=Zhang San', 'TEACHER=li', 'TEACHER=course',
    'BOOK_LANGUAGE=fr', 'IMAGE=from-scratch-to-gluon',
    'IMAGE=from-scratch-to-gluon:latest', 'IMAGE=from-scratch-to-gluon:main',
    'IMAGE=host:5000/from-scratch-to-gluon', 'IMAGE=book@sha256:1234',
    'MEMORY_PER_STUDENT=', 'MEMORY_PER_STUDENT=much',
    'MEMORY_PER_STUDENT=300M', 'MEMORY_PER_STUDENT=32G',
    'CORES_PER_STUDENT=0', 'DISK_PER_STUDENT=all', 'STUDENTS_AT_ONCE=0',
    'STUDENTS_AT_ONCE=31', 'IDLE_MINUTES=-5', 'BACKUP_HOUR=24',
    'BACKUP_HOUR=three', 'BACKUPS=0', 'STUDENT_NETWORKS=8.8.0.0/16',
    'STUDENT_NETWORKS=10.213.0.0/24', 'STUDENT_NETWORKS=home',
    'BACKUPS=１４', 'CORES_PER_STUDENT=' + '9' * 400,
    'DISK_PER_STUDENT=' + '9' * 400 + 'G', 'IDLE_MINUTES=' + '9' * 5000,
    'DISK_PER_STUDENT=²G',
])
def test_a_weak_setting_is_refused_by_its_name(changed):
    name, value = changed.split('=')
    with pytest.raises(settings.WeakSettings) as caught:
        read(**{name: value})
    [line] = str(caught.value).splitlines()
    assert line.startswith(f'{name}=') or line.startswith(f'{name}:')


@pytest.mark.parametrize('name', [
    'from-scratch-to-gluon:0.1.0', 'host:5000/from-scratch-to-gluon:0.1.0',
    'ghcr.io/somebody/from-scratch-to-gluon@sha256:' + 64 * 'a',
    'from-scratch-to-gluon:main@sha256:' + 64 * '0',
])
def test_an_image_with_a_version_or_a_digest_is_taken(name):
    assert read(IMAGE=name).image == name


@pytest.mark.parametrize('choice', ['me@cs.school.edu', 'files', 'internal'])
def test_certificates_come_from_three_places(choice):
    assert read(TLS=choice)


def test_more_memory_than_there_is_may_be_promised_but_is_told():
    """A whole class in 16 GiB, each with up to 4 GiB, is worth a word."""
    found = read(STUDENTS_AT_ONCE='30')
    [told] = settings.remarks(found, ROOM)
    assert told.startswith('MEMORY_PER_STUDENT: 30 students may take 122880')
    assert settings.remarks(read(), ROOM) == []
    exact = ROOM._replace(memory=3 * 4096 + ROOM.hub)
    assert settings.remarks(read(), exact) == []
    assert settings.remarks(read(), exact._replace(memory=exact.memory - 1))


def test_one_domain_for_all_is_told():
    [told] = settings.remarks(read(DOMAINS='one'), ROOM)
    assert told.startswith('DOMAINS=one: ')


def test_a_name_that_only_ends_like_an_example_is_good():
    assert settings.of_domain({'DOMAIN': 'class.myexample.org'}) == []


@pytest.mark.parametrize('part, value, word', [
    ('password', PASSWORD._replace(text='short\n'), 'than 12 characters'),
    ('password', PASSWORD._replace(text=' ' * 20), 'than 12 characters'),
    ('password', PASSWORD._replace(text='long ' * 15), 'at most 72'),
    ('password', PASSWORD._replace(text='汉' * 25), 'at most 72'),
    ('password', PASSWORD._replace(text='first line\nsecond'), 'one line'),
    ('password', PASSWORD._replace(mode=0o644), 'others on this machine'),
    ('password', PASSWORD._replace(mode=0o640), 'others on this machine'),
    ('students', '', 'no name on the list'),
    ('students', '# nobody yet\n', 'no name on the list'),
    ('students', 'li\nWang Wu\n', 'students.txt:2: '),
    ('students', 'li\nli\n', 'students.txt:2: .* twice'),
    ('students', '../li\n', 'students.txt:1: '),
    ('students', 'course\n', 'the volume class-course'),
])
def test_a_weak_password_or_a_list_that_is_none_is_refused(part, value, word):
    with pytest.raises(settings.WeakSettings, match=word):
        read(**{part: value})


def test_all_weak_settings_are_told_at_once():
    with pytest.raises(settings.WeakSettings) as caught:
        read('', DOMAIN='', IMAGE='', MEMORY_PER_STUDENT='')
    assert len(str(caught.value).splitlines()) == 4
