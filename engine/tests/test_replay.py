"""Replay: the engine answers every recorded program as MXNet 1.9.1 did.

Stands on `answers.py` and the recorded files; neither MXNet nor hypothesis
is needed (with MXNet, its own answers must come again). What differs on
purpose stands in `differences.yml`, with the reason; a program that is said
to differ must differ.
"""

import os
import pathlib
import re

import answers
import pytest
import yaml

HERE = pathlib.Path(__file__).parent
DIFFERENCES = yaml.safe_load((HERE / 'differences.yml').read_text('utf-8'))
ENGINE = 'torch' in answers.mx.__version__
SHOWN = int(os.environ.get('SHOWN', 12))  # of the programs that fail


def difference(family, program, expected):
    """Return the entry of the list that a program falls under, or None."""
    return next((entry for entry in DIFFERENCES
                 if family in entry.get('in', family).split()
                 and re.search(entry['program'], program)
                 and re.search(entry.get('answer', ''), str(expected))),
                None)


def replay(family):
    """Return [(program, expected, found)] of all that fail."""
    units, recorded = answers.read(family)
    failed = []
    for program, expected in recorded.items():
        if not answers.runs_here(program):
            continue
        found = answers.run(program)
        entry = ENGINE and difference(family, program, expected)
        equal = answers.alike(expected, found, answers.units_here(units))
        if entry and entry.get('where') == 'on some machines':
            continue
        if equal == bool(entry):
            failed.append((program, expected, found))
    return failed


def report(failed):
    return f'{len(failed)} programs\n' + '\n'.join(
        f'\n{program}\n  MXNet: {expected}\n  here:  {found}'
        for program, expected, found in failed[:SHOWN])


@pytest.mark.parametrize('family', answers.families())
def test_the_answers_are_those_of_mxnet(family, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    failed = replay(family)
    assert not failed, report(failed)


def test_there_are_enough_programs():
    number = sum(len(answers.read(x)[1]) for x in answers.families())
    assert number >= 3000


def test_a_wrong_max_is_caught(monkeypatch):
    right = answers.nd.max
    monkeypatch.setattr(
        answers.nd, 'max',
        lambda *args, **options: right(*args, **options) + 1)
    assert replay('reductions')


@pytest.mark.parametrize('entry', DIFFERENCES, ids=lambda x: x['program'])
def test_each_difference_is_recorded_and_has_a_reason(entry):
    assert entry['reason'].strip()
    assert any(difference(family, program, expected) is entry
               for family in answers.families()
               for program, expected in answers.read(family)[1].items())
