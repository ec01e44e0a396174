"""What a class needs, worked out from what the load test measured.

    python -m classroom.sizes            the table in the READMEs
    python -m classroom.sizes 240        a class of 240
    python -m classroom.sizes --write    renew READMEs and values

Memory is in MiB, time in seconds.
"""

import json
import math
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
MEASURED = HERE / 'measured.json'
READMES = {'en': 'README.md', 'zh': 'README.zh-CN.md'}
CLASSES = 30, 100, 500
SPARE = 1.25  # of what was measured, since programs and students differ
STEP = 64  # MiB; memory is asked for in such pieces
CORES = 0.25  # a student; all at once wait four times as long as one alone
NODE_CORES, NODE_GIB, NODE_PODS = 16, 64, 100
USABLE = 0.9  # of a node; the rest belongs to the cluster itself
HUB = 1024  # MiB asked for hub and proxy
BLOCK = re.compile(
    r'(<!-- measured: (\w+) -->\n).*?(<!-- end -->)', re.DOTALL
)
MEMORY = re.compile(r'(guarantee|limit): \d+M$', re.MULTILINE)
WORDS = {
    'en': {
        'sizes': (
            'students',
            'memory for students (GiB)',
            'cores',
            f'nodes of {NODE_CORES} cores and {NODE_GIB} GiB',
        ),
        'class': (
            'what',
            'measured',
        ),
        'rows': (
            'students at once',
            'cores of the machine',
            'chapter',
            'students who finished it',
            'log-in and start of the server, median / 95th percentile',
            'execution of the chapter, median / 95th percentile',
            'memory of a student (PSS), median / largest',
            'memory of hub and proxy',
            'processes killed (students’ servers / hub)',
            'saves that were acknowledged',
            'of these lost',
        ),
    },
    'zh': {
        'sizes': (
            '学生人数',
            '学生所需内存（GiB）',
            '核数',
            f'节点数（每个{NODE_CORES}核、{NODE_GIB} GiB）',
        ),
        'class': (
            '项目',
            '实测',
        ),
        'rows': (
            '同时在线的学生',
            '机器的核数',
            '章节',
            '运行到底的学生',
            '登录并启动服务器，中位数 / 第95百分位数',
            '运行整章，中位数 / 第95百分位数',
            '每个学生占用的内存（PSS），中位数 / 最大值',
            'hub与代理占用的内存',
            '被强行终止的进程（学生的服务器 / hub）',
            '已确认的保存',
            '其中丢失的',
        ),
    },
}


def load(path=MEASURED):
    """Return what the load test measured."""
    return json.loads(path.read_text(encoding='utf-8'))


def guarantee(measured):
    """Return the memory that is kept for each student."""
    return rounded(measured['memory_largest'])


def limit(measured):
    """Return the memory a student may take: the largest chapter fits."""
    return rounded(max(measured['alone'].values()))


def rounded(memory):
    """Return a measured memory with something to spare, in whole steps."""
    return math.ceil(memory * SPARE / STEP) * STEP


def nodes(students, measured):
    """Return how many nodes hold a class: by memory, cores and pods."""
    memory = students * guarantee(measured) + HUB
    return max(
        math.ceil(memory / (NODE_GIB * 1024 * USABLE)),
        math.ceil(students * CORES / (NODE_CORES * USABLE)),
        math.ceil(students / NODE_PODS),
    )


def row(students, measured):
    """Return what a class of a size needs, as texts."""
    memory = math.ceil(students * guarantee(measured) / 1024)
    cores = math.ceil(students * CORES)
    numbers = students, memory, cores, nodes(students, measured)
    return [str(x) for x in numbers]


def class_rows(measured):
    """Return the values of the table of what was measured, as texts."""
    return [
        str(measured['students']),
        str(measured['cores']),
        measured['chapter'],
        f'{measured["finished"]} / {measured["students"]}',
        '{:.0f} s / {:.0f} s'.format(*measured['start']),
        '{:.0f} s / {:.0f} s'.format(*measured['execution']),
        f'{measured["memory_median"]} / {measured["memory_largest"]} MiB',
        f'{measured["memory_hub"]} MiB',
        '{} / {}'.format(*measured['killed']),
        str(measured['saves']),
        str(measured['lost']),
    ]


def table(head, rows):
    """Return a table in Markdown."""
    lines = [head, ['---'] * len(head), *rows]
    return ''.join(f'| {" | ".join(line)} |\n' for line in lines)


def tables(measured, language):
    """Return the tables of a README by their names."""
    words = WORDS[language]
    rows = [row(students, measured) for students in CLASSES]
    found = list(zip(words['rows'], class_rows(measured)))
    return {
        'sizes': table(words['sizes'], rows),
        'class': table(words['class'], found),
    }


def renew(text, measured, language):
    """Return the text of a README with its tables as measured."""
    new = tables(measured, language)
    return BLOCK.sub(lambda m: f'{m[1]}{new[m[2]]}{m[3]}', text)


def renew_values(text, measured):
    """Return the text of values.yaml with the memory as measured."""
    new = {'guarantee': guarantee(measured), 'limit': limit(measured)}
    return MEMORY.sub(lambda m: f'{m[1]}: {new[m[1]]}M', text)


def write(measured):
    """Renew the tables of both READMEs, and the memory in values.yaml."""
    path = HERE / 'kubernetes/values.yaml'
    text = path.read_text(encoding='utf-8')
    path.write_text(renew_values(text, measured), encoding='utf-8')
    for language, name in READMES.items():
        path = HERE / name
        text = path.read_text(encoding='utf-8')
        path.write_text(renew(text, measured, language), encoding='utf-8')


def main(arguments):
    """Print the table, or renew the files that have the figures."""
    measured = load()
    if arguments == ['--write']:
        write(measured)
        return
    chosen = [int(x) for x in arguments] or CLASSES
    rows = [row(students, measured) for students in chosen]
    print(table(WORDS['en']['sizes'], rows), end='')


if __name__ == '__main__':
    main(sys.argv[1:])
