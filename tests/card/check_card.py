"""Does the engine do on a graphics card what it does on the processor?

    python tests/card/check_card.py
    python tests/card/check_card.py --device cpu --parts numbers use-gpu

The Python that starts it needs PyTorch, NumPy, matplotlib, pytest and
PyYAML, and neither a network nor the book's environment: the engine is taken
from this repository. BOOK_DATA names the folder of the data sets.

Within ten minutes it compares numbers with the processor's, replays what
MXNet answered, executes chapters in full, and trains beside PyTorch. After
each part it writes card.md, card.yml (in the form of book/results.yml) and
card.txt, all that was printed. The status is 0 if all is well.
"""

import argparse
import os
import pathlib
import platform
import sys
import time

import card_report
from card_parts import PARTS, ROOT, Failure, Place

SECONDS = 570


def options(arguments):
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument('--device', choices=('gpu', 'cpu'), default='gpu')
    parser.add_argument('--parts', nargs='+', choices=PARTS, default=PARTS)
    parser.add_argument('--seconds', type=float, default=SECONDS,
                        help='what is not done by then is told as not run')
    parser.add_argument('--to', type=pathlib.Path, metavar='FOLDER',
                        default=ROOT / '_build/card')
    return parser.parse_args(arguments)


def machine(device):
    """Return the facts of the device; exit with one line if it is missing.
    """
    sys.path.insert(0, str(ROOT / 'engine'))
    try:
        import mxnet as mx
        import numpy
        import torch
    except ImportError as error:
        sys.exit(f'the check cannot begin: {error}')
    try:
        mx.Context(device).device  # noqa: B018 - it asks for the device
    except mx.MXNetError as error:
        sys.exit(f'no graphics card: {error}')
    card = torch.cuda.is_available() and device == 'gpu'
    name = torch.cuda.get_device_name() if card else platform.machine()
    return {
        'name': name, 'cards': mx.context.num_gpus(),
        'engine': mx.__version__, 'PyTorch': torch.__version__,
        'CUDA': torch.version.cuda if card else 'not used',
        'Python': platform.python_version(), 'NumPy': numpy.__version__,
        'processor cores': os.cpu_count(),
    }


def main(arguments=None):
    """Run the parts, report after each; return whether all is well."""
    chosen = options(arguments)
    facts, found = machine(chosen.device), {}
    chosen.to.mkdir(parents=True, exist_ok=True)
    place = Place(chosen.device, facts['cards'],
                  time.monotonic() + chosen.seconds, chosen.to.resolve())
    for name in chosen.parts:
        start = time.monotonic()
        try:
            part = PARTS[name](place)
        except Failure as failure:
            part = failure.found
        found[name] = part, time.monotonic() - start
        print(f'{name}: {card_report.mark(part.good)}, {part.text}',
              flush=True)
        write(chosen.to, facts, found)
    print(chosen.to / 'card.md')
    return all(part.good for part, _ in found.values())


def write(folder, facts, found):
    """Write the report in its three forms."""
    for name, text in (('card.md', card_report.markdown(facts, found)),
                       ('card.yml', card_report.results(facts, found)),
                       ('card.txt', card_report.log(found))):
        (folder / name).write_text(text, encoding='utf-8')


if __name__ == '__main__':
    sys.exit(not main())
