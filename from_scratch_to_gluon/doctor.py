"""Is this computer ready for the book? What is wrong, why, what to do.

A check gets facts from `computer` and judges them; it returns findings. A
finding is a fact in a few words and, if it is a problem, its name in
problems.json. Starts without any package.
"""

import json
import os
import pathlib
import re
import textwrap
from collections import namedtuple

from from_scratch_to_gluon import computer
from from_scratch_to_gluon.engines import MXNET, TORCH

# name -> whether it must be mended first; symptom, cause and cure in both
# languages: chapters/*/preface/install.md has some, in the same words
PROBLEMS = json.loads(
    pathlib.Path(__file__).with_name('problems.json').read_text('utf-8')
)
PYTHONS = {MXNET: ((3, 8), (3, 11)), TORCH: ((3, 10), (3, 13))}
OLDEST_TORCH = 2, 4
NEW_NUMPY = 1, 24  # the first that MXNet cannot use
GIGABYTE = 2**30
ROOM = 2 * GIGABYTE
SHOWN = 5  # names of packages in one line
BAD, NOTE, GOOD = 'PROBLEM', 'note', 'ok'
# What Python says when a file of one's own stands before a module
HIDDEN = re.compile(
    "consider renaming|is not a package|partially initialized module '.*' has"
    r"|cannot import name (?!.*(site-packages|[Ll]ib(64)?\b)).*\.py")
CAUSES = (
    (HIDDEN, 'hidden'),
    (re.compile("numpy.* has no attribute|removed in the NumPy"), 'numpy'),
    (re.compile('cannot open shared object'), 'library'),
    (re.compile("No module named 'mxnet'"), 'engine'),
    (re.compile('No module named'), 'missing'),
    (re.compile('needs PyTorch'), 'torch'),
)
LABELS = {'en': ('symptom: ', 'cause:   ', 'cure:    '),
          'zh': ('症状：', '原因：', '办法：')}
VERDICTS = {'en': ('Ready.', 'The book cannot run yet.'),
            'zh': ('一切就绪。', '本书还不能运行。')}

Check = namedtuple('Check', 'name facts judge')
# level: how bad it is, if that is not what problems.json says
Finding = namedtuple('Finding', 'fact problem level', defaults=[None, None])


# The judgements: facts -> findings


def judge_book(version):
    return [Finding(f'from-scratch-to-gluon {version}')]


def judge_system(facts):
    name, memory = facts
    if memory is None:
        return [Finding(name)]
    return [Finding(f'{name}, {memory / GIGABYTE:.1f} GB of memory')]


def judge_settings(settings):
    return [Finding(' '.join(settings) or 'none')]


def judge_python(facts, pythons=PYTHONS):
    """A Python will do that suits one of the engines."""
    version, suited = facts
    ranges = [pythons[engine] for engine in suited]
    good = any(first <= version[:2] <= last for first, last in ranges)
    return [Finding('.'.join(map(str, version)), None if good else 'python')]


def judge_engine(facts):
    engine, installed = facts
    if not engine.file:
        return [Finding('none', 'engine')]
    found = f'{engine}, from {engine.file}'
    if len(installed) > 1:
        both = ' and '.join(installed)
        return [Finding(f'{both}; imported is {found}', 'both')]
    old = engine.name == TORCH and numbers(engine.torch) < OLDEST_TORCH
    return [Finding(found, 'torch' if old else None)]


def judge_numpy(facts):
    version, engine = facts
    if version == 'none':
        return [Finding('none', 'missing')]
    new = engine == MXNET and numbers(version) >= NEW_NUMPY
    return [Finding(version, 'numpy' if new else None)]


def numbers(version):
    """Return the first two numbers of a version."""
    return tuple(map(int, re.findall(r'\d+', version)[:2]))


def judge_packages(versions):
    if versions is None:
        return [Finding('not checked: the book is not installed as one')]
    missing = [name for name in versions if versions[name] == 'none']
    if missing:
        return [Finding(f'missing: {shown(missing)}', 'missing')]
    return [Finding(f'{len(versions)} packages')]


def shown(names):
    """Return the first of some names, and how many there are besides."""
    more = len(names) - SHOWN
    return ', '.join(names[:SHOWN]) + (f' and {more} more' * (more > 0))


def judge_mxnet(answer):
    if answer.table is None:
        return [Finding(answer.words, cause_of(answer.words))]
    right = answer.table['product'] == [[3, 3], [3, 3]]
    version = answer.table['version']
    devices = answer.table.get('devices')
    where = f' on {", ".join(devices)}' if devices else ''
    build = f'; {answer.table["torch"]}' if devices else ''
    if right:
        return [Finding(f'{version}, computes{where}{build}')]
    return [Finding(f'{version}, computes wrongly{where}{build}', 'mxnet')]


def cause_of(words, unknown='mxnet'):
    """Return the name of the problem of which a program died."""
    for pattern, problem in CAUSES:
        if pattern.search(words):
            return problem
    return unknown


