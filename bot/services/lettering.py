"""Texts fitted into pictures: fonts, line breaks, and what a font cannot write."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from PIL import ImageFont

Font = ImageFont.FreeTypeFont

_WORD: Final = re.compile(r"\S+\s*")


@lru_cache(maxsize=16)
def font_of(path: Path, size: int) -> Font:
    """A font at a size in dots."""
    return ImageFont.truetype(str(path), size)


def fitted(text: str, font: Font, width: int, most: int) -> list[str]:
    """A text in at most `most` lines of `width` dots, the last one shortened where it does not fit."""
    lines = [""]
    for word in _words(text, width, font):
        if lines[-1] and font.getlength(lines[-1] + word.rstrip()) > width:
            lines.append("")
        lines[-1] += word
    if len(lines) > most:
        lines[most - 1 :] = ["".join(lines[most - 1 :])]
    return [_shortened(line, width, font) for line in lines]


def _words(text: str, width: int, font: Font) -> Iterator[str]:
    """What a line break does not cut: words with the spaces after them; characters of what is too long for
    a line."""
    for word in _WORD.findall(text):
        if font.getlength(word.rstrip()) > width:
            yield from word
        else:
            yield word


def _shortened(line: str, width: int, font: Font) -> str:
    line = line.strip()
    if font.getlength(line) <= width:
        return line
    while line and font.getlength(line + "…") > width:
        line = line[:-1]
    return line + "…"
