"""Long texts in several messages. Telegram counts UTF-16 code units, our spans count code points."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any

Span = list[Any]
"""`[kind, start, length]` or `["link", start, length, url]`, in code points."""

# Where a text may be parted, best first: paragraphs, lines, words, and the stops of a script without blanks.
_SEAMS = ("\n\n", "\n", " ", "。", "！", "？", "；", "，", "、")
_BLANKS = " \n\t"
_ZERO_WIDTH_JOINER = "\u200d"
# No character that people see is longer: a family of four is seven code points.
_LONGEST_CHARACTER = 16


@dataclass(frozen=True, slots=True)
class Piece:
    """A text that fits, with the spans that format it."""

    text: str
    spans: list[Span]


def units(text: str) -> int:
    """Length in UTF-16 code units, Telegram's measure (Bot API: MessageEntity)."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def clip(text: str, size: int) -> str:
    """The start of a text: at most `size` code units."""
    return text[: _fitting(text, 0, size)]


def split(text: str, spans: list[Span], first: int, size: int) -> list[Piece]:
    """A text in pieces: at most `first` code units, then at most `size` each.

    Blanks at a seam go; a span that crosses a seam ends there and goes on after it. At least one piece.
    """
    if units(text) <= first:
        return [Piece(text, spans)]
    pieces: list[Piece] = []
    start = 0
    while start < len(text):
        end = _seam(text, start, size if pieces else first)
        piece = _piece(text, spans, start, end)
        if piece.text:
            pieces.append(piece)
        start = end
    return pieces or [Piece("", [])]


def _seam(text: str, start: int, size: int) -> int:
    """Where the piece from `start` ends."""
    end = _fitting(text, start, size)
    if end == len(text):
        return end
    lead = len(text[start:end]) - len(text[start:end].lstrip(_BLANKS))
    for seam in _SEAMS:
        is_blank = seam[0] in _BLANKS
        # A blank may stand just behind what fits: it goes anyway.
        found = text.rfind(seam, start + lead, end + len(seam) if is_blank else end)
        if found > start + lead:
            return found if is_blank else found + len(seam)
    return _between_characters(text, start, end)


def _fitting(text: str, start: int, size: int) -> int:
    """The furthest end of a slice that fits into `size` code units."""
    end = min(len(text), start + size)
    excess = units(text[start:end]) - size
    while excess > 0:
        end -= (excess + 1) // 2
        excess = units(text[start:end]) - size
    return end


def _between_characters(text: str, start: int, end: int) -> int:
    """A place at or before `end` that tears no accent, flag or joined emoji apart."""
    for place in range(end, max(start, end - _LONGEST_CHARACTER), -1):
        if not _is_joined(text, place):
            return place
    return end


def _is_joined(text: str, place: int) -> bool:
    """Whether what stands before and behind a place is one character."""
    left, right = text[place - 1], text[place]
    if _ZERO_WIDTH_JOINER in (left, right):
        return True
    if _is_flag_letter(left) and _is_flag_letter(right):
        return _flag_letters_before(text, place) % 2 == 1
    return unicodedata.category(right)[0] == "M" or "\U0001f3fb" <= right <= "\U0001f3ff"


def _flag_letters_before(text: str, place: int) -> int:
    """Flags are pairs of letters, counted from the first of a row (Unicode, annex 29, GB12)."""
    first = place
    while first > 0 and _is_flag_letter(text[first - 1]):
        first -= 1
    return place - first


def _is_flag_letter(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _piece(text: str, spans: list[Span], start: int, end: int) -> Piece:
    slice_ = text[start:end]
    bare = slice_.strip(_BLANKS)
    begin = start + len(slice_) - len(slice_.lstrip(_BLANKS))
    cut = [_cut(span, begin, begin + len(bare)) for span in spans]
    return Piece(bare, [span for span in cut if span[2] > 0])


def _cut(span: Span, start: int, end: int) -> Span:
    kind, at, length, *url = span
    left, right = max(at, start), min(at + length, end)
    return [kind, left - start, right - left, *url]
