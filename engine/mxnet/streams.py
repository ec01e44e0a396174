"""The random numbers of MXNet's CPU: normal ones up to the last digits.

MXNet seeds 1024 Mersenne twisters side by side for `uniform` and `normal`,
and one more for `multinomial` and `shuffle`. A draw of N numbers uses
min(1024, ceil(N / 64)) of the 1024; each fills consecutive places. All is
NumPy on whole arrays; other devices get what was drawn here.
"""

import numpy as np

NUM_TWISTERS = 1024
SHARE = 64  # a further twister joins in for each so many numbers
LENGTH, SHIFT = 624, 397  # words of a state; MT19937's recurrence
ONE = np.uint32(1)
HIGH, LOW = np.uint32(0x80000000), np.uint32(0x7FFFFFFF)
MATRIX = np.uint32(0x9908B0DF)
ROWS = 128  # twisters worked on at once: their words fit into the cache


def first_states(seeds):
    """Return the states of freshly seeded twisters.  (n,) -> (n, 624)"""
    words = np.empty((LENGTH, len(seeds)), np.uint32)
    words[0] = seeds
    for i in range(1, LENGTH):
        last = words[i - 1]
        words[i] = last ^ (last >> np.uint32(30))
        words[i] *= np.uint32(1812433253)
        words[i] += np.uint32(i)
    return np.ascontiguousarray(words.T)


def twist(states):
    """Return the states after 624 further numbers.  (n, 624) -> (n, 624)

    Word i needs words i, i + 1 and i + 397; the last of these is already a
    new one from i = 227 on, hence three steps and the last word.
    """
    new = np.empty_like(states)
    for begin, end in ((0, 227), (227, 454), (454, 623)):
        y = (states[:, begin:end] & HIGH) | (states[:, begin + 1:end + 1]
                                             & LOW)
        shifted = (states[:, SHIFT:] if begin == 0
                   else new[:, begin - 227:end - 227])
        new[:, begin:end] = shifted ^ (y >> ONE) ^ ((y & ONE) * MATRIX)
    y = (states[:, 623] & HIGH) | (new[:, 0] & LOW)
    new[:, 623] = new[:, 396] ^ (y >> ONE) ^ ((y & ONE) * MATRIX)
    return new


def temper(words):
    """Return the numbers that a state's words stand for.  Any shape."""
    y = words ^ (words >> np.uint32(11))
    y ^= (y << np.uint32(7)) & np.uint32(0x9D2C5680)
    y ^= (y << np.uint32(15)) & np.uint32(0xEFC60000)
    y ^= y >> np.uint32(18)
    return y


def unit(numbers):
    """Turn 32-bit numbers into float32 in [0, 1), as libstdc++ does."""
    fractions = numbers.astype(np.float32)
    fractions *= np.float32(2.0**-32)
    return np.minimum(fractions, np.float32(1 - 2.0**-24), out=fractions)


class Twisters:
    """Twisters with the seeds `seed`, `seed + 1`, ..., made when needed."""

    def __init__(self, seed):
        self.seed = seed
        self.states = np.empty((0, LENGTH), np.uint32)
        self.places = np.empty(0, np.int64)  # words of a state that are used

    def reach(self, count):
        """Have at least `count` twisters, and not many more."""
        have = len(self.states)
        if have < count:
            count = min(max(count, 2 * have), NUM_TWISTERS)
            seeds = (self.seed + np.arange(have, count)) & 0xFFFFFFFF
            self.states = np.concatenate([self.states, first_states(seeds)])
            self.places = np.concatenate(
                [self.places, np.full(count - have, LENGTH)])

    def draw(self, rows, length, use):
        """Let `use` choose from the next numbers of some twisters.

        rows: a slice. use: is shown the numbers (n, length) and returns what
        it makes of them, and how many of them it has taken: (n,) or one for
        all; or None if it needs more.
        """
        states, places = self.states[rows], self.places[rows]
        blocks = [states]
        while len(blocks) * LENGTH < places.max() + length:
            blocks.append(twist(blocks[-1]))
        words = np.concatenate(blocks, axis=1) if blocks[1:] else states
        words = np.stack([row[place:place + length]
                          for row, place in zip(words, places.tolist())])
        found = use(temper(words))
        if found is None:
            return None
        self.advance(rows, blocks, found[1])
        return found[0]

    def advance(self, rows, blocks, taken):
        """Note that the twisters in `rows` have given `taken` numbers."""
        end = self.places[rows] + taken
        last = np.maximum(end - 1, 0) // LENGTH  # the block that it lies in
        for number in range(1, len(blocks)):
            chosen = last == number
            self.states[rows][chosen] = blocks[number][chosen]
        self.places[rows] = end - last * LENGTH


