"""Chapters -> notebooks for a class: answers marked, and taken out.

Each language gets a course as nbgrader expects it: `source` holds the
teacher's notebooks, `release` the same ones without the answers.
"""

import ast
import pathlib
import re
import shutil
import textwrap

import nbformat
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell

from book.chapters import reader, toc
from book.chapters.errors import BookError, PageError
from book.chapters.languages import words
from book.chapters.program import parse
from book.chapters.requirements import declared
from book.execution import files
from book.shipping import notebooks

HERE = pathlib.Path(__file__).parent
CHECKS = HERE / 'assignments.yml'
POINTS = 2  # right, half right, missing
BEGIN, END = '### BEGIN SOLUTION', '### END SOLUTION'
ANSWER = re.compile(rf'^( *){BEGIN}\n.*?\n *{END}$', re.MULTILINE | re.DOTALL)
LINK = re.compile(r'\[([^]]*)\]\((?!\w+:)[^)]*\.ipynb\)')
FUNCTIONS = ast.FunctionDef, ast.AsyncFunctionDef
STAGES = 'source', 'release'
OF_THE_TEACHER = ('gradebook.db', 'submitted', 'judged', 'autograded',
                  'feedback')
IMPORTS = {'assert_allclose': 'from numpy.testing import assert_allclose',
           'np.': 'import numpy as np'}
# No student's code runs here, whatever button is pressed: `class grade` and
# grade.py run it in sandboxes and put their verdicts into the folder `judged`
NOTHING_RUNS = """\
c.CourseDirectory.submitted_directory = 'judged'
c.Execute.enabled = False
c.Autograde.sanitize_preprocessors = [
    'nbgrader.preprocessors.DeduplicateIds',
    'nbgrader.preprocessors.OverwriteKernelspec',
    'nbgrader.preprocessors.OverwriteCells',
    'nbgrader.preprocessors.CheckCellMetadata',
]
"""
SETTINGS = f"""\
# Settings of nbgrader for this course
c = get_config()
c.CourseDirectory.course_id = 'from-scratch-to-gluon-{{language}}'
c.ClearSolutions.code_stub = {{{{'python': {{stub!r}}}}}}
c.ClearSolutions.text_stub = {{text!r}}
# What is marked: the verdicts of grade.py. No student's code runs here
{NOTHING_RUNS}"""


def load_checks(path=CHECKS):
    """Return the table: chapter -> name of a task -> code of its check."""
    return yaml.safe_load(path.read_text(encoding='utf-8'))


def write(root, pages, checks):
    """Write the courses of both languages; return their folders.

    A course in which a teacher has begun to work is not replaced.
    """
    folder = root / files.ASSIGNMENTS
    refuse_to_replace(root, folder)
    lessons = [x for x in notebooks.with_code(pages) if x.is_lesson]
    with files.new_folder(folder) as new:
        for language in toc.LANGUAGES:
            for page in lessons:
                tasks = checks.get(page.name, {})
                write_page(root, page, language, tasks, new / language)
            add_guide(language, new / language)
    return [folder / language for language in toc.LANGUAGES]


def refuse_to_replace(root, folder):
    """Raise BookError if a course holds what a teacher put there."""
    for language in toc.LANGUAGES:
        for name in OF_THE_TEACHER:
            path = folder / language / name
            if path.exists():
                course = folder.relative_to(root) / language
                raise BookError(
                    f'{path.relative_to(root)}: a class is at work in this '
                    f'folder, which would be written anew; move {course} to '
                    'a place outside of _build and try again')


def write_page(root, page, language, tasks, folder):
    """Write what the teacher keeps and what the students get."""
    source = assignment(root, page, language, tasks)
    release = without_answers(source, language)
    for stage, notebook in zip(STAGES, (source, release)):
        place = folder / stage / page.slug
        text = nbformat.writes(notebook)
        files.write(place / f'{page.slug}.ipynb', text + '\n')
        for name in (*notebooks.UTILS, *declared(page.text(language))):
            shutil.copy(root / name, place)


def add_guide(language, folder):
    """Write the settings for nbgrader, a guide and a program to mark."""
    own = words(language)['assignment']
    settings = SETTINGS.format(language=language, **own)
    files.write(folder / 'nbgrader_config.py', settings)
    guide = HERE / 'guides' / f'assignments.{language}.md'
    shutil.copy(guide, folder / 'README.md')
    shutil.copy(HERE / 'guides/grade.py', folder)


def assignment(root, page, language, tasks):
    """Return the teacher's notebook of a chapter.

    tasks: name of a function or class -> code of its check.
    Raises PageError for a task that the chapter does not define.
    """
    found = notebooks.notebook(root, page, language, executed=False)
    places = {name: place(found, name, page, language) for name in tasks}
    cells = []
    for cell in found.cells:
        names = [name for name in tasks if places[name] is cell]
        checks = {name: tasks[name] for name in names}
        cells += task(cell, checks, page, language)
    *cells, last = cells
    cells[1:1] = [new_markdown_cell(words(language)['assignment']['note'])]
    found.cells = cells + practice(last, language)
    reader.number(found.cells)
    for cell in found.cells:
        if cell.cell_type == 'markdown':
            cell.source = LINK.sub(r'\1', cell.source)
    return found


