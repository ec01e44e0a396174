"""A class for tests: good settings, and what the files of a class say."""

import re
import types

import pytest
import yaml
from books import ROOT

from classroom.hub import settings

CLASSROOM = ROOT / 'classroom'
MACHINE_FOLDER = CLASSROOM / 'one-machine'
CONFIG = MACHINE_FOLDER / 'jupyterhub_config.py'
NO_HUB = 'needs JupyterHub; `make classroom-test` installs it'
VARIABLES = {
    'DOMAIN': 'class.school.edu', 'TLS': 'internal', 'TEACHER': 'zhang',
    'IMAGE': 'from-scratch-to-gluon:0.1.0', 'MEMORY_PER_STUDENT': '4G'}
LIST = 'li  # first row\n\nwang\n'
PASSWORD = settings.Secret('correct horse battery\n', 0o600)
ROOM = settings.Machine(memory=16384, hub=1024, student=512)
EXAMPLE = dict(re.findall(
    '^#? ?([A-Z_]+)=(.*)$',
    (MACHINE_FOLDER / '.env.example').read_text('utf-8'), re.M))


def compose():
    return yaml.safe_load((MACHINE_FOLDER / 'compose.yml').read_text('utf-8'))


def files_of_a_class(folder, monkeypatch):
    """Write the files of a class with good settings into a folder."""
    (folder / 'students.txt').write_text(LIST, 'utf-8')
    secret = folder / 'teacher-password'
    secret.write_text(PASSWORD.text, 'utf-8')
    secret.chmod(0o600)
    for name, value in VARIABLES.items():
        monkeypatch.setenv(name, value)
    for name in 'CLASSROOM_FILES', 'CLASSROOM_STATE':
        monkeypatch.setenv(name, str(folder))
    monkeypatch.setattr('classroom.hub.check.FILES', folder)
    room = types.SimpleNamespace(total=16 * 2**30)
    monkeypatch.setattr('psutil.virtual_memory', lambda: room)


def configuration():
    """Return what the configuration of the hub says."""
    pytest.importorskip('jupyterhub', reason=NO_HUB)
    from traitlets.config.loader import PyFileConfigLoader

    return PyFileConfigLoader(str(CONFIG)).load_config()
