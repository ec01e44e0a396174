"""How long a chapter runs, in the coarse steps in which the book says it.

The card above a chapter says it of the run of the build, the opening says it
in prose. The opening is wrong when its run, beside those of all other
chapters, took a third or three times as long as it says.
"""

import statistics

from book.chapters import markdown, reader, toc
from book.chapters.languages import words
from book.chapters.program import program_digest
from book.execution import cache, files
from book.experiments import entries

STEPS = 15, 45, 90, 150, 600  # seconds up to which a step goes
FACTOR = 3
UNSAID = ('the opening does not say how long the chapter runs; say {} as '
          'STYLE_GUIDE.md has it')
OTHER = 'the opening says {!r}, that of the other edition another time'
REFUTED = ('the opening says {!r}, but the run of {:.0f} s says {!r} (this '
           'computer takes {:.2g} times as long as the openings say)')


def coarse(seconds, language):
    """Return a time in the words of an edition."""
    return words(language)['durations'][step(seconds)]


def step(seconds):
    """Return the number of the step that a time belongs to."""
    return sum(seconds > end for end in STEPS[:-1])


def said(text, language):
    """Return the step that the opening of a page says last, or None."""
    opening = text.partition('\n## ')[0]
    places = [opening.rfind(x) for x in words(language)['durations']]
    return places.index(max(places)) if max(places) >= 0 else None


def unsaid(root, chapter=None):
    """Return what is wrong with the openings of lessons that run."""
    if not (root / entries.NAME).is_file():
        return []
    return [f'{page.label(language)}:1: {problem}'
            for page in toc.pages(root, chapter)
            if page.is_lesson and runs(page)
            for language, problem in problems(page)]


def runs(page):
    return markdown.of('code', markdown.items(page.text('en')))


def problems(page):
    """Yield (language, problem) of the openings of a page."""
    found = {x: said(page.text(x), x) for x in toc.LANGUAGES}
    for language, place in found.items():
        own = words(language)['durations']
        if place is None:
            yield language, UNSAID.format(', '.join(map(repr, own)))
        elif len(set(found.values())) > 1:
            yield language, OTHER.format(own[place])


def refuted(root, pages):
    """Return the openings that the runs of a build contradict."""
    times = {page: seconds(root, page) for page in pages if page.is_lesson}
    known = {page: (said(page.text('en'), 'en'), time)
             for page, time in times.items() if time}
    return judged({page.label('en'): x for page, x in known.items()
                   if x[0] is not None})


def judged(known):
    """Return what is wrong with {place: (step, seconds)}.

    A computer may be faster or slower than that of the authors: the median
    of all chapters says how much.
    """
    if not known:
        return []
    pace = statistics.median(time / middle(place)
                             for place, time in known.values())
    return [f'{name}: ' + REFUTED.format(
                words('en')['durations'][place], time,
                coarse(time / pace, 'en'), pace)
            for name, (place, time) in known.items()
            if not fits(place, time / pace)]


def middle(place):
    """Return the seconds in the middle of a step."""
    return (bounds(place)[0] + bounds(place)[1]) / 2


def bounds(place):
    """Return the seconds at which a step begins and ends."""
    return (0, *STEPS)[place], STEPS[place]


def fits(place, time):
    """Tell whether a time is in a step, or not far from it."""
    start, end = bounds(place)
    return start / FACTOR <= time <= end * FACTOR


def seconds(root, page):
    """Return how long a page ran on a processor; None if it did not.

    On all the data, or on a GPU, a chapter is another matter.
    """
    notebook = reader.read(page.text('en'), page.label('en'))
    key = files.read_table(root / files.OUTPUTS).get(program_digest(notebook))
    executed = key and cache.load(root, key)
    run = executed.metadata['book'] if executed else {}
    if run.get('full') or not run.get('device', '').startswith('cpu'):
        return None
    return run['seconds']
