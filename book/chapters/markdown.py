"""The text of a page -> what it consists of, each piece with its line.

Pieces are `Item`s of a `kind`:

    heading    a heading; `level` is 1 to 6, `detail` its text with code
    prose      one source line of prose, with a PLACEHOLDER for each piece of
               code, math and role; `detail` has one for each character of a
               link, too; `caption` tells whether it belongs to a figure
    code       a code cell
    fence      any other literal block
    formula    a displayed formula
    math       a formula inside a line
    image      the file of a picture; `detail` is its alternative text
    link       where a Markdown link leads
    role       the target of a role such as {ref}; `detail` is the role
    label      a name that {ref}, {numref} or {eq} may point to
    point      a numbered item at the top level of a list
    box        one of BOXES; `detail` is all that it holds, and what stands
               behind its name as the first line
"""

import functools
import re
from dataclasses import dataclass, replace
from unicodedata import east_asian_width

from markdown_it import MarkdownIt
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_blocks import myst_block_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from book.chapters.languages import words

PLACEHOLDER = '\ufffc'
DIRECTIVE = re.compile(r'\{(?P<name>[\w:-]+)\}\s*(?P<argument>.*)')
OPTION = re.compile(r':(?P<key>[\w-]+):\s*(?P<value>.*)')
LITERAL = {'code', 'code-block', 'raw', 'toctree', 'tableofcontents',
           'terminology', 'results'}
PICTURES = {'figure', 'image'}
BOXES = ('predict', 'trap', 'pytorch', 'aside')
WIDE_QUOTES = '‘’“”—…·'


def parser():
    """Return a parser of the book's Markdown."""
    return (MarkdownIt('commonmark').enable('table')
            .use(myst_block_plugin).use(myst_role_plugin)
            .use(dollarmath_plugin).use(colon_fence_plugin))


PARSER = parser()


@dataclass(frozen=True)
class Item:
    """One piece of a page."""

    line: int
    kind: str
    text: str
    level: int = 0
    detail: str = ''
    caption: bool = False


@functools.cache
def items(text, line=1):
    """Return the pieces of a page in order, as a tuple.

    line: the line of the page on which the text starts.
    """
    found, heading = [], 0
    for token in PARSER.parse(text):
        start = line + (token.map[0] if token.map else 0)
        if token.type == 'heading_open':
            heading = int(token.tag[1:])
        elif token.type == 'inline' and heading:
            found += headed(token, start, heading)
            heading = 0
        elif token.type == 'inline':
            found += inline(token, start)
        else:
            found += block(token, start)
    return tuple(found)


def of(kind, found):
    """Return the items of one kind."""
    return [item for item in found if item.kind == kind]


def headed(token, line, level):
    """Return the items of a heading, the heading itself first."""
    text = ''.join(map(spoken, token.children))
    with_code = ''.join(child.content for child in token.children)
    others = [x for x in inline(token, line) if x.kind != 'prose']
    return [Item(line, 'heading', text, level, with_code), *others]


def block(token, line):
    """Return the items of a block that holds no inline text."""
    if token.type == 'list_item_open' and token.level == 1 and token.info:
        return [Item(line, 'point', token.info)]
    if token.type == 'myst_target':
        return [Item(line, 'label', token.content)]
    if token.type == 'math_block':
        return [Item(line, 'formula', token.content)]
    if token.type == 'math_block_label':
        return [Item(line, 'formula', token.content),
                Item(line, 'label', token.info)]
    if token.type in ('fence', 'colon_fence'):
        return fence(token, line)
    return []


def fence(token, line):
    """Return the items of a code cell, a literal block or a directive."""
    info = token.info.strip()
    if info.replace(' ', '').startswith('{.python.input'):
        return [Item(line, 'code', token.content)]
    match = DIRECTIVE.fullmatch(info)
    if not match or match['name'] in LITERAL:
        return [Item(line, 'fence', token.content, detail=info)]
    return directive(match['name'], match['argument'], token.content, line)


def directive(name, argument, content, line):
    """Return the items of a MyST directive."""
    options, body = split_options(content)
    found = [Item(line, 'label', options[key])
             for key in ('name', 'label') if key in options]
    after = line + 1 + content.count('\n') - body.count('\n')
    if name == 'math':
        return [Item(line, 'formula', body), *found]
    if name == 'figure-md':
        inside = [replace(x, caption=True) for x in items(body, after)]
        return [*found, Item(line, 'label', argument), *inside]
    if name in BOXES:
        found.append(Item(line, 'box', name, detail=f'{argument}\n{content}'))
    if name in PICTURES:
        found.append(Item(line, 'image', argument,
                          detail=options.get('alt', '')))
    elif argument:
        found += items(argument, line)
    return [*found, *items(body, after)]


def split_options(content):
    """Split `:key: value` lines from the text that follows them."""
    lines, options = content.splitlines(keepends=True), {}
    while lines and (match := OPTION.fullmatch(lines[0].rstrip())):
        options[match['key']] = match['value']
        lines.pop(0)
    return options, ''.join(lines)


def inline(token, line):
    """Return the items of a paragraph: other pieces, then its prose."""
    found, prose, links = [], [Item(line, 'prose', '')], 0
    for child in token.children:
        links += child.type.startswith('link') and child.nesting
        if child.type in ('softbreak', 'hardbreak'):
            line += 1
            prose.append(Item(line, 'prose', ''))
            continue
        prose[-1] = longer(prose[-1], spoken(child), links)
        found += other_items(child, line)
        if child.type.startswith('math_inline'):
            line += child.content.count('\n')
            prose[-1] = replace(prose[-1], line=line)
    return found + [item for item in prose if item.text.strip()]


def longer(item, text, in_link):
    """Return an item of prose with more text."""
    own = PLACEHOLDER * len(text) if in_link else text
    return replace(item, text=item.text + text, detail=item.detail + own)


def spoken(child):
    """Return the prose in a piece of a line."""
    if child.type == 'text':
        return child.content
    literal = child.type.startswith(('code', 'math', 'myst_role'))
    return PLACEHOLDER if literal else ''


def other_items(child, line):
    """Return the items in a piece of a line that are not prose."""
    if child.type.startswith('math_inline'):
        return [Item(line, 'math', child.content)]
    if child.type == 'image':
        return [Item(line, 'image', child.attrs['src'],
                     detail=child.content)]
    if child.type == 'link_open':
        return [Item(line, 'link', child.attrs['href'])]
    if child.type == 'myst_role':
        target = re.sub(r'.*<(.+)>\s*', r'\1', child.content)
        return [Item(line, 'role', target, detail=child.meta['name'])]
    return []


# The structure of a page

def title(text):
    """Return the first heading of a page."""
    return of('heading', items(text))[0].detail


def labels(found):
    """Return the labels that a page defines, from its items."""
    return {item.text for item in of('label', found)}


def exercises(items, language):
    """Return the line of the exercises' heading, or None, and their number.
    """
    own = words(language)['headings']['exercises']
    place, count = None, 0
    for item in items:
        if item.kind == 'heading' and item.level <= 2:
            place = item.line if item.text == own else None
            count = 0
        count += item.kind == 'point' and place is not None
    return place, count


def is_wide(character):
    """Tell whether a character is Chinese or Chinese punctuation."""
    return bool(character) and (character in WIDE_QUOTES or
                                east_asian_width(character) in 'WF')
