"""The Markdown subset in which Wayside writes: **bold**, _italic_, `code`, [label](https://link).

A backslash takes the next character as it is. `parse` gives plain text and spans, so that no channel
ever has to trust a parse mode: what is not a span cannot format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.i18n import Phrase

_TOKENS = re.compile(
    r"\\(.)|(\*\*)|(_)|(`)|\[((?:[^\[\]\\]|\\.)+)\]\((https?://[^\s()]+|tel:[+\d-]+)\)", re.DOTALL
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
# An underscore inside a word is an underscore.
_INSIDE_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Span:
    """Formatting of `length` characters (code points) from `start`; `url` for links only."""

    kind: str
    start: int
    length: int
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Rich:
    """Plain text and what formats it."""

    text: str
    spans: tuple[Span, ...] = ()


def parse(source: str) -> Rich:
    """Read a Phrase; a plain `str` is data and stays as it is. Unclosed marks stay as they are."""
    if not isinstance(source, Phrase):
        return Rich(source)
    if not _TOKENS.search(source):
        return Rich(str(source))
    return _Reader(source).read()


class _Reader:
    """One pass over a Phrase: text goes to `out`, an open mark waits for its twin."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._out: list[str] = []
        self._length = 0
        self._spans: list[Span] = []
        self._open: dict[str, tuple[int, int]] = {}

    def read(self) -> Rich:
        position = 0
        for match in _TOKENS.finditer(self._source):
            self._put(self._source[position : match.start()])
            position = match.end()
            self._take(match)
        self._put(self._source[position:])
        spans = sorted(self._spans, key=lambda span: (span.start, -span.length, span.kind))
        return Rich("".join(self._out), tuple(spans))

    def _put(self, text: str) -> None:
        self._out.append(text)
        self._length += len(text)

    def _take(self, match: re.Match[str]) -> None:
        escaped, bold, italic, code, label, url = match.groups()
        if escaped is not None:
            self._put(escaped)
        elif label is not None:
            shown = _ESCAPE.sub(r"\1", label)
            self._spans.append(Span("link", self._length, len(shown), url))
            self._put(shown)
        elif bold:
            self._mark("bold", bold)
        elif code:
            self._mark("code", code)
        elif self._is_inside_word(match):
            self._put(italic)
        else:
            self._mark("italic", italic)

    def _is_inside_word(self, match: re.Match[str]) -> bool:
        before = self._source[match.start() - 1 : match.start()]
        after = self._source[match.end() : match.end() + 1]
        return bool(_INSIDE_WORD.match(before) and _INSIDE_WORD.match(after))

    def _mark(self, kind: str, mark: str) -> None:
        if kind not in self._open:
            self._open[kind] = (self._length, len(self._out))
            self._put(mark)
            return
        start, slot = self._open.pop(kind)
        self._close(kind, mark, start, slot)

    def _close(self, kind: str, mark: str, start: int, slot: int) -> None:
        self._out[slot] = ""
        self._length -= len(mark)
        spans = [_without(span, start, len(mark)) for span in self._spans]
        self._spans = [span for span in spans if span.length]
        self._open = {name: (at - len(mark) if at > start else at, s) for name, (at, s) in self._open.items()}
        if self._length > start:
            self._spans.append(Span(kind, start, self._length - start))


def _without(span: Span, mark: int, length: int) -> Span:
    """The span once a mark of some length is taken out of the text, before the span, in it, or after it."""
    first, last = span.start, span.start + span.length
    first -= length if first > mark else 0
    last -= length if last > mark else 0
    return Span(span.kind, first, last - first, span.url)
