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
TIMES = '{:.0f} s / {:.0f} s'
HOW = {  # what was measured: how it is written, in this order
    'students': '{}',
    'cores': '{}',
    'chapter': '{}',
    'finished': '{} / {}',
    'start': TIMES,
    'waits': '{}',
    'execution': TIMES,
    'memory': '{} / {} MiB',
    'memory_hub': '{} MiB',
    'killed': '{} / {}',
    'hub_back': TIMES,
    'saving_back': TIMES,
    'saves': '{}',
    'lost': '{}',
}
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
        'rows': {
            'students': 'students at once',
            'cores': 'cores of the machine',
            'chapter': 'chapter',
            'finished': 'students who finished it',
            'start': 'log-in and start of the server with all waits, '
            'median / 95th percentile',
            'waits': 'students whom the hub asked to wait a moment',
            'execution': 'execution of the chapter, median / 95th percentile',
            'memory': 'memory of a student (PSS), median / largest',
            'memory_hub': 'memory of hub and proxy',
            'killed': 'killed without warning (students’ servers / hub)',
            'hub_back': 'until the hub answers again, median / longest',
            'saving_back': 'until a student’s saves succeed again, '
            'median / longest',
            'saves': 'saves that were acknowledged',
            'lost': 'of these lost',
        },
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
        'rows': {
            'students': '同时在线的学生',
            'cores': '机器的核数',
            'chapter': '章节',
            'finished': '运行到底的学生',
            'start': '登录并启动服务器（含等待），中位数 / 第95百分位数',
            'waits': 'hub请其稍等片刻的学生',
            'execution': '运行整章，中位数 / 第95百分位数',
            'memory': '每个学生占用的内存（PSS），中位数 / 最大值',
            'memory_hub': 'hub与代理占用的内存',
            'killed': '被强行终止的次数（学生的服务器 / hub）',
            'hub_back': 'hub恢复应答所需的时间，中位数 / 最长',
            'saving_back': '学生重新能够保存所需的时间，中位数 / 最长',
            'saves': '已确认的保存',
            'lost': '其中丢失的',
        },
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


def seen(measured):
    """Return {name: text} of what the load test measured."""
    given = {
        **measured,
        'finished': [measured['finished'], measured['students']],
        'memory': [measured['memory_median'], measured['memory_largest']],
    }
    values = {x: y if isinstance(y, list) else [y] for x, y in given.items()}
    return {x: how.format(*values[x]) for x, how in HOW.items()
            if x in values}


def table(head, rows):
    """Return a table in Markdown."""
    lines = [head, ['---'] * len(head), *rows]
    return ''.join(f'| {" | ".join(line)} |\n' for line in lines)


def tables(measured, language):
    """Return the tables of a README by their names."""
    words = WORDS[language]
    rows = [row(students, measured) for students in CLASSES]
    found = [(words['rows'][x], y) for x, y in seen(measured).items()]
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
