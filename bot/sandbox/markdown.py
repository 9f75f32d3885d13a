"""parse_mode Markdown and MarkdownV2, by the rules and with the error texts of tdlib."""

from dataclasses import dataclass, field
from typing import Any, Final

from bot.sandbox.spans import byte_offset, link_entity, utf16_length

Json = dict[str, Any]

LEGACY_ESCAPES: Final = "_*`["
LEGACY_TYPES: Final = {"_": "italic", "*": "bold", "`": "code"}
V2_RESERVED: Final = "_*[]()~`>#+-=|{}.!\n"
# How each kind of entity is called in an error, and the mark that ends it.
V2_NAMES: Final = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
V2_ENDS: Final = {
    "bold": "*",
    "underline": "__",
    "strikethrough": "~",
    "spoiler": "||",
    "code": "`",
    "pre": "```",
    "text_link": "]",
    "custom_emoji": "]",
}
V2_STARTS: Final = {
    "__": "underline",
    "_": "italic",
    "*": "bold",
    "~": "strikethrough",
    "||": "spoiler",
    "![": "custom_emoji",
    "[": "text_link",
    "```": "pre",
    "`": "code",
}


def _code_block(source: str, at: int) -> tuple[str, int]:
    """The language named after ``` and where the code itself begins (one line break is skipped)."""
    end = at
    while end < len(source) and not source[end].isspace() and source[end] != "`":
        end += 1
    language = ""
    if end != at and end < len(source) and source[end] != "`":
        language, at = source[at:end], end
    if source[at : at + 2] in ("\r\n", "\n\r"):
        return language, at + 2
    return language, at + 1 if source[at : at + 1] in ("\n", "\r") else at


@dataclass(slots=True)
class _Output:
    parts: list[str] = field(default_factory=list)
    length: int = 0

    def put(self, text: str) -> None:
        self.parts.append(text)
        self.length += utf16_length(text)


def parse_legacy(source: str) -> tuple[str, list[Json]]:
    """Legacy Markdown: no nesting. Raises ValueError with the official server's words."""
    output = _Output()
    entities: list[Json] = []
    at = 0
    while at < len(source):
        character = source[at]
        if character == "\\" and source[at + 1 : at + 2] and source[at + 1] in LEGACY_ESCAPES:
            output.put(source[at + 1])
            at += 2
        elif character not in LEGACY_ESCAPES:
            output.put(character)
            at += 1
        else:
            at = _legacy_entity(source, at, output, entities)
    return "".join(output.parts), entities


def _legacy_entity(source: str, begin: int, output: _Output, entities: list[Json]) -> int:
    """Read one entity that starts at `begin`; gives the place behind it."""
    mark = source[begin]
    language, start, end_mark = "", begin + 1, "]" if mark == "[" else mark
    kind = LEGACY_TYPES.get(mark, "text_link")
    if source.startswith("```", begin):
        language, start = _code_block(source, begin + 3)
        kind, end_mark = "pre", "```"
    end = source.find(end_mark, start)
    if end < 0:
        place = byte_offset(source, begin)
        raise ValueError(f"Can't find end of the entity starting at byte offset {place}")
    inside = source[start:end]
    after = end + len(end_mark)
    url = inside
    if kind == "text_link" and source.startswith("(", after):
        close = source.find(")", after)
        close = len(source) if close < 0 else close
        url, after = source[after + 1 : close], close + 1
    offset = output.length
    output.put(inside)
    if inside:
        entity: Json | None = {"type": kind, "offset": offset, "length": utf16_length(inside)}
        if kind == "text_link":
            entity = link_entity(url, offset, utf16_length(inside))
        elif language and entity is not None:
            entity["language"] = language
        if entity is not None:
            entities.append(entity)
    return after


@dataclass(slots=True)
class _Open:
    kind: str
    offset: int
    place: int
    part: int
    language: str = ""


