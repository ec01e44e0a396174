"""Which servers are idle, also for a clock that jumps.

The culler compares the clock with the hour of the last use. A clock that
jumps ahead, as when a machine gets the right time some minutes after its
start, would make every server look idle, with students at work in it; so
would a hub that was away for long and missed what they did.
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from classroom.keeping.clock import Clock  # noqa: E402

CLOCK = Clock(time.time, time.monotonic)


def idle(*, inactive, inactive_limit, server, **more):
    """Tell whether a server was idle so long by a clock that went evenly."""
    even = CLOCK.even_for()
    return even >= inactive_limit <= inactive.total_seconds()


c = get_config()  # noqa: F821
c.IdleCuller.cull_arbiter_hook = idle
