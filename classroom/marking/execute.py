"""Run a notebook, in a sandbox; write what its cells show, for a teacher.

    python classroom/marking/execute.py < notebook > outputs

The notebook has a number of seconds in its metadata, for each of its cells.
No output counts for a mark.
"""

import json
import os
import sys

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError


def main():
    """Read a notebook, write a list with the outputs of each cell."""
    notebook = nbformat.reads(sys.stdin.read(), as_version=4)
    result = os.fdopen(os.dup(1), 'w', encoding='utf-8')
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):  # the kernel gets these
        os.dup2(nowhere, stream)
    seconds = notebook.metadata.pop('seconds')
    client = NotebookClient(
        notebook, timeout=seconds, interrupt_on_timeout=True,
        allow_errors=True, store_widget_state=False, kernel_name='python3')
    try:
        client.execute()
    except (CellControlSignal, DeadKernelError, RuntimeError):
        pass  # what there was until then is shown
    json.dump([x.get('outputs', []) for x in notebook.cells], result)
    result.flush()
    os._exit(0)


if __name__ == '__main__':
    main()
