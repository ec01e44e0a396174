"""Small pictures of numbers on an axis, as SVG, for screen and paper alike.

A picture shows what an experiment gave with each seed, what it gave in this
build, in 2017 and in a full run, and the band that is right. Engines differ
in shape and height, what stands for the past is hollow. There are no words
but the title, which readers who do not see the picture hear. The ink is
that of the text around it, so it is legible in the dark, too.
"""

import math
from dataclasses import dataclass, field
from xml.sax.saxutils import escape

from book.execution.engine import ENGINES, MXNET
from book.rendering.made_pages.tables import number

WIDTH, HEIGHT, MARGIN = 320, 55, 9
PAST, AXIS, TEXT = 9, 38, 52  # heights, from above
LANES = dict(zip(ENGINES, (20, 31)))
SMALL, LARGE, HOLLOW = 2.7, 5.5, 4  # sizes of marks
SIGN = 16  # the side of a sign in the legend
STEPS, ROOM = 4, 0.2  # that an axis has at least; beyond its numbers
DIGITS = 5  # decimals that a label has at most
FONT = 'font-family="Helvetica, Arial, sans-serif"'
PALE = 'fill="#4a86c8" fill-opacity=".2"'
INKS = {'seeds': 'fill="currentColor" fill-opacity=".7"',
        'run': 'fill="#c9652f"',
        'past': 'fill="none" stroke="currentColor" stroke-width="1.4"'}


@dataclass(frozen=True)
class Plot:
    """The numbers of a picture.

    band: None where there is none; seeds: an engine -> what it gave with
    each seed; run: an engine and what it gave in this build, or None.
    """

    band: tuple
    seeds: dict = field(default_factory=dict)
    run: tuple = None
    printed_2017: float = None
    full_run: float = None

    @property
    def numbers(self):
        """All numbers for which the axis needs room."""
        found = [*(self.band or ()), self.printed_2017, self.full_run,
                 *(self.run or ())[1:],
                 *(x for values in self.seeds.values() for x in values)]
        return [x for x in found if drawable(x)]


def drawable(value):
    """Tell whether a number is known and has a place on an axis."""
    return value is not None and math.isfinite(value)


def draw(plot, title):
    """Return the picture of some numbers; title: the same in words."""
    first, last, step = axis(plot.numbers)

    def place(value):
        share = (value / step - first) / (last - first)
        return MARGIN + (WIDTH - 2 * MARGIN) * share

    ticks = [place(x * step) for x in range(first, last + 1)]
    parts = [f'<title>{escape(title)}</title>',
             bar(*map(place, plot.band)) if plot.band else '',
             line(ticks, end(first, step), end(last, step)),
             *marks(plot, place)]
    return svg(WIDTH, HEIGHT, 'class="dot-plot" role="img"', parts)


def svg(width, height, attributes, parts):
    """Return a picture of some parts."""
    return (f'<svg xmlns="http://www.w3.org/2000/svg" {attributes} '
            f'width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}">{"".join(parts)}</svg>')


def axis(numbers):
    """Return the ends of an axis in steps, and a round step.

    There is some room beyond the numbers, but no axis of sizes that cannot
    be negative begins below 0.
    """
    low, high = min(numbers), max(numbers)
    step = round_step((high - low or abs(high) or 1) / STEPS)
    first = math.floor(low / step - ROOM)
    return (max(first, 0) if low >= 0 else first,
            math.ceil(high / step + ROOM), step)


def round_step(most):
    """Return the largest of ... 0.1, 0.2, 0.5, 1, 2 ... up to a number."""
    power = 10 ** math.floor(math.log10(most))
    return next(x * power for x in (5, 2, 1) if x * power <= most or x == 1)


def end(steps, step):
    """Return the label of an end of the axis, which is so many steps."""
    decimals = max(0, -math.floor(math.log10(step)))
    if not steps or decimals > DIGITS:
        return number(steps * step)
    return f'{steps * step:.{decimals}f}'.replace('-', '−')


def bar(left, right):
    """Return the band: a light bar."""
    return (f'<rect x="{left:.1f}" y="1" width="{max(right - left, 2):.1f}" '
            f'height="{AXIS - 1}" {PALE}/>')


def line(ticks, left, right):
    """Return the axis with its ticks, of which the ends have labels."""
    texts = ''.join(f'<text x="{x:.0f}" y="{TEXT}" text-anchor="{anchor}">'
                    f'{text}</text>' for x, anchor, text in [
                        (ticks[0] - 3, 'start', left),
                        (ticks[-1] + 3, 'end', right)])
    marks = ''.join(f'M{x:.1f} {AXIS}v4' for x in ticks)
    return (f'<path d="M{MARGIN} {AXIS}H{WIDTH - MARGIN}{marks}" fill="none" '
            f'stroke="currentColor"/><g {FONT} font-size="11" '
            f'fill="currentColor">{texts}</g>')


def marks(plot, place):
    """Yield the marks of a picture: the run, and the others above it."""
    if plot.run and drawable(plot.run[1]):
        engine, value = plot.run
        yield group('run', [
            SHAPES[engine](place(value), LANES[engine], LARGE)])
    yield group('seeds', [
        SHAPES[engine](place(value), LANES[engine], SMALL)
        for engine, values in plot.seeds.items()
        for value in values if drawable(value)])
    past = (diamond, plot.printed_2017), (triangle, plot.full_run)
    yield group('past', [shape(place(value), PAST, HOLLOW)
                         for shape, value in past if drawable(value)])


def group(ink, shapes):
    """Return marks of one kind."""
    return f'<g {INKS[ink]}>{"".join(shapes)}</g>' if shapes else ''


def circle(x, y, size):
    return f'<circle cx="{x:.1f}" cy="{y}" r="{size}"/>'


def square(x, y, size):
    size *= 0.9  # as large as a circle to the eye
    return (f'<rect x="{x - size:.1f}" y="{y - size:.1f}" '
            f'width="{2 * size:.1f}" height="{2 * size:.1f}"/>')


def diamond(x, y, size):
    size *= 1.2
    return (f'<path d="M{x:.1f} {y - size:.1f}l{size:.1f} {size:.1f} '
            f'{-size:.1f} {size:.1f} {-size:.1f} {-size:.1f}z"/>')


def triangle(x, y, size):
    return (f'<path d="M{x:.1f} {y - size:.1f}l{size:.1f} {2 * size:.1f}'
            f'h{-2 * size:.1f}z"/>')


SHAPES = {engine: circle if engine == MXNET else square for engine in ENGINES}


def signs():
    """Return the signs of a legend: what they stand for -> pictures."""
    half = SIGN / 2
    band = f'<rect y="3" width="{SIGN}" height="{SIGN - 6}" {PALE}/>'
    found = {x: [group('seeds', [SHAPES[x](half, half, SMALL)])]
             for x in ENGINES}
    found['run'] = [group('run', [SHAPES[x](half, half, LARGE)])
                    for x in ENGINES]
    found['printed_2017'] = [group('past', [diamond(half, half, HOLLOW)])]
    found['full_run'] = [group('past', [triangle(half, half, HOLLOW)])]
    found['band'] = [band]
    return {name: [svg(SIGN, SIGN, 'class="sign" aria-hidden="true"', [x])
                   for x in parts] for name, parts in found.items()}
