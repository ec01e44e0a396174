"""A simulated student: what a person's browser does, without the browser."""

import asyncio
import json
import re
import time
import urllib.parse

import httpx
import nbformat

from classroom.simulated import kernel

FORM = re.compile(r'name="_xsrf"\s+value="([^"]+)"')
NAVIGATE = {'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Site': 'same-origin',
            'Accept': 'text/html'}
TOO_MANY = 429  # many start at once, or the class is full
FULL = 60  # seconds until the page of a full class tries again
PATIENCE = 900  # seconds that a server may take to start, waits included


class Student:
    """One student: logs in, starts a server, runs and saves a notebook.

    hub: where the class is; trust: which certificates are good; path: of
    the notebook, below the folder that JupyterLab shows.
    """

    def __init__(self, hub, trust, name, password, notebook, path):
        self.hub, self.trust = hub, trust
        self.name, self.password = name, password
        self.notebook, self.path = notebook, path
        self.client = httpx.AsyncClient(
            follow_redirects=True, timeout=60, verify=trust)
        self.server = None  # the address of the student's server
        self.waits = 0  # how often the hub asked for patience
        self.saves = {}  # number of a save -> what was sent
        self.acknowledged = 0

    async def visit(self, address):
        """Open a page as a browser does when its address is typed."""
        return await self.client.get(address, headers=NAVIGATE)

    async def send(self, page, address, **fields):
        """Fill in the form of a page and send it."""
        token = FORM.search(page.text)
        if not token:
            raise httpx.HTTPError(f'{address}: no form ({page.status_code})')
        return await self.client.post(
            address, headers=NAVIGATE, data={'_xsrf': token[1], **fields})

    async def sign_up(self, code):
        """Choose a password, with a one-time code."""
        address = f'{self.hub}/hub/password'
        answer = await self.send(
            await self.visit(address), address, username=self.name,
            code=code, password=self.password, password_again=self.password)
        if 'id="password-set"' not in answer.text:
            raise RuntimeError(f'{self.name}: the hub took no password '
                               f'({answer.status_code})')

    async def log_in(self):
        """Fill in the form and send it."""
        address = f'{self.hub}/hub/login'
        page = await self.visit(address)
        if not page.url.path.endswith('/login'):
            return  # the cookies are still good
        answer = await self.send(page, address, username=self.name,
                                 password=self.password)
        if answer.url.path.endswith('/login'):
            raise RuntimeError(f'{self.name}: the hub refused the log-in')
        await self.wait(answer)  # it starts the server

    async def start(self):
        """Start the server, and wait until JupyterLab's page comes.

        Pages that say "please wait" are opened again when they say so.
        """
        end = time.monotonic() + PATIENCE
        address = start = f'{self.hub}/hub/spawn/{self.name}'
        while time.monotonic() < end:
            page = await self.visit(address)
            if self.is_open(page):
                self.server = str(page.url.join(f'/user/{self.name}'))
                return
            await self.wait(page)
            waiting = '/spawn-pending/' in page.url.path
            ours = waiting and page.status_code == 200
            address = str(page.url) if ours else start
        raise RuntimeError(f'{self.name}: no server in {PATIENCE} s')

    async def wait(self, page):
        """Wait until a page is to be opened again."""
        self.waits += page.status_code == TOO_MANY
        await asyncio.sleep(pause(page))

    def is_open(self, page):
        """Tell whether a page is JupyterLab's, on the student's server."""
        return (page.url.path.startswith(f'/user/{self.name}/')
                and page.status_code == 200)

    @property
    def xsrf(self):
        """Return the token that the server wants with each request."""
        for cookie in self.client.cookies.jar:
            if (cookie.name, cookie.path) == (
                    '_xsrf', f'/user/{self.name}/'):
                return cookie.value
        raise RuntimeError(f'{self.name}: no cookie of the server')

    async def call(self, method, path, content=None):
        """Call the REST interface of the student's server."""
        answer = await self.client.request(
            method,
            f'{self.server}/api/{path}',
            json=content,
            headers={'X-XSRFToken': self.xsrf},
            follow_redirects=False,
        )
        if answer.status_code not in (200, 201):
            raise httpx.HTTPError(f'{path}: status {answer.status_code}')
        return answer.json()

    async def save(self):
        """Save the notebook; what the server acknowledged must stay."""
        number = len(self.saves) + 1
        self.notebook.metadata['saved'] = number
        text = nbformat.writes(self.notebook)
        self.saves[number] = text
        content = {'type': 'notebook', 'content': json.loads(text)}
        await self.call('PUT', f'contents/{self.path}', content)
        self.acknowledged = number

    async def execute(self, cells_a_save=4):
        """Run all cells in a new kernel; save after each few."""
        socket = await self.open_kernel()
        cells = [x for x in self.notebook.cells if x.cell_type == 'code']
        try:
            for number, cell in enumerate(cells, 1):
                await kernel.execute(socket, cell, number)
                if number % cells_a_save == 0 or number == len(cells):
                    await self.save()
        finally:
            socket.close()

    async def open_kernel(self):
        """Open the notebook with a kernel; return the kernel's websocket."""
        session = await self.call('POST', 'sessions', {
            'path': self.path, 'name': '', 'type': 'notebook',
            'kernel': {'name': 'python3'}})
        query = urllib.parse.urlencode({'_xsrf': self.xsrf})
        address = (f'{self.server}/api/kernels/{session["kernel"]["id"]}'
                   f'/channels?{query}')
        request = httpx.Request('GET', address)
        self.client.cookies.set_cookie_header(request)
        return await kernel.connect(
            address, request.headers['Cookie'], self.trust)


def pause(page):
    """Return after how many seconds a page is opened again."""
    if page.status_code == TOO_MANY:
        return float(page.headers.get('Retry-After', FULL))
    return 1
