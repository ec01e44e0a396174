"""The real configuration of the hub, and the files that start it."""

import os
import re
import subprocess
import sys

import pytest
import tomllib
from books import ROOT
from one_class import (
    CLASSROOM,
    CONFIG,
    EXAMPLE,
    MACHINE_FOLDER,
    NO_HUB,
    compose,
    configuration,
    files_of_a_class,
)

from classroom import sizes
from classroom.__main__ import main
from classroom.simulated.front import CADDY

PROJECT = tomllib.loads((ROOT / 'pyproject.toml').read_text('utf-8'))
VERSION = PROJECT['project']['version']


@pytest.fixture
def files(tmp_path, monkeypatch):
    files_of_a_class(tmp_path, monkeypatch)
    return tmp_path


@pytest.fixture
def hub(files):
    left = files / 'proxy.pid'  # of a hub that was killed
    left.write_text(str(os.getpid()))
    return configuration()


def test_the_hub_gets_what_the_settings_say(hub):
    assert hub.JupyterHub.public_url == 'https://class.school.edu/'
    assert hub.ClassAuthenticator.students == {'li', 'wang'}
    assert hub.ClassSpawner.mem_limit == 4 * 2**30
    assert hub.JupyterHub.active_server_limit == 3


def test_a_hub_that_was_killed_forgets_its_proxy(hub, files):
    """The number of a dead proxy may be that of the new hub."""
    left = files / 'proxy.pid'
    assert hub.ConfigurableHTTPProxy.pid_file == str(left)
    assert not left.exists()


def test_a_cookie_for_every_path_needs_a_domain_for_every_student(
        files, monkeypatch):
    for word, each in ('each', True), ('one', False):
        monkeypatch.setenv('DOMAINS', word)
        c = configuration()
        assert c.JupyterHub.cookie_host_prefix_enabled is each
        assert bool(c.JupyterHub.subdomain_host) is each


def test_the_hub_knows_every_setting_of_its_configuration(hub):
    """A misspelt name is a warning to JupyterHub, and here an error."""
    from jupyterhub.app import JupyterHub
    from jupyterhub.proxy import ConfigurableHTTPProxy

    from classroom.hub.authenticator import ClassAuthenticator
    from classroom.hub.spawner import ClassSpawner

    known = {'JupyterHub': JupyterHub,
             'ConfigurableHTTPProxy': ConfigurableHTTPProxy,
             'ClassAuthenticator': ClassAuthenticator,
             'ClassSpawner': ClassSpawner, 'Spawner': ClassSpawner}
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
def checked(files, capsys):
    """Return what `class check` prints, and how it ends."""
    def run():
        ended = main(['check'])
        return ended, ''.join(capsys.readouterr())
    return run


def test_an_example_ends_with_one_message(checked, monkeypatch):
    """It is `docker compose up` that shows it, and nothing else starts."""
    monkeypatch.setenv('DOMAIN', EXAMPLE['DOMAIN'])
    ended, told = checked()
    assert ended == 1
    assert told == ('error: DOMAIN=class.example.org: is an example; write '
                    'your own host name\n')
    hub = compose()['services']['hub']
    assert hub['depends_on']['check'] == {
        'condition': 'service_completed_successfully'}
    assert compose()['services']['check']['command'] == ['class', 'check']
    assert 'restart' not in compose()['services']['check']


def test_good_settings_are_told_in_a_line(checked):
    assert checked() == (
        0, 'the settings of class.school.edu are good; 2 students\n')


def test_own_certificates_have_to_be_there(checked, files, monkeypatch):
    monkeypatch.setenv('TLS', 'files')
    ended, told = checked()
    assert ended == 1
    assert [x.split(':')[1] for x in told.splitlines()] == [
        ' certificate/certificate.pem', ' certificate/key.pem']
    (files / 'certificate').mkdir()
    for name in 'certificate.pem', 'key.pem':
        (files / 'certificate' / name).touch()
    assert checked()[0] == 0


def test_a_file_that_is_missing_is_named(checked, files):
    (files / 'students.txt').unlink()
    ended, told = checked()
    assert ended == 1
    assert told.startswith('error: students.txt: cannot be read')


def mounts():
    """Yield the files of the host that a service mounts."""
    for service in compose()['services'].values():
        yield from (x for x in service['volumes'] if isinstance(x, dict))


