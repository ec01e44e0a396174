"""Students' servers: containers that reach the hub and nobody else.

Each has a network of its own, in which only the hub is besides, and a
volume that is limited where the file system of Docker knows quotas.
"""

import hashlib
import json
import socket

from docker.errors import APIError
from docker.types import IPAMConfig, IPAMPool
from dockerspawner import DockerSpawner
from jupyterhub.utils import maybe_future
from traitlets import Bool, Instance, Integer, Unicode

HOME = '/home/reader'
LABEL = 'from-scratch-to-gluon'
# The image has nbgrader's pages for whose server has this folder
NBGRADER = {'JUPYTER_CONFIG_PATH': '/opt/venv/etc/teacher'}
SMALL = 29  # prefix of a network with addresses for the hub and one server
TRIED = 200  # networks that may be in use, one after the other
NO_QUOTA = 'no quota support'  # what Docker says of such a file system
UNLIMITED = (
    'Homes of students have no limit of their size, for the file system of '
    'Docker knows no quotas: one student can fill the disk of this machine'
)


class ClassSpawner(DockerSpawner):
    """Starts a student's container, its network and its volume before it."""

    pool = Instance('ipaddress.IPv4Network', config=True,
                    help='the addresses for the networks of the students')
    disk = Integer(config=True, help='MiB that a home may hold')
    teacher = Unicode(config=True, help='who gets the volume of the course')
    course = Unicode(config=True, help='the volume of the course')
    hub_container = Unicode(config=True, help='the container of the hub')
    joined = Bool(help='whether this hub is in the network of the server')
    told = False  # whether the log says that there are no quotas

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.network_name = self.object_name
        self.hub_container = self.hub_container or socket.gethostname()
        if self.user and self.user.name == self.teacher:
            self.volumes = {**self.volumes, self.course: f'{HOME}/course'}
            self.environment = {**self.environment, **NBGRADER}
            self.notebook_dir = HOME  # Formgrader wants the course below it

    @property
    def version(self):
        """Return a text that changes with what a container is made of."""
        made = [
            *(self.image, self.cmd, self.args, self.environment),
            *(self.volumes, self.mem_limit, self.cpu_limit),
            *(self.extra_host_config, self.cookie_host_prefix_enabled),
            self.public_url,
        ]
        text = json.dumps(made, sort_keys=True, default=str)
        return hashlib.sha256(text.encode('utf-8')).hexdigest()[:16]

    async def create_object(self):
        """Create volume, network and container, in this order."""
        await self.make_volume()
        await self.remove_network()
        await self.make_network()
        self.extra_create_kwargs = {'labels': {LABEL: self.version}}
        return await super().create_object()

    async def make_volume(self):
        """Create the volume of the home; one that is there stays as it is."""
        name, labels = self.object_name, {LABEL: 'home'}
        size = {'size': f'{self.disk}m'}
        try:
            await self.docker('create_volume', name, 'local', size, labels)
        except APIError as error:
            if NO_QUOTA not in str(error.explanation):
                raise
            if not ClassSpawner.told:
                self.log.warning(UNLIMITED)
            ClassSpawner.told = True
            await self.docker('create_volume', name, 'local', {}, labels)

    async def make_network(self):
        """Create the network of this server, and bring the hub into it.

        The machine itself gets no address there, so that its own services
        stay out of reach.
        """
        for subnet in self.subnets():
            try:
                await self.create_network(subnet)
            except APIError as error:
                if 'overlap' not in str(error.explanation):
                    raise
                problem = error
            else:
                return await self.join()
        raise problem

    def subnets(self):
        """Yield addresses for this server: the next if some are in use.

        The number of the account decides about the first. Numbers may be
        higher than the pool is large, and others may use a part of it.
        """
        size = 2 ** (32 - SMALL)
        count = self.pool.num_addresses // size
        for number in range(self.user.id, self.user.id + TRIED):
            first = self.pool.network_address + number % count * size
            yield f'{first}/{SMALL}'

    async def create_network(self, subnet):
        """Create the network of this server with these addresses."""
        await self.docker(
            'create_network',
            self.network_name,
            driver='bridge',
            internal=True,
            options={'com.docker.network.bridge.inhibit_ipv4': 'true'},
            ipam=IPAMConfig(pool_configs=[IPAMPool(subnet=subnet)]),
            labels={LABEL: 'network'},
        )

    async def join(self):
        """Bring the hub into the network of this server, if it is not."""
        try:
            await self.docker(
                'connect_container_to_network',
                *(self.hub_container, self.network_name),
                aliases=['hub'],
            )
        except APIError as error:
            if 'already exists' not in str(error.explanation):
                raise
        self.joined = True

    async def remove_network(self):
        """Remove the network of this server, if there is one."""
        try:
            await self.docker(
                'disconnect_container_from_network',
                *(self.hub_container, self.network_name),
                force=True,
            )
        except APIError as error:
            self.log.debug('%s: %s', self.network_name, error)
        try:
            await self.docker('remove_network', self.network_name)
        except APIError as error:
            if error.status_code != 404:
                raise
        self.joined = False

    async def poll(self):
        """Tell whether the server runs; one with old settings is ended.

        A hub in a new container joins the networks of running servers.
        """
        status = await super().poll()
        if status is not None or self.joined:
            return status
        container = await self.docker('inspect_container', self.object_id)
        labels = container['Config']['Labels'] or {}
        if labels.get(LABEL) != self.version:
            self.log.info('%s has old settings: it ends', self.object_name)
            await self.stop()
            await self.remove_network()
            return 'old settings'
        await self.join()
        return None

    async def run_post_stop_hook(self):
        """Clear away the network, however the server ended."""
        await maybe_future(super().run_post_stop_hook())
        await self.remove_network()

    async def pull_image(self, image):
        """Get the image if it is not here; also one named by its digest."""
        name, _, digest = image.partition('@')
        if not digest:
            return await super().pull_image(image)
        try:
            await self.docker('inspect_image', image)
        except APIError:
            await self.docker('pull', name, digest)
