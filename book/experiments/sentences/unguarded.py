"""Figures in sentences that another run would make false, unnoticed.

A figure is a number with a decimal point, a share in per cent, a time or a
factor. It is safe where the build puts it in, where a claim quotes the line
that it stands in, and where no run changes it: then it stands in the code of
the page, in an output that every run repeats (tests/references), or in the
entry `fixed` of results.yml, for what follows by arithmetic:

- chapter: dropout-scratch
  fixed: [0.125]
"""

import re

from book.chapters import markdown, toc
from book.experiments import entries, expected_outputs
from book.experiments.comparison import NUMBER
from book.experiments.sentences import claims

UNIT = (r'(?: ?%|-fold| (?:per cent|percent|points?|seconds?|minutes?|hours?|'
        r'milliseconds?|times)\b| ?(?:秒|分钟|小时|毫秒|倍|个百分点))')
FIGURE = re.compile(
    rf'(?<![A-Za-z0-9_.,/-])(?:(?P<decimal>\d+\.\d+)(?![A-Za-z0-9_.]*\d)|'
    rf'(?P<whole>\d+(?:,\d{{3}})*){UNIT})')
ALONE = re.compile(r'[-−]?\d+\.\d+|\d+ ?\\%')  # a formula that is a figure
PROBLEM = ('{}: a figure that another run may change; put it in with '
           '{{result}}`…`, claim it in book/results.yml, say it coarsely, or '
           'list it there under `fixed` if no run changes it')


def parse(entry):
    """Turn an entry of the table into a chapter and its safe figures."""
    entries.refuse(entry, {'chapter', 'fixed'})
    return entry['chapter'], [float(x) for x in entry['fixed']]


def check(root, chapter=None):
    """Return what is wrong with the figures of all lessons, with places."""
    if not (root / entries.NAME).is_file():
        return []
    return [f'{page.label(language)}:{line}: {problem}'
            for page in toc.pages(root, chapter) if page.is_lesson
            for language in toc.LANGUAGES
            for line, problem in findings(root, page, language)]


def findings(root, page, language):
    """Yield (line, problem) for each figure of a page that is not safe."""
    path, text = root / entries.NAME, page.text(language)
    quoted = [x.quotes[language] for x in claims.load(path, page.slug)]
    lines, safe = text.splitlines(), safe_figures(root, page)
    for line, figure in figures(text, language):
        if not (is_safe(figure, safe)
                or any(x in lines[line - 1] for x in quoted)):
            yield line, PROBLEM.format(figure)


def figures(text, language):
    """Yield (line, figure) of the prose of a page, and of its formulas.

    Exercises have settings to try, and no results.
    """
    found = markdown.items(text)
    end, _ = markdown.exercises(found, language)
    for item in found:
        if end and item.line >= end:
            return
        if item.kind == 'prose':
            for match in FIGURE.finditer(item.text):
                yield item.line, match['decimal'] or match['whole']
        elif item.kind == 'math' and ALONE.fullmatch(item.text):
            yield item.line, item.text.rstrip('\\% ').lstrip('-−')


def safe_figures(root, page):
    """Return the numbers that no run of a page changes."""
    text = page.text('en')
    code = [x.text for x in markdown.of('code', markdown.items(text))]
    repeated = expected_outputs.load(expected_outputs.path(root, page))
    found = {abs(float(x)) for source in [*code, *repeated.values()]
             for x in NUMBER.findall(source)}
    for chapter, fixed in entries.parsed(root / entries.NAME, 'fixed',
                                         parse):
        found.update(fixed if chapter == page.slug else ())
    return found


def is_safe(figure, safe):
    """Tell whether a figure is one of the safe ones, or one in per cent."""
    value = float(figure.replace(',', ''))
    return any(abs(value - x) < 1e-9 or abs(value - 100 * x) < 1e-9
               for x in safe)