def test_docker_makes_no_folder_in_place_of_a_file_that_was_forgotten():
    """The socket of Docker is always there; all else is told when not."""
    assert {x['source'] for x in mounts()} == {
        './students.txt', './teacher-password', './certificate', './backup',
        './Caddyfile'}
    for mount in mounts():
        assert mount['bind'] == {'create_host_path': False, 'selinux': 'z'}


@pytest.mark.parametrize('name', ['certificate', 'backup'])
def test_a_folder_that_is_mounted_is_in_the_repository(name):
    done = subprocess.run(
        ['git', 'ls-files', f'classroom/one-machine/{name}'], cwd=ROOT,
        capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [
        f'classroom/one-machine/{name}/.gitignore']


def test_only_the_reverse_proxy_can_be_reached_from_outside():
    services = compose()['services']
    assert [x for x, y in services.items() if 'ports' in y] == ['caddy']
    assert '443:443/udp' in services['caddy']['ports']


def test_no_service_can_fill_the_disk_or_is_ended_before_a_student():
    for name, service in compose()['services'].items():
        assert service['read_only']
        assert service['logging']['options']['max-size'] == '10m'
        if name != 'check':
            assert service['oom_score_adj'] < 0


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
    assert given - {'HOME'} == set(re.findall(r"'([A-Z][A-Z_]+)'", source))
    assert EXAMPLE.keys() == {*given} - {'HOME'}


def images():
    """Yield the images that the files of the classroom name."""
    for service in compose()['services'].values():
        yield service['image']
    dockerfile = (CLASSROOM / 'Dockerfile').read_text('utf-8')
    yield from re.findall(r'^ARG \w+=(.*:.*)$', dockerfile, re.MULTILINE)
    yield EXAMPLE['IMAGE']


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
    compose(), EXAMPLE,
], ids=['compose', 'settings'])
def test_no_file_of_the_classroom_gives_a_secret_a_value(content):
    secret = re.compile('password|secret|token', re.IGNORECASE)
    assert [x for x in leaves(content) if secret.search(x[0])] == []


@pytest.mark.parametrize('name', [
    'one-machine/.env', 'one-machine/students.txt',
    'one-machine/teacher-password', 'one-machine/certificate',
    'one-machine/backup', 'kubernetes/class.yaml',
    'kubernetes/exchange.yaml', 'kubernetes/certificate.yaml',
])
def test_the_files_of_one_class_stay_out_of_git_and_of_the_image(name):
    done = subprocess.run(
        ['git', 'check-ignore', '-q', f'classroom/{name}/x'], cwd=ROOT)
    ignored = (CLASSROOM / '.dockerignore').read_text('utf-8').splitlines()
    assert done.returncode == 0
    assert name in ignored


@pytest.mark.slow
def test_the_reverse_proxy_of_the_tests_is_that_of_a_class():
    image = compose()['services']['caddy']['image']
    done = subprocess.run([CADDY, 'version'], capture_output=True, text=True)
    assert image.startswith(f'caddy:{done.stdout.split()[0].lstrip("v")}-')


@pytest.mark.slow
@pytest.mark.parametrize('choice', ['internal', 'me@school.edu'])
def test_the_reverse_proxy_takes_its_file(choice):
    file = MACHINE_FOLDER / 'Caddyfile'
    done = subprocess.run(
        [CADDY, 'validate', '--adapter', 'caddyfile', '--config', str(file)],
        env={**os.environ, 'DOMAIN': 'class.school.edu', 'TLS': choice},
        capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def skeleton(name):
    """Return the headings' levels and the commands of a README."""
    text = (CLASSROOM / name).read_text('utf-8')
    blocks = re.findall(r'^```bash\n(.*?)^```$', text, re.M | re.S)
    commands = [re.sub(' +#.*', '', block) for block in blocks]
    return re.findall(
        '^#+ ', re.sub('(?s)```.*?```', '', text), re.M), commands


@pytest.mark.parametrize('folder', ['.', 'keeping', 'kubernetes', 'marking'])
def test_both_readmes_have_the_same_sections_and_commands(folder):
    english, chinese = (skeleton(f'{folder}/{name}')
                        for name in sizes.READMES.values())
    assert english == chinese


@pytest.mark.parametrize('name', sizes.READMES.values())
def test_the_files_that_a_readme_names_exist(name):
    text = (CLASSROOM / name).read_text('utf-8')
    named = re.findall(r'^\| `([\w./-]+)`', text, re.M)
    files = [x for x in named if '/' in x or x.endswith(('.py', '.json'))]
    assert [x for x in files if not (CLASSROOM / x).exists()] == []