def place(notebook, name, page, language):
    """Return the last cell of a chapter that defines a name."""
    for cell in reversed(reader.code_cells(notebook)):
        if name in {getattr(x, 'name', '') for x in parse(cell.source).body}:
            return cell
    raise PageError(page.label(language), 1, f'{CHECKS.name} has a check for '
                    f'{name}, which this chapter does not define; correct '
                    'the name, or remove the check')


def task(cell, checks, page, language):
    """Return a cell, with its answers marked, and the cells that check it.

    checks: name of each task in the cell -> code of its check.
    """
    if not checks:
        return [cell]
    tasks = [x for x in parse(cell.source).body
             if getattr(x, 'name', None) in checks]
    lines = [span for x in tasks for span in answers(x, page)]
    cell.source = marked(cell.source, lines)
    cell.metadata['nbgrader'] = about(f'task-{"-".join(checks)}',
                                      solution=True)
    return [cell, *(check(name, code, language)
                    for name, code in checks.items())]


def answers(definition, page):
    """Return the first and last line of each body in a definition."""
    if isinstance(definition, ast.ClassDef):
        return [span for part in definition.body
                if isinstance(part, FUNCTIONS)
                for span in answers(part, page)]
    body = definition.body[ast.get_docstring(definition) is not None:]
    if not body or body[0].lineno == definition.lineno:
        raise BookError(f'{page.name}: {definition.name} has its body on the '
                        'line of `def`; write it on lines of its own')
    return [(body[0].lineno, body[-1].end_lineno)]


def marked(source, spans):
    """Return a source with a line before and after each answer.

    A comment above the first line of an answer belongs to it.
    """
    lines = source.split('\n')
    for first, last in sorted(spans, reverse=True):
        while lines[first - 2].lstrip().startswith('#'):
            first -= 1
        start = lines[first - 1]
        indent = start[:len(start) - len(start.lstrip())]
        lines[last:last] = [indent + END]
        lines[first - 1:first - 1] = [indent + BEGIN]
    return '\n'.join(lines)


def check(name, code, language):
    """Return the cell with which students check a task themselves.

    Its names are those of a function, so that it changes nothing outside.
    nbgrader keeps the points of the task with this cell; what they are says
    a hidden test, see classroom/marking.
    """
    heading = words(language)['assignment']['check']
    imports = [line for word, line in IMPORTS.items() if word in code]
    body = '\n'.join([*imports, '', code.strip()] if imports else [code])
    body = textwrap.indent(body.strip(), '    ')
    cell = new_code_cell(
        f'{heading}\ndef check_{name}():\n{body}\n\n\ncheck_{name}()')
    cell.metadata['nbgrader'] = about(f'check-{name}', grade=True,
                                      locked=True, points=POINTS)
    return cell


def practice(cell, language):
    """Return the end of a chapter with a place for each answer."""
    own = words(language)
    heading = f'## {own["headings"]["exercises"]}\n'
    before, found, rest = cell.source.partition(heading)
    if not found:
        return [cell]
    exercises = re.split(r'^\d+\. ', rest, flags=re.MULTILINE)[1:]
    cells = [new_markdown_cell(before + heading.strip())]
    for number, text in enumerate(exercises, 1):
        cells += exercise(number, text.strip(), own['assignment'])
    return cells


def exercise(number, text, own):
    """Return an exercise, a cell to experiment in, and one to answer in."""
    asked = new_markdown_cell(f'{number}. {text}')
    asked.metadata['nbgrader'] = about(f'exercise-{number}', locked=True)
    answer = new_markdown_cell(own['text'])
    answer.metadata['nbgrader'] = about(f'answer-{number}', grade=True,
                                        solution=True, points=POINTS)
    return [asked, new_code_cell(own['scratch']), answer]


def about(grade_id, grade=False, solution=False, locked=False, **more):
    """Return what nbgrader wants to know of a cell (its schema 3)."""
    return {'schema_version': 3, 'grade_id': grade_id, 'grade': grade,
            'solution': solution, 'locked': locked, 'task': False, **more}


def without_answers(notebook, language):
    """Return what students get: no answers, and fixed checks."""
    found = nbformat.from_dict(notebook)
    stub = words(language)['assignment']['stub']
    for cell in found.cells:
        cell.source = emptied(cell.source, stub)
        if cell.metadata.get('nbgrader', {}).get('locked'):
            cell.metadata.update(editable=False, deletable=False)
    return found


def emptied(source, stub):
    """Return a source with a stub in the place of each answer."""
    return ANSWER.sub(lambda x: textwrap.indent(stub, x[1]), source)
