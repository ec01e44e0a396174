"""What differs between the two editions apart from their pages."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edition:
    """The names and words of one language.

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


EDITIONS = {
    edition.language: edition
    for edition in (
        Edition(
            language='en',
            locale='en',
            tag='en',
            name='English',
            title='From Scratch to Gluon',
            author='the contributors',
            search='Search this book',
            contents='Contents',
            all_pages='Contents of the book',
            figure='Figure %s',
        ),
        Edition(
            language='zh',
            locale='zh_CN',
            tag='zh-CN',
            name='中文',
            title='从零到 Gluon',
            author='本书的贡献者',
            search='搜索本书',
            contents='目录',
            all_pages='全书目录',
            figure='图%s',
        ),
    )
}
