"""The commands of `python -m book`, in the order of the pipeline.

Each gets the folder of the book and the arguments of the command line, which
setup/targets.py lists. What is true of what it returns is the exit status.
Imports stand inside, for the doctor starts without any package.
"""

import contextlib
import importlib.util
import shlex
import shutil
import sys

from book.chapters.errors import BookError
from book.execution import files


@contextlib.contextmanager
def executed(root, chapter=None):
    """Execute what changed; yield all pages while nobody else builds."""
    from book.chapters import toc
    from book.execution import outputs, schedule
    from book.experiments import drawings
    from book.experiments.sentences import claims

    pages = toc.pages(root)
    chosen = toc.pages(root, chapter)
    chapters = schedule.prepare(pages)
    with files.only_one(root):
        lost = outputs.lost(root, chapters) if chapter else []
        wanted = [x for x in chapters if x.page in chosen or x in lost]
        table = schedule.execute(root, wanted)
        if chapter:
            table = outputs.complete(root, table, chapters)
        outputs.write(root, table)
        drawings.check(root, pages)
        claims.check(root, pages)
        yield pages


def html(root, arguments):
    """execute what changed and build the site of both editions"""
    from book.chapters import settings
    from book.rendering import jupyter_book
    from book.shipping import site

    address = settings.address(root)
    with executed(root, arguments.chapter) as pages:
        folders = jupyter_book.render(root, pages)
        site.publish(root, folders, address, pages)
    print(files.SITE / 'index.html')


def pdf(root, arguments):
    """execute what changed and typeset the printed book of both editions"""
    from book.rendering import jupyter_book
    from book.shipping.pdf import need_tools, typeset

    need_tools()
    with executed(root) as pages:
        books = typeset(root, jupyter_book.render(root, pages, 'latex'))
    for path, findings in books.items():
        for finding in findings:
            print(f'warning: {path.name}: {finding}', file=sys.stderr)
        print(path)


def epub(root, arguments):
    """execute what changed and build the e-books of both editions"""
    from book.rendering import jupyter_book

    with executed(root) as pages:
        folders = jupyter_book.render(root, pages, 'epub')
        for language, folder in folders.items():
            path = files.EPUB / f'{files.NAME}-{language}.epub'
            files.copy(folder / 'book.epub', root / path)
            print(path)


def serve(root, arguments):
    """show the book in a browser, new whenever a file is saved"""
    from book.chapters import languages
    from book.rendering import jupyter_book
    from book.shipping.site import add_books, add_front
    from book.tools.serving import web
    from book.tools.serving.preview import Preview

    preview = Preview(root)
    with files.scratch() as scratch:
        front = scratch / 'front'
        add_front(front, None)
        add_books(root, front)
        folders = {'': front} | {
            x: jupyter_book.output(root, x) for x in languages.EDITIONS
        }
        print(web.start(preview, folders, arguments.port), flush=True)
        with contextlib.closing(preview):
            with contextlib.suppress(KeyboardInterrupt):
                preview.run()


def notebooks(root, arguments):
    """write executed notebooks; --chapter keeps the others as they were"""
    from book.shipping.notebooks import write

    with executed(root, arguments.chapter) as pages:
        for path in write(root, pages, arguments.chapter):
            print(path.relative_to(root))


def notebook(root, arguments):
    """open the chapters in JupyterLab; options of Jupyter follow --"""
    from book.tools import jupyter

    jupyter.start([*shlex.split(arguments.options), *arguments.more])


def workspace(root, arguments):
    """write a reader's own notebooks, or renew them"""
    from book.shipping.workspace import write

    done = write(root, arguments.folder, arguments.language)
    print('\n'.join(done) or 'nothing new')


def assignments(root, arguments):
    """write notebooks for a class: answers marked, and taken out"""
    from book.chapters import toc
    from book.shipping.assignments import load_checks, write

    pages, checks = toc.pages(root), load_checks()
    with files.only_one(root):
        for path in write(root, pages, checks):
            print(path.relative_to(root))


def bundle(root, arguments):
    """gather everything for a place without a network"""
    from book.shipping.bundle import check, write

    check(root, arguments.without, arguments.image)
    arguments.chapter = None
    for command in (pdf, html, notebooks):  # the site takes the books in
        if command.__name__ not in arguments.without:
            command(root, arguments)
    with files.only_one(root):
        written = write(root, arguments.without, arguments.image)
    for path in written:
        print(path.relative_to(root))


def wheel(root, arguments):
    """build what readers install: the package and the engine"""
    from book.shipping.wheel import write

    with files.only_one(root):
        for path in write(root):
            print(path.relative_to(root))


def execute(root, arguments):
    """execute what changed, without building the site"""
    from book.chapters import toc
    from book.execution import schedule

    chapters = schedule.prepare(toc.pages(root, arguments.chapter))
    with files.only_one(root):
        schedule.execute(root, chapters)


def results(root, arguments):
    """print what experiments reached; fail when a band or claim is missed"""
    from book.chapters import toc
    from book.experiments import durations, entries, judging, seeds

    with files.only_one(root):
        found = judging.judge(root, arguments.chapter)
        pages = toc.pages(root, arguments.chapter)
        print(*durations.refuted(root, pages), found, sep='\n')
    if arguments.keep:
        seeds.keep(root / entries.NAME, arguments.keep, {0: found})
    return not found.good


def spread(root, arguments):
    """train with other seeds; fail when a band or claim is missed"""
    from book.experiments import entries, judging, seeds

    found = {}
    with files.only_one(root):
        for shift in seeds.shifts(arguments.seeds):
            with seeds.named(shift):
                found[shift] = judging.judge(root, arguments.chapter, shift)
    print(seeds.report(found))
    if arguments.keep:
        seeds.keep(root / entries.NAME, arguments.keep, found)
    return not all(x.good for x in found.values())


def references(root, arguments):
    """write the outputs that tests compare with; needs the real data"""
    from book.experiments import judging

    with files.only_one(root):
        for path in judging.renew_references(root, arguments.chapter):
            print(path.relative_to(root))


def check(root, arguments):
    """check style, terms, figures and the agreement of the languages"""
    from book.chapters import checks
    from book.experiments import durations
    from book.experiments.sentences import unguarded

    found = checks.findings(root, arguments.chapter)
    found += unguarded.check(root, arguments.chapter)
    found += durations.unsaid(root, arguments.chapter)
    print('\n'.join(found) or 'nothing found')
    return bool(found)


def data(root, arguments):
    """fetch and verify every data set"""
    from book.execution import environment
    from from_scratch_to_gluon import computer

    found = environment.ask_utils(root, None)['data']
    states, words = computer.data(root)
    if states is None:
        raise BookError(f'utils.py: {words}')
    for name, identity in sorted(found.items()):
        if identity == 'real' != states[name]:
            raise BookError(states[name])
        print(f'{name:20} {identity}')


def doctor(root, arguments):
    """check this computer: what is wrong, why, and what to do"""
    from book.tools.doctor import examine

    return examine(root)


def clean(root, arguments):
    """remove everything that was built, and the cache"""
    alone = importlib.util.find_spec('filelock') is None
    with contextlib.nullcontext() if alone else files.only_one(root):
        shutil.rmtree(root / files.BUILD, ignore_errors=True)
