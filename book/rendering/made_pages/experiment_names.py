"""What experiments and metrics of results.yml are called in an edition.

The table has English names; words/experiments.yml has the Chinese ones.
"""

import functools

from book.chapters import settings
from book.chapters.languages import FOLDER

KINDS = 'names', 'metrics'


@functools.cache
def chinese():
    """Return {kind: {English: Chinese}} for KINDS."""
    return settings.read(FOLDER / 'experiments.yml')


def name(experiment, language):
    """Return the name of an experiment, as readers of a language see it."""
    return translated('names', experiment.name, language)


def metric(experiment, language):
    """Return what an experiment measures, in the same way."""
    return translated('metrics', experiment.metric, language)


def translated(kind, text, language):
    """Return a text of the table, in English where there is no other."""
    return chinese()[kind].get(text, text) if language == 'zh' else text


def missing(experiments):
    """Return the texts that have no Chinese."""
    return sorted({x.name for x in experiments} - set(chinese()['names'])
                  | {x.metric for x in experiments}
                  - set(chinese()['metrics']))


def unused(experiments):
    """Return what is translated and in no table."""
    return sorted(set(chinese()['names']) - {x.name for x in experiments}
                  | set(chinese()['metrics'])
                  - {x.metric for x in experiments})
