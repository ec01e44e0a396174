"""What the parts found -> Markdown, and YAML as in book/results.yml."""

import datetime

import yaml
from card_parts import within

HEAD = '| part | | what it found | seconds |\n| --- | --- | --- | ---: |'
RESULTS = ('| chapter | experiment | metric | value | band | |\n'
           '| --- | --- | --- | ---: | --- | --- |')


def markdown(machine, found):
    """Return the tables: {part: (what it found, seconds)}."""
    rows = [f'| {name} | {mark(part.good)} | {cell(part.text)} | '
            f'{seconds:.0f} |' for name, (part, seconds) in found.items()]
    facts = '; '.join(f'{x} {y}' for x, y in machine.items() if x != 'name')
    text = [f'# The engine on {machine["name"]}', f'{today()}; {facts}.',
            '\n'.join([HEAD, *rows])]
    values = {key: pair for part, _ in found.values()
              for key, pair in part.values.items()}
    if values:
        text.append('\n'.join([RESULTS, *map(result, values.items())]))
    return '\n\n'.join(text) + '\n'


def mark(good):
    return 'ok' if good else 'FAILED'


def cell(text):
    """Return a text as the cell of a table."""
    return ' '.join(text.split()).replace('|', '\\|')


def result(pair):
    """Return the row of a result."""
    (slug, name, metric), (value, band) = pair
    shown = '–' if value is None else f'{value:.6g}'
    asked = f'{band[0]:g} to {band[1]:g}' if band else '–'
    return (f'| {slug} | {name} | {metric} | {shown} | {asked} | '
            f'{mark(within(value, band))} |')


def today():
    return datetime.date.today()


def results(machine, found):
    """Return the run and its values, as book/results.yml has them."""
    name = f'card-{today()}'
    run = {
        'run': name, 'date': today(), 'seeds': [0],
        'machine': {'en': f'one {machine["name"]}, with the engine on '
                          f'PyTorch {machine["PyTorch"]}',
                    'zh': f'一块{machine["name"]}，使用建立在'
                          f'PyTorch {machine["PyTorch"]}之上的引擎'},
    }
    values = [
        {'chapter': slug, 'name': title, 'metric': metric,
         'measured': {name: [value]}}
        for part, _ in found.values()
        for (slug, title, metric), (value, _) in part.values.items()
        if value is not None]
    return yaml.safe_dump([run, *values], allow_unicode=True,
                          sort_keys=False, default_flow_style=None)


def log(found):
    """Return all that the parts printed."""
    return '\n\n'.join(f'=== {name}\n{part.printed or part.text}'
                       for name, (part, _) in found.items()) + '\n'
