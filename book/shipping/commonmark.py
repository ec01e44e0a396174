"""MyST Markdown -> Markdown that Jupyter, Colab and VS Code show well.

What only Jupyter Book understands is replaced in place; all the rest,
formulas and code above all, stays as it was written.
"""

import html
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from book.chapters.errors import PageError
from book.chapters.images import MOVING
from book.chapters.languages import EDITIONS, words
from book.chapters.markdown import (
    BOXES,
    DIRECTIVE,
    is_wide,
    split_options,
)
from book.shipping.spans import spans

NOTES = {'note', 'tip', 'important', 'warning'}
# How the site shows what stands in them; a part of it has a title
TITLED_PART = 'tab-item'
PLAIN = {'tab-set', TITLED_PART}
LOOK = '{rst-class}'  # how the site shows what comes next
UNKNOWN = {'math_block_label': 'the label of a formula',
           'myst_block_break': 'a break between blocks',
           'myst_line_comment': 'a comment that begins with %'}
TITLED = re.compile(r'(?P<title>.*?)\s*<(?P<target>.+)>')


@dataclass(frozen=True)
class Place:
    """What is known of a page and the book around it.

    titles: page -> title, of the pages that are notebooks; figures: label
    -> number; images: address of an image -> address in the notebook;
    labels: label of a section -> its page; address: of the page on the site.
    """

    page: str
    language: str
    titles: Mapping[str, str]
    figures: Mapping[str, str]
    images: Mapping[str, str]
    labels: Mapping[str, str] = field(default_factory=dict)
    address: str = ''


def convert(text, place, line=1):
    """Return the plain Markdown for a text of a page.

    line: the line of the page on which the text starts.
    Raises PageError for what it does not know.
    """
    return Converter(text, place, line).convert()


def is_silent(token):
    """Tell whether a piece is a comment, a section's label, or a look."""
    kind = token.type in ('html_block', 'html_inline')
    comment = kind and token.content.startswith('<!--')
    look = token.type == 'colon_fence' and token.info.startswith(LOOK)
    return comment or look or token.type == 'myst_target'


