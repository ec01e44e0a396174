"""The directive `results`: what the experiments of results.yml reached.

The numbers come from the outputs that the pages of the book show, so there
are none for a chapter that has not run. Each experiment has a picture and,
for those who want digits, a row in a table.
"""

from collections import namedtuple
from datetime import datetime
from itertools import groupby

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from book.chapters import reader, toc
from book.chapters.errors import BookError
from book.chapters.languages import words
from book.chapters.markdown import title
from book.execution import cache, files, outputs
from book.execution.engine import ENGINES, MXNET
from book.experiments import entries, results
from book.experiments.sentences import claims
from book.rendering.every_page.editions import (
    day_of,
    edition_of,
    engine_of,
    root_of,
)
from book.rendering.made_pages import claims_line, experiment_names
from book.rendering.made_pages.result_pictures import legend, pictures
from book.rendering.made_pages.tables import number, page_link, table

WIDTHS = 21, 15, 12, 12, 12, 10, 12, 12
FULL_RUN = 5  # the column of the few experiments that ran in full

# What stands around the digits on the site, which unfolds them when asked
FOLDED = '<details class="digits"><summary>{}</summary>', '</details>'
ON_SITE = 'builder_html'

# A chapter with its executed notebook, or None, and its experiments
Chapter = namedtuple('Chapter', 'page notebook experiments')


def setup(app):
    app.add_directive('results', Results)


class Results(SphinxDirective):
    """What is known of the run, and pictures for each part of the book."""

    def run(self):
        root = root_of(self.env.app)
        language = edition_of(self.env.app).language
        try:
            found = chapters(root)
            counted = claims_line.count(root / entries.NAME, found)
        except BookError as error:
            raise self.error(str(error)) from error
        for path in sources(root, found):
            self.env.note_dependency(str(path))
        shown = [x for x in found if x.experiments]
        texts = {'claims': claims_line.line(counted, language),
                 'origins': origins(root, shown, language)}
        parts = groupby(shown, lambda x: x.page.name.partition('/')[0])
        return [*(nodes.paragraph(text, text, classes=[kind])
                  for kind, text in texts.items() if text),
                legend(language),
                *(section(part, list(x), language) for part, x in parts)]


def chapters(root):
    """Return the chapters with experiments or claims, in their order."""
    experiments = results.load(root / entries.NAME)
    claimed = {x.chapter for x in claims.load(root / entries.NAME)}
    found = []
    for page in toc.pages(root):
        own = [x for x in experiments if x.chapter == page.slug]
        if own or page.slug in claimed:
            key = key_of(root, page)
            found.append(Chapter(page, key and cache.load(root, key), own))
    return found


def key_of(root, page):
    """Return the key of the outputs of a page."""
    notebook = reader.read(page.text('en'), page.label('en'))
    return outputs.key_of(root, notebook)


def sources(root, chapters):
    """Return the files that the page is made from."""
    return [root / entries.NAME, root / files.OUTPUTS,
            *(x.page.path(y) for x in chapters for y in toc.LANGUAGES),
            *(cache.path(root, key_of(root, x.page)) for x in chapters
              if x.notebook)]


def origins(root, chapters, language):
    """Return where all the numbers come from."""
    records = [x.notebook.metadata['book'] for x in chapters if x.notebook]
    runs = results.runs(root / entries.NAME).values()
    return ''.join([run_text(records, language),
                    noted_text(records, runs, language),
                    seeds_text(runs, language)]).strip()


def section(part, chapters, language):
    """Return the section with the experiments of a part of the book."""
    index = toc.Page(f'{part}/index', chapters[0].page.root)
    name = title(index.text(language))
    drawn = [(name_of(x, language),
              [results.row(x.notebook, y) for y in x.experiments])
             for x in chapters]
    return nodes.section('', nodes.title(name, name),
                         pictures(drawn, language),
                         *digits(chapters, language), ids=[part],
                         classes=['made'])


def digits(chapters, language):
    """Return the same in digits: a table, which the site unfolds."""
    own = words(language)['results']
    rows = [row for chapter in chapters for row in rows_of(chapter, language)]
    columns = own['head'], *rows, WIDTHS
    if all(x.full_run is None for y in chapters for x in y.experiments):
        columns = [without(FULL_RUN, x) for x in columns]
    head, *rows, widths = columns
    start, stop = (nodes.raw('', x.format(own['digits']), format='html')
                   for x in FOLDED)
    return [addnodes.only('', start, expr=ON_SITE),
            table(head, rows, widths),
            addnodes.only('', stop, expr=ON_SITE)]


def without(column, row):
    """Return a row without one of its cells."""
    return [*row[:column], *row[column + 1:]]


