"""Markdown with notedown fences becomes a notebook that knows its lines."""

import notedown
import pytest

from book.chapters import reader
from book.chapters.errors import PageError

PAGE = """\
# Title

Prose.

```{.python .input}
a = 1

b = 2
```

```{.python .input  n=5}
a + b
```
Text right below.
```bash
ls
```
More text.


````
```{.python .input}
an example, not a cell
```
````
"""


def places(text):
    return [(cell.id, cell.metadata.line) for cell in reader.read(text).cells]


def test_a_cell_has_a_number_among_its_kind_and_knows_where_it_starts():
    assert places(PAGE) == [('markdown-0', 1), ('code-0', 6), ('code-1', 12),
                            ('markdown-1', 14)]


@pytest.mark.parametrize('line', range(1, 6))
def test_blank_lines_before_a_cell_do_not_count_as_its_text(line):
    text = '\n' * (line - 1) + 'Prose.\n'
    assert places(text) == [('markdown-0', line)]


def test_other_fences_stay_prose_as_they_were_written():
    prose = reader.read(PAGE).cells[-1].source
    assert prose == PAGE[PAGE.index('Text right') :].rstrip()


def test_the_code_is_the_code_that_notedown_reads():
    theirs = notedown.MarkdownReader(
        code_regex='fenced', match='strict', magic=False).reads(PAGE)
    assert [cell.source for cell in reader.code_cells(reader.read(PAGE))] == [
        cell.source for cell in reader.code_cells(theirs)
    ]


def test_the_last_fence_needs_no_newline_after_it():
    notebook = reader.read('```{.python .input}\n1 + 1\n```')
    assert [cell.source for cell in notebook.cells] == ['1 + 1']


def test_an_empty_page_has_no_cells():
    assert reader.read('\n\n').cells == []


@pytest.mark.parametrize('text, line, problem', [
    ('Text.\n\n```{.python .input}\n1\n', 3, 'never closed'),
    ('```bash\nls\n\n```{.python .input}\n1\n```\n', 1, 'never closed'),
    ('~~~\nls\n```\n', 1, 'never closed; end it with a line ~~~'),
    ('\n```{.python .input}\n\n```\n', 2, 'is empty'),
    ('```{.input .python}\n1\n```\n', 1, 'write ```{.python .input}'),
    ('```{.bash .input}\n1\n```\n', 1, 'write ```{.python .input}'),
], ids=['a cell at the end', 'a fence above a cell', 'the wrong marks',
        'a cell without code', 'classes in the wrong order',
        'another language'])
def test_a_faulty_fence_is_an_error_at_its_line(text, line, problem):
    with pytest.raises(PageError, match=problem) as caught:
        reader.read(text, 'page.md')
    assert str(caught.value).startswith(f'page.md:{line}: ')
