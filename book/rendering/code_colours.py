"""The colours of code on paper and in the e-book, by day and in the dark.

Each can be read on its ground; keywords are bold and comments slanted, so
that they are told apart in black and white, too.
"""

from pygments.formatters import HtmlFormatter
from pygments.style import Style
from pygments.token import (
    Comment,
    Generic,
    Keyword,
    Name,
    Number,
    Operator,
    String,
    Token,
)


def inks(ink, soft, accent, spark, green):
    """Return the colours of the kinds of words."""
    return {
        Token: ink,
        Comment: f'italic {soft}',
        Keyword: f'bold {accent}',
        Operator.Word: f'bold {accent}',
        Name.Builtin: accent,
        Name.Decorator: accent,
        Name.Variable: accent,
        String: green,
        Number: spark,
        Generic.Prompt: soft,
    }


class Light(Style):
    """By day: the inks of palette.css."""

    name = 'book-light'
    background_color = '#f7f5ef'
    styles = inks('#1f2a37', '#535e6c', '#1d4f91', '#a8480f', '#1f6b54')


class Dark(Style):
    """In the dark."""

    name = 'book-dark'
    background_color = '#222a34'
    styles = inks('#e8ebef', '#aab4c0', '#9cc4ff', '#f0a35e', '#8fd0b5')


def sheet():
    """Return a style sheet for both times of the day."""
    return (f'{rules(Light)}\n'
            f'@media (prefers-color-scheme: dark) {{\n{rules(Dark)}\n}}\n')


def rules(style):
    """Return the rules for code, the ground first; outputs have none."""
    ground = (f'.highlight pre {{ background: {style.background_color}; '
              f'color: {style.styles[Token]} }}')
    kinds = HtmlFormatter(style=style).get_token_style_defs('.highlight')
    bare = '.cell_output pre { background: none; color: inherit }'
    return '\n'.join([ground, *kinds, bare])
