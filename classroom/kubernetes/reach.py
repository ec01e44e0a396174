"""Tell what a student's server reaches: the hub and the exchange alone.

    kubectl -n classroom exec -i jupyter-NAME -c notebook -- \\
      python - ADDRESS:PORT ... < reach.py

The addresses are further ones that must be closed: another student's
server, machines of the school. Exit status 1: something is not as it must.
"""

import socket
import sys

OPEN = ['hub:8081', 'ngshare:8080']
CLOSED = [
    'hub-database-rw:5432',  # the database of the hub
    'proxy-api:8001',  # whoever reaches it may send students elsewhere
    'kubernetes.default.svc:443',  # the cluster itself
    '169.254.169.254:80',  # the secrets of many clouds
    '1.1.1.1:443',  # the internet
]
SECONDS = 3


def reached(address):
    """Tell whether anything answers there, be it with a refusal."""
    host, _, port = address.rpartition(':')
    try:
        socket.create_connection((host, int(port)), SECONDS).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return True


def main(more):
    """Print a line for each address; return whether one is wrong."""
    wrong = False
    for address in [*OPEN, *CLOSED, *more]:
        found, wanted = reached(address), address in OPEN
        wrong |= found != wanted
        word = 'open' if found else 'closed'
        print(f'{address}: {word}' + ('' if found == wanted else ' - WRONG'))
    return int(wrong)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
