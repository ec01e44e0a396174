"""A clock of the machine, watched for jumps."""

JUMP = 30  # seconds; less is a clock that is put right


class Clock:
    """Knows since when the time of day has gone as evenly as a stopwatch.

    wall: function that returns the time of day in seconds; steady: one that
    returns seconds of a stopwatch, which nobody sets.
    """

    def __init__(self, wall, steady):
        self.wall, self.steady = wall, steady
        self.difference = self.since = None

    def even_for(self):
        """Return for how many seconds there was no jump, as far as seen."""
        steady = self.steady()
        difference = self.wall() - steady
        if self.since is None or abs(difference - self.difference) > JUMP:
            self.since, self.difference = steady, difference
        return steady - self.since