def split(size):
    """Return how many twisters draw `size` numbers, and how many each."""
    step = -(-size // min(NUM_TWISTERS, -(-size // SHARE)))
    return -(-size // step), step


def accept(numbers, wanted):
    """Make normal numbers of pairs in the unit disc: the polar method.

    numbers: (n, 2k); wanted: (n,), how many each of the n twisters must
    find. Returns the normal numbers in one row, and how many numbers each
    twister took, or None if k pairs were too few.
    """
    points = unit(numbers)
    points *= np.float32(2)
    points -= np.float32(1)
    squares = points * points
    r2 = squares[:, ::2] + squares[:, 1::2]
    good = (r2 <= 1) & (r2 != 0)
    count = np.cumsum(good, axis=1, dtype=np.int32)
    if (count[:, -1] < wanted).any():
        return None
    good &= count <= wanted[:, None]
    chosen = np.flatnonzero(good)
    last = chosen[np.cumsum(wanted) - 1]  # of each twister
    taken = 2 * (last - np.arange(len(good)) * good.shape[1] + 1)
    r2, y = r2.ravel()[chosen], points.ravel()[2 * chosen + 1]
    return y * np.sqrt(np.log(r2) * np.float32(-2) / r2), taken


class Streams:
    """All random numbers of a process; `seed` starts them anew."""

    def __init__(self, seed=0):
        self.seed(seed)

    def seed(self, seed):
        """Start anew: equal seeds, equal numbers, on every computer."""
        first = int(seed) * 127 & 0xFFFFFFFF
        self.many, self.one = Twisters(first), Twisters(first)

    def parts(self, size):
        """Return (rows, numbers of each row) for a draw of `size`."""
        if not size:
            return []
        count, step = split(size)
        self.many.reach(count)
        wanted = np.full(count, step, np.int32)
        wanted[-1] = size - (count - 1) * step
        return [(slice(i, min(i + ROWS, count)), wanted[i:i + ROWS])
                for i in range(0, count, ROWS)]

    def uniform(self, size):
        """Return float32 numbers, even in [0, 1).  (size,)"""
        found = []
        for rows, wanted in self.parts(size):
            def use(numbers, wanted=wanted):
                return unit(numbers).ravel(), wanted

            found.append(self.many.draw(rows, wanted[0], use))
        return join(found)[:size]

    def normal(self, size):
        """Return float32 numbers with mean 0 and variance 1.  (size,)"""
        found = []
        for rows, wanted in self.parts(size):
            def use(numbers, wanted=wanted):
                return accept(numbers, wanted)

            values, pairs = None, int(1.28 * wanted[0]
                                      + 2 * wanted[0] ** 0.5 + 8)
            while values is None:
                values = self.many.draw(rows, 2 * pairs, use)
                pairs *= 2
            found.append(values)
        return join(found)

    def words(self, size):
        """Return 32-bit numbers of the twister that stands alone."""
        self.one.reach(1)
        return self.one.draw(slice(0, 1), size,
                             lambda numbers: (numbers[0], size))


def join(parts):
    """Return arrays in one row."""
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(0, np.float32)


STREAMS = Streams()
