"""Pages load no scripts and style sheets that the book has no use for."""

UNUSED = (
    'sphinx-thebe',
    'THEBE_JS_URL',
    'sphinx-design',
    'design-tabs',
    'togglebutton',
    'toggleHint',
    'toggleOpenOnPrint',
)


def setup(app):
    app.connect('html-page-context', leave_out_unused, priority=900)


def leave_out_unused(app, pagename, templatename, context, doctree):
    """Take the unused ones out of a page's lists."""
    for files in ('css_files', 'script_files'):
        context[files] = [x for x in context[files] if not is_unused(x)]


def is_unused(asset):
    """Tell whether a script or style sheet is one of the unused ones."""
    text = f'{asset.filename} {asset.attributes.get("body")}'
    return any(name in text for name in UNUSED)
