"""The numbers that a chapter printed, by name: for claims and sentences.

A name is that of a group in a pattern of results.yml: in the `find` of an
experiment, or in an entry `values`, which has patterns and no bands:

- chapter: rnn-gluon
  values:
  - '^(?:GRU), epoch 4, .* held-out text (?P<gru>[\\d.]+)'
"""

import re
from dataclasses import dataclass

from book.chapters.errors import BookError
from book.chapters.reader import code_cells
from book.experiments import entries
from book.experiments.comparison import is_full, on_stand_in, output_text


@dataclass(frozen=True)
class Patterns:
    """Where numbers of a chapter stand in its outputs.

    measured: name of a run -> name of a number -> its value for each seed.
    """

    chapter: str
    patterns: tuple
    measured: dict


def parse(entry):
    """Turn an entry of the table into patterns."""
    entries.refuse(entry, {'chapter', 'values'}, {'measured'})
    found = tuple(re.compile(x, re.MULTILINE) for x in entry['values'])
    for pattern in found:
        if not pattern.groupindex:
            raise ValueError(f'{pattern.pattern!r} names no number; write '
                             '(?P<name>...) around it')
    return Patterns(entry['chapter'], found, entry.get('measured', {}))


def patterns(path, chapter):
    """Return all patterns of a chapter that name numbers."""
    named = [x for own in entries.parsed(path, 'values', parse)
             if own.chapter == chapter for x in own.patterns]
    finds = [re.compile(x['find'], re.MULTILINE)
             for x in entries.written(path, 'find')
             if x.get('chapter') == chapter]
    return named + [x for x in finds if x.groupindex]


def recorded(path, chapter):
    """Return what the table keeps: (run, number of its seed) -> numbers."""
    found = {}
    for run, name, row in kept(path, chapter):
        for seed, value in enumerate(row):
            found.setdefault((run, seed), {})[name] = exact(value)
    return found


def exact(value):
    """Return a number or a tuple of them; YAML takes 6e-07 for a text."""
    if isinstance(value, list):
        return tuple(map(exact, value))
    return float(value)


def kept(path, chapter):
    """Yield (run, name, value for each seed) of what the table keeps."""
    for own in entries.parsed(path, 'values', parse):
        for run, numbers in own.measured.items():
            if own.chapter == chapter:
                yield from ((run, *pair) for pair in numbers.items())
    for entry in entries.written(path, 'find'):
        names = re.compile(entry['find']).groupindex
        if entry.get('chapter') == chapter and names:
            for run, row in entry.get('measured', {}).items():
                yield run, *names, row


def of_any_run(path, chapter):
    """Return numbers of a chapter that has no outputs: name -> value.

    They are those that the table keeps of the page's own seed, of the last
    run that has the name.
    """
    found = {}
    for (_, seed), numbers in recorded(path, chapter).items():
        if seed == 0:
            found |= numbers
    return found


def of_notebook(path, page, notebook):
    """Return the numbers of an executed notebook: name -> value."""
    return of_texts(path, page, texts_of(notebook))


def texts_of(notebook):
    """Return what each code cell of an executed notebook has written."""
    return [output_text(cell.outputs) for cell in code_cells(notebook)]


def of_texts(path, page, texts):
    """Return the numbers in the text outputs of a page: name -> value.

    What a pattern finds once is a number, what it finds several times a
    tuple of numbers in the order of the page. Raises BookError for a pattern
    that finds nothing, and for a name that two patterns give.
    """
    found = {}
    for pattern in patterns(path, page.slug):
        for name, value in matched(pattern, texts, page).items():
            if name in found:
                raise BookError(f'{path}: two patterns of {page.slug} name '
                                f'{name}')
            found[name] = value
    return found


def matched(pattern, texts, page):
    """Return the numbers that a pattern finds: name -> value."""
    matches = [x for text in texts for x in pattern.finditer(text)]
    if not matches:
        raise BookError(f'{page.label("en")}: `{pattern.pattern}` of '
                        'book/results.yml matches no output; correct it, or '
                        'what the chapter prints')
    rows = {name: tuple(number(x[name], pattern) for x in matches)
            for name in pattern.groupindex}
    return {name: row if len(row) > 1 else row[0]
            for name, row in rows.items()}


def number(text, pattern):
    """Return the number that a text is; thousands may have commas."""
    try:
        return float(text.replace(',', ''))
    except (AttributeError, ValueError):
        raise BookError(f'book/results.yml: `{pattern.pattern}` catches '
                        f'{text!r}, which is no number') from None


def unclaimed(texts):
    """Tell whether outputs are such that the pages say nothing of them.

    They speak of the real data, and of what a processor trains on.
    """
    return any(map(on_stand_in, texts)) or is_full(texts)
