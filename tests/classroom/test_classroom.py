"""A class: weak settings stop the hub; names off the list stay outside."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import types

import pytest
import tomllib
import yaml
from books import ROOT, finish

from classroom import sizes
from classroom.hub import settings

CLASSROOM = ROOT / 'classroom'
MACHINE_FOLDER = CLASSROOM / 'one-machine'
CONFIG = MACHINE_FOLDER / 'jupyterhub_config.py'
CLUSTER = CLASSROOM / 'kubernetes'

NO_HUB = 'needs JupyterHub; `make classroom-test` installs it'
PROJECT = tomllib.loads((ROOT / 'pyproject.toml').read_text('utf-8'))
VERSION = PROJECT['project']['version']
VARIABLES = {
    'DOMAIN': 'class.school.edu', 'TEACHER': 'zhang',
    'IMAGE': 'from-scratch-to-gluon:0.1.0', 'MEMORY_PER_STUDENT': '4G'}
LIST = 'li  # first row\n\nwang\n'
PASSWORD = settings.Secret('correct horse battery\n', 0o600)
ROOM = settings.Machine(memory=16384, hub=1024, student=512)


def read(students=LIST, password=PASSWORD, machine=ROOM, **changed):
    return settings.read(
        {**VARIABLES, **changed}, students, password, machine)


def compose():
    return yaml.safe_load((MACHINE_FOLDER / 'compose.yml').read_text('utf-8'))


def values(name='values.yaml'):
    return yaml.safe_load((CLUSTER / name).read_text('utf-8'))


EXAMPLE = dict(re.findall(
    '^#? ?([A-Z_]+)=(.*)$',
    (MACHINE_FOLDER / '.env.example').read_text('utf-8'), re.M))


def test_settings_that_are_strong_are_taken():
    found = read(SIGN_UP='closed', STUDENTS_AT_ONCE='2', IDLE_MINUTES='30')
    assert found == settings.Settings(
        domain='class.school.edu', teacher='zhang',
        students=frozenset({'li', 'wang'}), sign_up=False, at_once=2,
        memory=4096, cores=1, idle_minutes=30, language='en',
        backup_hour=3, backups=14,
        image='from-scratch-to-gluon:0.1.0')
    assert read().at_once == 3, 'the whole class and its teacher'


@pytest.mark.parametrize('changed', [
    'DOMAIN=', 'DOMAIN=localhost', 'DOMAIN=192.168.1.5',
    'DOMAIN=class.example.org', 'DOMAIN=https://class.school.edu',
    'TEACHER=', 'TEACHER=Zhang San', 'TEACHER=li', 'SIGN_UP=yes',
    'BOOK_LANGUAGE=fr', 'IMAGE=from-scratch-to-gluon',
    'IMAGE=from-scratch-to-gluon:latest', 'MEMORY_PER_STUDENT=',
    'MEMORY_PER_STUDENT=much', 'MEMORY_PER_STUDENT=300M',
    'MEMORY_PER_STUDENT=32G', 'CORES_PER_STUDENT=0', 'STUDENTS_AT_ONCE=0',
    'STUDENTS_AT_ONCE=31', 'IDLE_MINUTES=-5',
    'BACKUP_HOUR=24', 'BACKUP_HOUR=three', 'BACKUPS=0',
])
def test_a_weak_setting_is_refused_by_its_name(changed):
    name, value = changed.split('=')
    with pytest.raises(settings.WeakSettings) as caught:
        read(**{name: value})
    [line] = str(caught.value).splitlines()
    assert line.startswith(name)


def test_a_name_that_only_ends_like_an_example_is_good():
    assert settings.of_domain({'DOMAIN': 'class.myexample.org'}) == []


@pytest.mark.parametrize('part, value, word', [
    ('password', PASSWORD._replace(text='short\n'), 'than 12 characters'),
    ('password', PASSWORD._replace(text=' ' * 20), 'than 12 characters'),
    ('password', PASSWORD._replace(mode=0o644), 'others on this machine'),
    ('password', PASSWORD._replace(mode=0o640), 'others on this machine'),
    ('students', '', 'no name on the list'),
    ('students', '# nobody yet\n', 'no name on the list'),
    ('students', 'li\nWang Wu\n', 'students.txt:2: '),
    ('students', 'li\nli\n', 'students.txt:2: .* twice'),
    ('students', '../li\n', 'students.txt:1: '),
])
def test_a_weak_password_or_a_list_that_is_none_is_refused(part, value, word):
    with pytest.raises(settings.WeakSettings, match=word):
        read(**{part: value})


def test_all_weak_settings_are_told_at_once():
    with pytest.raises(settings.WeakSettings) as caught:
        read('', DOMAIN='', IMAGE='', MEMORY_PER_STUDENT='')
    assert len(str(caught.value).splitlines()) == 4


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Return the folder of a class with good settings."""
    (tmp_path / 'students.txt').write_text(LIST, 'utf-8')
    secret = tmp_path / 'teacher-password'
    secret.write_text(PASSWORD.text, 'utf-8')
    secret.chmod(0o600)
    folders = {'CLASSROOM_FILES': tmp_path, 'CLASSROOM_STATE': tmp_path}
    for name, value in {**VARIABLES, **folders}.items():
        monkeypatch.setenv(name, str(value))
    room = types.SimpleNamespace(total=16 * 2**30)
    monkeypatch.setattr('psutil.virtual_memory', lambda: room)
    return tmp_path


