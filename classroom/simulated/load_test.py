"""A class of simulated students, on a hub of their own on this machine.

    python -m classroom.simulated.load_test --students 15

They log in, start servers and run a chapter through the interfaces that
JupyterLab uses. Then servers and the hub are killed at random while all go
on saving; every save that was acknowledged must be on the disk, whole.
"""

import argparse
import asyncio
import json
import math
import os
import pathlib
import platform
import random
import secrets
import shutil
import signal
import statistics
import sys
import tempfile
import time

import httpx

from book.chapters import reader
from classroom import sizes
from classroom.simulated.hub import Hub, find_proxy, kill
from classroom.simulated.student import NOTEBOOK, Student
from utils_data import physical_cores

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

CHAPTER = 'supervised-learning/softmax-regression-scratch'
CLASS = 15  # a run with so many students is the one that the READMEs report
SAMPLE = 2  # seconds between two looks at the memory
PAUSE = 3  # seconds between two killings
UNREST = 3600  # seconds after which it has failed
EVERY = 5  # one killing in so many is that of the hub
FAILURES = httpx.HTTPError, OSError, RuntimeError


def percentile(values, share):
    """Return the smallest value that a share of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def middle_and_late(values):
    """Return the median and the 95th percentile."""
    both = statistics.median(values), percentile(values, 0.95)
    return [round(x, 1) for x in both]


def verdict(text, saves, acknowledged):
    """Say what is wrong with a saved notebook, or return an empty text.

    saves: what was sent, by its number; acknowledged: the last number of
    which the server said that it is saved. A later one may be there, too.
    """
    try:
        found = json.loads(text)
        number = found['metadata']['saved']
    except (ValueError, KeyError, TypeError):
        return 'half-written'
    if number < acknowledged:
        return f'save {number} is there, but {acknowledged} was acknowledged'
    if found != json.loads(saves[number]):
        return f'save {number} has another content'
    return ''


def notebook(chapter):
    """Return the notebook of a chapter, without outputs."""
    path = ROOT / f'chapters/en/{chapter}.md'
    return reader.read(path.read_text('utf-8'), path)


class Class:
    """The students of a run, their hub, and what was seen of them."""

    def __init__(self, folder, number, chapter):
        names = [f'student-{x:02}' for x in range(1, number + 1)]
        programs = find_proxy(ROOT / '.venv/hub')
        self.hub = Hub(folder, names, programs)
        self.students = [
            Student(self.hub.url, name, secrets.token_urlsafe(9), text)
            for name, text in ((x, notebook(chapter)) for x in names)
        ]
        self.start, self.execution = [], []
        self.memory = {}  # MiB at most, by name; that of the hub under None
        self.away = set()  # names of those whose server is starting again
        self.problems = []
        self.killed = [0, 0]

    def file(self, student):
        return self.hub.folder / 'home' / student.name / NOTEBOOK

    async def lesson(self):
        """Let all students run the chapter; return how many got through."""
        watch = asyncio.create_task(self.watch())
        done = await asyncio.gather(
            *map(self.attend, self.students), return_exceptions=True
        )
        watch.cancel()
        failed = [x for x in done if isinstance(x, Exception)]
        self.problems += [f'{type(x).__name__}: {x}' for x in failed]
        return len(done) - len(failed)

    async def attend(self, student):
        """Go through a lesson, and note how long its two parts take."""
        begin = time.monotonic()
        await student.log_in()
        await student.start()
        self.start.append(time.monotonic() - begin)
        print(f'{student.name}: started', flush=True)
        begin = time.monotonic()
        await student.execute()
        self.execution.append(time.monotonic() - begin)
        print(f'{student.name}: chapter executed', flush=True)

    async def watch(self):
        """Look at the memory from time to time."""
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(SAMPLE)

    def look(self):
        for name, memory in self.hub.memory().items():
            self.memory[name] = max(self.memory.get(name, 0), memory)

    async def unrest(self, killings):
        """Let all students save while servers and the hub are killed."""
        quiet = asyncio.Event()
        saving = [
            asyncio.create_task(self.go_on_saving(student, quiet))
            for student in self.students
        ]
        for number in range(1, killings + 1):
            await asyncio.sleep(PAUSE)
            if number % EVERY == 0:
                await self.kill_hub()
            else:
                await self.kill_server()
        quiet.set()
        await asyncio.gather(*saving)

    async def go_on_saving(self, student, quiet):
        """Save again and again; come back after each disturbance."""
        last = False
        while not last:
            last = quiet.is_set()  # one save comes after the last killing
            try:
                await student.save()
                await asyncio.sleep(random.random() / 2)
            except FAILURES:
                last = False
                await self.come_back(student)

    async def come_back(self, student):
        """Log in and start the server again, as soon as it goes."""
        self.away.add(student.name)
        try:
            await asyncio.sleep(1)
            await student.log_in()
            await student.start()
            self.away.remove(student.name)
        except FAILURES as error:
            print(f'{student.name}: tries again: {error}', flush=True)

    async def kill_server(self):
        """Kill a server in use and look at once at what it leaves behind."""
        while not (victims := self.victims()):
            await asyncio.sleep(1)
        student, server = random.choice(victims)
        kill(server)
        self.killed[0] += 1
        self.check(student)

    def victims(self):
        """Return the students at work and their servers."""
        running = self.hub.servers()
        return [
            (student, running[student.name])
            for student in self.students
            if student.name in running and student.name not in self.away
        ]

    async def kill_hub(self):
        """Kill the hub; something starts it again, as Docker would."""
        self.hub.kill()
        self.killed[1] += 1
        self.hub.start()
        await asyncio.to_thread(self.hub.wait)

    def check(self, student):
        """Compare the notebook on the disk with what was acknowledged."""
        text = self.file(student).read_text('utf-8')
        wrong = verdict(text, student.saves, student.acknowledged)
        if wrong:
            self.problems.append(f'{student.name}: {wrong}')
        return not wrong


async def run(group, killings):
    """Go through a lesson and the unrest after it; return what was seen."""
    await asyncio.to_thread(group.hub.wait)
    signed = [await x.sign_up() for x in group.students]
    if not all(signed):
        raise RuntimeError('a student of the list could not sign up')
    finished = await group.lesson()
    lost = sum(not group.check(x) for x in group.students)
    if finished == len(group.students):
        await asyncio.wait_for(group.unrest(killings), UNREST)
        lost = sum(not group.check(x) for x in group.students)
    return {**summary(group), 'finished': finished, 'lost': lost}


def summary(group):
    """Return the figures of a run."""
    memory = [group.memory.get(x.name, 0) for x in group.students]
    return {
        'students': len(group.students),
        'cores': physical_cores(),
        'python': platform.python_version(),
        'start': middle_and_late(group.start or [0]),
        'execution': middle_and_late(group.execution or [0]),
        'memory_median': round(statistics.median(memory)),
        'memory_largest': round(max(memory)),
        'memory_hub': round(group.memory.get(None, 0)),
        'killed': group.killed,
        'saves': sum(x.acknowledged for x in group.students),
        'problems': group.problems,
    }


def record(found, chapter):
    """Keep the figures of a good run, and renew the tables with them.

    Another chapter than the usual one gives the memory that it takes.
    """
    measured = sizes.load()
    measured['alone'][chapter] = found['memory_largest']
    if chapter == CHAPTER:
        kept = {x: y for x, y in found.items() if x != 'problems'}
        measured.update(kept, chapter=chapter)
    text = json.dumps(measured, indent=1, sort_keys=True) + '\n'
    sizes.MEASURED.write_text(text, encoding='utf-8')
    sizes.write(measured)


def arguments():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--students', type=int, default=CLASS)
    parser.add_argument('--killings', type=int, help='default: two a student')
    parser.add_argument('--chapter', default=CHAPTER, metavar='PART/SLUG')
    parser.add_argument(
        '--record',
        action='store_true',
        help='write the figures to measured.json and into the READMEs; '
        f'{CLASS} students and more do so anyway',
    )
    return parser.parse_args()


def interrupt(number, frame):
    raise KeyboardInterrupt


def main():
    """Run the test; return 1 when anything failed."""
    signal.signal(signal.SIGTERM, interrupt)
    chosen = arguments()
    killings = chosen.killings
    if killings is None:
        killings = 2 * chosen.students
    folder = pathlib.Path(tempfile.mkdtemp(prefix='classroom-'))
    group = Class(folder, chosen.students, chosen.chapter)
    group.hub.start()
    try:
        found = asyncio.run(run(group, killings))
    finally:
        group.hub.stop()
    print(json.dumps(found, indent=1))
    if found['problems']:
        print(f'failed; the log of the hub: {group.hub.log}', file=sys.stderr)
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    if chosen.record or chosen.students >= CLASS:
        record(found, chosen.chapter)
    return 0


if __name__ == '__main__':
    os.environ.setdefault('BOOK_STAND_IN', 'never')
    sys.exit(main())
