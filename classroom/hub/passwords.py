"""Passwords: which are too weak, and their hashes.

The hash costs a fifth of a second on purpose; call it in a thread.
"""

import bcrypt

SHORTEST, LONGEST = 8, 72  # characters; bytes, for bcrypt takes no more
DIFFERENT = 5  # characters of a password that differ, at least
LITTLE = 4  # letters are too few beside digits, characters beside the name
WORD = 12  # letters have to be more than one word
# Roots of the passwords that people try first. Digits and signs around one
# help little, neither do digits that look like letters in it
ROOTS = frozenset("""
    abc abcd abcdef admin asdf asdfasdf asdfghjkl baseball benjamin bigdaddy
    computer corvette danielle december dolphins dragon drowssap elephant
    explorer football freedom garfield hello iloveyou internet jennifer
    jonathan jordan jupyter letmein liverpool login master maverick mercedes
    metallica michael michelle midnight minecraft monkey mountain mustang
    nicholas november pass passwd passwort password pokemon princess qazwsx
    qazwsxedc qweasdzxc qwer qwerty qwertyuiop samantha secret shadow
    slipknot snowball starwars startrek steelers student sunshine superman
    teacher test trustno victoria welcome whatever woaini woaiwojia xiaoming
    zxcvbnm
""".split())
# Ways over the keys, in rows and in columns
WAYS = ('qwertyuiop asdfghjkl zxcvbnm abcdefghijklmnopqrstuvwxyz '
        '1qaz2wsx3edc4rfv5tgb 1q2w3e4r5t6y7u8i9o0p q1w2e3r4t5y6u7i8o9p0 '
        'qazwsxedcrfvtgb 1234qwerasdfzxcv 1qazxsw23edcvfr4').split()
LIKE_LETTERS = str.maketrans('013457@$', 'oieastas')


def weakness(password, name):
    """Return a word for what is wrong with a password, or ''."""
    text = password.casefold()
    if len(password) < SHORTEST:
        return 'short'
    if len(password.encode('utf-8')) > LONGEST:
        return 'long'
    if len(text.replace(name, '')) < LITTLE or root(text) == name:
        return 'name'
    return 'common' if is_common(text) else ''


def is_common(text):
    """Tell whether a password in small letters is one that people try.

    Such are one word, initials with a number, a way over the keys.
    """
    letters = sum(x.isalpha() for x in text)
    if text.isascii() and text.isalnum():
        if letters < LITTLE or len(text) == letters < WORD:
            return True
    if len(set(text)) < DIFFERENT:
        return True
    if any(text in x or text in x[::-1] for x in WAYS):
        return True
    return bool(ROOTS & {root(text), root(text.translate(LIKE_LETTERS))})


def root(text):
    """Return a password without the digits and signs around it."""
    while text and not text[0].isalpha():
        text = text[1:]
    while text and not text[-1].isalpha():
        text = text[:-1]
    return text


def hashed(password):
    """Return the hash of a password."""
    return bcrypt.hashpw(password.encode('utf-8'), bcrypt.gensalt())


def matches(password, hash):
    """Tell whether a password is the one with this hash.

    One that is too long takes the same work.
    """
    given = password.encode('utf-8')
    return (bcrypt.checkpw(given[:LONGEST], hash)
            and len(given) <= LONGEST)
