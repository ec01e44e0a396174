"""Unrest: students' servers and the hub are killed while all go on saving."""

import asyncio
import contextlib
import random
import time

import httpx

PAUSE = 2  # seconds between two killings, and between two saves
SOON = 20  # seconds after which the hub must answer again
CALM = 120  # seconds for all to save again after the hub was killed
LONGEST = 1800  # seconds after which the unrest has failed
FAILURES = httpx.HTTPError, OSError, RuntimeError


class Unrest:
    """The killings of a class after its lesson, and what was seen of them."""

    def __init__(self, lesson):
        self.lesson, self.hub = lesson, lesson.hub
        self.quiet = asyncio.Event()
        self.away = set()  # names of those whose server is starting again
        self.waiting = {}  # name -> when the hub was killed, until it saves
        self.hub_back, self.saving_back = [], []  # seconds
        self.killed = 0

    async def rage(self, servers, hubs):
        """Kill so many servers and hubs, in any order, until all are back."""
        try:
            await asyncio.wait_for(self.kill(servers, hubs), LONGEST)
        except TimeoutError:
            self.lesson.problems.append(
                f'not back after {LONGEST} s: {sorted(self.away)}')

    async def kill(self, servers, hubs):
        """Kill so many servers and hubs while all go on saving."""
        saving = [asyncio.create_task(self.go_on_saving(x))
                  for x in self.lesson.students]
        killings = [self.kill_server] * servers + [self.kill_hub] * hubs
        random.shuffle(killings)
        for kill in killings:
            await asyncio.sleep(PAUSE)
            await kill()
        self.quiet.set()
        await asyncio.gather(*saving)

    async def go_on_saving(self, student):
        """Save again and again, and come back after each disturbance.

        One save comes after the last killing.
        """
        last = False
        while not last:
            last, begin = self.quiet.is_set(), time.monotonic()
            try:
                await student.save()
                self.saved(student.name, begin)
                await asyncio.sleep(random.uniform(0, 2 * PAUSE))
            except FAILURES:
                last = False
                await self.come_back(student)

    def saved(self, name, begin):
        """Note how long a student could not save: a save has succeeded."""
        killed = self.waiting.get(name)
        if killed and killed < begin:
            self.saving_back.append(time.monotonic() - killed)
            del self.waiting[name]

    async def come_back(self, student):
        """Wait a moment; start the server again if it is gone."""
        await asyncio.sleep(1)
        if self.hub.server(student.name):
            return
        self.away.add(student.name)
        self.waiting.pop(student.name, None)
        with contextlib.suppress(*FAILURES):  # the next try may succeed
            await student.log_in()
            await student.start()
            self.away.remove(student.name)

    async def kill_server(self):
        """Kill a server in use and look at once at what it leaves behind."""
        while not (victims := self.victims()):
            await asyncio.sleep(1)
        student = random.choice(victims)
        self.hub.server(student.name).kill()
        self.killed += 1
        self.lesson.check(student)

    def victims(self):
        """Return the students at work."""
        return [x for x in self.lesson.students
                if x.name not in self.away and self.hub.server(x.name)]

    async def kill_hub(self):
        """Kill the hub; something starts it again, as Docker would."""
        self.hub.kill()
        killed = time.monotonic()
        self.waiting = {x.name: killed for x in self.victims()}
        self.lesson.lost()
        self.hub.start()
        await asyncio.to_thread(self.hub.wait)
        self.hub_back.append(time.monotonic() - killed)
        while self.waiting and time.monotonic() < killed + CALM:
            await asyncio.sleep(0.1)
        self.tell()

    def tell(self):
        """Tell of the last death of the hub, and note what was wrong."""
        back, late = self.hub_back[-1], sorted(self.waiting)
        self.lesson.say(f'hub killed, after {back:.0f} s it answers; '
                        f'{self.killed} servers killed so far')
        if back > SOON:
            self.lesson.problems.append(f'no hub for {back:.0f} s')
        if late:
            self.lesson.problems.append(
                f'no save {CALM} s after the hub was killed: {late}')
