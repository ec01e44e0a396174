"""A class gets notebooks without answers, and checks that accept the book's.

The checks are tried on the book's own code, and on code that does nothing.
"""

import ast

import nbformat
import pytest
from books import ROOT
from nbclient import NotebookClient

from book.chapters import toc
from book.chapters.errors import BookError
from book.chapters.languages import words
from book.chapters.program import parse
from book.chapters.reader import code_cells, read
from book.chapters.toc import LANGUAGES
from book.execution import files
from book.shipping import assignments, notebooks

CHECKS = assignments.load_checks()
PAGES = {page.name: page for page in toc.pages(ROOT)}
LESSONS = [x for x in notebooks.with_code(PAGES.values()) if x.is_lesson]
TASKS = [(page, name) for page, tasks in CHECKS.items() for name in tasks]
LIGHT = 'supervised-learning/linear-regression-scratch'
PROVIDED = ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef
CHAPTER = """\
# First

An opening sentence.

```{.python .input}
def double(x):
    # a hint
    return 2 * x


def unmarked(x):
    return x


double(2)
```

## EXERCISES

1. Try it with 3.
1. Try it
   with 4.
"""
DOUBLE = {'double': 'assert double(4) == 8'}


def chapter(root, text=CHAPTER):
    """Write a chapter that has a task and two exercises; return its page."""
    for language, word in (('en', 'Exercises'), ('zh', '练习')):
        path = root / f'chapters/{language}/part/first.md'
        path.write_text(text.replace('EXERCISES', word), encoding='utf-8')
    return toc.Page('part/first', root)


@pytest.fixture
def course(tiny_book):
    """Return a small book and a function that writes its courses."""
    page = chapter(tiny_book)

    def write():
        return assignments.write(tiny_book, [page], {page.name: DOUBLE})

    write.root, write.folder = tiny_book, tiny_book / files.ASSIGNMENTS
    return write


@pytest.fixture(params=LANGUAGES)
def language(request):
    return request.param


def about(notebook, **wanted):
    """Return the cells of a kind, as nbgrader knows it."""
    return [cell for cell in notebook.cells
            if wanted.items() <= cell.metadata.get('nbgrader', {}).items()]


def grade_id(cell):
    return cell.metadata.get('nbgrader', {}).get('grade_id', '')


def provided(page):
    """Return what a check may use: imports, definitions and constants."""
    nodes = [
        node
        for cell in code_cells(read(page.text('en'), page.label('en')))
        for node in parse(cell.source).body
        if isinstance(node, PROVIDED)
        or isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and isinstance(node.value, ast.Constant)]
    names = {}
    exec(compile(ast.Module(nodes, []), str(page), 'exec'), names)
    return names


def bodiless(source, name):
    """Return the definition of a task with bodies that do nothing."""
    [found] = [x for x in ast.parse(source).body
               if getattr(x, 'name', None) == name]
    for node in ast.walk(found):
        if isinstance(node, ast.FunctionDef):
            node.body = [ast.Pass()]
    return ast.unparse(found)


@pytest.mark.parametrize('page, name', TASKS)
def test_a_check_accepts_the_answer_of_the_book_and_no_idle_code(page, name):
    names = provided(PAGES[page])
    check = assignments.check(name, CHECKS[page][name], 'en').source
    exec(check, dict(names))
    notebook = read(PAGES[page].text('en'))
    cell = assignments.place(notebook, name, PAGES[page], 'en')
    exec(bodiless(cell.source, name), names)
    with pytest.raises(Exception):  # noqa: B017 - it fails in many ways
        exec(check, names)


# What a class gets


def test_the_cells_of_a_notebook_are_those_of_the_chapter(course, language):
    course()
    folder = course.folder / language
    source, release = (
        nbformat.read(folder / stage / 'first/first.ipynb', as_version=4)
        for stage in assignments.STAGES)
    stub = words(language)['assignment']['stub'].replace('\n', '\n    ')
    rest = '\n\n\ndef unmarked(x):\n    return x\n\n\ndouble(2)'
    [task] = about(source, grade_id='task-double')
    assert task.source == (
        'def double(x):\n    ### BEGIN SOLUTION\n    # a hint\n'
        f'    return 2 * x\n    ### END SOLUTION{rest}'
    )
    [task] = about(release, grade_id='task-double')
    assert task.source == f'def double(x):\n    {stub}{rest}'
    [check] = about(release, grade_id='check-double')
    heading = words(language)['assignment']['check']
    assert check.source == (
        f'{heading}\ndef check_double():\n    assert double(4) == 8\n\n\n'
        'check_double()')
    asked = [x.source for x in release.cells
             if grade_id(x).startswith('exercise')]
    assert asked == ['1. Try it with 3.', '2. Try it\n   with 4.']


