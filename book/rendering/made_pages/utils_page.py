"""The page about utils.py: Sphinx's autodoc takes signatures and docstrings.

The page names each function and class; a Chinese one says below each name
what it does.
"""

import ast
import contextlib
import importlib
import os
import re
import sys
from operator import attrgetter
from unittest.mock import patch

from docutils import nodes
from sphinx import addnodes
from sphinx.ext.autodoc.mock import mock
from sphinx.pycode import ModuleAnalyzer
from sphinx.util import logging

from book.rendering.every_page.editions import edition_of, root_of

SOURCE = 'utils.py'
NAME = re.compile(r'^ *\.\. auto\w+:: utils\.([\w.]+)', re.MULTILINE)
BUILT_IN = re.compile(r'Built in\s+([\w-]+/[\w-]+)')
logger = logging.getLogger(__name__)


def setup(app):
    app.setup_extension('sphinx.ext.autodoc')
    app.connect('source-read', prepare)
    app.connect('autodoc-process-docstring', link_chapters)
    app.connect('object-description-transform', put_chinese_first)
    app.connect('doctree-read', leave_out)


def prepare(app, docname, content):
    """Import utils.py for a page that shows it; warn of wrong names."""
    if not NAME.search(content[0]):
        return
    path = root_of(app) / SOURCE
    app.env.note_dependency(str(path))
    until_read = app.env.temp_data[SOURCE] = contextlib.ExitStack()
    mocked = app.config.autodoc_mock_imports
    try:
        utils = until_read.enter_context(fresh(path.parent, mocked))
        found = list(problems(content[0], path.read_text('utf-8'), utils))
    except Exception as error:  # whatever the file may hold
        found = [(1, f'{SOURCE} cannot be imported: {error}')]
    for line, problem in found:
        logger.warning(problem, location=(docname, line))


@contextlib.contextmanager
def fresh(root, mocked):
    """Import utils.py as it is now, and forget it in the end."""
    before = set_aside()
    ModuleAnalyzer.cache.clear()
    importlib.invalidate_caches()
    try:
        yield imported(root, mocked)
    finally:
        set_aside()
        sys.modules.update(before)


def set_aside():
    """Take utils.py and what is beside it out of the modules."""
    names = [x for x in sys.modules if re.match('utils(_|$)', x)]
    return {name: sys.modules.pop(name) for name in names}


def imported(root, mocked):
    """Import utils.py; the environment stays as it is."""
    sys.path.insert(0, str(root))
    try:
        with patch.dict(os.environ), mock(mocked):
            return importlib.import_module('utils')
    finally:
        sys.path.remove(str(root))


def problems(page, source, utils):
    """Yield line and words for each name that page and utils do not share."""
    shown = {match[1]: page.count('\n', 0, match.start(1)) + 1
             for match in NAME.finditer(page)}
    for name, line in shown.items():
        try:
            attrgetter(name)(utils)
        except AttributeError:
            yield line, f'{SOURCE} has no {name}; correct or remove the name'
    for name in public(ast.parse(source)):
        if name not in shown:
            yield (max(shown.values()),
                   f'{name} of {SOURCE} is missing; add it, like '
                   f'`.. autofunction:: utils.{name}`')


def public(node, prefix=''):
    """Yield the names of what has a docstring, and of its methods."""
    for x in node.body:
        if isinstance(x, (ast.FunctionDef, ast.ClassDef)):
            if ast.get_docstring(x) and not x.name.startswith('_'):
                yield prefix + x.name
                if isinstance(x, ast.ClassDef):
                    yield from public(x, f'{x.name}.')


def link_chapters(app, what, name, thing, options, lines):
    """Turn the names of chapters in a docstring into links."""
    text = BUILT_IN.sub(r'Built in :doc:`/\1`', '\n'.join(lines))
    lines[:] = text.split('\n')


def put_chinese_first(app, domain, objtype, content):
    """Move what a Chinese page says itself before the docstring."""
    own = [x for x in content if isinstance(x, nodes.paragraph)][-1:]
    if own and edition_of(app).language == 'zh':
        content.remove(*own)
        content.insert(0, own)


def leave_out(app, doctree):
    """Show what one calls, without `class`; the index is one of terms."""
    for kind in (addnodes.index, addnodes.desc_annotation):
        for node in list(doctree.findall(kind)):
            node.parent.remove(node)
    app.env.temp_data.pop(SOURCE, contextlib.ExitStack()).close()
