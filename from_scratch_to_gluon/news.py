"""A page among a reader's notebooks that tells what an update has done.

In JupyterLab of a class nobody sees what the server prints at its start.
"""

import contextlib

from from_scratch_to_gluon import files
from from_scratch_to_gluon.words import WORDS


def write(folder, language, done, moved):
    """Write the page if there is anything to tell.

    done: a renewal.Placed for each file; moved: {folder: its new edition}.
    """
    written = [x for x in done if not x.problem]
    beside = [(x.beside, name(folder, x.path)) for x in written if x.beside]
    failed = [(name(folder, x.path), x.problem) for x in done if x.problem]
    parts = [*section(language, 'news folders', 'news folder', moved.items()),
             *section(language, 'news stayed', 'news file', beside),
             *section(language, 'news failed', 'news problem', failed)]
    if not done:
        return
    say = WORDS[language]
    page = [f'# {say["news title"]}', say['news what'],
            say['news count'].format(count=len(written) - len(beside)),
            *parts]
    put(folder, language, page)


def section(language, title, line, rows):
    """Return the paragraphs of a section; none if it has no lines."""
    if not rows:
        return []
    say = WORDS[language]
    lines = [say[line].format(old, new) for old, new in rows]
    return [f'## {say[title]}', '\n'.join(f'- {x}' for x in lines)]


def write_failure(folder, language, error):
    """Tell that nothing more could be renewed, and why."""
    say = WORDS[language]
    if folder.is_dir():
        put(folder, language, [f'# {say["news title"]}', say['news what'],
                               f'## {say["news failed"]}', str(error)])


def put(folder, language, paragraphs):
    """Write the page where that is possible."""
    with contextlib.suppress(OSError):
        files.write(folder / WORDS[language]['news page'],
                    '\n\n'.join(paragraphs) + '\n')


def name(folder, path):
    """Return a path as a reader sees it."""
    return path.relative_to(folder).as_posix()
