"""What of two notebooks goes into the hidden test of a task.

Of the teacher's: imports, definitions and constants up to the task, without
the answer. Of the student's: the cell with the answer, as text, which the
sandbox takes apart. Nothing is executed here, and nothing parsed that a
student wrote, except as JSON.
"""

import json

from classroom.marking import probe as sandboxed

TASK, CHECK = 'task-', 'check-'
LARGEST = 20 * 2 ** 20  # bytes of a notebook, with its pictures


class Unreadable(Exception):
    """Why an answer cannot be tested: a key of the words for a verdict.

    what: the name that belongs into the sentence.
    """

    def __init__(self, key, what):
        super().__init__(key, what)
        self.key, self.what = key, what

    def sentence(self, words):
        """Return the reason for a student and a teacher."""
        return words[self.key].format(self.what)


def read(path):
    """Return a notebook; raise Unreadable for whatever else a file is."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            raise ValueError
        notebook = json.loads(path.read_text('utf-8'))
        for cell in notebook['cells']:
            cell['source'] = ''.join(cell['source'])
            grade_id(cell).startswith(TASK)
    except (OSError, ValueError, KeyError, TypeError, AttributeError,
            RecursionError) as error:
        raise Unreadable('no_notebook', path.name) from error
    return notebook


def grade_id(cell):
    """Return the name by which nbgrader knows a cell, or ''."""
    return cell['metadata'].get('nbgrader', {}).get('grade_id', '')


def tasks(notebook):
    """Return the names of the tasks of a notebook, in its order."""
    return [grade_id(cell)[len(CHECK):] for cell in notebook['cells']
            if grade_id(cell).startswith(CHECK)]


def job(name, probe, source, submitted, seed):
    """Return what probe.py reads.

    probe: {'code', 'tolerance'}; source, submitted: the notebooks of the
    teacher and of the student, as `read` returns them; seed: an integer,
    the same for the expected values.
    """
    cell_id, before = teachers_part(name, source)
    found = [cell['source'] for cell in submitted['cells']
             if cell['cell_type'] == 'code' and grade_id(cell) == cell_id]
    if len(found) != 1:
        raise Unreadable('copied' if found else 'no_cell', cell_id)
    others = [x for x in names(cell_id) if x != name]
    return {'name': name, 'before': before, 'answer': found[0],
            'others': others, 'probe': probe['code'], 'seed': seed}


def names(cell_id):
    """Return the tasks of a cell: task-split-all_reduce has two."""
    return cell_id[len(TASK):].split('-')


def teachers_part(name, source):
    """Return the id of a task's cell and what the teacher defines up to it.

    The answer itself is left out, wherever it stands.
    """
    parts = []
    for cell in source['cells']:
        if cell['cell_type'] == 'code' and not is_check(cell):
            parts.append(sandboxed.reduced(cell['source'], without=[name]))
            if grade_id(cell).startswith(TASK) and \
                    name in names(grade_id(cell)):
                return grade_id(cell), '\n'.join(parts)
    raise Unreadable('no_cell', TASK + name)


def is_check(cell):
    """Return whether a cell is a self-check."""
    return grade_id(cell).startswith(CHECK)
