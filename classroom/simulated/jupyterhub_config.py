"""The real hub, at other addresses: there is no network of containers.

Everything else is that of one-machine/jupyterhub_config.py. Its containers
are processes that are not kept apart from each other: never let people use
this hub.
"""

import os

from classroom.simulated.hub import REAL

PORTS = dict(x.split('=') for x in os.environ['CLASSROOM_PORTS'].split())

c = get_config()  # noqa: F821
load_subconfig(str(REAL))  # noqa: F821

here = 'http://127.0.0.1'
c.JupyterHub.bind_url = f'{here}:{PORTS["proxy"]}'
c.JupyterHub.hub_ip = c.JupyterHub.hub_connect_ip = '127.0.0.1'
c.JupyterHub.hub_port = int(PORTS['hub'])
c.ConfigurableHTTPProxy.api_url = f'{here}:{PORTS["api"]}'
outside = f'https://{os.environ["DOMAIN"]}:{PORTS["https"]}'
c.JupyterHub.public_url = f'{outside}/'
if 'subdomain_host' in c.JupyterHub:
    c.JupyterHub.subdomain_host = outside
