"""What differs between the two editions apart from their pages.

All the words are in words/en.yml and words/zh.yml.
"""

import functools
import pathlib
from dataclasses import dataclass

from book.chapters import settings

FOLDER = pathlib.Path(__file__).parent / 'words'


@functools.cache
def words(language):
    """Return the words of an edition: {place: {name: words}}."""
    return settings.read(FOLDER / f'{language}.yml')


@dataclass(frozen=True)
class Edition:
    """The names of one language, and how its readers call things.

    `language` names its folders, `locale` is Sphinx's name of it and `tag`
    HTML's; `name` is what its readers call the language; `figure` is how a
    figure's number is written, `all_pages` names the list beside a page.
    """

    language: str
    locale: str
    tag: str
    name: str
    title: str
    author: str
    search: str
    contents: str
    all_pages: str
    figure: str

    @property
    def twin(self):
        """Return the other edition."""
        return EDITIONS['zh' if self.language == 'en' else 'en']

    @property
    def words(self):
        """Return all other words of the edition, for templates, too."""
        return words(self.language)


EDITIONS = {x: Edition(x, **words(x)['edition']) for x in ('en', 'zh')}
