"""What people type, character by character in one form: half-width, simplified, lower case.

Every character stays where it is, so that a place in the folded text is the same place in what was typed.
Only the characters that times are made of are simplified: the task keeps its own.
"""

from __future__ import annotations

from typing import Final

_TRADITIONAL: Final = "點時週禮兩後鐘鍾過號個開從這間晝節國慶勞動餘號幾隔氣頭農歷醫雙單勁與馬瞭裡裏無達員"
_SIMPLIFIED: Final = "点时周礼两后钟钟过号个开从这间昼节国庆劳动余号几隔气头农历医双单劲与马了里里无达员"
_FULL_WIDTH: Final = {0xFF01 + each: chr(0x21 + each) for each in range(94)}
_OTHERS: Final = {
    0x3000: " ", 0xA0: " ", ord("、"): "、", ord("～"): "~", ord("〜"): "~", ord("—"): "-", ord("–"): "-",
    ord("。"): ".", ord("’"): "'", ord("“"): '"', ord("”"): '"', ord("∶"): ":", ord("\t"): " ", ord("\n"): " ",
    ord("壹"): "一", ord("贰"): "二", ord("叁"): "三", ord("貳"): "二", ord("參"): "三", ord("兒"): "儿",
    ord("禮"): "礼", ord("拜"): "拜", ord("晚"): "晚", ord("\r"): " ",
}  # fmt: skip
_TABLE: Final = {
    **dict(zip(map(ord, _TRADITIONAL), _SIMPLIFIED, strict=True)),
    **_FULL_WIDTH,
    **_OTHERS,
    **{ord(upper): upper.lower() for upper in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    **{0xFF21 + each: chr(0x61 + each) for each in range(26)},
}


def fold(text: str) -> str:
    """The same text in one form, of the same length."""
    return text.translate(_TABLE)