def rows_of(chapter, language):
    """Return the rows of a chapter: itself, and its experiments."""
    return [[name_of(chapter, language)],
            *(cells(experiment, chapter.notebook, language)
              for experiment in chapter.experiments)]


def name_of(chapter, language):
    """Return the cell that names a chapter: a link, and what it ran on."""
    name = title(chapter.page.text(language))
    return [nodes.strong('', '', page_link(name, chapter.page.name)),
            nodes.Text(about_run(chapter.notebook, language))]


def about_run(notebook, language):
    """Return on what a chapter was run, and how long it took."""
    if notebook is None:
        return ''
    run, own = notebook.metadata['book'], words(language)['results']
    return own['seconds'].format(device=run['device'].upper(),
                                 seconds=run['seconds'])


def cells(experiment, notebook, language):
    """Return the cells of an experiment."""
    own = words(language)['results']
    known = [x for run in experiment.noted.get(MXNET, ()) for x in run]
    band = experiment.cpu
    if notebook is not None:
        band = results.row(notebook, experiment).band
    return [
        experiment_names.name(experiment, language),
        experiment_names.metric(experiment, language),
        number(experiment.printed_2017),
        *(reached(experiment, notebook, x, own) for x in ENGINES),
        number(experiment.full_run),
        span(min(known), max(known), own) if known else '',
        span(*band, own) if band else own['none'],
    ]


def reached(experiment, notebook, engine, own):
    """Return what an experiment reached with an engine, as the page shows it.

    It is what was noted, where another one has made the outputs.
    """
    if notebook is None:
        return own['not_run']
    if results.engine_of(notebook) != engine:
        return number(experiment.last(engine))
    row = results.row(notebook, experiment)
    if row.value is None:
        return own['missing']
    mark = own['stand_in'] * (row.verdict == results.STAND_IN)
    return number(row.value) + mark


def span(low, high, own):
    """Return two numbers as the page shows them, or one if they agree."""
    ends = number(low), number(high)
    return ends[0] if low == high else own['to'].format(*ends)


def run_text(records, language):
    """Return when, on what, with what and on which data chapters ran."""
    if not records:
        return words(language)['results']['nothing']
    parts = {engine: [x for x in records if engine_name(x) == engine]
             for engine in ENGINES}
    return ''.join(engine_text(engine, part, language)
                   for engine, part in parts.items() if part)


def engine_name(record):
    """Return which of ENGINES made the outputs with a record."""
    return record.get('engine', MXNET)


def engine_text(engine, records, language):
    """Return the same for the chapters that an engine has executed."""
    own = words(language)['results']

    def listed(texts):
        return words(language)['data']['and'].join(sorted(set(texts)))

    days = sorted(datetime.fromisoformat(x['date']) for x in records)
    return own['run'].format(
        column=results.COLUMNS[engine],
        days=days_text(days, language),
        devices=listed(x['device'].upper() for x in records),
        python=listed(x['versions']['python'] for x in records),
        engine=listed(engine_of(x, language) for x in records),
        data=listed(data_texts(records, language)) or own['none'],
    )


def noted_text(records, runs, language):
    """Return where the numbers of an engine come from that did not run."""
    ran = {engine_name(x) for x in records}
    return ''.join(last_text(engine, runs, language) for engine in ENGINES
                   if ran and engine not in ran)


def last_text(engine, runs, language):
    """Return when and where an engine was noted last."""
    own, column = words(language)['results'], results.COLUMNS[engine]
    for run in reversed([x for x in runs if x.engine == engine]):
        return own['noted'].format(column=column, **origin(run, language))
    return own['unnoted'].format(column=column)


def seeds_text(runs, language):
    """Return with how many seeds at most, when and where, the rest came."""
    own, made = words(language)['results'], {}
    for run in runs:
        if run.engine == MXNET:
            made.setdefault(run.machine[language], []).append(run)
    told = [own['of_seeds'].format(
        max(len(run.seeds) for run in there), machine=machine,
        days=days_text(sorted(run.date for run in there), language))
        for machine, there in made.items()]
    return own['seeds'].format(own['then'].join(told)) if told else ''


def origin(run, language):
    """Return when and where a run was made, in words."""
    return {'days': days_text([run.date], language),
            'machine': run.machine[language]}


def days_text(days, language):
    """Return the first and the last of sorted days in words."""
    own = words(language)['results']
    first, last = (day_of(x, language) for x in (days[0], days[-1]))
    if first == last:
        return own['day'].format(first)
    return own['days'].format(first, last)


def data_texts(records, language):
    """Yield each data set of some runs, and whether it was the real one."""
    own = words(language)['data']
    for record in records:
        for name, kind in record['data'].items():
            yield own['real' if kind == 'real' else 'drawn'].format(name)
