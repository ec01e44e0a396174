"""Are two text outputs the same, as far as a reader cares?"""

import math
import os
import re

NUMBER = re.compile(r'[-+]?(?:\d+\.\d*|\.\d+|\d+)(?:e[-+]?\d+)?', re.I)
RELATIVE, ABSOLUTE = 1e-3, 1e-5
# A number that begins a time or a speed: no part of a word or of a version
MEASURED = r'(?<![\w.])(?:\d+(?:,\d{3})*(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?'
LONG = r'(?:seconds|secs?|second(?! [a-z])|minutes?|[mµ]s)'
SHORT = r'(?: (?:s|us|min)|min|(?<=\.\d)s|(?<=\.\d\d)s)'  # no `the 1990s`
# A unit is no label (`min 4`, `s = 2`, `min, 4`), call or part of a word
END = (r'(?![\w(\[*^-]|\.\w| ?= ?[-+.\d]| [-+]?\.?\d'
       r'|(?<=min)[,;:] *[-+]?\.?\d)')
ONE = rf'{MEASURED}(?: ?{LONG}|{SHORT})'
AFTER_MINUTES = rf'(?<=min) {MEASURED}s'  # 3min 4s, as `%time` writes
TIME = rf'{ONE}(?: {ONE}|{AFTER_MINUTES})*{END}'
SPEED = rf'{MEASURED} ?(?!k?m/)(?:[^\W\d]\w*)?/s(?:ec(?:ond)?)?(?![\w-])'
VARYING = [
    (re.compile(r'^<Figure size .*>\n?', re.M), ''),
    (re.compile(r'^.*stand-in data.*\n?', re.I | re.M), ''),
    (re.compile(SPEED), 'SPEED'),
    (re.compile(TIME), 'TIME'),
    (re.compile(r'0x[0-9a-f]{6,}', re.I), 'ADDRESS'),
    (re.compile(r'\b(?:cpu|gpu|cpu_pinned)\(\d*\)'), 'DEVICE'),
    (re.compile(r'\b(Python|MXNet|NumPy|PyTorch) \d[\w.+]*'), r'\1 VERSION'),
    # Engines share the types of errors, not the words; lines that belong to
    # a message are indented
    (re.compile(r'^(\w+(?:Error|Warning)): .*(?:\n {2,}\S.*)*', re.M),
     r'\1: MESSAGE'),
]
STAND_IN = re.compile('stand-in data', re.I)
GPU = re.compile(r'\bgpu\(\d*\)')


def output_text(outputs):
    """Return what a cell printed, followed by its results as text."""
    printed = ''.join(x['text'] for x in outputs
                      if x.get('name') == 'stdout')
    results = [x['data'].get('text/plain', '') for x in outputs
               if 'data' in x]
    return '\n'.join(filter(None, [printed.rstrip('\n'), *results]))


def lasting(text):
    """Return an output without what differs from run to run."""
    for pattern, replacement in VARYING:
        text = pattern.sub(replacement, text)
    return text.strip('\n')


def same(expected, found):
    """Say whether two outputs agree.

    Decimal numbers may differ by a thousandth, whole numbers not at all;
    blanks, times, devices, addresses, versions, the words of an error and
    notices of stand-in data are free.
    """
    expected, found = lasting(expected), lasting(found)
    if words(expected) != words(found):
        return False
    return all(map(close, NUMBER.findall(expected), NUMBER.findall(found)))


def words(text):
    """Return a text without its numbers and blanks."""
    return re.sub(r'\s+', '', NUMBER.sub('#', text))


def close(a, b):
    """Compare two numbers, given as they were written."""
    if a.lstrip('+-').isdigit() or b.lstrip('+-').isdigit():
        return float(a) == float(b)
    return math.isclose(float(a), float(b), rel_tol=RELATIVE,
                        abs_tol=ABSOLUTE)


def on_stand_in(text):
    """Say whether an output declares that it rests on stand-in data."""
    return STAND_IN.search(text) is not None


def is_full(texts):
    """Say whether outputs are of a full run: with BOOK_FULL=1, or on a GPU.
    """
    return os.environ.get('BOOK_FULL') == '1' or any(map(on_gpu, texts))


def on_gpu(text):
    """Say whether an output names a GPU."""
    return GPU.search(text) is not None
