"""The settings of a class on one machine: read, and judged before the start.

Pure: the files and the memory of the machine are given by the caller.
"""

import dataclasses
import ipaddress
import re
from typing import NamedTuple

from classroom.errors import ClassError

PASSWORD = 12  # characters that the teacher's password has at least
LONGEST = 72  # bytes that it has at most, for bcrypt takes no more
LABEL = r'[a-z0-9]([a-z0-9-]*[a-z0-9])?'
HOST = re.compile(rf'({LABEL}\.)+{LABEL}')
CORES = re.compile(r'[0-9]{1,4}(\.[0-9]{1,9})?')
NUMBER = re.compile(r'[0-9]{1,9}')
NAME = re.compile(r'[a-z0-9]{1,32}')
IMAGE = re.compile(
    r'[a-z0-9]([\w./-]|:\d+/)*(:(?P<tag>\w[\w.-]*))?'
    r'(?P<digest>@sha256:[0-9a-f]{64})?'
)
MOVING = 'latest', 'main', 'master', 'edge', 'nightly', 'stable', 'dev'
MAIL = re.compile(r'[\w.+-]+@([\w-]+\.)+\w+')
CERTIFICATES = 'files', 'internal'
SIZE = re.compile(r'(?P<number>[0-9]{1,9}(\.[0-9]{1,9})?)(?P<unit>[MG])')
UNITS = {'M': 1, 'G': 1024}
EXAMPLES = '.example.com', '.example.net', '.example.org'
RESERVED = {'course': 'the volume class-course holds the assignments'}
WIDEST, NARROWEST = 8, 20  # lengths of the prefix of STUDENT_NETWORKS


class WeakSettings(ClassError):
    """Settings with which the hub does not start: a sentence for each."""


class Secret(NamedTuple):
    """What a file holds that nobody else may read, and its access mode."""

    text: str
    mode: int


class Machine(NamedTuple):
    """Memory in MiB: all of it, what the hub takes, what a student takes."""

    memory: int
    hub: int
    student: int


@dataclasses.dataclass(frozen=True)
class Settings:
    """What the hub is told; memory and disk in MiB.

    each: every student's server has a domain of its own.
    """

    domain: str
    each: bool
    teacher: str
    students: frozenset
    at_once: int
    memory: int
    cores: float
    disk: int
    idle_minutes: int
    backup_hour: int
    backups: int
    language: str
    image: str
    networks: ipaddress.IPv4Network


def read(variables, students, password, machine):
    """Return the settings, or raise WeakSettings.

    variables: the environment; students: the text of the teacher's list;
    password: the Secret with the teacher's password.
    """
    names, problems = listed(students)
    problems += of_names(variables, names) + of_password(password)
    problems += of_domain(variables) + of_certificate(variables)
    problems += of_choices(variables) + of_image(variables)
    networks, bad = read_networks(variables)
    problems += bad
    numbers, bad = read_numbers(variables, len(names) + 1)
    problems += bad or of_memory(numbers, machine)
    if problems:
        raise WeakSettings('\n'.join(problems))
    return Settings(
        domain=variables['DOMAIN'],
        each=(variables.get('DOMAINS') or 'each') == 'each',
        teacher=variables['TEACHER'],
        students=frozenset(names),
        language=variables.get('BOOK_LANGUAGE') or 'en',
        image=variables['IMAGE'],
        networks=networks,
        **numbers,
    )


def listed(text):
    """Return the names on the teacher's list, and what is wrong with it.

    One name a line; what follows # is a remark. Windows puts a mark before
    the first letter of a file.
    """
    names, problems = [], []
    lines = text.removeprefix('\ufeff').splitlines()
    for number, line in enumerate(lines, 1):
        name = line.partition('#')[0].strip()
        wrong = name and of_name(name, names)
        if wrong:
            problems.append(f'students.txt:{number}: {name!r} {wrong}')
        elif name:
            names.append(name)
    if not names and not problems:
        problems.append(
            'students.txt: no name on the list; write one name a line'
        )
    return names, problems


def of_name(name, others):
    """Say what is wrong with a name after others, or return an empty text."""
    if not NAME.fullmatch(name):
        return 'cannot be a name; use small letters and digits'
    if name in RESERVED:
        return f'cannot be a name, for {RESERVED[name]}'
    if name in others:
        return 'is listed twice; keep one of the lines'
    return ''


def of_names(variables, names):
    """Judge the teacher's name."""
    teacher = variables.get('TEACHER', '')
    if not NAME.fullmatch(teacher) or teacher in RESERVED:
        return [
            f'TEACHER={teacher}: must be a name of small letters and '
            'digits; this account governs the class'
        ]
    if teacher in names:
        return [
            f'TEACHER={teacher}: is on the list of students as well; take '
            'the name out of students.txt'
        ]
    return []


def of_password(secret):
    """Judge the teacher's password and who can read it."""
    problems = []
    if len(secret.text.strip()) < PASSWORD:
        problems.append(
            f'teacher-password: has fewer than {PASSWORD} characters; '
            'make one with `openssl rand -base64 18`'
        )
    if len(secret.text.strip().encode('utf-8')) > LONGEST or (
            len(secret.text.strip().splitlines()) > 1):
        problems.append(
            f'teacher-password: must be one line of at most {LONGEST} '
            'characters of English, or it cannot be typed'
        )
    if secret.mode & 0o077:
        problems.append(
            'teacher-password: others on this machine can read it; '
            'run `chmod 600` on the file'
        )
    return problems


