"""A lesson: all students log in and run the same chapter at once."""

import asyncio
import pathlib
import secrets
import time

from book.chapters import reader
from classroom.simulated.bubblewrap import ROOT
from classroom.simulated.figures import verdict
from classroom.simulated.student import Student

SAMPLE = 10  # seconds between two looks at the memory
COPY = 'book'  # the folder of a home that JupyterLab shows


def notebook(chapter):
    """Return the notebook of a chapter, without outputs."""
    path = ROOT / f'chapters/en/{chapter}.md'
    return reader.read(path.read_text('utf-8'), path)


class Lesson:
    """The students of a running hub, and what was seen of them."""

    def __init__(self, hub, chapter):
        self.hub, self.path = hub, f'en/{chapter}.ipynb'
        self.students = [
            Student(hub.url, hub.trust(), name, secrets.token_urlsafe(9),
                    notebook(chapter), self.path)
            for name in hub.students]
        self.start, self.execution = [], []  # seconds
        self.memory = {}  # MiB at most, by name; that of the hub under None
        self.problems = []
        self.begin = time.monotonic()

    def say(self, text):
        """Tell how far the class is."""
        print(f'{time.monotonic() - self.begin:5.0f} s: {text}', flush=True)

    async def sign_up(self):
        """Let all choose passwords, with the codes of `class codes`."""
        done = await asyncio.to_thread(self.hub.run, 'codes')
        if done.returncode:
            raise RuntimeError(done.stderr)
        codes = dict(x.split() for x in done.stdout.splitlines())
        await asyncio.gather(
            *(x.sign_up(codes[x.name]) for x in self.students))
        self.say(f'{len(codes)} students have chosen passwords')

    async def hold(self):
        """Let all students run the chapter; return how many got through."""
        watch = asyncio.create_task(self.watch())
        done = await asyncio.gather(
            *map(self.attend, self.students), return_exceptions=True)
        watch.cancel()
        failed = [x for x in done if isinstance(x, Exception)]
        self.problems += [f'{type(x).__name__}: {x}' for x in failed]
        return len(done) - len(failed)

    async def attend(self, student):
        """Go through a lesson, and note how long its two parts take."""
        begin = time.monotonic()
        await student.log_in()
        await student.start()
        self.note(self.start, begin, 'are in JupyterLab')
        begin = time.monotonic()
        await student.execute()
        self.note(self.execution, begin, 'have run the chapter')

    def note(self, times, begin, words):
        """Note a time; the last one of the class is told."""
        times.append(time.monotonic() - begin)
        if len(times) == len(self.students):
            self.say(f'{len(times)} students {words}')

    async def watch(self):
        """Look at the memory from time to time."""
        while True:
            for name, memory in (
                    await asyncio.to_thread(self.hub.memory)).items():
                self.memory[name] = max(self.memory.get(name, 0), memory)
            await asyncio.sleep(SAMPLE)

    def check(self, student):
        """Compare the notebook on the disk with what was acknowledged."""
        file = pathlib.Path(self.hub.home(student.name), COPY, self.path)
        wrong = verdict(file.read_text('utf-8'), student.saves,
                        student.acknowledged)
        if wrong:
            self.problems.append(f'{student.name}: {wrong}')
        return not wrong

    def lost(self):
        """Return how many students' notebooks are not as acknowledged."""
        return sum(not self.check(x) for x in self.students)