def test_what_students_may_not_change_is_fixed_in_the_release(course):
    course()
    notebook = nbformat.read(course.folder / 'en/release/first/first.ipynb',
                             as_version=4)
    for locked in (True, False):
        found = about(notebook, locked=locked)
        assert found and all(
            cell.metadata.get('editable', True) != locked for cell in found)


@pytest.mark.parametrize('page', LESSONS, ids=str)
def test_a_lesson_becomes_a_notebook_for_nbgrader(page, language):
    tasks = CHECKS.get(page.name, {})
    source = assignments.assignment(ROOT, page, language, tasks)
    release = assignments.without_answers(source, language)
    for notebook in (source, release):
        nbformat.validate(notebook)
        assert not any(cell.get('outputs') for cell in notebook.cells)
        names = [x for x in map(grade_id, notebook.cells) if x]
        assert len(names) == len(set(names))
    assert len(about(source, locked=True, grade=True)) == len(tasks)
    assert len(about(source, solution=True, grade=True)) >= 4
    assert not any(word in cell.source for cell in release.cells
                   for word in (assignments.BEGIN, assignments.END))
    for old, new in zip(source.cells, release.cells, strict=True):
        stub = words(language)['assignment']['stub']
        assert new.source == assignments.emptied(old.source, stub)
        is_task = grade_id(old).startswith('task-')
        assert (new.source != old.source) == is_task


def test_both_languages_have_the_same_tasks_and_points():
    for page in LESSONS:
        tasks = CHECKS.get(page.name, {})
        en, zh = (
            [cell.metadata.nbgrader
             for cell in assignments.assignment(
                 ROOT, page, language, tasks).cells
             if 'nbgrader' in cell.metadata]
            for language in LANGUAGES)
        assert en == zh


def test_links_to_other_chapters_are_plain_text(language):
    page = PAGES[LIGHT]
    notebook = assignments.assignment(ROOT, page, language, {})
    assert not any('.ipynb)' in cell.source for cell in notebook.cells)


def executed(notebook, folder):
    """Execute all cells; return the names of the checks that fail."""
    NotebookClient(notebook, allow_errors=True,
                   resources={'metadata': {'path': str(folder)}}).execute()
    return [cell.metadata.nbgrader.grade_id
            for cell in about(notebook, grade=True, locked=True)
            if any(x.output_type == 'error' for x in cell.outputs)]


@pytest.mark.slow
def test_the_source_passes_its_own_checks_and_the_release_none():
    tasks = CHECKS[LIGHT]
    source = assignments.assignment(ROOT, PAGES[LIGHT], 'en', tasks)
    release = assignments.without_answers(source, 'en')
    assert executed(source, ROOT) == []
    assert not any(x.output_type == 'error' for cell in code_cells(source)
                   for x in cell.outputs)
    assert executed(release, ROOT) == [f'check-{name}' for name in tasks]


# The folders


def test_a_course_holds_what_nbgrader_and_a_student_need(course, language):
    course()
    folder = course.folder / language
    found = {str(x.relative_to(folder)) for x in folder.rglob('*.*')}
    assert found == {'README.md', 'grade.py', 'nbgrader_config.py'} | {
        f'{stage}/first/{name}' for stage in assignments.STAGES
        for name in ('first.ipynb', *notebooks.UTILS)}


def test_the_settings_of_nbgrader_know_the_words_of_the_language(
        course, language):
    course()
    path = course.folder / language / 'nbgrader_config.py'
    tree = ast.parse(path.read_text(encoding='utf-8'))
    own = words(language)['assignment']
    constants = {node.value for node in ast.walk(tree)
                 if isinstance(node, ast.Constant)}
    assert {own['stub'], own['text']} <= constants


@pytest.mark.parametrize('name', assignments.OF_THE_TEACHER)
def test_a_course_in_which_a_class_is_at_work_is_not_replaced(course, name):
    course()
    mine = course.folder / 'zh' / name
    mine.write_text('marks')
    with pytest.raises(BookError, match=f'zh/{name}: a class is at work'):
        course()
    assert mine.read_text() == 'marks'


@pytest.mark.parametrize('task, text, problem', [
    ('triple', CHAPTER, 'first.md:1: .* check for triple'),
    ('double', CHAPTER.replace('def double(x):\n    # a hint\n   ',
                               'def double(x):'),
     'double has its body on the line')],
    ids=['a check for nothing', 'an answer without lines of its own'])
def test_a_task_that_cannot_be_set_is_told(tiny_book, task, text, problem):
    page = chapter(tiny_book, text)
    with pytest.raises(BookError, match=problem):
        assignments.assignment(tiny_book, page, 'en', {task: 'pass'})
