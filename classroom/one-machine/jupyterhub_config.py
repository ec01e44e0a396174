"""The hub of a class on one machine: settings.py judges, this file obeys."""

import os
import pathlib
import stat
import sys

import psutil

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from classroom import sizes  # noqa: E402
from classroom.hub import settings  # noqa: E402
from classroom.hub.authenticator import ClassAuthenticator  # noqa: E402
from classroom.keeping import nightly, state, status  # noqa: E402

FILES = pathlib.Path(os.environ.get('CLASSROOM_FILES', '/srv/class'))
STATE = pathlib.Path(os.environ.get('CLASSROOM_STATE', '/srv/hub'))
MIB = 2**20
NETWORK = 'classroom-students'
COPY = '/home/reader/book'
# The copy of the book is renewed first, but never at the student's expense
START = f"""\
cd /opt/book
python -m book workspace --folder "{COPY}/$BOOK_LANGUAGE" \
--language "$BOOK_LANGUAGE" || echo 'the copy was not renewed' >&2
cd "{COPY}"
exec jupyterhub-singleuser "$@"
"""


def text(path):
    """Return the text of a file of the class, or end with a clear word."""
    try:
        return path.read_text(encoding='utf-8')
    except (OSError, UnicodeDecodeError) as error:
        sys.exit(f'error: {path.name}: cannot be read: {error}')


def chosen():
    """Return the settings and the teacher's password."""
    path = FILES / 'teacher-password'
    secret = settings.Secret(text(path), stat.S_IMODE(path.stat().st_mode))
    machine = settings.Machine(
        memory=psutil.virtual_memory().total // MIB,
        hub=sizes.HUB,
        student=sizes.guarantee(sizes.load()),
    )
    names = text(FILES / 'students.txt')
    try:
        found = settings.read(os.environ, names, secret, machine)
    except settings.WeakSettings as error:
        sys.exit(''.join(f'error: {x}\n' for x in str(error).splitlines()))
    return found, secret.text.strip()


os.umask(0o077)  # the database and the cookie secret are the hub's alone
CLASS, PASSWORD = chosen()
state.at_start()  # what a hub that was killed has left is put in order
c = get_config()  # noqa: F821

# Browsers come through the reverse proxy, by HTTPS; nothing else is outside
c.JupyterHub.public_url = f'https://{CLASS.domain}/'
c.JupyterHub.bind_url = 'http://0.0.0.0:8000'
c.JupyterHub.hub_ip = '0.0.0.0'
c.JupyterHub.hub_connect_ip = 'hub'
c.ConfigurableHTTPProxy.api_url = 'http://127.0.0.1:8001'
# Cookies named __Host- go to every path, so that each student's server would
# get the log-in of whoever opens a link to it; without, only the hub gets it
c.JupyterHub.cookie_host_prefix_enabled = False
c.JupyterHub.tornado_settings = {
    'cookie_options': {'secure': True, 'samesite': 'Lax'}
}

# What must outlive the hub; the token of the proxy is new at each start
c.JupyterHub.db_url = f'sqlite:///{STATE}/hub.sqlite'
c.JupyterHub.cookie_secret_file = f'{STATE}/cookie-secret'
c.ConfigurableHTTPProxy.pid_file = f'{STATE}/proxy.pid'
c.JupyterHub.cleanup_servers = False

c.JupyterHub.authenticator_class = ClassAuthenticator
c.ClassAuthenticator.students = set(CLASS.students)
c.ClassAuthenticator.teacher = CLASS.teacher
c.ClassAuthenticator.password = PASSWORD
c.ClassAuthenticator.enable_signup = CLASS.sign_up
c.JupyterHub.template_vars = {
    'announcement': 'Only names on the teacher’s list can sign up. '
    '只有教师名单上的名字可以注册。',
    'announcement_home': status.announce,  # to the teacher alone
}

c.JupyterHub.spawner_class = 'dockerspawner.DockerSpawner'
c.DockerSpawner.image = CLASS.image
c.DockerSpawner.cmd = ['bash', '-c', START, 'start']
c.DockerSpawner.name_template = 'class-{username}'
c.DockerSpawner.volumes = {'class-{username}': '/home/reader'}
c.DockerSpawner.notebook_dir = COPY
c.DockerSpawner.environment = {'BOOK_LANGUAGE': CLASS.language}
c.DockerSpawner.args = [
    '--ServerApp.contents_manager_class=book.tools.jupyter.contents.ChapterManager'
]
c.DockerSpawner.network_name = NETWORK
c.DockerSpawner.use_internal_ip = True
c.DockerSpawner.remove = True
c.DockerSpawner.mem_limit = CLASS.memory * MIB
c.DockerSpawner.cpu_limit = CLASS.cores
c.DockerSpawner.extra_host_config = {
    'cap_drop': ['ALL'],
    'security_opt': ['no-new-privileges'],
    'pids_limit': 512,
    'memswap_limit': CLASS.memory * MIB,
}
c.Spawner.poll_interval = 10
c.Spawner.start_timeout = 180
c.JupyterHub.active_server_limit = CLASS.at_once
c.JupyterHub.concurrent_spawn_limit = 10

c.JupyterHub.services = [
    {
        'name': 'idle-culler',
        'command': [
            *(sys.executable, '-m', 'jupyterhub_idle_culler'),
            f'--timeout={CLASS.idle_minutes * 60}',
            f'--config={ROOT}/classroom/keeping/culler_config.py',
        ],
    },
    nightly.service(ROOT, CLASS.backup_hour, CLASS.backups),
]
c.JupyterHub.load_roles = [
    {
        'name': 'idle-culler',
        'services': ['idle-culler'],
        'scopes': [
            *('list:users', 'read:users:activity'),
            *('read:servers', 'delete:servers'),
        ],
    }
]
