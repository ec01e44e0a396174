"""What the parts find -> tables in Markdown, plots, files of results."""

import json
import statistics
from dataclasses import asdict, dataclass

from book.execution import files

HEAD = """\
# Benchmarks

Compare what stands in one table: it comes from one run. Times of another
machine are other times.
"""


@dataclass(frozen=True)
class Table:
    """Rows of words and numbers under the names of their columns."""

    title: str
    columns: tuple
    rows: tuple


@dataclass(frozen=True)
class Chart:
    """Numbers to be drawn: {name of a series: {where: how much}}.

    kind: 'bars' or 'lines'; of lines `where` is a number.
    """

    kind: str
    unit: str
    series: dict
    across: str = ''


@dataclass(frozen=True)
class Part:
    """What one part finds; the text says how it was measured."""

    title: str
    text: str
    tables: tuple
    chart: Chart


def median(values):
    """Return the middle one of some measurements."""
    return statistics.median(values)


def spread(values):
    """Return how far measurements lie apart, as a share of the middle."""
    return (max(values) - min(values)) / statistics.median(values)


def slope(points):
    """Return how much each unit of x adds to y, between neighbours.

    points: {x: y}; returns {(x, next x): slope}.
    """
    ordered = sorted(points.items())
    return {
        (x, after): (later - y) / (after - x)
        for (x, y), (after, later) in zip(ordered, ordered[1:], strict=False)
    }


def number(value):
    """Return a cell of a table as text: three digits are enough."""
    if value is None:
        return '–'
    if isinstance(value, float):
        digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2
        return f'{value:,.{digits}f}'
    return f'{value:,}' if isinstance(value, int) else str(value)


def table(found):
    """Return a table in Markdown; numbers stand on the right."""
    first = found.rows[0] if found.rows else ()
    rule = ['---' if isinstance(x, str) else '---:' for x in first]
    rows = [found.columns, rule, *(map(number, row) for row in found.rows)]
    lines = ['| ' + ' | '.join(row) + ' |' for row in rows]
    return '\n'.join([f'**{found.title}**', '', *lines])


def markdown(name, part):
    """Return what a part found in Markdown."""
    return '\n\n'.join([
        f'## {part.title}',
        f'`make bench ONLY={name}`: {part.text}',
        *map(table, part.tables),
        f'![{part.title}: {part.chart.unit}]({name}.svg)',
    ]) + '\n'  # fmt: skip


def keep(folder, name, part, facts):
    """Write what a part found as JSON, and its plot."""
    folder.mkdir(parents=True, exist_ok=True)
    record = {'machine': facts, **asdict(part)}
    text = json.dumps(record, indent=1, ensure_ascii=False)
    files.write(folder / f'{name}.json', text + '\n')
    draw(part, folder / f'{name}.svg')


def load(folder, name):
    """Return what is known of a part, and of its machine; or None."""
    path = folder / f'{name}.json'
    if not path.exists():
        return None
    record = json.loads(path.read_text(encoding='utf-8'))
    facts = record.pop('machine')
    tables = tuple(Table(**x) for x in record.pop('tables'))
    return Part(
        **record | {'tables': tables, 'chart': Chart(**record['chart'])}
    ), facts


def write(folder, names):
    """Write the report of all parts that have been measured."""
    known = {name: load(folder, name) for name in names}
    texts = [
        f'{markdown(name, found[0])}\n{origin(found[1])}\n'
        for name, found in known.items()
        if found
    ]
    path = folder / 'report.md'
    files.write(path, '\n'.join([HEAD, *texts]))
    return path


def origin(facts):
    """Say when and where numbers were measured."""
    versions = ', '.join(f'{x} {y}' for x, y in facts['versions'].items())
    return (
        f'Measured {facts["date"]} in {facts["seconds"]} s on '
        f'{facts["processor"]}, {facts["memory"]}, {facts["system"]}; '
        f'{versions}.'
    )


def draw(part, path):
    """Draw the plot of a part."""
    import matplotlib

    matplotlib.use('svg')
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots(figsize=(7, 3.5), layout='constrained')
    {'bars': bars, 'lines': lines}[part.chart.kind](axes, part.chart)
    axes.set_title(part.title)
    if len(part.chart.series) > 1:
        axes.legend()
    figure.savefig(path)
    plt.close(figure)


def bars(axes, chart):
    """Draw a group of bars for each place, the first one on top."""
    places = list(dict.fromkeys(
        place for values in chart.series.values() for place in values
    ))  # fmt: skip
    height = 0.8 / len(chart.series)
    for index, (name, values) in enumerate(chart.series.items()):
        rows = [places.index(x) + index * height for x in values]
        drawn = axes.barh(rows, values.values(), height, label=name)
        axes.bar_label(drawn, map(number, values.values()), padding=2)
    middle = (len(chart.series) - 1) * height / 2
    names = [place.replace('`', '') for place in places]
    axes.set_yticks([x + middle for x in range(len(places))], names)
    axes.invert_yaxis()
    axes.margins(x=0.15)
    axes.set_xlabel(chart.unit)


def lines(axes, chart):
    """Draw a line for each series."""
    for name, values in chart.series.items():
        points = sorted((float(x), y) for x, y in values.items())
        axes.plot(*zip(*points, strict=True), marker='o', label=name)
    axes.set_ylim(bottom=0)
    axes.set_xlabel(chart.across)
    axes.set_ylabel(chart.unit)
