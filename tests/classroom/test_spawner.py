"""What the spawner asks Docker for, without Docker."""

import types

import docker
import pytest
from books import finish
from one_class import NO_HUB, configuration, files_of_a_class

pytest.importorskip('jupyterhub', reason=NO_HUB)

DIGEST = 'ghcr.io/somebody/book@sha256:' + 64 * 'a'


@pytest.fixture
def spawner(tmp_path, monkeypatch):
    """Return a function that makes the spawner of a user of the class."""
    from classroom.hub.spawner import ClassSpawner

    files_of_a_class(tmp_path, monkeypatch)

    def make(name, number=1, **settings):
        for setting, value in settings.items():
            monkeypatch.setenv(setting, value)
        user = types.SimpleNamespace(name=name, id=number)
        found = ClassSpawner(user=user, config=configuration())
        calls = []

        async def call(method, *words, **more):
            calls.append((method, words, more))
            if method in found.failing:
                answer = types.SimpleNamespace(status_code=400)
                raise docker.errors.APIError(
                    '', answer, found.failing.pop(method))

        found.failing, found.docker, found.calls = {}, call, calls
        return found

    return make


def test_the_course_is_in_the_teachers_server_and_in_no_other(spawner):
    assert spawner('zhang').volumes == {
        'class-{username}': '/home/reader',
        'class-course': '/home/reader/course'}
    assert spawner('li').volumes == {'class-{username}': '/home/reader'}


def test_a_container_with_other_limits_is_told_from_one_with_these(spawner):
    one = spawner('li')
    assert one.version == spawner('li').version
    assert one.version != spawner('li', MEMORY_PER_STUDENT='3G').version
    assert one.version != spawner('li', IMAGE=DIGEST).version


def test_networks_of_two_accounts_have_no_address_in_common(spawner):
    def subnet(number):
        found = spawner('li', number, STUDENT_NETWORKS='10.0.0.0/20')
        finish(found.make_network())
        method, _, more = found.calls[0]
        assert method == 'create_network' and more['internal']
        return more['ipam']['Config'][0]['Subnet']

    assert subnet(1) == '10.0.0.8/29' and subnet(2) == '10.0.0.16/29'
    assert subnet(511) == '10.0.15.248/29', 'the last'
    assert subnet(512) == '10.0.0.0/29'


def test_addresses_that_are_in_use_give_way_to_the_next(spawner):
    found = spawner('li', 511, STUDENT_NETWORKS='10.0.0.0/20')
    found.failing['create_network'] = (
        'invalid pool request: Pool overlaps with other one')
    finish(found.make_network())
    made = [more['ipam']['Config'][0]['Subnet'] for method, _, more
            in found.calls if method == 'create_network']
    assert made == ['10.0.15.248/29', '10.0.0.0/29']
    assert found.joined
    found.failing['create_network'] = 'disk is broken'
    with pytest.raises(docker.errors.APIError):
        finish(found.make_network())


def test_a_home_has_a_size_if_there_are_quotas(spawner):
    found = spawner('li', DISK_PER_STUDENT='3G')
    finish(found.make_volume())
    [(method, words, _)] = found.calls
    assert method == 'create_volume'
    assert words == ('class-li', 'local', {'size': '3072m'},
                     {'from-scratch-to-gluon': 'home'})


@pytest.mark.parametrize('told, calls', [
    ('quota size requested but no quota support', 2), ('disk is broken', 1)])
def test_only_without_quotas_a_home_has_no_size(spawner, told, calls):
    found = spawner('li')
    found.failing['create_volume'] = told
    if calls == 1:
        with pytest.raises(docker.errors.APIError):
            finish(found.make_volume())
    else:
        finish(found.make_volume())
        assert found.calls[-1][1][2] == {}
    assert len(found.calls) == calls


def test_an_image_that_is_missing_is_found_by_its_digest(spawner):
    found = spawner('li', IMAGE=DIGEST)
    finish(found.pull_image(DIGEST))
    assert [x[0] for x in found.calls] == ['inspect_image']
    found.failing['inspect_image'] = 'No such image'
    finish(found.pull_image(DIGEST))
    assert found.calls[-1][:2] == (
        'pull', ('ghcr.io/somebody/book', 'sha256:' + 64 * 'a'))
