"""The doctor for authors: what it tells readers, and what a clone needs.

`from_scratch_to_gluon.doctor` says how a check works. Starts without any
package of the book.
"""

import functools

from book.execution.engine import MXNET
from book.tools import computer
from from_scratch_to_gluon import doctor
from from_scratch_to_gluon.doctor import Check, Finding, shown

PYTHONS = {**doctor.PYTHONS, MXNET: ((3, 11), (3, 11))}  # those of the locks


def judge_book(facts):
    version, commit, changes = facts
    state = f'commit {commit}, {changes} files changed'
    return [Finding(f'{version}, {state if commit else "not a clone"}')]


judge_python = functools.partial(doctor.judge_python, pythons=PYTHONS)


def judge_packages(facts):
    wanted, installed, lock = facts
    missing = sorted(wanted.keys() - installed.keys())
    others = [f'{name} {installed[name]} instead of {version}'
              for name, version in sorted(wanted.items())
              if installed.get(name, version) != version]
    findings = []
    if missing:
        findings.append(Finding(f'missing: {shown(missing)}', 'missing'))
    if others:
        findings.append(Finding(shown(others), 'versions'))
    return findings or [Finding(f'{lock}: {len(wanted)} packages')]


def judge_jupytext(version):
    if version != 'none':
        return [Finding(f'jupytext {version} is installed', 'jupytext')]
    return [Finding('opens chapters as the book wants')]


def judge_browser(path):
    if path:
        return [Finding(path)]
    return [Finding('no chromium; only tests need it', 'browser')]


def judge_latex(missing):
    if missing:
        return [Finding(f'missing: {shown(missing)}', 'latex')]
    return [Finding('complete')]


OF_A_CLONE = {x.name: x for x in (
    Check('book', computer.book, judge_book),
    Check('Python', doctor.computer.python_version, judge_python),
    Check('packages', computer.packages, judge_packages),
    Check('Jupyter', computer.jupytext, judge_jupytext),
    Check('browser', computer.browser, judge_browser),
    Check('LaTeX', computer.latex, judge_latex),
)}
# Those of readers, some of them replaced, and the others
CHECKS = tuple({**{x.name: x for x in doctor.CHECKS}, **OF_A_CLONE}.values())


def examine(root):
    """Print all findings and remedies; tell whether something is broken."""
    return doctor.examine(root, CHECKS)