@pytest.fixture
def hub(files):
    """Return what the configuration of the hub says."""
    pytest.importorskip('jupyterhub', reason=NO_HUB)
    from traitlets.config.loader import PyFileConfigLoader

    left = files / 'proxy.pid'  # of a hub that was killed
    left.write_text(str(os.getpid()))
    return PyFileConfigLoader(str(CONFIG)).load_config()


def test_the_hub_gets_what_the_settings_say(hub):
    assert hub.JupyterHub.public_url == 'https://class.school.edu/'
    assert hub.ClassAuthenticator.students == {'li', 'wang'}
    assert hub.DockerSpawner.mem_limit == 4 * 2**30
    assert hub.JupyterHub.active_server_limit == 3


def test_a_hub_that_was_killed_forgets_its_proxy(hub, files):
    """The number of a dead proxy may be that of the new hub."""
    left = files / 'proxy.pid'
    assert hub.ConfigurableHTTPProxy.pid_file == str(left)
    assert not left.exists()


def test_students_have_no_privileges_and_a_network_that_leads_nowhere(hub):
    host = hub.DockerSpawner.extra_host_config
    assert host['cap_drop'] == ['ALL']
    assert 'no-new-privileges' in host['security_opt']
    network = compose()['networks']['students']['name']
    assert hub.DockerSpawner.network_name == network


def test_the_hub_knows_every_setting_of_its_configuration(hub):
    """A misspelt name is a warning to JupyterHub, and here an error."""
    from dockerspawner import DockerSpawner
    from jupyterhub.app import JupyterHub
    from jupyterhub.proxy import ConfigurableHTTPProxy

    from classroom.hub.authenticator import ClassAuthenticator

    known = {'JupyterHub': JupyterHub,
             'ConfigurableHTTPProxy': ConfigurableHTTPProxy,
             'ClassAuthenticator': ClassAuthenticator,
             'DockerSpawner': DockerSpawner, 'Spawner': DockerSpawner}
    for part, given in hub.items():
        traits = known[part].class_traits(config=True)
        assert given.keys() - traits.keys() == set(), part


@pytest.mark.slow
def test_a_hub_with_weak_settings_does_not_start(files):
    pytest.importorskip('jupyterhub', reason=NO_HUB)
    done = subprocess.run(
        [sys.executable, '-m', 'jupyterhub', '-f', str(CONFIG)], cwd=files,
        env={**os.environ, 'DOMAIN': ''}, capture_output=True, text=True)
    assert done.returncode == 1
    assert 'error: DOMAIN=: must be a host name' in done.stderr
    assert 'Traceback' not in done.stderr


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