def of_domain(variables):
    """Judge the name under which browsers reach the class by HTTPS."""
    domain = variables.get('DOMAIN', '')
    if is_address(domain) or not HOST.fullmatch(domain):
        return [
            f'DOMAIN={domain}: must be a host name such as '
            'class.your-school.edu; without one there is no certificate '
            'and no HTTPS'
        ]
    if f'.{domain}'.endswith(EXAMPLES):
        return [f'DOMAIN={domain}: is an example; write your own host name']
    return []


def of_certificate(variables):
    """Judge where the certificates of the class come from."""
    choice = variables.get('TLS', '')
    if choice in CERTIFICATES or MAIL.fullmatch(choice):
        return []
    return [
        f'TLS={choice}: must be an e-mail address (certificates of '
        "Let's Encrypt), or files (your own), or internal (for a trial)"
    ]


def is_address(text):
    """Tell whether a text is the number of a machine, not its name."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def of_choices(variables):
    """Judge the settings that allow two words only; none is the first."""
    allowed = {'DOMAINS': ('each', 'one'), 'BOOK_LANGUAGE': ('en', 'zh')}
    return [
        f'{name}={variables[name]}: must be {" or ".join(words)}'
        for name, words in allowed.items()
        if (variables.get(name) or words[0]) not in words
    ]


def of_image(variables):
    """Judge the name of the image that students' servers are made from."""
    image = variables.get('IMAGE', '')
    found = IMAGE.fullmatch(image)
    if found and (found['digest'] or found['tag'] not in (None, *MOVING)):
        return []
    return [
        f'IMAGE={image}: must name a version or a digest, such as '
        'from-scratch-to-gluon:0.1.0, so that a class keeps its image'
    ]


def read_networks(variables):
    """Return the addresses for students' networks, and what is wrong."""
    text = variables.get('STUDENT_NETWORKS') or '10.213.0.0/16'
    try:
        found = ipaddress.IPv4Network(text)
    except ValueError:
        found = None
    if found and found.is_private and (
        WIDEST <= found.prefixlen <= NARROWEST
    ):
        return found, []
    return None, [
        f'STUDENT_NETWORKS={text}: must be private addresses, such as '
        f'10.213.0.0/16, with /{NARROWEST} or a smaller number behind them'
    ]


def read_numbers(variables, class_size):
    """Return the settings that are numbers, and what is wrong with them."""
    readers = {
        'at_once': ('STUDENTS_AT_ONCE', str(class_size), count),
        'memory': ('MEMORY_PER_STUDENT', '', mebibytes),
        'cores': ('CORES_PER_STUDENT', '1', cores),
        'disk': ('DISK_PER_STUDENT', '2G', mebibytes),
        'idle_minutes': ('IDLE_MINUTES', '60', count),
        'backup_hour': ('BACKUP_HOUR', '3', hour),
        'backups': ('BACKUPS', '14', count),
    }
    numbers, problems = {}, []
    for key, (name, default, reader) in readers.items():
        text = variables.get(name) or default
        try:
            numbers[key] = reader(text)
        except ValueError as error:
            problems.append(f'{name}={text}: {error}')
    return numbers, problems


def count(text):
    """Read a whole number above 0."""
    if not NUMBER.fullmatch(text) or int(text) == 0:
        raise ValueError('must be a whole number above 0')
    return int(text)


def hour(text):
    """Read an hour of the day, from 0 to 23."""
    if not NUMBER.fullmatch(text) or int(text) > 23:
        raise ValueError('must be an hour from 0 to 23')
    return int(text)


def cores(text):
    """Read a number of processor cores."""
    if not CORES.fullmatch(text) or float(text) < 0.1:
        raise ValueError('must be a number of cores, 0.1 or more')
    return float(text)


def mebibytes(text):
    """Read an amount of memory or disk; return it in MiB."""
    found = SIZE.fullmatch(text)
    if not found:
        raise ValueError('must be an amount such as 1.5G or 900M')
    return int(float(found['number']) * UNITS[found['unit']])


def of_memory(numbers, machine):
    """Judge whether the students fit into the machine."""
    limit, free = numbers['memory'], machine.memory - machine.hub
    if limit < machine.student:
        return [
            f'MEMORY_PER_STUDENT: {limit} MiB are too few, for a student '
            f'takes {machine.student} MiB in an ordinary chapter'
        ]
    if limit > free:
        return [
            f'MEMORY_PER_STUDENT: {limit} MiB do not fit; this machine has '
            f'{free} MiB beside the hub'
        ]
    fit = free // machine.student
    if numbers['at_once'] > fit:
        return [
            f'STUDENTS_AT_ONCE: {numbers["at_once"]} students do not fit '
            f'into this machine; set it to {fit} or fewer'
        ]
    return []


def remarks(found, machine):
    """Return what is allowed and should be known, a sentence for each.

    An ordinary chapter of everybody fits, or the hub does not start. All
    together may still want more than there is: then the kernel of Linux
    ends processes of students, never the hub (see its oom_score_adj).
    """
    told = []
    wanted = found.at_once * found.memory
    if wanted > machine.memory - machine.hub:
        told.append(
            f'MEMORY_PER_STUDENT: {found.at_once} students may take '
            f'{wanted} MiB, more than this machine has; when it runs out, '
            'programs of students are ended'
        )
    if not found.each:
        told.append(
            'DOMAINS=one: a page on a student\'s server can act for whoever '
            'opens it, the teacher too; open none while you are logged in'
        )
    return told
