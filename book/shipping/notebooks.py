"""Pages -> notebooks that run anywhere: one by one, in folders, as zips."""

import base64
import mimetypes
import pathlib
import shutil
import zipfile
from dataclasses import dataclass

import nbformat
from nbformat.v4 import new_markdown_cell

from book.chapters import markdown, reader, settings, toc
from book.chapters.images import paths as image_files
from book.chapters.languages import EDITIONS, words
from book.chapters.requirements import declared
from book.chapters.words import pictures
from book.execution import cache, files, outputs
from book.execution.engine import LOCK_FILE
from book.experiments.sentences import roles
from book.shipping import numbering
from book.shipping.commonmark import Place, convert
from book.shipping.hosted import branch
from book.shipping.hosted.first_cell import first_cell
from from_scratch_to_gluon.shipped import UTILS

HERE = pathlib.Path(__file__).parent
NAME = files.NAME + '-{}'
DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip file can hold
SHARED = *UTILS, LOCK_FILE, 'LICENSE', 'LICENSE-CODE'


@dataclass(frozen=True)
class Survey:
    """What the notebooks of a language share.

    settings: those of _config.yml; titles: page -> title, of the pages that
    are notebooks; figures: label -> number; labels: label -> page.
    """

    settings: dict
    titles: dict
    figures: dict
    labels: dict


def survey(root, language):
    """Read the whole book once, for all of its notebooks."""
    pages = toc.pages(root)
    found = settings.read(root / settings.CONFIG)
    texts = {x.name: x.text(language) for x in pages}
    depth = found['sphinx']['config'].get('numfig_secnum_depth', 1)
    titles = {x.name: markdown.title(texts[x.name]) for x in with_code(pages)}
    figures = numbering.of_figures(toc.load(root / toc.NAME), texts, depth)
    labels = {label: name for name, text in texts.items()
              for label in markdown.labels(markdown.items(text))}
    return Survey(found, titles, figures, labels)


def notebook(root, page, language, executed=True, known=None):
    """Return the notebook of a page.

    executed: with its outputs, if it was executed; known: the survey of the
    book, which whoever makes many notebooks makes once.
    """
    known = known or survey(root, language)
    text = roles.of_page(root, page, language, page.text(language),
                             executed)
    found = reader.read(text, page.label(language))
    place = place_of(page, language, known)
    found.metadata['title'] = place.titles[page.name]
    needs = found.metadata.pop('needs')
    if executed:
        add_outputs(root, found, language)
    for cell in found.cells:
        line = cell.metadata.pop('line')
        if cell.cell_type == 'markdown':
            cell.source = convert(cell.source, place, line)
    note = opening(known.settings, page, language, needs)
    found.cells[:1] = head(found.cells[0], note, language)
    reader.number(found.cells)
    return found


def head(first, note, language):
    """Return the first cell of a page, in cells, with what readers need."""
    title, _, rest = first.source.partition('\n')
    cells = [new_markdown_cell(title), new_markdown_cell(note),
             first_cell(language), new_markdown_cell(rest.strip())]
    return [cell for cell in cells if cell.source]


def add_outputs(root, notebook, language):
    """Add the outputs of a notebook and the record of its run, if any."""
    key = outputs.key_of(root, notebook)
    if key:
        outputs.add(root, notebook, key, language)
        metadata = cache.load(root, key).metadata
        for name in metadata.keys() & {'book', 'language_info'}:
            notebook.metadata[name] = metadata[name]


def place_of(page, language, known):
    """Return what is known of a page and the book around it."""
    return Place(page=page.name, language=language, titles=known.titles,
                 figures=known.figures, images=images(page, language),
                 labels=known.labels,
                 address=address_of(known.settings, page, language))


def with_code(pages):
    """Return the pages that are notebooks: those with code cells."""
    return [page for page in pages
            if markdown.of('code', markdown.items(page.text('en')))]


def images(page, language):
    """Return a table: address of an image of a page -> the image itself."""
    return {address: data_address(path, language)
            for _, address, path in image_files(page, language)}


def data_address(path, language):
    """Return an address that contains a picture, with an edition's words."""
    kind, _ = mimetypes.guess_type(path.name)
    content = base64.b64encode(pictures.load(path, language)).decode('ascii')
    return f'data:{kind};base64,{content}'


def opening(config, page, language, needs=()):
    """Return what a reader needs to know before running a notebook.

    needs: files of requirements beyond the lock.
    """
    own, edition = words(language)['notebook'], EDITIONS[language]
    text = own['needs'] + ''.join(map(own['more'].format, needs))
    address = address_of(config, page, language)
    if address:
        text = own['page'].format(address, edition.title) + text
    repository = (config.get('repository') or {}).get('url')
    if repository:
        text += own['source'].format(repository)
    return '\n'.join(f'> {line}' for line in text.split('\n'))


def address_of(config, page, language):
    """Return the address of a page on the site; '' if there is no site."""
    site = (config.get('html') or {}).get('baseurl')
    return f'{site.rstrip("/")}/{language}/{page.name}.html' if site else ''


def write(root, pages, chapter=None):
    """Write the folders and the zip files; return those of the zip files.

    chapter: a slug, or several with spaces between; only these notebooks
    are renewed, and the others that were written before are kept.
    """
    folder = root / files.NOTEBOOKS
    chosen = [x for x in with_code(pages)
              if chapter is None or x.slug in chapter.split()]
    with files.new_folder(folder) as new:
        if chapter and folder.exists():
            shutil.copytree(folder, new, dirs_exist_ok=True)
        for language in toc.LANGUAGES:
            bundle(root, chosen, language, new / language)
            pack(new / language, new / f'{NAME.format(language)}.zip')
        branch.write(root, new)
    return [folder / f'{NAME.format(x)}.zip' for x in toc.LANGUAGES]


def write_each(root, pages, language, folder, executed=True):
    """Write the notebooks of a language into the folders of its parts."""
    known = survey(root, language) if pages else None
    for page in pages:
        found = notebook(root, page, language, executed, known)
        text = nbformat.writes(found) + '\n'
        files.write(folder / f'{page.name}.ipynb', text)


def bundle(root, pages, language, folder, executed=True):
    """Write the notebooks of a language and what they need to run."""
    write_each(root, pages, language, folder, executed)
    for page in pages:
        for name in UTILS:
            shutil.copy(root / name, (folder / page.name).parent)
    needed = {x for page in pages for x in declared(page.text(language))}
    for name in (*SHARED, *needed):
        shutil.copy(root / name, folder)
    readme = HERE / 'guides' / f'README.{language}.md'
    shutil.copy(readme, folder / 'README.md')


def pack(folder, path):
    """Write a zip file that depends on the contents of a folder alone."""
    with zipfile.ZipFile(path, 'w', zipfile.ZIP_DEFLATED) as target:
        for file in sorted(x for x in folder.rglob('*') if x.is_file()):
            name = pathlib.Path(path.stem, file.relative_to(folder))
            entry = zipfile.ZipInfo(name.as_posix(), DATE)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, file.read_bytes())
