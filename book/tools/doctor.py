"""Is this computer ready for the book? What is wrong, why, what to do.

A check gets facts from `computer` and judges them; it returns findings. A
finding is a fact in a few words and, if it is a problem, its name in
problems.json. Starts without any package of the book.
"""

import json
import os
import pathlib
import re
import textwrap
from collections import namedtuple

from book.execution.engine import LOCK_FILE, MXNET, TORCH
from book.tools import computer

# name -> whether it must be mended first; symptom, cause and cure in both
# languages: chapters/*/preface/install.md has the same words
PROBLEMS = json.loads(
    pathlib.Path(__file__).with_name('problems.json').read_text('utf-8')
)
PYTHONS = {MXNET: ((3, 11), (3, 11)), TORCH: ((3, 10), (3, 13))}
OLDEST_TORCH = (2, 4)
GIGABYTE = 2**30
ROOM = 2 * GIGABYTE
SHOWN = 5  # names of packages in one line
BAD, NOTE, GOOD = 'PROBLEM', 'note', 'ok'
WORDS = (
    (re.compile("numpy.* has no attribute 'bool'"), 'numpy'),
    (re.compile('cannot open shared object'), 'library'),
    (re.compile('No module named'), 'missing'),
    (re.compile('needs PyTorch'), 'torch'),
)

Check = namedtuple('Check', 'name facts judge')
Finding = namedtuple('Finding', 'fact problem', defaults=[None])


# The judgements: facts -> findings


def judge_book(facts):
    version, commit, changes = facts
    state = f'commit {commit}, {changes} files changed'
    return [Finding(f'{version}, {state if commit else "not a clone"}')]


def judge_system(facts):
    name, memory = facts
    if memory is None:
        return [Finding(name)]
    return [Finding(f'{name}, {memory / GIGABYTE:.1f} GB of memory')]


def judge_settings(settings):
    return [Finding(' '.join(settings) or 'none')]


def judge_python(facts):
    version, engine = facts
    first, last = PYTHONS[engine]
    problem = None if first <= version[:2] <= last else 'python'
    return [Finding('.'.join(map(str, version)), problem)]


def judge_engine(facts):
    engine, installed = facts
    if len(installed) > 1:
        return [Finding(' and '.join(installed), 'both')]
    torch = re.findall(r'\d+', engine.torch)[:2]
    old = engine.name == TORCH and tuple(map(int, torch)) < OLDEST_TORCH
    return [Finding(str(engine), 'torch' if old else None)]


def judge_packages(facts):
    wanted, installed, lock = facts
    missing = sorted(wanted.keys() - installed.keys())
    others = {name: f'{name} {installed[name]} instead of {version}'
              for name, version in sorted(wanted.items())
              if installed.get(name, version) != version}
    numpy = others.pop('numpy', None) if lock == LOCK_FILE else None
    findings = [Finding(f'{lock}: {len(wanted)} packages')]
    if missing:
        findings.append(Finding(f'missing: {shown(missing)}', 'missing'))
    if numpy:
        findings.append(Finding(numpy, 'numpy'))
    if others:
        findings.append(Finding(shown(list(others.values())), 'versions'))
    return findings[1:] or findings


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
    if right:
        return [Finding(f'{version}, computes{where}')]
    return [Finding(f'{version}, computes wrongly{where}', 'mxnet')]


def cause_of(words):
    """Return the name of the problem of which a program died."""
    for pattern, problem in WORDS:
        if pattern.search(words):
            return problem
    return 'mxnet'


def judge_threads(facts):
    setting, cores = facts
    if setting is None:
        return [Finding(f'one for each of {cores} cores')]
    problem = None if setting == str(cores) else 'threads'
    return [Finding(f'OMP_NUM_THREADS={setting}, {cores} cores', problem)]


def judge_gpu(facts):
    cards, answer = facts
    if not cards:
        return [Finding('none found; the processor will do')]
    if answer.table and answer.table['gpu']:
        return [Finding(f'{cards[0]}, used as {answer.table["gpu"]}')]
    return [Finding(f'{cards[0]}, not used by MXNet', 'gpu')]


def judge_data(answer):
    if answer.table is None:
        return [Finding(f'not checked: {answer.words}')]
    states = answer.table
    missing = [name for name in states if states[name] == 'missing']
    findings = [Finding(state, 'damaged') for state in states.values()
                if state not in ('real', 'missing')]
    if missing:
        findings.append(Finding(f'not here: {shown(missing)}', 'no-data'))
    return findings or [Finding(f'{len(states)} data sets, verified')]


def judge_browser(path):
    if path:
        return [Finding(path)]
    return [Finding('no chromium; only tests need it', 'browser')]


def judge_latex(missing):
    if missing:
        return [Finding(f'missing: {shown(missing)}', 'latex')]
    return [Finding('complete')]


def judge_space(free):
    problem = None if free >= ROOM else 'space'
    return [Finding(f'{free / GIGABYTE:.1f} GB free', problem)]


def judge_writing(error):
    if error:
        return [Finding(error, 'write')]
    return [Finding('allowed in the folder of the book')]


def judge_network(facts):
    index, error = facts
    if error:
        return [Finding(f'{index}: {error}', 'network')]
    return [Finding(f'{index} answers')]


CHECKS = (
    Check('book', computer.book, judge_book),
    Check('system', computer.system, judge_system),
    Check('settings', computer.settings, judge_settings),
    Check('Python', computer.python_version, judge_python),
    Check('engine', computer.engine, judge_engine),
    Check('packages', computer.packages, judge_packages),
    Check('MXNet', computer.mxnet, judge_mxnet),
    Check('threads', computer.threads, judge_threads),
    Check('GPU', computer.cards, judge_gpu),
    Check('data', computer.data, judge_data),
    Check('browser', computer.browser, judge_browser),
    Check('LaTeX', computer.latex, judge_latex),
    Check('disk space', computer.space, judge_space),
    Check('writing', computer.writing, judge_writing),
    Check('network', computer.network, judge_network),
)


# The report


def examine(root, checks=CHECKS):
    """Print all findings and remedies; tell whether something is broken."""
    found = []
    for check in checks:
        for finding in check.judge(check.facts(root)):
            print(line(check.name, finding), flush=True)
            found.append(finding.problem)
    for problem in dict.fromkeys(filter(None, found)):
        print('\n' + remedy(problem))
    broken = any(severity(problem) == BAD for problem in found)
    print('\n' + ('The book cannot run yet.' if broken else 'Ready.'))
    return broken


def severity(problem):
    """Return how bad a problem is, None being no problem."""
    if problem is None:
        return GOOD
    return BAD if PROBLEMS[problem]['needed'] else NOTE


def line(name, finding):
    fact = discreet(finding.fact)
    return f'{severity(finding.problem):8} {name:11} {fact}'


def discreet(fact):
    """Hide the name of the home folder, and passwords in addresses."""
    home = os.path.expanduser('~')
    if home != '/':
        fact = fact.replace(home, '~')
    return re.sub('//[^/@ ]*@', '//', fact)


def remedy(problem):
    """Return symptom, cause and cure of a problem, as lines."""
    return '\n'.join(
        textwrap.fill(f'{part + ":":9}{text}', width=78,
                      subsequent_indent=' ' * 9, break_long_words=False,
                      break_on_hyphens=False)
        for part, text in PROBLEMS[problem]['en'].items()
    )
