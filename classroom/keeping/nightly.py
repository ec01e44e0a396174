"""The backup of each night, and the alarm of a disk that fills.

A service of the hub: it runs beside it and is started again if it ends.
"""

import datetime
import os
import sys
import time
import traceback

from classroom.errors import ClassError
from classroom.keeping import backup, backups, places, status, volumes

MINUTE, HOUR = 60, 3600
PAUSE = 12 * HOUR  # at least between two nights, however the clock jumps
HANDED_ON = ('PATH', 'IMAGE', 'TEACHER', 'DOCKER_HOST', 'CLASSROOM_STATE',
             'CLASSROOM_FILES', 'CLASSROOM_BACKUP')


def service(root, hour, keep):
    """Return the service for the hub's configuration."""
    given = {x: os.environ[x] for x in HANDED_ON if x in os.environ}
    return {
        'name': 'backup',
        'command': [sys.executable, '-m', 'classroom.keeping.nightly'],
        'cwd': str(root),
        'environment': {**given, 'BACKUP_HOUR': str(hour),
                        'BACKUPS': str(keep)},
    }


def main():
    """Look at clock and disk each minute, for ever."""
    hour, last = int(os.environ['BACKUP_HOUR']), last_day()
    ready, warned = 0, None
    while True:
        now = datetime.datetime.now(datetime.timezone.utc)
        warned = warn(warned)
        if due(now, last, hour) and time.monotonic() >= ready:
            done = attempt()
            last = now.date() if done else last
            ready = time.monotonic() + (PAUSE if done else HOUR)
        time.sleep(MINUTE)


def due(now, last, hour):
    """Tell whether a day's backup is still to be made.

    A clock that was set back has another day, too: no later day is awaited.
    """
    return now.date() != last and now.hour >= hour


def last_day():
    """Return the day of the last good backup, if there is one."""
    fit = backups.good(places.backups())
    return fit and datetime.datetime.fromtimestamp(
        fit[-1].time, datetime.timezone.utc).date()


def attempt():
    """Make a backup; tell whether it was made."""
    failed = places.state() / status.FAILED
    try:
        print(f'backup: {backup.make(volumes.connect())}', flush=True)
        failed.unlink(missing_ok=True)
        return True
    except ClassError as error:
        problem = str(error)
    except Exception as error:
        traceback.print_exc()
        problem = f'{type(error).__name__}: {error}'
    print(f'backup: FAILED: {problem}', file=sys.stderr, flush=True)
    note(failed, problem)
    return False


def note(path, problem):
    """Keep a problem for `class status`, if the disk lets it."""
    try:
        path.write_text(f'the nightly backup failed: {problem}\n', 'utf-8')
    except OSError as error:
        print(f'backup: {path}: {error.strerror}', file=sys.stderr)


def warn(before):
    """Warn in the log of a disk that fills, once a day; return the day."""
    today = datetime.date.today()
    full = [x for x in status.folders()
            if status.percent(x) >= status.ALARM]
    if not full or today == before:
        return before if full else None
    for folder in full:
        print(f'warning: the disk of {folder} is '
              f'{status.percent(folder):.0f} % full', file=sys.stderr,
              flush=True)
    return today


if __name__ == '__main__':
    main()
