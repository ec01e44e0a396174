"""Did the chapters that are meant for a GPU run on one?

Where the engine cannot use the card, every chapter falls back to the
processor without a word: right for a reader, wrong for a run that is to prove
that the book works on a GPU.
"""

from book.chapters.reader import code_cells
from book.execution.cache_key import taken
from book.experiments.comparison import on_gpu, output_text

WANTED = {'try_gpu': 1, 'try_all_gpus': 2}  # with fewer the CPU is right


def gpus_wanted(notebook):
    """Return how many GPUs a chapter is meant for."""
    names = taken(notebook)
    return max((WANTED[x] for x in names & WANTED.keys()), default=0)


def strays(executed, gpus):
    """Return a line for each chapter that ran on the CPU, against its aim.

    executed: pairs (page, executed notebook); gpus: how many the engine can
    use.
    """
    found = []
    for page, notebook in executed:
        if 0 < gpus_wanted(notebook) <= gpus:
            found += [f'{page.label("en")}: {x}' for x in problems(notebook)]
    return found


def problems(notebook):
    """Say what shows that a chapter ran on the CPU: record and outputs."""
    device = notebook.metadata.get('book', {}).get('device', 'nothing')
    if device != 'gpu':
        return [f'meant for a GPU, but its record names {device}']
    texts = [output_text(cell.outputs) for cell in code_cells(notebook)]
    if not any(map(on_gpu, texts)):
        return ['meant for a GPU, but it printed none as its device']
    return []