class Converter:
    """Gathers the edits that a text needs."""

    def __init__(self, text, place, line):
        self.text, self.place, self.line = text, place, line
        self.words = words(place.language)['notebook']
        self.boxes = words(place.language)['boxes']
        self.numbered = EDITIONS[place.language].figure

    def convert(self):
        edits = [x for span in spans(self.text) for x in self.edits(span)]
        pieces, done = [], 0
        for start, end, new in sorted(edits):
            pieces += [self.text[done:start], new]
            done = end
        return ''.join([*pieces, self.text[done:]]).strip('\n')

    def edits(self, span):
        """Return what to replace in a span: start, end and new text."""
        token = span.token
        if token.type == 'link_open':
            return self.link(span)
        if token.type == 'softbreak':
            return self.line_break(span)
        if is_silent(token):
            return [(span.start, self.after(span), '')]
        new = self.replacement(span)
        return [] if new is None else [(span.start, span.end, new)]

    def after(self, span):
        """Return the end of a span, with the blank line after a block."""
        blank = span.token.block and self.text.startswith('\n', span.end)
        return span.end + blank

    def replacement(self, span):
        """Return what stands for a piece; None if it stays."""
        token = span.token
        if token.type == 'myst_role':
            return self.role(token.meta['name'], token.content, span)
        if token.type == 'image':
            return self.image(token)
        if token.type in ('fence', 'colon_fence'):
            return self.directive(token, span)
        if token.type in UNKNOWN:
            raise self.unknown(span, UNKNOWN[token.type], 'remove it')
        return None

    def unknown(self, span, what, advice):
        """Return the error for what only Jupyter Book shows."""
        return self.problem(span, f'notebooks have nothing for {what}; '
                            f'{advice}, or add it to '
                            'book/shipping/commonmark.py')

    def problem(self, span, text):
        """Return the error for a span."""
        row = self.text.count('\n', 0, span.start)
        path = f'chapters/{self.place.language}/{self.place.page}.md'
        return PageError(path, self.line + row, text)

    def line_break(self, span):
        """Join lines that touch a Chinese character, unless in emphasis."""
        before, after = self.text[span.start - 1], self.text[span.end]
        wide = is_wide(before) or is_wide(after)
        if self.place.language != 'zh' or not wide or '*' in before + after:
            return []
        return [(span.start, span.end, '')]

    def link(self, span):
        """Lead to another notebook; a link that cannot becomes its text."""
        target = span.token.attrs['href']
        if re.match(r'\w+:', target):
            return []
        if not self.text.endswith(')', span.start, span.end):
            raise self.problem(span, 'write this link as [text](address)')
        path = posixpath.join(posixpath.dirname(self.place.page), target)
        page = posixpath.normpath(path.partition('#')[0])
        address = self.address(page.removesuffix('.md'))
        tail = self.text.rindex('](', span.start, span.end)
        if address:
            return [(tail, span.end, f']({address})')]
        return [(span.start, span.start + 1, ''), (tail, span.end, '')]

    def address(self, page):
        """Return the way to another notebook; None if there is none."""
        if page == self.place.page or page not in self.place.titles:
            return None
        start = posixpath.dirname(self.place.page)
        return posixpath.relpath(f'{page}.ipynb', start)

    def image(self, token):
        """Return an image in HTML: VS Code draws SVG only from there."""
        source = self.place.images.get(token.attrs['src'], token.attrs['src'])
        return f'<img alt="{html.escape(token.content)}" src="{source}">'

    def role(self, name, content, span):
        """Return what a role says."""
        match = TITLED.fullmatch(content)
        title, label = match.groups() if match else ('', content)
        if name == 'numref':
            title = title or self.numbered
            return title.replace('%s', self.number(label, span))
        if name == 'ref' and title:
            address = self.address(self.place.labels.get(label))
            return f'[{title}]({address})' if address else title
        advice = 'use numref, or ref with words of your own'
        raise self.unknown(span, f'the role {{{name}}}', advice)

    def number(self, label, span):
        """Return the number of a figure."""
        if label in self.place.figures:
            return self.place.figures[label]
        problem = f'no figure of the book has the label {label!r}'
        raise self.problem(span, problem)

    def directive(self, token, span):
        """Return a note, box or figure; None for any other fenced block."""
        match = DIRECTIVE.fullmatch(token.info.strip())
        if not match:
            return None
        name, argument = match['name'], match['argument']
        body = split_options(token.content)[1]
        title = self.boxes.get(name) or self.words.get(name)
        if name in NOTES or name in BOXES:
            return self.note(title, f'{argument}\n{body}', span)
        if name == 'figure-md' and argument:
            return self.figure(argument, body, span)
        if name in PLAIN:
            title = f'**{argument}**\n\n' if name == TITLED_PART else ''
            text = f'{title}{self.inner(body, span)}'
            return self.shifted(text.split('\n'), span)
        advice = 'write a note or a figure-md with a label'
        raise self.unknown(span, f'the block {{{name}}}', advice)

    def inner(self, body, span):
        """Convert the text inside a directive."""
        closing = self.line + span.token.map[1] - 1
        return convert(body, self.place, closing - body.count('\n'))

    def note(self, title, body, span):
        """Return a block quote with a title in bold type."""
        body = f'**{title}**\n\n{self.inner(body, span)}'
        return self.shifted((f'> {x}' for x in body.split('\n')), span)

    def figure(self, label, body, span):
        """Return an image and below it its number and caption."""
        image, _, caption = self.inner(body, span).partition('\n\n')
        number = self.numbered.replace('%s', self.number(label, span))
        caption = f'**{number}**{self.words["colon"]}{caption.strip()}'
        if self.place.address and f'/{MOVING}' in body:
            caption += self.words['moving'].format(self.place.address)
        lines = f'{image}\n\n{caption}'.split('\n')
        return self.shifted(lines, span)

    def shifted(self, lines, span):
        """Return lines as far to the right as the first line of a span."""
        first = self.text[span.start : span.end].split('\n')[0]
        indent = first[: len(first) - len(first.lstrip())]
        return ''.join(f'{indent}{line}'.rstrip() + '\n' for line in lines)
