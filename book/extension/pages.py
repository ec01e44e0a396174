"""What our templates show on a page."""

from book.extension.editions import edition_of


def setup(app):
    app.connect('html-page-context', add_edition, priority=900)


def add_edition(app, pagename, templatename, context, doctree):
    """Tell a page its edition; HTML writes zh-CN for Sphinx's zh_CN."""
    context['edition'] = edition_of(app)
    context['language'] = edition_of(app).tag
