"""A hub for the load test alone: its students are processes of one user.

They are not kept apart from each other: never let people use this hub.
Log-in, proxy, cookies and database are those of the real one.
"""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT))

from classroom.hub.authenticator import ClassAuthenticator  # noqa: E402

FOLDER = pathlib.Path(os.environ['CLASSROOM_FOLDER'])
PORTS = os.environ['CLASSROOM_PORTS'].split()
ROOT_ARGUMENTS = ['--allow-root'] if os.geteuid() == 0 else []

c = get_config()  # noqa: F821
c.JupyterHub.bind_url = f'http://127.0.0.1:{PORTS[0]}'
c.JupyterHub.hub_port = int(PORTS[1])
c.ConfigurableHTTPProxy.api_url = f'http://127.0.0.1:{PORTS[2]}'
c.JupyterHub.db_url = f'sqlite:///{FOLDER}/hub.sqlite'
c.JupyterHub.cookie_secret_file = str(FOLDER / 'cookie-secret')
c.ConfigurableHTTPProxy.pid_file = str(FOLDER / 'proxy.pid')
c.JupyterHub.cleanup_servers = False

c.JupyterHub.authenticator_class = ClassAuthenticator
c.ClassAuthenticator.students = os.environ['CLASSROOM_STUDENTS'].split()
c.ClassAuthenticator.teacher = 'teacher'
c.ClassAuthenticator.password = os.environ['CLASSROOM_PASSWORD']

c.JupyterHub.spawner_class = 'simple'
c.SimpleLocalProcessSpawner.home_dir_template = f'{FOLDER}/home/{{username}}'
c.Spawner.cmd = [sys.executable, '-m', 'jupyterhub.singleuser']
c.Spawner.args = [
    '--ServerApp.contents_manager_class=book.tools.jupyter.contents.ChapterManager',
    *ROOT_ARGUMENTS,
]
c.Spawner.env_keep = [
    *('PATH', 'LANG', 'BOOK_DATA', 'BOOK_STAND_IN'),
    *('OMP_NUM_THREADS', 'CLASSROOM_FOLDER'),
]
c.Spawner.start_timeout = c.Spawner.http_timeout = 120
c.Spawner.poll_interval = 5
c.JupyterHub.concurrent_spawn_limit = 0