def judge_kernel(answer):
    if answer.table is None:
        return [Finding(answer.words, cause_of(answer.words, 'kernel'))]
    found = '{python}, from {file}'.format(**answer.table)
    return [Finding(found, None if answer.table['own'] else 'kernel')]


def judge_utils(facts):
    (here, ours), (elsewhere, also_ours) = facts
    if here and not ours:
        return [Finding(f'{here}, of another package', 'utils')]
    found = here or 'none in this folder; `gluon-book here` writes it'
    if elsewhere and not also_ours:
        return [Finding(f'{found}; in other folders {elsewhere}, of another '
                        'package', 'utils', NOTE)]
    return [Finding(found)]


def judge_threads(facts):
    setting, cores = facts
    cores = cores or 'an unknown number of'
    if setting is None:
        return [Finding(f'one for each of {cores} cores')]
    known = isinstance(cores, int) and setting != str(cores)
    return [Finding(f'OMP_NUM_THREADS={setting}, {cores} cores',
                    'threads' if known else None)]


def judge_gpu(facts):
    cards, answer = facts
    if not cards:
        return [Finding('none found; the processor will do')]
    table = answer.table or {}
    if table.get('gpu'):
        return [Finding(f'{cards[0]}, used as {table["gpu"]}')]
    engine = table.get('torch', 'MXNet') if table else 'the engine'
    return [Finding(f'{cards[0]}, not used by {engine}', 'gpu')]


def judge_data(answer):
    if answer.table is None:
        named = answer.words.startswith('BOOK_DATA')
        return [Finding(answer.words, 'damaged') if named else
                Finding(f'not checked: {answer.words}')]
    states = answer.table
    missing = [name for name in states if states[name] == 'missing']
    findings = [Finding(state, 'damaged') for state in states.values()
                if state not in ('real', 'missing')]
    if missing:
        findings.append(Finding(f'not here: {shown(missing)}', 'no-data'))
    return findings or [Finding(f'{len(states)} data sets, verified')]


def judge_space(free):
    problem = None if free >= ROOM else 'space'
    return [Finding(f'{free / GIGABYTE:.1f} GB free', problem)]


def judge_writing(error):
    if error:
        return [Finding(error, 'write')]
    return [Finding('allowed in this folder')]


def judge_network(facts):
    index, error = facts
    if error:
        over = 'certificate' in error.lower()
        return [Finding(f'{index}: {error}',
                        'certificates' if over else 'network')]
    return [Finding(f'{index} answers')]


CHECKS = (
    Check('book', computer.book, judge_book),
    Check('system', computer.system, judge_system),
    Check('settings', computer.settings, judge_settings),
    Check('Python', computer.python_version, judge_python),
    Check('engine', computer.engine, judge_engine),
    Check('NumPy', computer.numpy, judge_numpy),
    Check('packages', computer.packages, judge_packages),
    Check('computing', computer.mxnet, judge_mxnet),
    Check('kernel', computer.kernel, judge_kernel),
    Check('utils', computer.utils, judge_utils),
    Check('threads', computer.threads, judge_threads),
    Check('GPU', computer.cards, judge_gpu),
    Check('data', computer.data, judge_data),
    Check('disk space', computer.space, judge_space),
    Check('writing', computer.writing, judge_writing),
    Check('network', computer.network, judge_network),
)


# The report


def examine(folder, checks=CHECKS, language='en'):
    """Print all findings and remedies; tell whether something is broken.

    folder: where notebooks are. What is found is told in English, for those
    who are asked for help; language: that of the remedies.
    """
    found = []
    for check in checks:
        for finding in check.judge(check.facts(folder)):
            print(line(check.name, finding), flush=True)
            found.append(finding)
    for problem in dict.fromkeys(x.problem for x in found if x.problem):
        print('\n' + remedy(problem, language))
    broken = any(severity(x) == BAD for x in found)
    print('\n' + VERDICTS[language][broken])
    return broken


def severity(finding):
    """Return how bad a finding is."""
    if finding.problem is None:
        return GOOD
    needed = PROBLEMS[finding.problem]['needed']
    return finding.level or (BAD if needed else NOTE)


def line(name, finding):
    return f'{severity(finding):8} {name:11} {discreet(finding.fact)}'


def discreet(fact):
    """Hide the name of the home folder, and passwords in addresses."""
    home = os.path.expanduser('~')
    if home != '/':
        fact = fact.replace(home, '~')
    return re.sub('//[^/@ ]*@', '//', fact)


def remedy(problem, language='en'):
    """Return symptom, cause and cure of a problem, as lines.

    Chinese has no blanks to break lines at; the terminal does that.
    """
    told = zip(LABELS[language], PROBLEMS[problem][language].values())
    lines = [f'{label}{text}' for label, text in told]
    if language == 'en':
        lines = [textwrap.fill(x, width=78, subsequent_indent=' ' * 9,
                               break_long_words=False,
                               break_on_hyphens=False) for x in lines]
    return '\n'.join(lines)
