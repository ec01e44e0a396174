"""Marks one submission after the other; see grade.py."""

import json
import pathlib
import secrets

from book.chapters.languages import words
from classroom.errors import ClassError
from classroom.marking import (
    compare,
    courses,
    gradebook,
    judged,
    probes,
    program,
)
from classroom.marking.limits import Limits, told

HERE = pathlib.Path(__file__).parent
TEST = Limits(output=compare.LIMIT)
MEMORY, SECONDS = 4096, 900  # for a whole notebook
ODD = 'too_slow', 'ended', 'too_large'  # a teacher should look at it
SHOWN = 20_000_000  # bytes of its outputs


class Marker:
    """What is the same for all submissions to an assignment."""

    def __init__(self, course, given, place):
        self.course, self.given, self.place = course, given, place
        self.words = words(course.language)['verdict']
        self.source, self.released = (
            self.ours(stage) for stage in ('source', 'release'))
        self.probes = probes.of(given.assignment)
        self.seed = secrets.randbelow(2**31)
        self.expected = {
            name: self.result(name, self.source)
            for name in program.tasks(self.source) if name in self.probes}
        for name, found in self.expected.items():
            if found.problem:
                raise ClassError(f'{name}: the hidden test fails with the '
                                 f'book\'s own answer: {found.problem}')

    def ours(self, stage):
        """Return the notebook of the teacher, or what students got."""
        path = self.course.notebook(stage, self.given.assignment)
        try:
            return program.read(path)
        except program.Unreadable:
            raise ClassError(
                f'{path} is missing or no notebook; run `class release '
                f'{self.given.assignment}`') from None

    def result(self, name, submitted):
        """Return what a hidden test gives with the answer of a notebook."""
        job = program.job(name, self.probes[name], self.source, submitted,
                          self.seed)
        ended = self.place(HERE / 'probe.py', json.dumps(job).encode(), TEST)
        if ended.why and ended.why != 'output':
            sentence = self.words['too_slow' if ended.why == 'time'
                                  else 'ended']
            return compare.Result(None, sentence)
        return compare.read(ended.output, self.words)

    def mark(self, student):
        """Mark a student's work; return what to say, and what is wrong."""
        place, done = (
            self.course.notebook(stage, self.given.assignment, student)
            for stage in ('submitted', 'autograded'))
        if not self.given.again and newer(done, place):
            return 'is marked already', []
        try:
            submitted = judged.cleaned(program.read(place))
        except program.Unreadable as error:
            problem = error.sentence(self.words)
            return problem, [problem]
        return self.marked(student, submitted)

    def marked(self, student, submitted):
        """Test a notebook, run it, and give it to nbgrader."""
        verdicts, problems = self.tested(submitted)
        notebook = judged.made(self.released, submitted)
        outputs = [[] for _ in notebook['cells']]
        if not self.given.without_run:
            outputs, problem = self.executed(notebook)
            problems += [problem] if problem else []
        judged.judge(notebook, verdicts, outputs)
        problem = self.enter(student, notebook)
        right = sum(x == '' for x in verdicts.values())
        said = f'{right} of {len(verdicts)} tasks are right'
        return problem or said, problems + ([problem] if problem else [])

    def tested(self, submitted):
        """Return the verdict on each task, and what needs a hand."""
        verdicts, problems = {}, []
        for name in program.tasks(self.source):
            if name not in self.probes:
                problems.append(f'{name} has no hidden test: mark it')
                continue
            try:
                verdicts[name] = compare.verdict(
                    self.expected[name], self.result(name, submitted),
                    self.probes[name]['tolerance'], self.words)
                is_odd = verdicts[name] in map(self.words.get, ODD)
            except program.Unreadable as error:
                verdicts[name], is_odd = error.sentence(self.words), True
            problems += [f'{name}: {verdicts[name]}'] if is_odd else []
        return verdicts, problems

    def executed(self, notebook):
        """Return the outputs of all cells, and why there may be none."""
        limits = Limits(self.given.seconds, self.given.seconds,
                        self.given.memory, disk=256, output=SHOWN)
        content = {**notebook, 'metadata': {
            **notebook['metadata'], 'seconds': limits.seconds // 3}}
        ended = self.place(HERE / 'execute.py',
                           json.dumps(content).encode(), limits)
        outputs = judged.outputs(ended.output, len(notebook['cells']))
        problem = ''
        if ended.why:
            problem = (f'the notebook {told(ended.why, limits)}; its tasks '
                       'are marked, but you see no outputs')
        return outputs, problem

    def enter(self, student, notebook):
        """Give a notebook with its verdicts to nbgrader."""
        assignment = self.given.assignment
        place = self.course.notebook('judged', assignment, student)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(notebook), encoding='utf-8')
        stamp = self.course.notebook(
            'submitted', assignment, student).with_name(courses.STAMP)
        if stamp.exists():
            place.with_name(courses.STAMP).write_bytes(stamp.read_bytes())
        return gradebook.do(self.course, 'autograde', assignment, student)


def newer(one, other):
    """Tell whether a file is there, and newer than another."""
    return one.exists() and one.stat().st_mtime > other.stat().st_mtime
