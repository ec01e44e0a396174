"""The websocket of a kernel: cells are run, and their outputs come back."""

import asyncio
import json

import nbformat
from jupyter_client.session import Session
from tornado.httpclient import HTTPRequest
from tornado.websocket import websocket_connect

OUTPUTS = 'stream', 'display_data', 'execute_result', 'error'
PATIENCE = 300  # seconds until it opens
CELL = 3600  # seconds that a cell may take among many students
BIG = 2**27  # bytes of a message


async def connect(address, cookies, trust):
    """Open the websocket of a kernel, as JupyterLab does.

    cookies: the header of that name; trust: which certificates are good.
    """
    host = '/'.join(address.split('/')[:3])
    request = HTTPRequest(
        address.replace('http', 'ws', 1), ssl_options=trust,
        connect_timeout=PATIENCE,
        headers={'Cookie': cookies, 'Origin': host})
    return await websocket_connect(request, max_message_size=BIG)


async def execute(socket, cell, number):
    """Run a cell and keep its outputs; raise RuntimeError for what it raises.

    number: the one that the cell has in the notebook.
    """
    message = Session().msg(
        'execute_request', {'code': cell.source, 'stop_on_error': True})
    socket.write_message(
        json.dumps({**message, 'channel': 'shell'}, default=str))
    cell.execution_count, cell.outputs = number, []
    identity, left = message['header']['msg_id'], {'idle', 'reply'}
    while left:
        text = await asyncio.wait_for(socket.read_message(), CELL)
        if text is None:
            raise RuntimeError('the kernel hung up')
        answer = json.loads(text)
        if answer['parent_header'].get('msg_id') == identity:
            left -= receive(answer, cell)
    failed = [x for x in cell.outputs if x.output_type == 'error']
    if failed:
        raise RuntimeError(f'cell {number}: {failed[0].evalue}')


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
