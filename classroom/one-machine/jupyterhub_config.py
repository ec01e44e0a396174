"""The hub of a class on one machine: settings.py judges, this file obeys."""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from classroom.errors import ClassError  # noqa: E402
from classroom.hub import check, domains  # noqa: E402
from classroom.hub.authenticator import ClassAuthenticator  # noqa: E402
from classroom.hub.spawner import ClassSpawner  # noqa: E402
from classroom.keeping import nightly, state, status  # noqa: E402

STATE = pathlib.Path(os.environ.get('CLASSROOM_STATE', '/srv/hub'))
MIB = 2**20
HOME = '/home/reader'
COPY = f'{HOME}/book'
RUNTIME = '/run/jupyter'
OWNED = 'mode=0700,uid=1000,gid=1000'  # as the user of the book's image
# The copy of the book is renewed first, but never at the student's expense
START = f"""\
cd /opt/book
python -m book workspace --folder "{COPY}/$BOOK_LANGUAGE" \
--language "$BOOK_LANGUAGE" || echo 'the copy was not renewed' >&2
cd "{COPY}"
exec jupyterhub-singleuser "$@"
"""

os.umask(0o077)  # the database and the cookie secret are the hub's alone
try:
    CLASS, PASSWORD, TOLD = check.chosen()
except ClassError as error:
    sys.exit(''.join(f'error: {x}\n' for x in str(error).splitlines()))
for sentence in TOLD:
    print(f'note: {sentence}', file=sys.stderr)
state.at_start()  # what a hub that was killed has left is put in order
c = get_config()  # noqa: F821

# Browsers come through the reverse proxy, by HTTPS; nothing else is outside
c.JupyterHub.public_url = f'https://{CLASS.domain}/'
c.JupyterHub.bind_url = 'http://0.0.0.0:8000'
c.JupyterHub.hub_ip = '0.0.0.0'
c.JupyterHub.hub_connect_ip = 'hub'
c.ConfigurableHTTPProxy.api_url = 'http://127.0.0.1:8001'
# Caddy keeps idle connections for two minutes. The proxy must not hang up
# before, or what a browser sends at that moment is lost: a save, for one
c.ConfigurableHTTPProxy.command = [
    *('configurable-http-proxy', '--keep-alive-timeout', '180000'),
]
# A domain for each student's server keeps its pages out of the hub's. Cookies
# named __Host- go to every path of a domain and to no other domain: with one
# domain for all, each student's server would get the log-in of its visitors
OWN_DOMAINS = f'https://{CLASS.domain}' if CLASS.each else ''
c.JupyterHub.subdomain_host = OWN_DOMAINS
c.JupyterHub.cookie_host_prefix_enabled = CLASS.each
c.JupyterHub.extra_handlers = domains.handlers(CLASS)
c.JupyterHub.template_paths = [str(ROOT / 'classroom/hub/templates')]
c.JupyterHub.tornado_settings = {
    'cookie_options': {'secure': True, 'samesite': 'Lax'},
    # Seconds after which the page of one who waits tries again
    'spawn_throttle_retry_range': (10, 20),
}

# What must outlive the hub; the token of the proxy is new at each start
c.JupyterHub.db_url = f'sqlite:///{STATE}/hub.sqlite'
c.JupyterHub.upgrade_db = True  # of another version; a copy is kept beside
c.JupyterHub.cookie_secret_file = f'{STATE}/cookie-secret'
c.ConfigurableHTTPProxy.pid_file = f'{STATE}/proxy.pid'
c.JupyterHub.cleanup_servers = False
# A hub that comes back answers at once, and looks at the servers meanwhile
c.JupyterHub.init_spawners_timeout = 2

c.JupyterHub.authenticator_class = ClassAuthenticator
c.ClassAuthenticator.students = set(CLASS.students)
c.ClassAuthenticator.teacher = CLASS.teacher
c.ClassAuthenticator.password = PASSWORD
# Guesses are counted by the address of the browser, which Caddy tells
c.ClassAuthenticator.proxies = {'127.0.0.1', 'hub', 'caddy'}

c.JupyterHub.spawner_class = ClassSpawner
c.ClassSpawner.pool = CLASS.networks
c.ClassSpawner.disk = CLASS.disk
c.ClassSpawner.teacher = CLASS.teacher
c.ClassSpawner.course = 'class-course'
c.ClassSpawner.image = CLASS.image
c.ClassSpawner.cmd = ['bash', '-c', START, 'start']
c.ClassSpawner.name_template = 'class-{username}'
c.ClassSpawner.volumes = {'class-{username}': HOME}
c.ClassSpawner.notebook_dir = COPY
# What a server writes while it runs is not at home: so a full home lets its
# owner in, to clear it up (what is deleted there makes room at once)
c.ClassSpawner.environment = {
    'BOOK_LANGUAGE': CLASS.language,
    'JUPYTER_RUNTIME_DIR': RUNTIME,
}
c.ClassSpawner.args = [
    '--ServerApp.contents_manager_class=book.tools.jupyter.contents.ChapterManager',
]
c.ClassSpawner.use_internal_ip = True
c.ClassSpawner.remove = True
c.ClassSpawner.mem_limit = CLASS.memory * MIB
c.ClassSpawner.cpu_limit = CLASS.cores
c.ClassSpawner.extra_host_config = {
    'cap_drop': ['ALL'],
    'security_opt': ['no-new-privileges'],
    'pids_limit': 512,
    'memswap_limit': CLASS.memory * MIB,
    'oom_score_adj': 500,  # when memory runs out, this ends before the hub
    'read_only': True,
    'tmpfs': {'/tmp': 'size=256m', RUNTIME: f'size=16m,{OWNED}'},
    'ulimits': [
        {'name': 'core', 'soft': 0, 'hard': 0},
        {'name': 'nofile', 'soft': 4096, 'hard': 8192},
    ],
    'log_config': {
        'type': 'json-file',
        'config': {'max-size': '1m', 'max-file': '2'},
    },
}
c.Spawner.poll_interval = 10
# A whole class comes at once: so many start together, the others wait on a
# page that tries again by itself
c.Spawner.start_timeout = 300
c.Spawner.http_timeout = 300
c.JupyterHub.active_server_limit = CLASS.at_once
c.JupyterHub.concurrent_spawn_limit = 10

# What needs a hand, on the hub's first page, to the teacher alone
c.JupyterHub.template_vars = {'announcement_home': status.announce}

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