def test_only_the_reverse_proxy_can_be_reached_from_outside():
    services = compose()['services']
    assert compose()['networks']['students']['internal']
    assert [x for x, y in services.items() if 'ports' in y] == ['caddy']
    assert 'students' not in services['caddy']['networks']


@pytest.mark.slow
def test_the_compose_file_follows_the_published_schema():
    pytest.importorskip('check_jsonschema', reason='needs check-jsonschema')
    done = subprocess.run(
        [sys.executable, '-m', 'check_jsonschema', '--builtin-schema',
         'vendor.compose-spec', str(MACHINE_FOLDER / 'compose.yml')],
        capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_compose_file_hands_on_every_setting():
    source = (CLASSROOM / 'hub/settings.py').read_text('utf-8')
    given = set(compose()['services']['hub']['environment'])
    assert given == set(re.findall(r"'([A-Z][A-Z_]+)'", source))
    assert EXAMPLE.keys() == {*given, 'TLS'}


def images():
    """Yield the images that the files of the classroom name."""
    for service in compose()['services'].values():
        yield service['image']
    dockerfile = (CLASSROOM / 'Dockerfile').read_text('utf-8')
    yield from re.findall(r'^ARG \w+=(.*:.*)$', dockerfile, re.MULTILINE)
    yield EXAMPLE['IMAGE']
    image = values()['singleuser']['image']
    yield f'{image["name"]}:{image["tag"]}'


@pytest.mark.parametrize('image', dict.fromkeys(images()))
def test_every_image_has_a_version(image):
    name, _, tag = image.partition(':')
    assert re.match(r'\d+\.\d+\.\d+', tag)
    if name.startswith('from-scratch-to-gluon'):
        assert tag == VERSION


def leaves(node, name=''):
    """Yield the names and values of a file, however deep they stand."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, key)
    elif isinstance(node, list):
        for value in node:
            yield from leaves(value, name)
    else:
        yield name, node


@pytest.mark.parametrize('content', [
    compose(), values(), values('class.example.yaml'), EXAMPLE,
], ids=['compose', 'values', 'example', 'settings'])
def test_no_file_of_the_classroom_gives_a_secret_a_value(content):
    secret = re.compile('password|secret|token', re.IGNORECASE)
    assert [x for x in leaves(content) if secret.search(x[0])] == []


@pytest.mark.parametrize('name', [
    'one-machine/.env', 'one-machine/backup', 'one-machine/students.txt',
    'one-machine/teacher-password', 'kubernetes/class.yaml',
])
def test_the_files_of_one_class_stay_out_of_git_and_of_the_image(name):
    done = subprocess.run(
        ['git', 'check-ignore', '-q', f'classroom/{name}'], cwd=ROOT)
    ignored = (CLASSROOM / '.dockerignore').read_text('utf-8').splitlines()
    assert done.returncode == 0
    assert name in ignored


@pytest.mark.slow
def test_the_reverse_proxy_takes_its_file():
    caddy = shutil.which('caddy') or pytest.skip('needs caddy')
    file = MACHINE_FOLDER / 'Caddyfile'
    done = subprocess.run(
        [caddy, 'validate', '--adapter', 'caddyfile', '--config', str(file)],
        env={**os.environ, 'DOMAIN': 'class.school.edu', 'TLS': 'internal'},
        capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_cluster_keeps_as_much_memory_as_was_measured():
    measured, given = sizes.load(), values()['singleuser']
    assert given['memory'] == {'guarantee': f'{sizes.guarantee(measured)}M',
                               'limit': f'{sizes.limit(measured)}M'}
    assert given['cpu']['guarantee'] == sizes.CORES
    assert values()['hub']['activeServerLimit'] == max(sizes.CLASSES)
    requests = values()['hub']['resources']['requests']
    assert requests['memory'] == f'{sizes.HUB}Mi'


def test_one_machine_allows_a_student_as_much_as_the_cluster():
    text = EXAMPLE['MEMORY_PER_STUDENT']
    assert settings.mebibytes(text) >= sizes.limit(sizes.load())


@pytest.mark.parametrize('language, name', sizes.READMES.items())
def test_the_tables_of_the_readme_are_as_measured(language, name):
    text = (CLASSROOM / name).read_text('utf-8')
    assert set(x[2] for x in sizes.BLOCK.finditer(text)) == {'class', 'sizes'}
    assert sizes.renew(text, sizes.load(), language) == text


def skeleton(name):
    """Return the headings' levels and the commands of a README."""
    text = (CLASSROOM / name).read_text('utf-8')
    blocks = re.findall(r'^```bash\n(.*?)^```$', text, re.M | re.S)
    commands = [re.sub(' +#.*', '', block) for block in blocks]
    return re.findall(
        '^#+ ', re.sub('(?s)```.*?```', '', text), re.M), commands


def test_both_readmes_have_the_same_sections_and_commands():
    assert skeleton('README.md') == skeleton('README.zh-CN.md')


@pytest.mark.parametrize('name', sizes.READMES.values())
def test_the_files_that_a_readme_names_exist(name):
    text = (CLASSROOM / name).read_text('utf-8')
    named = re.findall(r'^\| `([\w./-]+)`', text, re.M)
    files = [x for x in named if '/' in x or x.endswith(('.py', '.json'))]
    assert [x for x in files if not (CLASSROOM / x).exists()] == []


def test_a_class_gets_nodes_for_its_memory_its_cores_and_its_pods():
    small = {'memory_largest': 100}
    assert sizes.guarantee(small) == 128
    assert sizes.nodes(30, small) == 1
    assert sizes.nodes(101, small) == 2  # pods, and cores as well
    large = {'memory_largest': 8000}
    assert sizes.nodes(30, large) == 6  # 30 times 10048 MiB


def test_both_kinds_of_class_start_a_server_alike(hub):
    def words(command):
        return ' '.join(command).replace('"', '').split()

    one, cluster = hub.DockerSpawner, values()
    assert words(cluster['singleuser']['cmd']) == words(one.cmd)
    assert str(one.args[0]) in cluster['hub']['extraConfig']['class.py']


def cluster_configuration(monkeypatch, custom, password=PASSWORD.text):
    """Run the configuration of the cluster's hub with values of a class."""
    from traitlets.config import Config

    given = {**{f'custom.{x}': y for x, y in custom.items()},
             'proxy.https.hosts': [VARIABLES['DOMAIN']]}
    chart = types.SimpleNamespace(get_config=given.get)
    monkeypatch.setitem(sys.modules, 'z2jh', chart)
    monkeypatch.setenv('TEACHER_PASSWORD', password)
    monkeypatch.setattr(sys, 'path', list(sys.path))
    c = Config()
    exec(values()['hub']['extraConfig']['class.py'], {'c': c})
    return c


def test_both_kinds_of_class_admit_the_same_people(hub, monkeypatch):
    """By https only; their servers never get the log-in of the hub."""
    cluster = cluster_configuration(
        monkeypatch, {'teacher': 'zhang', 'students': ['li', 'wang']})
    for c in hub, cluster:
        assert c.ClassAuthenticator.students == {'li', 'wang'}
        assert c.ClassAuthenticator.enable_signup is True
        assert c.JupyterHub.tornado_settings['cookie_options']['secure']
        assert c.JupyterHub.cookie_host_prefix_enabled is False


def test_the_cluster_refuses_the_example_as_it_is(monkeypatch):
    pytest.importorskip('jupyterhub', reason=NO_HUB)
    custom = values('class.example.yaml')['custom']
    with pytest.raises(SystemExit) as caught:
        cluster_configuration(monkeypatch, custom, 'short')
    for word in ('students.txt', 'TEACHER', 'teacher-password'):
        assert f'error: {word}' in str(caught.value)


def test_what_was_measured_is_complete():
    measured = json.loads(pathlib.Path(sizes.MEASURED).read_text('utf-8'))
    assert measured['lost'] == 0
    assert measured['finished'] == measured['students']
    assert measured['chapter'] in measured['alone']
