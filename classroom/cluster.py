"""What a class on a cluster takes, and what it costs at your prices.

    python -m classroom.cluster              the table in the READMEs
    python -m classroom.cluster 240 --core-hour 0.03 --gib-hour 0.004
    python -m classroom.cluster --write      renew READMEs and quota

The prices without an option are examples, in no currency. Memory is in MiB
where it comes from `sizes`, and in GiB here.
"""

import argparse
import math
import pathlib
import re

from classroom import sizes

HERE = pathlib.Path(__file__).resolve().parent / 'kubernetes'
CLASSES = 30, 100, 300
SERVERS = 320  # at once: 300 students, their teachers, and some to spare
PLACEHOLDERS = 10  # students' places that wait empty
HOME = 2  # GiB; a student's volume
# What is there without students, and always on: hub, proxy, schedulers,
# database, exchange; in the quota, also pods that pull images
BASE_CORES, BASE_GIB, BASE_PODS, BASE_CLAIMS = 4, 8, 70, 10
BASE_VOLUMES = 90  # GiB; database, dumps, exchange, what a teacher collects
ALWAYS_CORES, ALWAYS_GIB = 4, 16  # the node for them and for Prometheus
WEEKS, DAYS_A_MONTH = 16, 30
PRICES = {'core_hour': 0.05, 'gib_hour': 0.006, 'gib_month': 0.1}
QUOTA = re.compile(r'^    ([\w.]+): "?[\w.]+"?$', re.MULTILINE)
HEADS = {
    'en': ('students', 'memory kept (GiB)', 'cores', 'nodes',
           'volumes (GiB)', 'an hour', 'a term', 'a term, each student'),
    'zh': ('学生人数', '保留内存（GiB）', '核数', '节点数',
           '存储卷（GiB）', '每小时', '每学期', '每学期每人'),
}


def gib(memory):
    """Return MiB as whole GiB, rounded up."""
    return math.ceil(memory / 1024)


def volumes(students):
    """Return the GiB of all volumes of a class."""
    return students * HOME + BASE_VOLUMES


def nodes(students, measured):
    """Return the nodes of a class that is there, placeholders included."""
    return sizes.nodes(students + PLACEHOLDERS, measured)


def hour(cores, memory, prices):
    """Return the price of an hour of cores and GiB of memory."""
    return cores * prices['core_hour'] + memory * prices['gib_hour']


def costs(students, measured, prices, hours):
    """Return the price of an hour of a lesson, and of a term.

    Nodes for students run `hours` a week, the autoscaler ends them outside
    of these; what a class needs besides them runs day and night.
    """
    lesson = nodes(students, measured) * hour(
        sizes.NODE_CORES, sizes.NODE_GIB, prices)
    always = hour(ALWAYS_CORES, ALWAYS_GIB, prices)
    months = WEEKS * 7 / DAYS_A_MONTH
    term = WEEKS * (hours * lesson + 7 * 24 * always)
    return lesson, term + months * volumes(students) * prices['gib_month']


def row(students, measured, prices, hours):
    """Return a line of the table, as texts."""
    lesson, term = costs(students, measured, prices, hours)
    kept = (students + PLACEHOLDERS) * sizes.guarantee(measured)
    return [
        *(str(students), str(gib(kept))),
        str(math.ceil((students + PLACEHOLDERS) * sizes.CORES)),
        *(str(nodes(students, measured)), str(volumes(students))),
        *(f'{lesson:.1f}', f'{term:.0f}', f'{term / students:.1f}'),
    ]


def quota(measured):
    """Return what the class as a whole may take, as Kubernetes writes it."""
    places = SERVERS + PLACEHOLDERS
    kept = gib(places * sizes.guarantee(measured)) + BASE_GIB
    most = gib(places * sizes.limit(measured)) + BASE_GIB
    return {
        'pods': f'"{places + BASE_PODS}"',
        'requests.cpu': f'"{math.ceil(places * sizes.CORES) + BASE_CORES}"',
        'requests.memory': f'{kept}Gi',
        'limits.memory': f'{most}Gi',
        'persistentvolumeclaims': f'"{SERVERS + BASE_CLAIMS}"',
        'requests.storage': f'{volumes(SERVERS)}Gi',
    }


def table(language, classes, measured, prices=PRICES, hours=10):
    """Return the table in Markdown."""
    rows = [row(x, measured, prices, hours) for x in classes]
    return sizes.table(HEADS[language], rows)


def renew(text, language, measured):
    """Return the text of a README with its table as measured."""
    new = table(language, CLASSES, measured)
    return sizes.BLOCK.sub(lambda m: f'{m[1]}{new}{m[3]}', text)


def renew_quota(text, measured):
    """Return the text of namespace.yaml with the quota as measured."""
    new = quota(measured)
    return QUOTA.sub(
        lambda m: f'    {m[1]}: {new[m[1]]}' if m[1] in new else m[0], text)


def write(measured):
    """Renew the tables of both READMEs and the quota."""
    path = HERE / 'namespace.yaml'
    text = renew_quota(path.read_text(encoding='utf-8'), measured)
    path.write_text(text, encoding='utf-8')
    for language, name in sizes.READMES.items():
        path = HERE / name
        text = renew(path.read_text(encoding='utf-8'), language, measured)
        path.write_text(text, encoding='utf-8')


def main(words=None):
    """Print the table, or renew the files that have the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('students', nargs='*', type=int)
    parser.add_argument('--hours', type=float, default=10,
                        help='hours a week in which students are there')
    for name, price in PRICES.items():
        parser.add_argument(f'--{name.replace("_", "-")}', type=float,
                            default=price, help=f'price; example: {price}')
    parser.add_argument('--write', action='store_true')
    given = parser.parse_args(words)
    measured = sizes.load()
    if given.write:
        return write(measured)
    prices = {name: getattr(given, name) for name in PRICES}
    print(table('en', given.students or CLASSES, measured, prices,
                given.hours), end='')


if __name__ == '__main__':
    main()
