"""The first page: a card for each part, and doors to files of the book."""

from docutils import nodes
from sphinx.errors import SphinxError
from sphinx.transforms.post_transforms import SphinxPostTransform

from book.rendering.every_page.editions import edition_of
from book.rendering.overviews import pictures, whole_book

PRIORITY = 700  # links are resolved, pictures not yet looked at


def setup(app):
    app.add_post_transform(Cards)
    app.connect('env-get-updated', renew)


def renew(app, env):
    """Have the first page written when a picture is another one."""
    before, env.book_pictures = (
        getattr(env, 'book_pictures', None), pictures.state(app))
    return [] if before in (None, env.book_pictures) else [
        app.config.root_doc]


class Cards(SphinxPostTransform):
    """Give the parts their pictures, the doors their files."""

    default_priority = PRIORITY

    def run(self, **kwargs):
        if self.env.docname != self.app.config.root_doc:
            return
        for entries in self.document.findall(nodes.bullet_list):
            if 'parts' in entries['classes']:
                for card in entries.children:
                    add_picture(self.app, card)
            if 'doors' in entries['classes']:
                entries += doors(self.app)


def add_picture(app, card):
    """Put the picture that its author has chosen at the head of a card."""
    words = pictures.take_choice(card)
    try:
        found = words and pictures.picture(app, (), words)
    except pictures.PictureError as error:
        page = app.env.doc2path(app.config.root_doc)
        raise SphinxError(f'{page}: {error}') from error
    if found:
        card.insert(0, found)


def doors(app):
    """Return entries that lead to the whole book as files."""
    words = edition_of(app).words['buttons']
    return [nodes.list_item('', nodes.paragraph('', '', nodes.reference(
        '', words[form], refuri=address, internal=True)))
        for form, address in whole_book.addresses(app, '').items()]
