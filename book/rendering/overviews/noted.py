"""What is noted of each page while it is read, for others to show.

minutes: to read it; run: the record of the run that made its outputs, or
None; drawn: the pictures of that run; figures: those of its author. A picture
is what an image node needs: its `uri` and `candidates`.
"""

from docutils import nodes

from book.execution import cache
from book.rendering.every_page.editions import edition_of, root_of
from book.rendering.every_page.reading import OUTPUTS

NOTED = 'book_noted'  # where a page's metadata has it
A_MINUTE = {'en': 200, 'zh': 400}  # words or characters that one reads
BUNDLE = 'mime_bundle'  # MyST-NB's name of an output in several formats


def setup(app):
    app.connect('doctree-read', note, priority=600)  # Sphinx knows the images


def note(app, doctree):
    """Note what other pages show of a page."""
    own = app.env.metadata[app.env.docname]
    drawn = drawings(doctree)
    own[NOTED] = {
        'minutes': minutes(doctree, edition_of(app).language),
        'run': record(root_of(app), own.get(OUTPUTS)),
        'drawn': [of(x) for x in drawn],
        'figures': [of(x) for x in figures(doctree)],
    }


def noted(app, name):
    """Return what was noted of a page; empty for pages without a file."""
    return app.env.metadata.get(name, {}).get(NOTED, {})


def minutes(doctree, language):
    """Return in how many minutes one reads the prose of a page."""
    text = ' '.join(x.astext() for x in doctree.findall(nodes.paragraph))
    length = len(text if language == 'zh' else text.split())
    return max(1, round(length / A_MINUTE[language]))


def record(root, key):
    """Return the record of the run that made outputs, as plain tables."""
    notebook = key and cache.load(root, key)
    if not notebook:
        return None
    run = notebook.metadata['book']
    return {name: dict(x) if isinstance(x, dict) else x
            for name, x in run.items()}


def drawings(doctree):
    """Return the pictures that code cells have drawn, one for each output."""
    outputs = [x for x in doctree.findall(nodes.container)
               if x.get('nb_element') == BUNDLE]
    found = [list(x.findall(nodes.image)) for x in outputs]
    return [min(x, key=is_pixels) for x in found if x]


def is_pixels(image):
    """Tell whether a picture is another file than an SVG."""
    return not image['uri'].endswith('.svg')


def figures(doctree):
    """Return the pictures in the figures of a page."""
    return [image for figure in doctree.findall(nodes.figure)
            for image in figure.findall(nodes.image)]


def of(image):
    """Return what another page needs in order to show a picture."""
    return {'uri': image['uri'], 'candidates': dict(image['candidates'])}
