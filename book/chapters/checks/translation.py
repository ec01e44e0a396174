"""What the two languages of a page must share.

Each difference names the line in the Chinese page, where it is usually
mended, and the line of the English page.
"""

import ast
import posixpath
import re
from itertools import zip_longest

from book.chapters import markdown
from book.chapters.errors import PageError
from book.chapters.program import parse, program

TEXT_COMMAND = re.compile(r'\\(text\w*|mbox)\{[^{}]*\}')


def check(en, zh, en_path, zh_path):
    """Return the findings for one pair of texts."""
    en_items, zh_items = markdown.items(en), markdown.items(zh)
    found = [same_programs(en_items, zh_items)]
    found += [same_sequence(what, kinds, en_items, zh_items)
              for what, kinds in SEQUENCES.items()]
    found += [same_set(what, kinds, en_items, zh_items)
              for what, kinds in SETS.items()]
    found.append(same_exercises(en_items, zh_items))
    return [f'{zh_path}:{line}: {problem.format(en=en_path)}'
            for findings in found for line, problem in findings]


# What is compared: the kinds of its items
SEQUENCES = {'heading level': {'heading'}, 'displayed formula': {'formula'},
             'picture': {'image'}, 'box': {'box'}}
SETS = {'formula': {'math'}, 'label': {'label'}, 'link': {'link', 'role'}}


def key(item):
    """Return what an item is compared by; None when it does not matter."""
    if item.kind == 'heading':
        return item.level
    if item.kind in ('formula', 'math'):
        return bare(item.text)
    if item.kind != 'link':
        return item.text
    page = posixpath.normpath(item.text.partition('#')[0])
    return page if '.md' in item.text else None


def keys(kinds, items):
    """Return pairs (key, line) of the items of some kinds."""
    return [(key(item), item.line) for item in items
            if item.kind in kinds and key(item) is not None]


def bare(tex):
    """Return a formula without blanks and without its words."""
    return re.sub(r'\s+', '', TEXT_COMMAND.sub(r'\\\1{}', tex))


# Comparisons: yield (line in the Chinese page, problem with {en})

def same_sequence(what, kinds, en_items, zh_items):
    """Find the first place where two sequences part."""
    pairs = zip_longest(keys(kinds, en_items), keys(kinds, zh_items),
                        fillvalue=(None, None))
    for (en, en_line), (zh, zh_line) in pairs:
        if en != zh:
            yield (zh_line or zh_items[-1].line,
                   f'{what} {quoted(zh)} here, but {quoted(en)} in {{en}}:'
                   f'{en_line or en_items[-1].line}; make them the same')
            return


def same_set(what, kinds, en_items, zh_items):
    """Find what one page has and the other one lacks."""
    en, zh = lines_by_key(kinds, en_items), lines_by_key(kinds, zh_items)
    for missing in sorted(en.keys() - zh.keys()):
        yield (1, f'{what} {quoted(missing)} of {{en}}:{en[missing]} is '
               'missing here; add it, or remove it there')
    for extra in sorted(zh.keys() - en.keys()):
        yield (zh[extra], f'{what} {quoted(extra)} is not in {{en}}; add it '
               'there, or remove it here')


def lines_by_key(kinds, items):
    """Return {key: line of its first item}."""
    found = {}
    for name, line in keys(kinds, items):
        found.setdefault(name, line)
    return found


def quoted(value):
    """Return a value as a part of a message, with braces doubled."""
    text = 'nothing' if value is None else f'`{value}`'
    return text.replace('{', '{{').replace('}', '}}')


def same_exercises(en_items, zh_items):
    """Compare how many exercises there are."""
    (_, en), (line, zh) = (markdown.exercises(en_items, 'en'),
                           markdown.exercises(zh_items, 'zh'))
    if en != zh:
        yield (line or 1, f'{zh} exercises here, but {en} in {{en}}; '
               'translate the others')


def same_programs(en_items, zh_items):
    """Compare the code, cell by cell."""
    cells = [markdown.of('code', items) for items in (en_items, zh_items)]
    if len(cells[0]) != len(cells[1]):
        yield (1, f'{len(cells[1])} code cells here, but {len(cells[0])} in '
               '{en}; a pair runs the same cells')
    for number, (en, zh) in enumerate(zip(*cells, strict=False), 1):
        try:
            place = parting(en, zh)
        except PageError as error:
            yield zh.line, f'cell {number}, here or in {{en}}: ' + quoted(
                error.problem)
            continue
        if place:
            yield (place[1], f'cell {number} is another program than '
                   f'{{en}}:{place[0]}; only comments may differ')


def parting(en, zh):
    """Return the lines (en, zh) where two cells become different programs.

    None when they are the same program.
    """
    if program(en.text) == program(zh.text):
        return None
    bodies = [parse(cell.text).body for cell in (en, zh)]
    for one, other in zip(*bodies, strict=False):
        if ast.dump(one) != ast.dump(other):
            return en.line + one.lineno, zh.line + other.lineno
    return en.line + 1, zh.line + 1
