"""python -m book: arguments, messages, exit codes."""

import argparse
import contextlib
import pathlib
import shutil
import signal
import sys

from book.chapters.errors import BookError, disk_problem
from book.execution import files


@contextlib.contextmanager
def executed(root, chapter=None):
    """Execute what changed; yield all pages while nobody else builds."""
    from book.chapters import toc
    from book.execution import drawings, outputs, schedule

    pages = toc.pages(root)
    chosen = toc.pages(root, chapter)
    chapters = schedule.prepare(pages)
    with files.only_one(root):
        wanted = [x for x in chapters if x.page in chosen]
        table = schedule.execute(root, wanted)
        if chapter:
            table = outputs.complete(root, table, chapters)
        outputs.write(root, table)
        drawings.check(root, pages)
        yield pages


def html(root, arguments):
    """execute what changed and build the site of both editions"""
    from book.rendering import jupyter_book
    from book.shipping import site

    address = site.address(root)
    with executed(root, arguments.chapter) as pages:
        site.publish(root, jupyter_book.render(root, pages), address)
    print(files.SITE / 'index.html')


def epub(root, arguments):
    """build the e-books of both editions"""
    from book.rendering import jupyter_book
    from book.shipping import epub

    with executed(root) as pages:
        paths = epub.publish(root, jupyter_book.render(root, pages, 'epub'))
    for path in paths:
        print(path.relative_to(root))


def notebooks(root, arguments):
    """write executed notebooks; --chapter keeps the others as they were"""
    from book.shipping.notebooks import write

    with executed(root, arguments.chapter) as pages:
        for path in write(root, pages, arguments.chapter):
            print(path.relative_to(root))


def notebook(root, arguments):
    """open the chapters in JupyterLab; options of Jupyter follow --"""
    from book import jupyter

    jupyter.start(arguments.options)


def workspace(root, arguments):
    """write a reader's own notebooks, or renew them"""
    from book.shipping import workspace

    done = workspace.write(root, arguments.folder, arguments.language)
    print('\n'.join(done) or 'nothing new')


def assignments(root, arguments):
    """write notebooks for a class: answers marked, and taken out"""
    from book.chapters import toc
    from book.shipping import assignments

    pages, checks = toc.pages(root), assignments.load_checks()
    with files.only_one(root):
        for path in assignments.write(root, pages, checks):
            print(path.relative_to(root))


def pdf(root, arguments):
    """execute what changed and typeset the printed book of both editions"""
    from book.rendering import jupyter_book
    from book.shipping import pdf

    pdf.need_tools()
    with executed(root) as pages:
        books = pdf.typeset(root, jupyter_book.render(root, pages, 'latex'))
    for path, findings in books.items():
        for finding in findings:
            print(f'warning: {path.name}: {finding}', file=sys.stderr)
        print(path)


def bundle(root, arguments):
    """gather everything for a place without a network"""
    from book.shipping import bundle

    bundle.check(root, arguments.without, arguments.image)
    arguments.chapter = None
    for command in (html, pdf, notebooks):
        if command.__name__ not in arguments.without:
            command(root, arguments)
    with files.only_one(root):
        written = bundle.write(root, arguments.without, arguments.image)
    for path in written:
        print(path.relative_to(root))


def execute(root, arguments):
    """execute what changed, without building the site"""
    from book.chapters import toc
    from book.execution import schedule

    chapters = schedule.prepare(toc.pages(root, arguments.chapter))
    with files.only_one(root):
        schedule.execute(root, chapters)


def results(root, arguments):
    """print what the experiments reached; fail when one is out of its band"""
    from book.experiments import checks
    from book.experiments.results import table

    with files.only_one(root):
        rows = checks.rows(root, arguments.chapter)
    print(table(rows))
    return not all(row.good for row in rows)


def spread(root, arguments):
    """train with other seeds; fail when a result is out of its band"""
    from book.experiments import checks, seeds

    rows = {}
    with files.only_one(root):
        for shift in seeds.shifts(arguments.seeds):
            with seeds.named(shift):
                rows[shift] = checks.rows(root, arguments.chapter, shift)
    found = seeds.gather(rows)
    print(seeds.table(found))
    if arguments.keep:
        seeds.keep(root / 'book/results.yml', arguments.keep, found)
    return not all(x.good for x in found)


