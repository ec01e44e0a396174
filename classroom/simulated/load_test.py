"""A class of simulated students, on the real hub, on this machine.

    python -m classroom.simulated.load_test --students 30

They choose passwords, log in, start servers and run a chapter through the
interfaces that JupyterLab uses. Then servers and the hub are killed at
random while all go on saving; every save that was acknowledged must be on
the disk, whole, and the hub must answer again within seconds.
"""

import argparse
import asyncio
import json
import os
import pathlib
import platform
import shutil
import signal
import statistics
import sys
import tempfile

from classroom import cluster, sizes
from classroom.simulated import hub as hubs
from classroom.simulated.figures import middle_and_last, middle_and_late
from classroom.simulated.lesson import Lesson
from classroom.simulated.unrest import Unrest
from utils_data import physical_cores

CHAPTER = 'supervised-learning/softmax-regression-scratch'
CLASS = 30  # a run with so many students is the one that the READMEs report
HUBS = 10  # times that the hub is killed


async def run(lesson, servers, hubs):
    """Go through a lesson and the unrest after it; return what was seen."""
    await lesson.sign_up()
    finished = await lesson.hold()
    lost, unrest = lesson.lost(), Unrest(lesson)
    if finished == len(lesson.students):
        await unrest.rage(servers, hubs)
        lost = lesson.lost()
    return {**attended(lesson), **survived(unrest), 'finished': finished,
            'lost': lost, 'problems': lesson.problems}


def attended(lesson):
    """Return the figures of a lesson."""
    memory = [lesson.memory.get(x.name, 0) for x in lesson.students]
    return {
        'students': len(lesson.students),
        'cores': physical_cores(),
        'python': platform.python_version(),
        'start': middle_and_late(lesson.start or [0]),
        'waits': sum(x.waits > 0 for x in lesson.students),
        'execution': middle_and_late(lesson.execution or [0]),
        'memory_median': round(statistics.median(memory)),
        'memory_largest': round(max(memory)),
        'memory_hub': round(lesson.memory.get(None, 0)),
        'saves': sum(x.acknowledged for x in lesson.students),
    }


def survived(unrest):
    """Return the figures of the unrest."""
    return {
        'killed': [unrest.killed, len(unrest.hub_back)],
        'hub_back': middle_and_last(unrest.hub_back or [0]),
        'saving_back': middle_and_last(unrest.saving_back or [0]),
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
    cluster.write(measured)


def arguments():
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--students', type=int, default=CLASS)
    parser.add_argument('--servers', type=int, help='students’ servers that '
                        'are killed; as many as there are students')
    parser.add_argument('--hubs', type=int, default=HUBS,
                        help=f'times that the hub is killed; {HUBS}')
    parser.add_argument('--chapter', default=CHAPTER, metavar='PART/SLUG')
    parser.add_argument(
        '--record', action='store_true',
        help='write the figures to measured.json and into the READMEs; '
        f'{CLASS} students and more do so anyway')
    return parser.parse_args()


def interrupt(number, frame):
    raise KeyboardInterrupt


def main():
    """Run the test; return 1 when anything failed."""
    signal.signal(signal.SIGTERM, interrupt)
    chosen, lacking = arguments(), hubs.lacking()
    if lacking:
        sys.exit(f'error: the load test {lacking}')
    servers = chosen.students if chosen.servers is None else chosen.servers
    names = [f'student{x:02}' for x in range(1, chosen.students + 1)]
    folder = pathlib.Path(tempfile.mkdtemp(prefix='classroom-'))
    print(f'the log of the hub: {folder}/hub.log', flush=True)
    with hubs.Hub(folder, names) as hub:
        lesson = Lesson(hub, chosen.chapter)
        found = asyncio.run(run(lesson, servers, chosen.hubs))
    print(json.dumps(found, indent=1))
    if found['problems']:
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    if chosen.record or chosen.students >= CLASS:
        record(found, chosen.chapter)
    return 0


if __name__ == '__main__':
    os.environ.setdefault('BOOK_STAND_IN', 'never')
    sys.exit(main())
