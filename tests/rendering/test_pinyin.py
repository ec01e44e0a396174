"""Chinese words are sorted as in a dictionary."""

import pytest

from book.rendering.every_page import pinyin


@pytest.mark.parametrize('word, key', [
    ('梯度', 'ti1 du4'),
    ('softmax回归', 'softmax hui2 gui1'),
    ('K折', 'k zhe2'),
    ('Mini-batch', 'mini-batch'),
    ('长短期记忆', 'chang2 duan3 qi1 ji4 yi4'),
    ('重置门', 'chong2 zhi4 men2'),
    ('权重', 'quan2 zhong4'),
])
def test_a_word_is_sorted_by_its_sound(word, key):
    assert pinyin.key(word) == key


def test_words_that_begin_alike_stand_together():
    words = ['集成', '梯度下降', '激活函数', '体', '梯度', '加法']
    assert sorted(words, key=pinyin.key) == [
        '激活函数', '集成', '加法', '梯度', '梯度下降', '体']


@pytest.mark.parametrize('word, letter', [
    ('梯度', 'T'), ('softmax回归', 'S'), ('重置门', 'C')])
def test_a_word_is_listed_under_a_letter(word, letter):
    assert pinyin.initial(word) == letter
