"""Pages do without the scripts that Jupyter Book adds and nothing uses."""

from docutils import nodes

UNUSED = ('sphinx-thebe', 'THEBE_JS_URL', 'sphinx-design', 'togglebutton',
          'toggleHint', 'toggleOpenOnPrint',
          'DOCUMENTATION_OPTIONS.pagename')
TABS, TAB_SET = 'design-tabs', 'sd-tab-set'  # the script and what it is for
LAST = 900


def setup(app):
    app.connect('html-page-context', leave_out_unused, priority=900)
    app.connect('html-page-context', defer_scripts, priority=910)
    app.connect('doctree-resolved', remove_scripts, priority=900)


def leave_out_unused(app, pagename, templatename, context, doctree):
    """Take the unused ones out of a page's lists."""
    unused = UNUSED if has_tabs(doctree) else (*UNUSED, TABS)
    for files in ('css_files', 'script_files'):
        context[files] = [x for x in context[files]
                          if not is_one_of(unused, x)]


def has_tabs(doctree):
    """Tell whether a page has tabs."""
    return bool(doctree) and any(TAB_SET in x['classes']
                                 for x in doctree.findall(nodes.container))


def defer_scripts(app, pagename, templatename, context, doctree):
    """Let the text be shown before scripts run."""
    context['script_files'] = [
        deferred(x) if x.filename else x for x in context['script_files']
    ]


def deferred(script):
    """Return a script that runs when the page has been read.

    What is marked for a search speaks at once: it comes after its words.
    """
    attributes = script.attributes | {'defer': 'defer'}
    last = script.filename.endswith('sphinx_highlight.js')
    return type(script)(script.filename, priority=LAST if last
                        else script.priority, **attributes)


def is_one_of(names, asset):
    """Tell whether a script or style sheet has one of these names."""
    text = f'{asset.filename} {asset.attributes.get("body")}'
    return any(name in text for name in names)


def remove_scripts(app, doctree, docname):
    """Remove the scripts in a page, which are settings of Thebe."""
    for node in list(doctree.findall(nodes.raw)):
        if node.astext().lstrip().startswith('<script'):
            node.parent.remove(node)
