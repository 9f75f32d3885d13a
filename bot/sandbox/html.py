"""parse_mode HTML, by the rules and with the error texts of tdlib's `parse_html`."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from bot.sandbox.spans import byte_offset, link_entity, utf16_length

Json = dict[str, Any]

STYLES: Final = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
TAGS: Final = STYLES.keys() | {"a", "pre", "code", "blockquote", "tg-emoji"}
NAMED: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
MAX_CODE_POINT: Final = 0x10FFFF
MAX_REFERENCE: Final = 9  # characters of a numeric reference

_TEXT = re.compile(r"[^<&]+")
_WORD = re.compile(r"[^\s>]*")
_SPACE = re.compile(r"\s*")
_ATTRIBUTE = re.compile(r"[^\s=>/\"']+")
_TOKEN = re.compile(r"[A-Za-z0-9.\-]*")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([A-Za-z]*));?")


@dataclass(slots=True)
class _Tag:
    name: str
    argument: str
    offset: int
    start: int


@dataclass(slots=True)
class HtmlParser:
    """One text on its way from tags to entities."""

    source: str
    at: int = 0
    parts: list[str] = field(default_factory=list)
    length: int = 0
    opened: list[_Tag] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def parse(self) -> tuple[str, list[Json]]:
        """The plain text and its entities. Raises ValueError with the official server's words."""
        while self.at < len(self.source):
            character = self.source[self.at]
            if character == "<":
                self._tag()
            elif character == "&":
                self._put(self._reference())
            else:
                run = _TEXT.match(self.source, self.at)
                assert run is not None  # noqa: S101 - neither < nor &
                self.at = run.end()
                self._put(run[0])
        if self.opened:
            raise ValueError(f'Can\'t find end tag corresponding to start tag "{self.opened[-1].name}"')
        for entity in self.entities:
            if entity["type"] == "code":
                entity.pop("language", None)
        return "".join(self.parts), self.entities

    def _put(self, text: str) -> None:
        self.parts.append(text)
        self.length += utf16_length(text)

    def _reference(self) -> str:
        """The character that a reference at the current place means; a bare & means itself."""
        match = _REFERENCE.match(self.source, self.at)
        if match is None:
            self.at += 1
            return "&"
        character = _referenced(match)
        self.at = match.end() if character else self.at + 1
        return character or "&"

    def _tag(self) -> None:
        begin = self.at
        self.at += 1
        if self.source.startswith("/", self.at):
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    def _word(self) -> str:
        match = _WORD.match(self.source, self.at)
        assert match is not None  # noqa: S101 - the pattern matches the empty string
        self.at = match.end()
        return match[0]

    def _skip_space(self) -> None:
        match = _SPACE.match(self.source, self.at)
        self.at = match.end() if match else self.at

    def _peek(self) -> str:
        return self.source[self.at : self.at + 1]

    def _fail(self, what: str, begin: int) -> ValueError:
        return ValueError(f"{what} at byte offset {byte_offset(self.source, begin)}")

    def _start_tag(self, begin: int) -> None:
        name = self._word().lower()
        if not self._peek():
            raise self._fail("Unclosed start tag", begin)
        if name not in TAGS:
            raise self._fail(f'Unsupported start tag "{name}"', begin)
        argument = ""
        while self._peek() != ">":
            self._skip_space()
            if self._peek() == ">":
                break
            argument = self._attribute(name, begin) or argument
        self.at += 1
        if name == "span" and argument != "spoiler":
            raise self._fail('Tag "span" must have class "tg-spoiler"', begin)
        self.opened.append(_Tag(name, argument, self.length, len(self.parts)))

    def _attribute(self, tag: str, begin: int) -> str:
        """Read one attribute; gives the argument it means for the tag, "" if none."""
        match = _ATTRIBUTE.match(self.source, self.at)
        if match is None:
            raise self._fail(f'Empty attribute name in the tag "{tag}"', begin)
        self.at = match.end()
        self._skip_space()
        if self._peek() == "=":
            self.at += 1
            self._skip_space()
            value = self._value(tag, begin)
        elif self._peek():
            value = ""
        else:
            raise self._fail(f'Unclosed start tag "{tag}"', begin)
        return _argument(tag, match[0], value)

    def _value(self, tag: str, begin: int) -> str:
        quote = self._peek()
        if not quote:
            raise self._fail(f'Unclosed start tag "{tag}"', begin)
        if quote not in "'\"":
            return self._bare_value(begin)
        self.at += 1
        pieces: list[str] = []
        while self._peek() not in ("", quote):
            if self._peek() == "&":
                pieces.append(self._reference())
                continue
            pieces.append(self._peek())
            self.at += 1
        self.at += 1
        if not self._peek():
            raise self._fail("Unclosed start tag", begin)
        return "".join(pieces)

    def _bare_value(self, begin: int) -> str:
        start = self.at
        match = _TOKEN.match(self.source, start)
        self.at = match.end() if match else start
        if not self._peek():
            raise self._fail("Unclosed start tag", begin)
        if not (self._peek().isspace() or self._peek() == ">"):
            raise self._fail("Unexpected end of name token", start)
        return self.source[start : self.at].lower()

    def _end_tag(self, begin: int) -> None:
        if not self.opened:
            raise self._fail("Unexpected end tag", begin)
        self.at += 1
        name = self._word().lower()
        self._skip_space()
        if self._peek() != ">":
            raise self._fail("Unclosed end tag", begin)
        tag = self.opened[-1]
        if name and name != tag.name:
            place = byte_offset(self.source, begin)
            raise ValueError(
                f'Unmatched end tag at byte offset {place}, expected "</{tag.name}>", found "</{name}>"'
            )
        self.at += 1
        self.opened.pop()
        if self.length > tag.offset:
            self._close(tag)

    def _close(self, tag: _Tag) -> None:
        entity: Json = {
            "type": STYLES.get(tag.name, tag.name),
            "offset": tag.offset,
            "length": self.length - tag.offset,
        }
        if tag.name == "a":
            link = link_entity(tag.argument or "".join(self.parts[tag.start :]), tag.offset, entity["length"])
            if link is not None:
                self.entities.append(link)
            return
        if tag.name in ("pre", "code") and self._merge_code(tag, entity):
            return
        if tag.name == "tg-emoji":
            if not tag.argument.isdigit() or int(tag.argument) == 0:
                raise ValueError("Invalid custom emoji identifier specified")
            entity.update(type="custom_emoji", custom_emoji_id=tag.argument)
        elif tag.name == "blockquote" and tag.argument:
            entity["type"] = "expandable_blockquote"
        elif tag.name == "code" and tag.argument:
            entity["language"] = tag.argument
        self.entities.append(entity)

    def _merge_code(self, tag: _Tag, entity: Json) -> bool:
        """<pre><code class="language-x"> is one entity: a pre with a language."""
        last = self.entities[-1] if self.entities else {}
        if (last.get("offset"), last.get("length")) != (entity["offset"], entity["length"]):
            return False
        if tag.name == "pre" and last["type"] == "code" and "language" in last:
            last["type"] = "pre"
            return True
        if tag.name == "code" and last["type"] == "pre" and tag.argument:
            last["language"] = tag.argument
            return True
        return False


def _argument(tag: str, name: str, value: str) -> str:
    match tag, name:
        case ("a", "href") | ("tg-emoji", "emoji-id"):
            return value
        case "code", "class" if value.startswith("language-"):
            return value.removeprefix("language-")
        case "span", "class" if value.startswith("tg-"):
            return value.removeprefix("tg-")
        case "blockquote", "expandable":
            return "1"
        case _:
            return ""


def _referenced(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name is not None:
        return NAMED.get(name, "")
    digits, base = (hexadecimal, 16) if hexadecimal is not None else (decimal, 10)
    if not digits or len(match[0].removesuffix(";")) > MAX_REFERENCE:
        return ""
    code = int(digits, base)
    if code == 0 or code >= MAX_CODE_POINT:
        return ""
    if 0xD800 <= code <= 0xDFFF:
        raise ValueError(
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched "
            "surrogate code units"
        )
    return chr(code)