def references(root, arguments):
    """write the outputs that tests compare with; needs the real data"""
    from book.experiments import checks

    with files.only_one(root):
        for path in checks.renew_references(root, arguments.chapter):
            print(path.relative_to(root))


def check(root, arguments):
    """check style, terms and the agreement of the languages"""
    from book.experiments import checks

    found = checks.findings(root, arguments.chapter)
    print('\n'.join(found) or 'nothing found')
    return bool(found)


def data(root, arguments):
    """fetch and verify every data set"""
    from book import machine
    from book.execution import environment

    found = environment.probe(root, None)['data']
    states, words = machine.data(root)
    if states is None:
        raise BookError(f'utils.py: {words}')
    for name, identity in sorted(found.items()):
        if identity == 'real' != states[name]:
            raise BookError(states[name])
        print(f'{name:20} {identity}')


def lock(root, arguments):
    """write the hashes of what is pinned in requirements*.txt"""
    from book import lock

    print('\n'.join(lock.renew(root)) or 'nothing new')


def doctor(root, arguments):
    """check this computer: what is wrong, why, and what to do"""
    from book import doctor

    return doctor.examine(root)


def clean(root, arguments):
    """remove everything that was built, and the cache"""
    with files.only_one(root):
        shutil.rmtree(root / files.BUILD, ignore_errors=True)


COMMANDS = (
    html,
    pdf,
    epub,
    notebooks,
    notebook,
    workspace,
    assignments,
    bundle,
    execute,
    results,
    spread,
    references,
    check,
    data,
    lock,
    doctor,
    clean,
)
BUNDLED = 'wheels', 'data', 'html', 'pdf', 'notebooks', 'source'
WITH_CHAPTER = (
    html,
    notebooks,
    execute,
    results,
    spread,
    references,
    check,
)
OPTIONS = {
    notebook: {'options': {'nargs': '*', 'metavar': 'OPTION'}},
    bundle: {
        '--image': {'type': pathlib.Path, 'help': 'the archive of the image'},
        '--without': {
            'metavar': 'PART',
            'nargs': '+',
            'default': [],
            'choices': BUNDLED,
            'help': 'parts to leave out: ' + ', '.join(BUNDLED),
        },
    },
    spread: {
        '--seeds': {
            'type': int,
            'default': 3,
            'metavar': 'NUMBER',
            'help': "how many, the chapters' own among them; 3",
        },
        '--keep': {
            'metavar': 'RUN',
            'help': 'write the values into book/results.yml, for this run',
        },
    },
    workspace: {
        '--folder': {'metavar': 'DIR', 'help': 'where; made if it is not'},
        '--language': {'metavar': 'LANGUAGE', 'help': 'en or zh'},
    },
}


def parser():
    """Return the parser of the command line."""
    top = argparse.ArgumentParser(
        prog='python -m book', description='Build the book.'
    )
    choice = top.add_subparsers(required=True, metavar='COMMAND')
    for function in COMMANDS:
        command = choice.add_parser(
            function.__name__,
            help=function.__doc__,
            description=function.__doc__,
        )
        command.set_defaults(function=function)
        if function in WITH_CHAPTER:
            command.add_argument(
                '--chapter', metavar='SLUG', help='only this chapter'
            )
        for words, settings in OPTIONS.get(function, {}).items():
            command.add_argument(words, **settings)
    return top


def interrupt(number, frame):
    raise KeyboardInterrupt


def main(arguments=None):
    """Run a command; return the exit status."""
    chosen = parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, interrupt)
    try:
        return chosen.function(pathlib.Path.cwd(), chosen) or 0
    except BookError as error:
        for line in str(error).splitlines():
            print(f'error: {line}', file=sys.stderr)
        return 1
    except OSError as error:
        problem = disk_problem(str(error))
        if not problem:
            raise
        print(f'error: {problem}', file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(
            'interrupted; finished chapters are kept in the cache',
            file=sys.stderr,
        )
        return 130


if __name__ == '__main__':
    sys.exit(main())
