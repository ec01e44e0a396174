"""How Chinese stands in a picture: its fonts, its gaps, its place."""

import re

# The first is the one that print has: it knows no others to fall back on.
FONTS = ("'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', "
         "'Microsoft YaHei', sans-serif")
STYLE = f'font-style: normal; font-family: {FONTS}'
STYLED = re.compile(r' style="([^"]*)"')
HAN = '\u4e00-\u9fff'
BORDER = re.compile(rf'(?<=[{HAN}])(?=[^\W{HAN}])|(?<=[^\W{HAN}])(?=[{HAN}])')
# Widths of DejaVu Sans, the font of plots, in parts of its size
WIDTHS = {.28: "'ijlIJ|", .33: ' ,./:;-f', .4: '()[]!rt', .53: 'csz*_',
          .69: 'ABCKRVXZ', .8: 'DGHNOQUMw+<=>', .96: '%mW'}
WIDTH = {letter: width for width, letters in WIDTHS.items()
         for letter in letters}
SIZE = re.compile(r'font-size: ([\d.]+)px')  # as matplotlib writes it


def spaced(text):
    """Return a text with gaps beside numbers and names, as on pages."""
    return BORDER.sub(' ', text)


def in_chinese(attributes):
    """Return the attributes of a text that is Chinese now."""
    style = '; '.join([*STYLED.findall(attributes), STYLE])
    return f'{STYLED.sub("", attributes)} style="{style}"'


def in_place(attributes, label, at_tick):
    """Return attributes that keep the middle of a label where it was.

    Matplotlib gives the start alone of what is turned, or has several lines.
    at_tick: the label ends at a tick of the axis below, and the end stays.
    """
    size = SIZE.search(attributes)
    if 'text-anchor' in attributes or not size or (
            'translate(' not in attributes):
        return attributes
    share, anchor = (1, 'end') if at_tick else (.5, 'middle')
    x = share * float(size[1]) * width(label)
    return f'{attributes} x="{x:.1f}" style="text-anchor: {anchor}"'


def width(label):
    """Return about how wide a label of a plot is, for letters of size 1."""
    return sum(WIDTH.get(letter, .62) for letter in label)
