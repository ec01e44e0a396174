"""A class: weak settings stop the hub; names off the list stay outside."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib
import types

import pytest
import yaml
from books import ROOT, finish

CLASSROOM = ROOT / 'classroom'
MACHINE_FOLDER = CLASSROOM / 'one-machine'
CONFIG = MACHINE_FOLDER / 'jupyterhub_config.py'
CLUSTER = CLASSROOM / 'kubernetes'
sys.path[:0] = [str(MACHINE_FOLDER), str(CLUSTER), str(CLASSROOM)]

import settings  # noqa: E402
import sizes  # noqa: E402

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


def test_settings_that_are_strong_are_taken():
    found = read(SIGN_UP='closed', STUDENTS_AT_ONCE='2', IDLE_MINUTES='30')
    assert found == settings.Settings(
        domain='class.school.edu', teacher='zhang',
        students=frozenset({'li', 'wang'}), sign_up=False, at_once=2,
        memory=4096, cores=1, idle_minutes=30, language='en',
        image='from-scratch-to-gluon:0.1.0')


def test_without_a_number_the_whole_class_and_its_teacher_may_work_at_once():
    assert read().at_once == 3


@pytest.mark.parametrize('changed', [
    {'DOMAIN': ''},
    {'DOMAIN': 'localhost'},
    {'DOMAIN': '192.168.1.5'},
    {'DOMAIN': 'class.example.org'},
    {'DOMAIN': 'https://class.school.edu'},
    {'TEACHER': ''},
    {'TEACHER': 'Zhang San'},
    {'TEACHER': 'li'},
    {'SIGN_UP': 'yes'},
    {'BOOK_LANGUAGE': 'fr'},
    {'IMAGE': 'from-scratch-to-gluon'},
    {'IMAGE': 'from-scratch-to-gluon:latest'},
    {'MEMORY_PER_STUDENT': ''},
    {'MEMORY_PER_STUDENT': 'much'},
    {'MEMORY_PER_STUDENT': '300M'},
    {'MEMORY_PER_STUDENT': '32G'},
    {'CORES_PER_STUDENT': '0'},
    {'STUDENTS_AT_ONCE': '0'},
    {'STUDENTS_AT_ONCE': '31'},
    {'IDLE_MINUTES': '-5'},
], ids=lambda changed: '='.join(*changed.items()))
def test_a_weak_setting_is_refused_by_its_name(changed):
    with pytest.raises(settings.WeakSettings) as caught:
        read(**changed)
    [line] = str(caught.value).splitlines()
    assert line.startswith(*changed)


def test_a_name_that_only_ends_like_an_example_is_good():
    assert settings.of_domain({'DOMAIN': 'class.myexample.org'}) == []


@pytest.mark.parametrize('password, word', [
    (settings.Secret('short\n', 0o600), 'fewer than 12 characters'),
    (settings.Secret(' ' * 20, 0o600), 'fewer than 12 characters'),
    (PASSWORD._replace(mode=0o644), 'others on this machine'),
    (PASSWORD._replace(mode=0o640), 'others on this machine'),
], ids=['short', 'blank', 'read by all', 'read by the group'])
def test_a_weak_password_of_the_teacher_is_refused(password, word):
    with pytest.raises(settings.WeakSettings, match=word):
        read(password=password)


@pytest.mark.parametrize('names, word', [
    ('', 'no name on the list'),
    ('# nobody yet\n', 'no name on the list'),
    ('li\nWang Wu\n', 'students.txt:2: '),
    ('li\nli\n', 'students.txt:2: .* twice'),
    ('../li\n', 'students.txt:1: '),
], ids=['empty', 'remarks only', 'a blank', 'twice', 'a path'])
def test_a_list_that_is_no_list_is_refused(names, word):
    with pytest.raises(settings.WeakSettings, match=word):
        read(names)


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


def configuration():
    """Return what the configuration of the hub says."""
    from traitlets.config.loader import PyFileConfigLoader

    return PyFileConfigLoader(str(CONFIG)).load_config()


def test_the_hub_gets_what_the_settings_say(files):
    pytest.importorskip('jupyterhub', reason=NO_HUB)
    c = configuration()
    assert c.JupyterHub.public_url == 'https://class.school.edu/'
    assert c.ClassAuthenticator.students == {'li', 'wang'}
    assert c.DockerSpawner.mem_limit == 4 * 2**30
    assert c.JupyterHub.active_server_limit == 3


def test_cookies_travel_by_https_only(files):
    pytest.importorskip('jupyterhub', reason=NO_HUB)
    hub = configuration().JupyterHub
    assert hub.tornado_settings['cookie_options']['secure']


def test_a_server_of_a_student_never_gets_the_log_in_of_the_hub(
        files, monkeypatch):
    pytest.importorskip('jupyterhub', reason=NO_HUB)
    cluster = cluster_configuration(
        monkeypatch, {'teacher': 'zhang', 'students': ['li']})
    for c in configuration(), cluster:
        assert c.JupyterHub.cookie_host_prefix_enabled is False


def test_a_hub_that_was_killed_forgets_its_proxy(files):
    """The number of a dead proxy may be that of the new hub."""
    pytest.importorskip('jupyterhub', reason=NO_HUB)
    left = files / 'proxy.pid'
    left.write_text(str(os.getpid()))
    assert configuration().ConfigurableHTTPProxy.pid_file == str(left)
    assert not left.exists()


def test_students_have_no_privileges_in_their_containers(files):
    pytest.importorskip('jupyterhub', reason=NO_HUB)
    host = configuration().DockerSpawner.extra_host_config
    assert host['cap_drop'] == ['ALL']
    assert 'no-new-privileges' in host['security_opt']


def test_the_hub_knows_every_setting_of_its_configuration(files):
    """A misspelt name is a warning to JupyterHub, and here an error."""
    pytest.importorskip('jupyterhub', reason=NO_HUB)
    from authenticator import ClassAuthenticator
    from dockerspawner import DockerSpawner
    from jupyterhub.app import JupyterHub
    from jupyterhub.proxy import ConfigurableHTTPProxy

    known = {'JupyterHub': JupyterHub,
             'ConfigurableHTTPProxy': ConfigurableHTTPProxy,
             'ClassAuthenticator': ClassAuthenticator,
             'DockerSpawner': DockerSpawner, 'Spawner': DockerSpawner}
    assert [
        f'{part}.{name}'
        for part, given in configuration().items()
        for name in given
        if name not in known[part].class_traits(config=True)
    ] == []


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
    from authenticator import ClassAuthenticator
    from jupyterhub import orm
    from traitlets.config import Config

    session = orm.new_session_factory('sqlite:///:memory:')()

    def make(students=('li', 'wang'), password=PASSWORD.text, **more):
        given = {'students': set(students), 'teacher': 'zhang'}
        config = {**given, 'password': password, **more}
        return ClassAuthenticator(config=Config(ClassAuthenticator=config),
                                  _deprecated_db_session=session)

    return make


async def comes_in(door, name, password):
    data = {'username': name, 'password': password}
    found = await door.get_authenticated_user(None, data)
    return bool(found)


def attempt(door, name, password):
    return finish(comes_in(door, name, password))


GOOD = 'four quiet cats'


def test_a_name_of_the_list_signs_up_and_comes_in(door):
    found = door()
    assert found.create_user('li', GOOD).is_authorized
    assert attempt(found, 'li', GOOD)
    assert not attempt(found, 'li', 'four loud cats')


def test_a_name_that_is_not_on_the_list_cannot_sign_up(door):
    found = door()
    assert found.create_user('mallory', GOOD) is None
    assert not found.user_exists('mallory')
    assert not attempt(found, 'mallory', GOOD)


def test_a_name_that_is_taken_off_the_list_stays_outside(door):
    door().create_user('li', GOOD)
    assert not attempt(door(students=['wang']), 'li', GOOD)


def test_nobody_can_sign_up_under_the_name_of_the_teacher(door):
    found = door()
    assert found.create_user('zhang', GOOD) is None
    assert not attempt(found, 'zhang', GOOD)
    assert attempt(found, 'zhang', PASSWORD.text)


def test_while_sign_up_is_closed_only_the_teacher_gets_in(door):
    found = door(enable_signup=False)
    assert attempt(found, 'zhang', PASSWORD.text)
    assert found.create_user('li', GOOD) is None


def test_only_the_teacher_governs_the_class(door):
    assert door().admin_users == {'zhang'}


def test_a_new_password_in_the_settings_replaces_the_old_one(door):
    door()
    found = door(password='another long password')
    assert attempt(found, 'zhang', 'another long password')
    assert not attempt(found, 'zhang', PASSWORD.text)


@pytest.mark.parametrize('password', [
    'cats', 'password123', 'x' * 73,
], ids=['short', 'common', 'too long for bcrypt'])
def test_a_weak_password_of_a_student_is_refused(door, password):
    assert door().create_user('li', password) is None


def test_after_ten_wrong_passwords_the_right_one_has_to_wait(door):
    found = door()
    found.create_user('li', GOOD)
    for _ in range(10):
        assert not attempt(found, 'li', 'guess')
    assert not attempt(found, 'li', GOOD)


def test_only_the_reverse_proxy_can_be_reached_from_outside():
    found = compose()
    assert [x for x, y in found['services'].items() if 'ports' in y] == [
        'caddy']
    assert found['networks']['students']['internal']
    assert 'students' not in found['services']['caddy']['networks']


def test_students_are_in_the_network_that_leads_nowhere(files):
    pytest.importorskip('jupyterhub', reason=NO_HUB)
    network = compose()['networks']['students']['name']
    assert configuration().DockerSpawner.network_name == network


@pytest.mark.slow
def test_the_compose_file_follows_the_published_schema():
    pytest.importorskip('check_jsonschema', reason='needs check-jsonschema')
    done = subprocess.run(
        [sys.executable, '-m', 'check_jsonschema', '--builtin-schema',
         'vendor.compose-spec', str(MACHINE_FOLDER / 'compose.yml')],
        capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_compose_file_hands_on_every_setting():
    asked = set(
        re.findall(r"'([A-Z][A-Z_]+)'",
                   (MACHINE_FOLDER / 'settings.py').read_text('utf-8')))
    given = set(compose()['services']['hub']['environment'])
    example = (MACHINE_FOLDER / '.env.example').read_text('utf-8')
    assert given == asked
    assert set(re.findall(r'^([A-Z_]+)=', example, re.MULTILINE)) == {
        *given, 'TLS'}


def images():
    """Yield the images that the files of the classroom name."""
    for service in compose()['services'].values():
        yield service['image']
    dockerfile = (CLASSROOM / 'Dockerfile').read_text('utf-8')
    yield from re.findall(r'^ARG \w+=(.*:.*)$', dockerfile, re.MULTILINE)
    example = (MACHINE_FOLDER / '.env.example').read_text('utf-8')
    yield re.search(r'^IMAGE=(.*)$', example, re.MULTILINE)[1]
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
    compose(), values(), values('class.example.yaml'),
], ids=['compose', 'values', 'example'])
def test_no_file_of_the_classroom_gives_a_secret_a_value(content):
    secret = re.compile('password|secret|token', re.IGNORECASE)
    assert [x for x in leaves(content) if secret.search(x[0])] == []


def test_the_example_of_the_settings_asks_for_no_secret():
    example = (MACHINE_FOLDER / '.env.example').read_text('utf-8')
    assert not re.search('(PASSWORD|SECRET|TOKEN)\\w*=', example)


@pytest.mark.parametrize('name', [
    'one-machine/.env', 'one-machine/students.txt',
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
    example = (MACHINE_FOLDER / '.env.example').read_text('utf-8')
    text = re.search(r'^MEMORY_PER_STUDENT=(.*)$', example, re.MULTILINE)[1]
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


def test_both_kinds_of_class_start_a_server_alike(files):
    pytest.importorskip('jupyterhub', reason=NO_HUB)
    one = configuration().DockerSpawner
    many = values()['singleuser']['cmd']
    assert words(many) == words(one.cmd)
    assert str(one.args[0]) in values()['hub']['extraConfig']['class.py']


def words(command):
    return ' '.join(command).replace('"', '').split()


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


def test_the_cluster_admits_the_same_people(monkeypatch):
    pytest.importorskip('jupyterhub', reason=NO_HUB)
    c = cluster_configuration(
        monkeypatch, {'teacher': 'zhang', 'students': ['li', 'wang']})
    assert c.ClassAuthenticator.students == {'li', 'wang'}
    assert c.ClassAuthenticator.enable_signup is True
    assert c.JupyterHub.tornado_settings['cookie_options']['secure']


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
