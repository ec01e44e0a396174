"""Experiments -> a table of pictures, and what the signs in them mean.

Site and e-book have the SVG in the page itself, so it takes the colours of
the page. In print it is an image of which Sphinx makes a PDF, as of every
other SVG of the book.
"""

import base64

from docutils import nodes
from sphinx import addnodes

from book.chapters.languages import words
from book.execution.engine import ENGINES
from book.experiments import results
from book.rendering.made_pages import dot_plots, experiment_names
from book.rendering.made_pages.tables import number, table

WIDTHS = 40, 60
INLINE, PRINT = 'html', 'latex'  # formats of Sphinx's builders
SIGN_DROP, ROOM = '.2', r'\rule{0pt}{4ex}'  # of print: room above a row
URI = 'data:image/svg+xml;base64,'


def legend(language):
    """Return the line that says what the signs in the pictures mean."""
    found = []
    for name, pictures in dot_plots.signs().items():
        signs = [x for picture in pictures for x in shown(picture, SIGN_DROP)]
        text = nodes.Text(f'\N{NO-BREAK SPACE}{meaning(name, language)}')
        found += [nodes.inline('', '', *signs, text, classes=['key']),
                  latex(r'\qquad{}'),
                  nodes.Text(' ')]
    return nodes.paragraph('', '', *found[:-2], classes=['legend'])


def meaning(name, language):
    """Return what a sign means: the words for an engine, or for a number."""
    own = words(language)['results']['signs']
    if name in ENGINES:
        return own['seeds'].format(words(language)['results']['of'][name])
    return own[name]


def pictures(chapters, language):
    """Return a table of pictures, with the numbers of this build in words.

    chapters: pairs of a cell that names a chapter and the rows of its
    experiments.
    """
    rows = []
    for name, experiments in chapters:
        rows += [[[latex(ROOM), *name]],
                 *(cells(row, language) for row in experiments)]
    head = words(language)['results']['pictures']
    found = table(head, rows, WIDTHS)
    found['classes'].append('dot-plots')
    found[-1]['classes'].append('nocolorrows')
    return found


def cells(row, language):
    """Return the cells of an experiment: its name, and its picture."""
    plot, reason = plot_of(row), row.experiment.reason
    picture = shown(dot_plots.draw(plot, in_words(plot, language)))
    if reason:
        picture += line(reason[language], 'reason')
    return [name_of(row, language), picture]


def name_of(row, language):
    """Return the name of an experiment, and what it reached."""
    text = experiment_names.metric(row.experiment, language)
    if row.value is not None:
        own = words(language)['results']
        mark = own['stand_in'] * (row.verdict == results.STAND_IN)
        text = own['named'].format(text, number(row.value) + mark)
    name = experiment_names.name(row.experiment, language)
    return [nodes.Text(name), *line(text, 'reached')]


def line(text, kind):
    """Return the nodes of a text on a line of its own."""
    return [nodes.Text(' '), latex(r'\newline{}'),
            nodes.inline(text, text, classes=[kind])]


def plot_of(row):
    """Return the numbers to be drawn; those of stand-ins are not."""
    experiment = row.experiment
    judged = row.verdict in (results.OK, results.OUT)
    seeds = {engine: [x for run in experiment.noted.get(engine, ())
                      for x in run] for engine in ENGINES}
    return dot_plots.Plot(
        row.band, seeds, (row.engine, row.value) if judged else None,
        experiment.printed_2017, experiment.full_run)


def in_words(plot, language):
    """Return what a picture shows, for those who do not see it."""
    own = words(language)['results']
    told = {**{engine: plot.seeds.get(engine) for engine in ENGINES},
            'run': plot.run and plot.run[1:],
            'printed_2017': listed(plot.printed_2017),
            'full_run': listed(plot.full_run)}
    texts = [own['named'].format(meaning(name, language), own['and'].join(
                 dict.fromkeys(map(number, values))))
             for name, values in told.items() if values]
    if plot.band:
        band = own['to'].format(*map(number, plot.band))
        texts.append(own['named'].format(meaning('band', language), band))
    return own['then'].join(texts)


def listed(value):
    return [] if value is None else [value]


def shown(svg, drop='1'):
    """Return the nodes of a picture, one for each kind of book.

    drop: how far it hangs below the line of text in print, in heights.
    """
    uri = URI + base64.b64encode(svg.encode()).decode()
    return [nodes.raw('', svg, format=INLINE),
            latex(rf'\raisebox{{-{drop}\height}}{{'),
            addnodes.only('', nodes.image(uri=uri), expr=PRINT),
            latex('}')]


def latex(text):
    """Return a node that only print shows."""
    return nodes.raw('', text, format=PRINT)
