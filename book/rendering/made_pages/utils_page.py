"""The directive `utils-api`: what readers call, from utils.py.

The docstrings are English. A Chinese page gives, in the directive, a line of
its own for each name:

    ```{utils-api}
    train: 训练一个网络，每个迭代周期打印一行。
    ```
"""

import re

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from book.chapters import toc
from book.chapters.errors import BookError
from book.chapters.markdown import title
from book.rendering.every_page.editions import edition_of, root_of
from book.rendering.made_pages import api

SOURCE = 'utils.py'
BUILT_IN = re.compile(r'Built in\s+([\w-]+/[\w-]+)')
LINE = re.compile(r'(?P<name>[\w.]+): (?P<text>.+)')


def setup(app):
    app.add_directive('utils-api', UtilsApi)


class UtilsApi(SphinxDirective):
    """The sections of utils.py with signatures and docstrings."""

    has_content = True

    def run(self):
        root = root_of(self.env.app)
        language = edition_of(self.env.app).language
        self.env.note_dependency(str(root / SOURCE))
        try:
            found = api.read((root / SOURCE).read_text('utf-8'), SOURCE)
            lines = summaries(self.content)
            check(found, lines, language)
            titles = part_titles(root, language)
        except BookError as error:
            raise self.error(str(error)) from error
        return [self.section(x, lines, titles) for x in found]

    def section(self, section, lines, titles):
        """Return a section of the file."""
        name = titles.get(section.title, section.title)
        return nodes.section(
            '',
            nodes.title(name, name),
            *(self.describe(x, lines) for x in section.entries),
            ids=[nodes.make_id(section.title)],
            classes=['made'],
        )

    def describe(self, entry, lines):
        """Return a function or a class: its signature and what it does."""
        line = f'{lines.get(entry.name, "")}\n\n'
        text = BUILT_IN.sub(r'Built in {doc}`/\1`', entry.text)
        content = addnodes.desc_content(
            '',
            *self.parse_text_to_nodes(line + text),
            *(self.describe(x, lines) for x in entry.members),
        )
        return addnodes.desc(
            '',
            signature(entry),
            content,
            domain='py',
            objtype=entry.kind,
            classes=['py', entry.kind],
        )


def signature(entry):
    """Return the line with the name and the parameters."""
    before, _, name = entry.name.rpartition('.')
    found = addnodes.desc_signature(
        '',
        '',
        addnodes.desc_addname('', f'{before or "utils"}.'),
        addnodes.desc_name('', name),
        ids=[f'utils.{entry.name}'],
    )
    if entry.parameters is not None:
        found += addnodes.desc_parameterlist(
            '', '', *(parameter(x) for x in entry.parameters)
        )
    return found


def parameter(text):
    """Return a parameter of a signature."""
    return addnodes.desc_parameter(text, text)


def summaries(lines):
    """Return {name: its line} for the lines of the directive."""
    found = {}
    for line in filter(str.strip, lines):
        match = LINE.fullmatch(line)
        if not match:
            raise BookError(
                f'{line!r} is not a line like `train: 训练网络。`'
            )
        found[match['name']] = match['text']
    return found


def check(sections, lines, language):
    """Raise BookError for names that the lines and utils.py do not share."""
    names = list(all_names(sections))
    unknown = [x for x in lines if x not in names]
    if unknown:
        raise BookError(
            f'{SOURCE} has nothing for readers that is called '
            f'{", ".join(unknown)}; correct the names or remove their lines'
        )
    missing = [x for x in names if x not in lines]
    if missing and language == 'zh':
        raise BookError(
            f'no Chinese line for {", ".join(missing)} of {SOURCE}; '
            f'add one for each, like `{missing[0]}: …`'
        )


def all_names(sections):
    """Yield the names of all entries and their members."""
    for section in sections:
        for entry in section.entries:
            yield entry.name
            yield from (x.name for x in entry.members)


def part_titles(root, language):
    """Return {English title of a part: title in a language}."""
    found = {}
    for page in toc.pages(root):
        if not page.is_chapter:
            found[title(page.text('en'))] = title(page.text(language))
    return found