@dataclass(slots=True)
class MarkdownV2Parser:
    """One text on its way from marks to entities."""

    source: str
    at: int = 0
    output: _Output = field(default_factory=_Output)
    opened: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)
    quoting: bool = False
    line_start: bool = True

    def parse(self) -> tuple[str, list[Json]]:
        """The plain text and its entities. Raises ValueError with the official server's words."""
        while self.at < len(self.source):
            self._step()
        if self.quoting:
            self._end_quote_at_end()
        if self.opened:
            raise self._unclosed()
        return "".join(self.output.parts), self.entities

    def _step(self) -> None:
        character = self.source[self.at]
        following = self.source[self.at + 1 : self.at + 2]
        if character == "\\" and following and 0 < ord(following) <= 126:
            self._put(following)
            self.at += 2
        elif character not in self._reserved():
            self._put(character)
            self.at += 1
        elif self._ends_quote():
            self._end_quote()
        elif self.opened and self._end_mark():
            self._end()
        else:
            self._begin(character)

    def _put(self, character: str) -> None:
        self.output.put(character)
        if character != "\r":
            self.line_start = character == "\n"

    def _reserved(self) -> str:
        in_code = self.opened and self.opened[-1].kind in ("code", "pre")
        return "`" if in_code else V2_RESERVED

    def _starts(self, mark: str) -> bool:
        return self.source.startswith(mark, self.at)

    def _end_mark(self) -> str:
        """The mark at this place that ends the innermost entity, "" if it goes on."""
        kind = self.opened[-1].kind
        if kind == "italic":
            return "_" if self._starts("_") and not self._starts("__") else ""
        mark = V2_ENDS.get(kind, "")
        return mark if mark and self._starts(mark) else ""

    def _begin(self, character: str) -> None:
        if character == "\n":
            self._put(character)
            self.at += 1
            return
        if character == ">" and self.line_start:
            if not self.quoting:
                self.quoting = True
                self._open("blockquote")
            self.at += 1
            return
        mark = next((mark for mark in V2_STARTS if self._starts(mark)), None)
        if mark is None:
            raise ValueError(
                f"Character '{character}' is reserved and must be escaped with the preceding '\\'"
            )
        self._open(V2_STARTS[mark])
        self.at += len(mark)
        if mark == "```":
            self.opened[-1].language, self.at = _code_block(self.source, self.at)

    def _open(self, kind: str) -> None:
        self.opened.append(_Open(kind, self.output.length, self.at, len(self.output.parts)))

    def _end(self) -> None:
        self.at += len(self._end_mark())
        entry = self.opened.pop()
        length = self.output.length - entry.offset
        entity: Json | None = {"type": entry.kind, "offset": entry.offset, "length": length}
        if entry.kind == "text_link":
            inside = "".join(self.output.parts[entry.part :])
            entity = link_entity(self._url() if self._starts("(") else inside, entry.offset, length)
        elif entry.kind == "custom_emoji" and entity is not None:
            entity["custom_emoji_id"] = self._emoji()
        elif entry.language and entity is not None:
            entity["language"] = entry.language
        if entity is not None and length > 0:
            self.entities.append(entity)

    def _url(self) -> str:
        """The address in parentheses at this place."""
        self.at += 1
        begin = self.at
        pieces: list[str] = []
        while self.at < len(self.source) and self.source[self.at] != ")":
            following = self.source[self.at + 1 : self.at + 2]
            if self.source[self.at] == "\\" and following and 0 < ord(following) <= 126:
                self.at += 1
            pieces.append(self.source[self.at])
            self.at += 1
        if self.at >= len(self.source):
            raise ValueError(f"Can't find end of a URL at byte offset {byte_offset(self.source, begin)}")
        self.at += 1
        return "".join(pieces)

    def _emoji(self) -> str:
        if not self._starts("("):
            raise ValueError("The entity must contain a tg://emoji or tg://time URL")
        number = self._url().removeprefix("tg://emoji?id=")
        if not number.isdigit():
            raise ValueError("Invalid tg://emoji or tg://time URL specified")
        return number

    def _ends_quote(self) -> bool:
        if not self.quoting or not self._starts("\n"):
            return False
        return not self.source.startswith(">", self.at + 1)

    def _end_quote(self) -> None:
        """A line break that no > follows ends the quotation and belongs to it."""
        kind = self._quote_kind()
        quote = self.opened.pop()
        self._put("\n")
        self.at += 1
        self.quoting = False
        self._add_quote(kind, quote)

    def _end_quote_at_end(self) -> None:
        kind = self._quote_kind()
        quote = self.opened.pop()
        self._add_quote(kind, quote)

    def _quote_kind(self) -> str:
        """|| at the very end of a quotation makes it expandable; anything else still open is an error."""
        entry = self.opened[-1]
        if entry.kind == "spoiler" and self.source[entry.place : self.at].rstrip("\r") == "||":
            self.opened.pop()
            if self.opened[-1].kind == "blockquote":
                return "expandable_blockquote"
        if self.opened[-1].kind != "blockquote":
            raise self._unclosed()
        return "blockquote"

    def _add_quote(self, kind: str, quote: _Open) -> None:
        length = self.output.length - quote.offset
        if length:
            self.entities.append({"type": kind, "offset": quote.offset, "length": length})

    def _unclosed(self) -> ValueError:
        entry = self.opened[-1]
        name = "PreCode" if entry.language else V2_NAMES[entry.kind]
        place = byte_offset(self.source, entry.place)
        return ValueError(f"Can't find end of {name} entity at byte offset {place}")
