"""What people type, character by character in one form: half-width, simplified, lower case.

Every character stays where it is, so that a place in the folded text is the same place in what was typed.
Only the characters that times are made of are simplified: the task keeps its own.
"""

from __future__ import annotations

from string import ascii_uppercase
from typing import Final

_TRADITIONAL: Final = "點時週禮兩後鐘鍾過號個開從這間晝節國慶勞動還歲隻貳參兒"
_SIMPLIFIED: Final = "点时周礼两后钟钟过号个开从这间昼节国庆劳动还岁只二三儿"
# Of the ideographic space, quotation marks and dashes the plain ones; full stops part like commas.
_PUNCTUATION: Final = dict(zip("\u3000\u00a0\t\r\n～〜—–。’“”∶", '     ~~--.\'"":', strict=True))
_TABLE: Final = str.maketrans(
    {
        **dict(zip(_TRADITIONAL, _SIMPLIFIED, strict=True)),
        **_PUNCTUATION,
        **{upper: upper.lower() for upper in ascii_uppercase},
        **{chr(0xFEE0 + ord(each)): each.lower() for each in map(chr, range(0x21, 0x7F))},
    }
)


def fold(text: str) -> str:
    """The same text in one form, of the same length."""
    return text.translate(_TABLE)
