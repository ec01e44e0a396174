"""Wrong passwords: how many, from where, for whom."""

import asyncio
import collections
import contextlib
import ipaddress
import socket
import time

LIMIT, WINDOW = 10, 600  # wrong tries within so many seconds
DAY = 86400
COUNTED = 9999  # wrong tries within a day that are counted
TOGETHER, WAITING = 2, 200  # tries from one place that are judged, that wait


class Tries:
    """Count tries by where they come from and the name that they are for.

    So whoever guesses bars himself alone: the owner of the name is let in
    elsewhere.
    """

    def __init__(self, clock=time.monotonic):
        self.clock = clock
        self.times = {}  # (where, name): the times of the tries

    def take(self, where, name):
        """Note a try before it is judged; return whether one was left."""
        now = self.clock()
        if len(self.times) > 10_000:
            self.tidy(now)
        times = self.times.setdefault((where, name), collections.deque())
        while times and times[0] <= now - WINDOW:
            times.popleft()
        if len(times) >= LIMIT:
            return False
        times.append(now)
        return True

    def forgive(self, where, name):
        """Forget the tries of somebody who got it right."""
        self.times.pop((where, name), None)

    def tidy(self, now):
        """Drop what is over."""
        self.times = {
            key: times for key, times in self.times.items()
            if times and times[-1] > now - WINDOW
        }


class Turns:
    """Judge the tries from one place in turn: others wait for none of them.

    Each takes a fifth of a second of the processor, right or wrong.
    """

    def __init__(self):
        self.doors, self.waiting = {}, collections.Counter()

    def is_full(self, where):
        """Tell whether too many from there wait already."""
        return self.waiting[where] >= WAITING

    @contextlib.asynccontextmanager
    async def turn(self, where):
        """Wait for a turn, and have it."""
        door = self.doors.setdefault(where, asyncio.Semaphore(TOGETHER))
        self.waiting[where] += 1
        try:
            async with door:
                yield
        finally:
            self.waiting[where] -= 1
            if not self.waiting[where]:
                del self.doors[where], self.waiting[where]


class Flood:
    """The wrong tries for one name within a day, from everywhere."""

    def __init__(self, clock=time.time):
        self.clock = clock
        self.times = collections.deque(maxlen=COUNTED)
        self.last = ''

    def note(self, where):
        """Note a wrong try; return whether it is time for a warning."""
        self.times.append(self.clock())
        self.last = where
        return self.count() % LIMIT == 0

    def count(self):
        """Return the number of wrong tries within a day."""
        while self.times and self.times[0] <= self.clock() - DAY:
            self.times.popleft()
        return len(self.times)


async def address(request, proxies):
    """Return where a request comes from, as text.

    Each proxy adds the address that it was called from at the end of
    X-Forwarded-For. What stands before that of the outermost proxy of ours
    can be forged; it is not read. X-Real-IP is never read, for it can be
    forged altogether. A proxy beside the hub has the address of the hub.
    """
    socket = request.connection.stream.socket
    ours = {number(socket.getsockname()[0]), *await numbers(proxies)}
    forwarded = ','.join(request.headers.get_list('X-Forwarded-For'))
    nearest = number(socket.getpeername()[0])
    for text in reversed(forwarded.split(',')):
        if nearest in ours:
            nearest = number(text) or nearest
    return place(nearest)


def number(text):
    """Read an address; return None where the text is none."""
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return getattr(found, 'ipv4_mapped', None) or found


def place(found):
    """Return an address as text; of IPv6 the network that one house has."""
    if found.version == 4:
        return str(found)
    return str(ipaddress.ip_network((found, 64), strict=False))


async def numbers(hosts):
    """Return the addresses of hosts, given by name or by number."""
    loop = asyncio.get_running_loop()
    found = await asyncio.gather(
        *(loop.getaddrinfo(x, None, type=socket.SOCK_STREAM) for x in hosts),
        return_exceptions=True,
    )
    known = [x for x in found if not isinstance(x, BaseException)]
    return {number(entry[4][0]) for entries in known for entry in entries}
