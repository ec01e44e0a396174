"""Is the Jupyter server of this container well? Docker asks regularly."""

import http.client
import os
import sys

ADDRESS = '127.0.0.1', 8888
SECONDS = 5


def answers(prefix):
    """Tell whether a server answers below a path."""
    connection = http.client.HTTPConnection(*ADDRESS, timeout=SECONDS)
    try:
        connection.request('GET', f'{prefix}api')
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


if __name__ == '__main__':
    # A classroom hub gives each student's server a path of its own
    sys.exit(not answers(os.environ.get('JUPYTERHUB_SERVICE_PREFIX', '/')))
