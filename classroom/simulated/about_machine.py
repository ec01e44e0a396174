"""What the stand-in for Docker answers about itself and about images."""

from classroom.simulated.server import route

VERSION = '1.47'


@route('GET', '/_ping')
@route('HEAD', '/_ping')
def ping(daemon, query, content):
    return 200, b'OK'


@route('GET', '/version')
def version(daemon, query, content):
    return 200, {'ApiVersion': VERSION, 'MinAPIVersion': '1.24',
                 'Version': '27.0.0', 'Os': 'linux'}


@route('GET', '/info')
def info(daemon, query, content):
    return 200, {'ServerVersion': '27.0.0', 'Driver': 'overlay2',
                 'DockerRootDir': str(daemon.folder), 'Name': 'stand-in',
                 'SecurityOptions': ['name=seccomp,profile=builtin']}


@route('GET', '/images/(.+)/json')
def image(daemon, query, content, name):
    """Every image is there."""
    return 200, {'Id': f'sha256:{0:064}', 'RepoTags': [name],
                 'RepoDigests': [], 'Config': {'User': '1000', 'Labels': {}}}


@route('POST', '/images/create')
def pull(daemon, query, content):
    return 200, {'status': f'Downloaded {query.get("fromImage")}'}
