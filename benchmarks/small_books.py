"""Books to measure builds with: some chapters of ours, or generated ones."""

import copy
import posixpath
import re
import resource
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass

import yaml
from nbformat.v4 import new_output

from benchmarks.machine import ROOT, peak
from book.chapters import glossary, toc
from book.chapters.errors import BookError
from book.chapters.reader import code_cells
from book.execution import cache, environment, files, schedule
from book.execution.cache_key import key
from book.execution.environment import variables
from book.shipping import notebooks

FILES = '_config.yml', 'requirements.txt', 'TERMINOLOGY.md'
LINK = re.compile(r'\[([^\]]*)\]\(([^)#]+)\.md(?:#[^)]*)?\)')
EXECUTED = re.compile(r'^executed ', re.MULTILINE)
PART = 10  # chapters
SECTIONS = 6
UTILS = 'DATA_SETS = {}\n\n\ndef try_gpu():\n    return "cpu(0)"\n'
PAGE = """\
# {title}

{prose}

"""
SECTION = """\
## {title} {number}

{prose}

$$
y_{{{number}}} = \\sum_{{i=1}}^{{{number}}} w_i x_i + b
$$

{prose}

```{{.python .input}}
total = sum(range({number}))
print({page}, total)
```

{prose}

"""
WORDS = {
    'en': (
        'Section',
        'This is sentence {} of a page that nobody reads, and its {} '
        'follows from $x^{}$, as one sees by counting.\n',
    ),
    'zh': (
        '小节',
        '这是没有人会读的页面里的第{}句话，其中的{}由$x^{}$得到。\n',
    ),
}
SENTENCES = 6


@dataclass(frozen=True)
class Run:
    """A build: how long it took, how much it executed, its memory in MB.

    work: seconds of the processor, which other programs do not change much.
    """

    seconds: float
    executed: int
    memory: float
    work: float = 0.0


def run(root, command, counted=EXECUTED):
    """Run a program in a book, and count what it says that it executed."""
    log, started, before = root / 'build.log', time.monotonic(), worked()
    with log.open('w', encoding='utf-8') as output:
        process = subprocess.Popen(
            command,
            cwd=root,
            env=variables(root),
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        memory = peak(process)
    seconds = time.monotonic() - started
    text = log.read_text(encoding='utf-8')
    if process.returncode:
        raise BookError(f'{" ".join(command)}:\n{text[-2000:]}')
    executed = len(counted.findall(text))
    return Run(seconds, executed, memory, worked() - before)


def worked():
    """Return the processor time of all programs that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def html(root):
    """Build the site of a book."""
    return run(root, [sys.executable, '-m', 'book', 'html'])


def edit(path, old, new):
    """Replace the first occurrence of a text in a file."""
    text = path.read_text(encoding='utf-8')
    if old not in text:
        raise BookError(f'{path.name}: holds no {old!r}, so no edit of it')
    path.write_text(text.replace(old, new, 1), encoding='utf-8')


def excerpt(root, names):
    """Write a book of some of our chapters, with what they import."""
    for name in (*FILES, *notebooks.UTILS):
        shutil.copy(ROOT / name, root)
    shutil.copytree(ROOT / 'chapters/figures', root / 'chapters/figures')
    for page in toc.pages(ROOT):
        if page.name in names:
            for language in toc.LANGUAGES:
                text = without_links(page.text(language), page.name, names)
                files.write(page_path(root, language, page.name), text)
    for language in toc.LANGUAGES:
        files.write(page_path(root, language, 'index'), '# Book\n')
    write_toc(root, {'index': [], **{name: [] for name in names}})


def page_path(root, language, name):
    """Return the path of a page."""
    return root / 'chapters' / language / f'{name}.md'


def without_links(text, page, names):
    """Return a text without its links to pages that are not there."""

    def shorter(match):
        folder = posixpath.dirname(page)
        target = posixpath.normpath(posixpath.join(folder, match[2]))
        return match[0] if target in names else match[1]

    return LINK.sub(shorter, text)


def write_toc(root, parts):
    """Write a table of contents: {page: pages below it}; 'index' is first."""
    chapters = [
        {'file': part, 'sections': [{'file': name} for name in names]}
        if names
        else {'file': part}
        for part, names in parts.items()
        if part != 'index'
    ]
    table = {
        'format': 'jb-book',
        'root': 'index',
        'options': {'numbered': True},
        'chapters': chapters,
    }
    files.write(root / toc.NAME, yaml.safe_dump(table, sort_keys=False))


def generate(root, count):
    """Write a book of so many chapters, in both languages."""
    for name in FILES:
        shutil.copy(ROOT / name, root)
    files.write(root / 'utils.py', UTILS)
    known = glossary.read((ROOT / FILES[-1]).read_text(encoding='utf-8'))
    parts = {'index': []}
    for number in range(count):
        part = f'part-{number // PART}'
        parts.setdefault(f'{part}/index', []).append(
            f'{part}/chapter-{number}'
        )
        term = known[number % len(known)]
        for language in toc.LANGUAGES:
            path = page_path(root, language, f'{part}/chapter-{number}')
            files.write(path, chapter(number, language, term))
    for name in parts:
        for language in toc.LANGUAGES:
            files.write(page_path(root, language, name), f'# {name}\n')
    write_toc(root, parts)


def chapter(number, language, term):
    """Return the text of a generated chapter, which introduces a term."""
    title, sentence = WORDS[language]
    word = f'{term.zh}（{term.en}）' if language == 'zh' else term.en
    prose = [
        ''.join(sentence.format(i, word, i) for i in range(SENTENCES))
        for word in (word, f'{title} {number}')
    ]
    head = PAGE.format(title=f'{title} {number}', prose=prose[0])
    return head + ''.join(
        SECTION.format(title=title, number=x, prose=prose[1], page=number)
        for x in range(SECTIONS)
    )


def fill_cache(root):
    """Put outputs of all chapters into the cache without executing them."""
    chapters = schedule.prepare(toc.pages(root))
    surroundings = environment.gather(root, [x.notebook for x in chapters])
    for one in chapters:
        executed = copy.deepcopy(one.notebook)
        for number, cell in enumerate(code_cells(executed), 1):
            cell.execution_count = number
            text = f'{number}\n'
            cell.outputs = [new_output('stream', name='stdout', text=text)]
        executed.metadata['book'] = schedule.record(one, surroundings, 0)
        if code_cells(executed):
            cache.store(root, key(executed, surroundings), executed)
