"""The parts of the check on a graphics card: each a process, and a finding.
"""

import json
import math
import os
import pathlib
import re
import subprocess
import sys
import time
from dataclasses import dataclass, field
from xml.etree import ElementTree

import yaml

HERE = pathlib.Path(__file__).parent.resolve()
ROOT = HERE.parents[1]
PAGES = {path.stem: path for path in (ROOT / 'chapters/en').glob('*/*.md')}
CHAPTERS = 'use-gpu', 'cnn-gluon', 'alexnet', 'multi-device-training'
NETWORKS = 'lenet', 'lenet-imperative', 'alexnet', 'resnet', 'lstm'
TWO_CARDS = {'multi-device-training'}  # with one the processor is right
ON_CARD = re.compile(r'\bgpu\(\d+\)')
STAND_IN = re.compile('stand-in data', re.I)


@dataclass(frozen=True)
class Found:
    """What a part found, in a line, and all that it printed.

    values: {(chapter, name, metric): (value or None, [lowest, highest])}.
    """

    good: bool
    text: str
    printed: str = ''
    values: dict = field(default_factory=dict)


class Failure(Exception):
    """A process that did not end well; `found` says so."""

    def __init__(self, text, printed=''):
        super().__init__(text)
        self.found = Found(False, text, printed)


@dataclass(frozen=True)
class Place:
    """Where to compute, and until when.

    device: 'gpu' or 'cpu'; cards: how many there are; until: a moment of
    `time.monotonic`; folder: for files.
    """

    device: str
    cards: int
    until: float
    folder: pathlib.Path

    def variables(self):
        """Return the environment of a process that computes there."""
        folders = [ROOT / 'engine', ROOT, os.environ.get('PYTHONPATH')]
        return {
            **os.environ,
            'PYTHONPATH': os.pathsep.join(str(x) for x in folders if x),
            'BOOK_FULL': str(int(self.device == 'gpu')),
            'MXNET_TEST_CONTEXT': f'{self.device}(0)',
        }

    def run(self, *command, accept=(0,)):
        """Run a Python program; return what it printed, and complained.

        accept: the statuses that it may end with.
        """
        seconds = self.until - time.monotonic()
        try:
            done = subprocess.run(
                [sys.executable, *map(str, command)], env=self.variables(),
                cwd=ROOT, text=True, timeout=max(seconds, 0.1),
                stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        except subprocess.TimeoutExpired:
            raise Failure('not run to its end: the time was up') from None
        if done.returncode not in accept:
            text = done.stdout + done.stderr
            last = (text.split('\n')[-2:] or [''])[0]
            raise Failure(f'status {done.returncode}: {last}', text)
        return done.stdout, done.stderr


def numbers(place):
    """Compare draws, results and gradients with those of the processor."""
    printed, _ = place.run(HERE / 'card_numbers.py', 'equal', place.device)
    return Found(True, '; '.join(printed.splitlines()))


def replay(place):
    """Replay the answers that MXNet gave to some thousand calls."""
    report = place.folder / 'replay.xml'
    printed, _ = place.run(
        '-m', 'pytest', '-q', '--tb=short', '-p', 'no:cacheprovider',
        f'--junitxml={report}', ROOT / 'engine/tests/test_replay.py',
        accept=(0, 1))
    suites = list(ElementTree.parse(report).iter('testsuite'))
    tests, failures, errors, skipped = (
        sum(int(suite.get(x, 0)) for suite in suites)
        for x in ('tests', 'failures', 'errors', 'skipped'))
    bad = failures + errors
    text = (f'{tests - bad - skipped:,} passed, {bad:,} failed, '
            f'{skipped:,} skipped')
    return Found(not bad, text, printed)


def chapter(place, slug):
    """Execute a chapter; judge what it printed by the table of results."""
    output, complaints = place.run(HERE / 'card_chapter.py', PAGES[slug])
    result = json.loads(output.splitlines()[-1])
    printed = '\n'.join(result['outputs'])
    values = {} if STAND_IN.search(printed) else results(
        slug, printed, place.device)
    problems = [result['error']] * bool(result['error'])
    problems += [f'{name} is out of its band' for (_, name, _), pair
                 in values.items() if not within(*pair)]
    needed = 2 if slug in TWO_CARDS else 1
    if place.device == 'gpu' and place.cards >= needed \
            and not ON_CARD.search(printed):
        problems.append('it printed no GPU as its device')
    text = '; '.join(problems) or f'{len(result["outputs"])} cells'
    if STAND_IN.search(printed):
        text += ', on stand-in data'
    return Found(not problems, text, f'{printed}\n{complaints}', values)


def results(slug, printed, device):
    """Return what book/results.yml finds in the outputs of a chapter."""
    table = yaml.safe_load((ROOT / 'book/results.yml').read_text('utf-8'))
    found = {}
    for entry in table:
        if entry.get('chapter') == slug and 'find' in entry:
            match = re.search(entry['find'], printed, re.MULTILINE)
            band = entry.get('full' if device == 'gpu' else 'cpu')
            found[slug, entry['name'], entry['metric']] = (
                match and float(match[1]), band)
    return found


def within(value, band):
    """Say whether a value is there and lies in its band, if there is one."""
    low, high = band or (-math.inf, math.inf)
    return value is not None and low <= value <= high


def speed(place):
    """Train networks with the engine and with PyTorch itself."""
    lines = []
    for name in NETWORKS:
        ours, theirs = (
            float(place.run(HERE / 'card_numbers.py', 'speed', library, name,
                            place.device)[0].splitlines()[-1])
            for library in ('mxnet', 'torch'))
        lines.append(f'{name} {ours:,.0f} examples/s, PyTorch {theirs:,.0f} '
                     f'(ratio {ours / theirs:.2f})')
    return Found(True, '; '.join(lines))


PARTS = {
    'numbers': numbers,
    'replay': replay,
    **{slug: lambda place, slug=slug: chapter(place, slug)
       for slug in CHAPTERS},
    'speed': speed,
}
