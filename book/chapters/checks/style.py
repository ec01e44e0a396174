"""The rules of STYLE_GUIDE.md that a program can check, for one page.

A rule is a function of a Draft that yields (line, what is wrong; way out).
"""

import contextlib
import re
from dataclasses import dataclass
from functools import cached_property

from book.chapters import markdown, reader
from book.chapters.errors import PageError
from book.chapters.languages import EDITIONS, words
from book.chapters.markdown import PLACEHOLDER, split_options

CODE_COLUMNS, CELL_LINES = 78, 30
EXERCISES, BOXES = 4, 5
LENGTH = {'en': (1200, 2500, 'words', r"[A-Za-z0-9]+(?:[-'’.][A-Za-z0-9]+)*"),
          'zh': (2200, 4500, 'Chinese characters', r'[\u3400-\u9fff]')}
HAN = r'[\u3400-\u9fff]'
LATIN = rf'[A-Za-z0-9{PLACEHOLDER}]'
GAP = re.compile(rf'{HAN} +{LATIN}|{LATIN} +{HAN}')
HALF_WIDTH = re.compile(rf'{HAN}[,.;:?!]')
STRAIGHT_QUOTE = re.compile(rf'["\']{HAN}|{HAN}["\']')
UNWANTED_CODE = {
    r'sys\.path': '`sys.path` in a code cell; `import utils` works without '
                  'it; remove the line',
    r'utils\.py': '`utils.py` in a code cell; chapters import utils and '
                  'never fetch or read its file',
    r'(?m)^[ \t]*(import|from) book\b':
        'chapters do not import book; use utils',
}


@dataclass
class Draft:
    """The text of a page, its language, and what it is.

    A chapter may have code; a lesson is a chapter outside the preface.
    """

    text: str
    language: str = 'en'
    is_chapter: bool = True
    is_lesson: bool = True

    @cached_property
    def lines(self):
        return self.text.splitlines()

    @cached_property
    def items(self):
        return markdown.items(self.text)

    def of(self, *kinds):
        return [item for item in self.items if item.kind in kinds]


def check(draft, path):
    """Return the findings for one page, in the order of its lines."""
    found = {finding for rule in rules(draft) for finding in rule(draft)}
    return [f'{path}:{line}: {problem}' for line, problem in sorted(found)]


def rules(draft):
    """Return the rules that this page has to obey."""
    chosen = list(PAGE_RULES)
    if draft.is_chapter:
        chosen += CHAPTER_RULES
    if draft.is_lesson:
        chosen += LESSON_RULES
    if draft.language == 'zh':
        chosen += CHINESE_RULES
    return chosen


# Every page

def plain_lines(draft):
    """Tabs, trailing blanks and a missing final newline."""
    for number, line in enumerate(draft.lines, 1):
        if '\t' in line:
            yield number, 'a tab; use blanks'
        if line != line.rstrip():
            yield number, 'blanks at the end of the line; remove them'
    if not draft.text.endswith('\n'):
        yield len(draft.lines) or 1, 'no final newline; add one'


def readable_fences(draft):
    """Code fences that the reader refuses."""
    try:
        reader.read(draft.text)
    except PageError as error:
        yield error.line, error.problem


def one_title(draft):
    """Exactly one title, on the first line."""
    titles = [x for x in draft.of('heading') if x.level == 1]
    if not titles or titles[0].line != 1:
        yield 1, 'no title; the first line is `# ` and the title'
    for extra in titles[1:]:
        yield extra.line, 'a second title; use `##` for sections'


def heading_levels(draft):
    """Headings down to ###, one step at a time."""
    before = 0
    for heading in draft.of('heading'):
        if heading.level > 3:
            yield heading.line, 'a heading deeper than ###; use bold text'
        elif heading.level > before + 1:
            yield (heading.line, f'this heading jumps from level {before} '
                   f'to {heading.level}; go one level at a time')
        before = heading.level


def no_leftovers(draft):
    """TODO marks and formulas that were not recognised."""
    for number, line in enumerate(draft.lines, 1):
        if re.search(r'\bTODO\b', line):
            yield number, 'TODO; do it, or open an issue and remove this'
    for item in draft.of('prose'):
        if '$$' in item.text or f'${PLACEHOLDER}$' in item.text:
            yield (item.line, '`$$` that starts no formula; put it on its '
                   'own line with an empty line before')


def own_marks(draft):
    """Stored outputs, and labels and references of other books."""
    with contextlib.suppress(PageError):  # told by `readable_fences`
        yield from reader.foreign(draft.text)


def described_images(draft):
    """Pictures without alternative text."""
    for item in draft.of('image'):
        if not item.detail.strip():
            yield (item.line, f'the picture {item.text} has no alternative '
                   'text; say in words what it shows')


