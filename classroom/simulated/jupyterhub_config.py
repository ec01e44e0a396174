"""The real hub, at other addresses: there is no network of containers.

Everything else is that of one-machine/jupyterhub_config.py. Its containers
are processes that are not kept apart from each other: never let people use
this hub.
"""

import os

from classroom.simulated.hub import REAL

ADDRESS = os.environ['CLASSROOM_ADDRESS']  # of the hub's container
OUTSIDE = os.environ['CLASSROOM_URL']  # where browsers find it

c = get_config()  # noqa: F821
load_subconfig(str(REAL))  # noqa: F821

c.JupyterHub.bind_url = f'http://{ADDRESS}:8000'
c.JupyterHub.hub_ip = c.JupyterHub.hub_connect_ip = ADDRESS
c.ConfigurableHTTPProxy.api_url = f'http://{ADDRESS}:8001'
c.JupyterHub.public_url = f'{OUTSIDE}/'
if c.JupyterHub.get('subdomain_host'):
    c.JupyterHub.subdomain_host = OUTSIDE
