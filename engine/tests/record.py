"""Record what MXNet answers: `make engine-record`, or FAMILY=name of them.

Stands on hypothesis, which makes the calls that `recording/` describes, and
on the programs of `programs/`. Each family runs in a process of its own,
for MXNet ends its process at some calls; then the last program is named.
"""

import importlib
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
# How many units may differ; of the other families, every bit is the same.
# MXNet's log_softmax is off by up to 30 units (it has a fast logarithm).
UNITS = {'autograd': 4, 'blocks': 4, 'data': 2, 'files': 4, 'functions': 4,
         'gradients': 48, 'initializers': 4, 'layers': 16, 'losses': 48,
         'matrices': 4, 'networks': 1, 'normal': 4, 'normalization': 16,
         'optimizers': 8, 'parameters': 1, 'protocols': 2, 'recurrent': 8,
         'reductions': 2, 'schedules': 4, 'softmax': 48, 'trainers': 8}


def described():
    """Return the table of drawn calls and the files of written programs."""
    from recording.table import TABLE
    for path in sorted((HERE / 'recording').glob('[a-z]*.py')):
        importlib.import_module(f'recording.{path.stem}')
    return TABLE, sorted((HERE / 'programs').glob('*.txt'))


def families():
    table, paths = described()
    return sorted({row[0] for row in table} | {path.stem for path in paths})


def programs(family):
    """Return a family's programs: the drawn ones and the written ones."""
    from recording.table import programs as drawn
    table, paths = described()
    found = [program for name, number, function in table if name == family
             for program in drawn(number, function)]
    return found + [program for path in paths if path.stem == family
                    for program in written(path)]


def written(path):
    """Return the programs of a file: blocks, with comments left out."""
    lines = [line for line in path.read_text('utf-8').splitlines()
             if not line.startswith('#')]
    blocks = '\n'.join(lines).split('\n\n')
    return [block.strip('\n') for block in blocks if block.strip()]


def record(family):
    import answers
    found = {}
    chosen = programs(family)
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        for program in chosen:
            print(program, file=sys.stderr, flush=True)
            found[program] = short(answers.run(program))
        os.chdir(HERE)
    if family == 'files':
        import recorded_files
        recorded_files.write()
    answers.write(family, UNITS.get(family, 0), found)
    return len(found)


def short(answer):
    """'raises KeyError LookupError Exception' -> 'raises KeyError'."""
    if isinstance(answer, str) and answer.startswith('raises '):
        return ' '.join(answer.split()[:2])
    return answer


def record_apart(family):
    """Record a family in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, '--one', family], text=True,
        capture_output=True, env=os.environ | {'OMP_NUM_THREADS': '1'})
    if done.returncode:
        sys.exit(f'{family}: the process ended ({done.returncode}) at\n'
                 + done.stderr[-2000:])
    print(f'{done.stdout.strip():>6} {family}')
    return int(done.stdout)


def main(*chosen):
    if chosen[:1] == ('--one',):
        print(record(chosen[1]))
    else:
        numbers = [record_apart(x) for x in chosen or families()]
        print(f'{sum(numbers):>6} in all')


if __name__ == '__main__':
    main(*sys.argv[1:])
