"""A simulated student: what a person's browser does, without the browser."""

import asyncio
import json
import re
import time
import urllib.parse

import httpx
import nbformat
from jupyter_client.session import Session
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

NOTEBOOK = 'chapter.ipynb'
FORM = re.compile(r'name="_xsrf"\s+value="([^"]+)"')
NAVIGATE = {'Sec-Fetch-Mode': 'navigate', 'Accept': 'text/html'}
NOT_RUNNING = 424  # the hub's answer for a server that is not there
PATIENCE = 300  # seconds that a server may take to start
CELL = 3600  # seconds that a cell may take among many students
BIG = 2**27  # bytes of a message
OUTPUTS = 'stream', 'display_data', 'execute_result', 'error'


class Student:
    """One student: logs in, starts a server, runs and saves a notebook."""

    def __init__(self, url, name, password, notebook):
        self.url, self.name, self.password = url, name, password
        self.notebook = notebook
        self.client = httpx.AsyncClient(
            base_url=url, follow_redirects=True, timeout=60
        )
        self.path = f'/user/{name}'
        self.saves = {}  # number of a save -> what was sent
        self.acknowledged = 0

    async def visit(self, path):
        """Open a page as a browser does when its address is typed."""
        return await self.client.get(path, headers=NAVIGATE)

    async def sign_up(self):
        """Fill in the form for a new account; return whether it took."""
        page = await self.visit('/hub/signup')
        answer = await self.client.post(
            '/hub/signup',
            headers=NAVIGATE,
            data={
                '_xsrf': FORM.search(page.text)[1],
                'username': self.name,
                'signup_password': self.password,
                'signup_password_confirmation': self.password,
            },
        )
        return answer.status_code == 200 and 'alert-success' in answer.text

    async def log_in(self):
        """Fill in the form and send it."""
        page = await self.visit('/hub/login')
        form = FORM.search(page.text)
        if form is None:  # the cookies are still good
            return
        answer = await self.client.post(
            '/hub/login',
            headers=NAVIGATE,
            data={
                '_xsrf': form[1],
                'username': self.name,
                'password': self.password,
            },
        )
        if 'name="password"' in answer.text:
            raise RuntimeError(f'{self.name}: the hub refused the log-in')

    async def start(self):
        """Start the server and wait until JupyterLab's page comes."""
        end = time.monotonic() + PATIENCE
        page = await self.visit(f'/hub/spawn/{self.name}')
        while time.monotonic() < end:
            if page.status_code == NOT_RUNNING:
                await self.visit(f'/hub/spawn/{self.name}')
            page = await self.visit(f'{self.path}/lab')
            arrived = page.url.path.startswith(self.path)
            if arrived and page.status_code == 200:
                return
            await asyncio.sleep(1)
        raise RuntimeError(f'{self.name}: no server in {PATIENCE} s')

    @property
    def xsrf(self):
        """Return the token that the server wants with each request."""
        for cookie in self.client.cookies.jar:
            if cookie.name == '_xsrf' and cookie.path == f'{self.path}/':
                return cookie.value
        raise RuntimeError(f'{self.name}: no cookie of the server')

    async def call(self, method, path, content=None):
        """Call the REST interface of the student's server."""
        answer = await self.client.request(
            method,
            f'{self.path}/api/{path}',
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
        await self.call('PUT', f'contents/{NOTEBOOK}', content)
        self.acknowledged = number

    async def execute(self, cells_a_save=4):
        """Run all cells in a new kernel; save after each few."""
        kernel = await self.call('POST', 'kernels', {'name': 'python3'})
        socket = await self.open_socket(kernel['id'])
        cells = [x for x in self.notebook.cells if x.cell_type == 'code']
        try:
            for number, cell in enumerate(cells, 1):
                await self.run(socket, cell, number)
                if number % cells_a_save == 0 or number == len(cells):
                    await self.save()
        finally:
            socket.close()

    async def open_socket(self, kernel):
        """Open the websocket of a kernel, as JupyterLab does."""
        query = urllib.parse.urlencode({'_xsrf': self.xsrf})
        address = f'{self.path}/api/kernels/{kernel}/channels?{query}'
        request = httpx.Request('GET', f'{self.url}{address}')
        self.client.cookies.set_cookie_header(request)
        return await websocket_connect(
            HTTPRequest(
                f'{self.url}{address}'.replace('http', 'ws', 1),
                headers={
                    'Cookie': request.headers['Cookie'],
                    'Origin': self.url,
                },
                connect_timeout=PATIENCE,
            ),
            max_message_size=BIG,
        )

    async def run(self, socket, cell, number):
        """Run a cell and keep its outputs; raise what it raises."""
        message = Session().msg(
            'execute_request', {'code': cell.source, 'stop_on_error': True}
        )
        socket.write_message(
            json.dumps({**message, 'channel': 'shell'}, default=str)
        )
        cell.execution_count, cell.outputs = number, []
        identity, left = message['header']['msg_id'], {'idle', 'reply'}
        while left:
            text = await asyncio.wait_for(socket.read_message(), CELL)
            if text is None:
                raise RuntimeError(f'{self.name}: the kernel hung up')
            answer = json.loads(text)
            if answer['parent_header'].get('msg_id') == identity:
                left -= receive(answer, cell)
        failed = [x for x in cell.outputs if x.output_type == 'error']
        if failed:
            reason = failed[0].evalue
            raise RuntimeError(f'{self.name}: cell {number}: {reason}')


def receive(answer, cell):
    """Keep what a message of the kernel brings; return what it ends."""
    kind, content = answer['msg_type'], answer['content']
    if kind == 'execute_reply':
        return {'reply'}
    if kind == 'status' and content['execution_state'] == 'idle':
        return {'idle'}
    if kind == 'clear_output':
        cell.outputs = []
    elif kind in OUTPUTS:
        cell.outputs.append(nbformat.v4.output_from_msg(answer))
    return set()
