"""What a chapter needs beyond the lock, and whether it is installed.

A chapter declares it in a comment below its title, which names a file of
requirements: <!-- needs: requirements-pytorch.txt -->
"""

import importlib.metadata
import re

from packaging.requirements import InvalidRequirement, Requirement

from book.chapters.errors import PageError, read_text

DECLARATION = re.compile(r'^<!-- needs: (\S+) -->$', re.MULTILINE)


def declared(text, path='<text>'):
    """Return the files of requirements that a page names, in order."""
    found = list(DECLARATION.finditer(text))
    for match in found:
        if '/' in match[1]:
            line = text.count('\n', 0, match.start()) + 1
            raise PageError(path, line, f'needs {match[1]}: must be a file '
                            'at the top of the repository, named without a '
                            'folder')
    return [match[1] for match in found]


def missing(root, names):
    """Return {file: its requirements that are not installed}.

    Files of which all is installed are left out.
    """
    found = {name: [str(x) for x in requirements(root / name)
                    if not installed(x)] for name in names}
    return {name: lines for name, lines in found.items() if lines}


def requirements(path):
    """Return what a file of requirements asks for.

    pip's options, and so the hashes of the lock, are left out, and what is
    for other systems or other versions of Python.
    """
    found = []
    try:
        lines = read_text(path).splitlines()
    except OSError as error:
        problem = f'{error.strerror}; a chapter needs this file'
        raise PageError(path.name, 1, problem) from error
    for number, line in enumerate(lines, 1):
        words = line.partition('#')[0].strip(' \\')
        if words and not words.startswith('-'):
            found.append(requirement(words, path.name, number))
    return list(map(bare, filter(applies, found)))


def requirement(words, name, number):
    """Turn a line of a file into a requirement."""
    try:
        return Requirement(words)
    except InvalidRequirement as error:
        problem = f'not a requirement like package==1.0: {words}'
        raise PageError(name, number, problem) from error


def applies(requirement):
    """Tell whether a requirement is for this system and this Python."""
    return requirement.marker is None or requirement.marker.evaluate()


def bare(requirement):
    """Return a requirement without the systems that it is for."""
    requirement.marker = None
    return requirement


def installed(requirement):
    """Tell whether a package is there in a version that is asked for.

    A local version such as 2.13.0+cpu counts as 2.13.0.
    """
    try:
        version = importlib.metadata.version(requirement.name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return requirement.specifier.contains(version, prereleases=True)


def advice(lacking):
    """Say in one line what is not installed and how to install it.

    lacking: {file: requirements}, as `missing` returns it.
    """
    return '; '.join(f'needs {", ".join(lines)}: pip install -r {name}'
                     for name, lines in lacking.items())
