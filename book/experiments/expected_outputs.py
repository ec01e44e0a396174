"""Text outputs that every run must repeat: tests/references/PART/SLUG.yml.

A cell is deterministic when it writes the same on the real data and on the
stand-ins. What a training on data prints is therefore no reference; those
numbers are left to the bands of results.yml.
"""

import pathlib
import re

import yaml

from book.chapters.errors import BookError
from book.chapters.reader import code_cells
from book.execution import files
from book.experiments.comparison import lasting, output_text, same


def path(root, page):
    """Return where the references of a page are kept."""
    return pathlib.Path(root) / 'tests/references' / f'{page.name}.yml'


def load(path):
    """Return {number of the code cell, from 1: text}, empty without a file.
    """
    if not path.is_file():
        return {}
    try:
        found = yaml.safe_load(path.read_text('utf-8')) or {}
    except yaml.YAMLError as error:
        raise BookError(f'{path}: not YAML: {error}; run `python -m book '
                        f'references --chapter {path.stem}`') from error
    return found


def deterministic(real, stand_in, experiments):
    """Return the references of two runs of a chapter.

    experiments: those of the chapter; a cell that prints a result of theirs
    is left out.
    """
    texts = [[output_text(cell.outputs) for cell in code_cells(notebook)]
             for notebook in (real, stand_in)]
    found = {}
    for number, (one, other) in enumerate(zip(*texts, strict=True), 1):
        is_result = any(x.find.search(one) for x in experiments)
        if lasting(one) and same(one, other) and not is_result:
            found[number] = lasting(one)
    return found


class Dumper(yaml.SafeDumper):
    """Write texts as literal blocks, as readable as on the page."""


Dumper.add_representer(str, lambda dumper, text: dumper.represent_scalar(
    'tag:yaml.org,2002:str', text, style='|'))


def dump(texts):
    """Return references as YAML."""
    bare = {number: re.sub(r' +$', '', text, flags=re.MULTILINE)
            for number, text in texts.items()}
    return yaml.dump(bare, Dumper=Dumper, allow_unicode=True)


def write(path, texts):
    """Write the references of a chapter, or remove those it lost."""
    if not texts:
        path.unlink(missing_ok=True)
        return
    files.write(path, dump(texts))