def plain_boxes(draft):
    """Boxes that hold text and nothing else."""
    for item in draft.of('box'):
        title, _, content = item.detail.partition('\n')
        options, body = split_options(content)
        if title or options:
            extra = title or f':{next(iter(options))}:'
            yield (item.line, f'a box has no title and no options, but here '
                   f'is {extra}; write its text below `:::{{{item.text}}}`')
        if not body.strip():
            yield item.line, 'an empty box; write its text or remove it'
        if any(x.kind in ('code', 'heading', 'box')
               for x in markdown.items(body)):
            yield (item.line, 'this box holds more than text; close it with '
                   '`:::` before the next heading, cell or box')


def few_boxes(draft):
    """Boxes that stand out because they are rare."""
    boxes = draft.of('box')
    if len(boxes) > BOXES:
        yield (boxes[BOXES].line, f'the page has {len(boxes)} boxes; '
               f'{BOXES} are the limit, keep those that matter')


# Chapters

def opening(draft):
    """Prose between the title and the first section or code cell."""
    for item in draft.items:
        if item.kind == 'prose':
            return
        if item.kind == 'code' or item.kind == 'heading' and item.level > 1:
            break
    yield 1, 'no opening; say after the title what this chapter is for'


def ending(draft):
    """Summary and exercises as the last two sections."""
    own = words(draft.language)['headings']
    wanted = [own['summary'], own['exercises']]
    sections = [x for x in draft.of('heading') if x.level == 2]
    if [x.text for x in sections[-2:]] != wanted:
        yield (len(draft.lines), 'the last two sections must be '
               f'`## {wanted[0]}` and `## {wanted[1]}`, in this order')


def enough_exercises(draft):
    """A numbered list of exercises."""
    place, count = markdown.exercises(draft.items, draft.language)
    if place and count < EXERCISES:
        yield (place, f'{count} numbered exercises; write at least '
               f'{EXERCISES} as `1. `, `2. ` at the start of the line')


def introduced_cells(draft):
    """Prose between a code cell and the cell or heading before it."""
    introduced = False
    for item in draft.items:
        if item.kind == 'code' and not introduced:
            yield (item.line, 'this code cell is not introduced; say before '
                   'it what it does, or join it with the cell above')
        if item.kind in ('code', 'heading'):
            introduced = False
        introduced = introduced or item.kind == 'prose'


def short_cells(draft):
    """Code that fits on a printed page."""
    for cell in draft.of('code'):
        lines = cell.text.splitlines()
        if len(lines) > CELL_LINES:
            yield (cell.line, f'a code cell of {len(lines)} lines; split it, '
                   f'{CELL_LINES} are the limit')
        for number, line in enumerate(lines, cell.line + 1):
            if len(line) > CODE_COLUMNS:
                yield (number, f'{len(line)} columns of code; break the '
                       f'line, {CODE_COLUMNS} are the limit')


def clean_code(draft):
    """Nothing but the book's own way to get at utils."""
    for cell in draft.of('code'):
        for pattern, problem in UNWANTED_CODE.items():
            for match in re.finditer(pattern, cell.text):
                above = cell.text.count('\n', 0, match.start())
                yield cell.line + 1 + above, problem


def length(draft):
    """Neither a note nor a treatise; captions do not count."""
    low, high, unit, pattern = LENGTH[draft.language]
    count = sum(len(re.findall(pattern, item.text))
                for item in draft.of('prose') if not item.caption)
    if not low <= count <= high:
        advice = 'explain more' if count < low else 'cut, or split the page'
        yield (1, f'{count} {unit} of prose, outside {low} to {high}; '
               f'{advice}')


# Chinese

def chinese_blanks(draft):
    """No blank between Chinese and Latin text, code or formulas.

    The title of the book has one on its cover, too.
    """
    title = EDITIONS['zh'].title
    for item in draft.of('prose', 'heading'):
        for match in GAP.finditer(item.text.replace(title, '')):
            yield item.line, f'a blank in {shown(match)}; remove it'


def chinese_punctuation(draft):
    """Full-width punctuation and quotation marks."""
    for item in draft.of('prose', 'heading'):
        for match in HALF_WIDTH.finditer(item.text):
            yield (item.line, f'half-width punctuation in {shown(match)}; '
                   'use ，。；：？！')
        for match in STRAIGHT_QUOTE.finditer(item.text):
            yield item.line, f'a straight quote in {shown(match)}; use “”'


def shown(match):
    """Return a match with the text around it, for a message."""
    start, end = max(0, match.start() - 6), match.end() + 6
    return f'“{match.string[start:end]}”'.replace(PLACEHOLDER, '`…`')


PAGE_RULES = [plain_lines, readable_fences, one_title, heading_levels,
              no_leftovers, own_marks, described_images, plain_boxes,
              few_boxes]
CHAPTER_RULES = [opening, introduced_cells, short_cells, clean_code]
LESSON_RULES = [ending, enough_exercises, length]
CHINESE_RULES = [chinese_blanks, chinese_punctuation]
