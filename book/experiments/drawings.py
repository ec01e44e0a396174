"""The pictures of a page: files, and what code cells draw.

What a cell draws is described for those who see none. A description is a
comment on the line before the cell, in the language of the page:
<!-- alt: The loss falls from 0.8 to 0.5 in five epochs. -->
What a picture says has Chinese in the table of words.
"""


from book.chapters import images, reader
from book.chapters.errors import BookError, PageError
from book.chapters.toc import LANGUAGES
from book.chapters.words import pictures
from book.execution import outputs
from book.execution.outputs import SVG

MISSING = (
    'the cell draws a picture; describe it for readers who do not see it, '
    'on the line before the cell: <!-- alt: ... -->'
)
IDLE = 'a picture is described here but the cell draws none'
ENGLISH = ('the picture says {}: write its Chinese into '
           'book/chapters/words/pictures.yml')


def check(root, pages):
    """Raise BookError with all that is wrong with pictures.

    A drawing without description, or the reverse; a file that is not there;
    words without Chinese.
    """
    problems = [
        str(PageError(page.label(language), line, problem))
        for page in pages
        for language in LANGUAGES
        for line, problem in problems_of(root, page, language)
    ]
    if problems:
        raise BookError('\n'.join(problems))


def problems_of(root, page, language):
    """Return lines of a page with problems of pictures."""
    executed = outputs.executed(root, page, language)
    found = [*absent(page, language), *findings(executed)]
    if language == 'zh':
        found += [(line, ENGLISH.format(', '.join(labels)))
                  for line, labels in [*in_files(page), *in_plots(executed)]
                  if labels]
    return found


def in_files(page):
    """Return lines with the words without Chinese of drawings in files."""
    return [(line, pictures.unknown(path.read_text('utf-8'), path.stem))
            for line, _, path in images.paths(page, 'zh')
            if path.suffix == '.svg' and path.is_file()]


def in_plots(notebook):
    """Return lines with the words without Chinese of what cells draw."""
    cells = reader.code_cells(notebook) if notebook else []
    return [(cell.metadata.line, pictures.unknown(output['data'][SVG]))
            for cell in cells for output in cell.outputs
            if SVG in output.get('data', {})]


def absent(page, language):
    """Return lines with pictures that are no files inside of `chapters`."""
    top = (page.root / 'chapters').resolve()
    return [(line, f'there is no picture {address} inside of chapters/')
            for line, address, path in images.paths(page, language)
            if top not in path.parents or not path.is_file()]


def findings(notebook):
    """Return lines with problems of an executed notebook, if it is one."""
    if notebook is None:
        return []
    return [(cell.metadata.line, MISSING if draws(cell) else IDLE)
            for cell, description in images.described(notebook)
            if draws(cell) != bool(description)]


def draws(cell):
    """Tell whether the outputs of a cell include a picture."""
    return any(kind.startswith('image/') for output in cell.outputs
               for kind in output.get('data', {}))
