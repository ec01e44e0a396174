"""The line that says how many sentences about results hold in this build.

They are the claims of results.yml. Outputs of other data than they speak of,
of stand-ins or of a full run, say nothing about them.
"""

from dataclasses import dataclass

from book.chapters.languages import words
from book.experiments import results
from book.experiments.sentences import claims, values


@dataclass(frozen=True)
class Count:
    """How many claims there are, were checked, and hold."""

    claims: int
    checked: int
    held: int


def count(path, chapters):
    """Count the claims of chapters, which know their page and notebook."""
    known = checked = false = 0
    for page, notebook, *_ in chapters:
        own = len(claims.load(path, page.slug))
        known += own
        if own and notebook is not None and not unclaimed(notebook):
            checked += own
            texts = values.texts_of(notebook)
            false += len(claims.problems(path, page, texts))
    return Count(known, checked, checked - false)


def unclaimed(notebook):
    """Tell whether a chapter ran on data that its sentences do not mean.

    It may have printed so, or the build has noted it.
    """
    return bool(results.stand_ins(notebook)
                or values.unclaimed(values.texts_of(notebook)))


def line(counted, language):
    """Return the line; nothing where there are no claims."""
    own = words(language)['results']['claims']
    if not counted.claims:
        return ''
    parts = [own['every_build']]
    if counted.checked:
        held = 'all' if counted.held == counted.checked else 'some'
        parts.append(own[held].format(checked=counted.checked,
                                      held=counted.held))
    unchecked = counted.claims - counted.checked
    if unchecked:
        parts.append(own['unchecked'].format(unchecked))
    return ''.join(parts)
