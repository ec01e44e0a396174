"""The order of words in a list, Chinese ones by their sound."""

from pypinyin import Style, lazy_pinyin, load_phrases_dict

load_phrases_dict({'重置': [['chóng'], ['zhì']]})  # pypinyin says zhòng


def key(word):
    """Return what a word is sorted by: its syllables, each with its tone.

    Latin letters stay, in lower case: softmax回归 is 'softmax hui2 gui1'.
    """
    return ' '.join(lazy_pinyin(word, style=Style.TONE3)).lower()


def initial(word):
    """Return the letter under which a word is listed."""
    return key(word)[0].upper()
