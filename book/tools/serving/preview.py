"""What a preview does: files change, chapters run, pages are made."""

import functools
import sys
import time

from book.chapters import settings, toc
from book.chapters.errors import BookError
from book.execution import (
    cache,
    environment,
    files,
    outputs,
    schedule,
)
from book.execution.cache_key import key
from book.experiments import drawings
from book.experiments.sentences import claims
from book.rendering import jupyter_book
from book.tools.serving import processes
from book.tools.serving.processes import Process
from book.tools.serving.watching import Watcher

POLL = 0.1  # seconds


class Preview:
    """Keeps the pages as the files are; the server shows its state.

    version: counts what is to be seen anew; running: names of pages whose
    code runs; problems: lines, for pages and the terminal.
    """

    def __init__(self, root):
        processes.prepare()
        self.root, self.watcher = root, Watcher(root)
        self.version, self.running, self.problems = 0, frozenset(), []
        self.job, self.answers, self.failed = None, None, {}
        self.whole = set()  # keys of outputs that were found whole
        self.ask = functools.cache(
            lambda names: environment.ask_utils(root, names)
        )

    def run(self):
        """Go on until somebody interrupts."""
        again = self.renew()
        while True:
            time.sleep(POLL)
            if self.watcher.changed():
                self.ask.cache_clear()
                again = self.renew()
            elif self.job and self.job.returncode is not None:
                self.finish()
                again = self.renew()
            elif again:
                again = self.renew()

    def close(self):
        if self.job:
            self.job.stop()

    def renew(self):
        """Make the pages anew; tell whether it must be tried again soon."""
        started, found = time.monotonic(), []
        try:
            with files.only_one(self.root):
                self.render()
        except files.Busy as error:
            self.report([str(error)])
            return True
        except (BookError, OSError) as error:
            found = str(error).splitlines()
        if found and self.watcher.is_behind():
            return False  # of files that are no longer so
        self.report([*found, *(y for x in self.failed.values() for y in x)])
        if not found:
            seconds = time.monotonic() - started
            self.version += 1
            print(f'rendered {seconds:7.1f} s', file=sys.stderr, flush=True)
        return False

    def render(self):
        """Read the book, see to it that code runs, and make the pages."""
        settings.address(self.root)
        pages = toc.pages(self.root)
        chapters = [x for x in schedule.prepare(pages) if schedule.cells(x)]
        here = environment.gather(
            self.root, [x.notebook for x in chapters], ask=self.ask
        )
        keys = [key(x.notebook, here) for x in chapters]
        self.failed = {x: y for x, y in self.failed.items() if x in keys}
        there = set(filter(self.has_outputs, keys))
        outputs.write(self.root, {
            x.digest: y if y in there else None
            for x, y in zip(chapters, keys)
        })
        self.start({
            y: x.page for x, y in zip(chapters, keys)
            if y not in there | self.failed.keys()
            and not schedule.lacking(self.root, [x], ())
        })
        jupyter_book.render(self.root, pages, start=self.start_rendering)
        drawings.check(self.root, pages)
        claims.check(self.root, pages)

    def has_outputs(self, key):
        """Tell whether outputs are there, and whole; each is read once."""
        if not cache.path(self.root, key).exists():
            return False
        if key not in self.whole and cache.load(self.root, key):
            self.whole.add(key)
        return key in self.whole

    def start_rendering(self, arguments, log, root):
        return Process(processes.jupyter_book, root, arguments, log=log)

    def start(self, waiting):
        """Execute the pages that wait, unless they are just running."""
        running = frozenset(waiting.values())
        if self.job and running == self.running:
            return
        self.close()
        self.job, self.running, self.waiting = None, running, waiting
        if running:
            self.version += 1  # pages say at once that their code runs
            self.answers = processes.CONTEXT.SimpleQueue()
            slugs = {page.slug for page in running}
            self.job = Process(
                processes.execute, self.root, slugs, self.answers
            )

    def finish(self):
        """Take what the execution has come to."""
        lines = [] if self.answers.empty() else self.answers.get()
        for name, page in self.waiting.items():
            if not cache.path(self.root, name).exists():
                own = [x for x in lines if f'/{page.name}.md' in x]
                self.failed[name] = own or [
                    f'{page.label("en")}: its execution was broken off; '
                    'save it to try again'
                ]
        self.job, self.running = None, frozenset()

    def report(self, problems):
        """Show problems to pages, and new ones in the terminal."""
        for line in problems:
            if line not in self.problems:
                print(f'error: {line}', file=sys.stderr, flush=True)
        self.version += problems != self.problems
        self.problems = problems
