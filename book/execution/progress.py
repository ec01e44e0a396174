"""What a person sees while chapters are executed."""

import sys
import time

from tqdm import tqdm


class Progress:
    """A bar over the cells to run, and one line per finished chapter.

    Where the stream is no terminal there are only the lines.
    """

    def __init__(self, cells, stream=None):
        self.stream = stream or sys.stderr
        self.started = time.monotonic()
        self.running, self.outcomes, self.skipped = [], [], []
        self.bar = tqdm(
            total=cells, unit='cell', file=self.stream, disable=None,
            leave=False, mininterval=0.5,
            bar_format='{n}/{total} cells |{bar:20}| {elapsed} {desc}'
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.bar.close()

    def start(self, name):
        """A chapter begins to run."""
        self.running.append(name)
        self.show()

    def cell(self):
        """A cell has run."""
        self.bar.update()

    def finish(self, result):
        """A chapter is done."""
        name = str(result.page)
        if name in self.running:
            self.running.remove(name)
        self.outcomes.append(result.outcome)
        if result.reason:
            self.skipped.append(f'skipped: {name} {result.reason}')
        self.say(f'{result.outcome:8} {result.seconds:7.1f} s  {name}')
        self.show()

    def show(self):
        self.bar.set_description_str(', '.join(self.running))

    def say(self, line):
        """Write a line above the bar."""
        tqdm.write(line, file=self.stream)
        self.stream.flush()

    def summary(self):
        """Write how many chapters had which outcome, and what is missing."""
        counts = ', '.join(
            f'{self.outcomes.count(outcome)} {outcome}'
            for outcome in ('executed', 'cached', 'failed', 'skipped')
            if outcome != 'skipped' or self.skipped
        )
        self.say(f'{counts} in {time.monotonic() - self.started:.1f} s')
        for line in self.skipped:
            self.say(line)
