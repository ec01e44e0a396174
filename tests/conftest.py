"""Shared by all tests: a tiny book of two chapters in two languages."""

import textwrap

import pytest

TINY_TOC = '''\
format: jb-book
root: index
chapters:
  - file: part/index
    sections:
      - file: part/first
      - file: part/second
'''

TINY_CHAPTER = '''\
# {title}

{intro}

```{{.python .input}}
{code}
```

{outro}
'''


def chapter(title, code):
    """Return the text of a chapter with one code cell."""
    return TINY_CHAPTER.format(title=title, code=textwrap.dedent(code),
                               intro='An opening sentence.',
                               outro='A closing sentence.')


@pytest.fixture
def tiny_book(tmp_path):
    """Write a book that builds in seconds and needs no MXNet."""
    pages = {'index': '# Tiny book\n', 'part/index': '# Part\n',
             'part/first': chapter('First', 'print(1 + 1)'),
             'part/second': chapter('Second', 'import utils\n'
                                    'print(utils.ANSWER)')}
    for language in ('en', 'zh'):
        for name, text in pages.items():
            path = tmp_path / 'chapters' / language / f'{name}.md'
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding='utf-8')
    (tmp_path / '_toc.yml').write_text(TINY_TOC)
    (tmp_path / 'utils.py').write_text('ANSWER = 42\n')
    (tmp_path / 'requirements.txt').write_text('# the lock\n')
    return tmp_path
