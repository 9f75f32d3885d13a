"""From what somebody sends to what a message holds: plain text and entities, in UTF-16 units.

Formatting is parsed, entity lists are checked, control characters and outer blanks go, and links, commands,
mentions, hashtags and addresses are found, as Telegram does it (tdlib, `fix_formatted_text`).
"""

import re
from typing import Any, Final

from bot import limits
from bot.sandbox.errors import bad_request
from bot.sandbox.html import HtmlParser
from bot.sandbox.markdown import MarkdownV2Parser, parse_legacy
from bot.sandbox.spans import checked_link, utf16_length

Json = dict[str, Any]

STYLED: Final = frozenset(
    {
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "custom_emoji",
        "blockquote",
        "expandable_blockquote",
    }
)
# A bot may list these too; Telegram finds them by itself and ignores the list.
FOUND: Final = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"}
)
OPAQUE: Final = frozenset({"code", "pre", "text_link", "text_mention"})

_CONTROL = str.maketrans(
    {**dict.fromkeys(range(32), " "), 10: "\n", 13: "", **dict.fromkeys(range(0x2028, 0x202F))}
)
_UNCLEAN = re.compile("[\x00-\x09\x0b-\x1f\u2028-\u202e]")
_HINT = re.compile(r"[/@#:.]")
_TOP_LEVEL = (
    r"(?:com|org|net|edu|gov|info|io|app|dev|me|cn|eu|de|fr|uk|us|ru|tv|cc|co|xyz|site|online|top|vip)"
)
_FIND = re.compile(
    r"(?P<email>\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+\b)"
    r"|(?P<url>(?<![A-Za-z0-9_])https?://[^\s<>\"，。！？；：、（）《》“”]+"
    rf"|(?<![A-Za-z0-9_@.])(?:[a-z0-9-]+\.)+{_TOP_LEVEL}\b(?:/[^\s<>\"，。！？；：、（）《》“”]*)?)"
    r"|(?P<bot_command>(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>]))"
    r"|(?P<mention>(?<![\w@])@[a-zA-Z0-9_]{3,32}\b)"
    r"|(?P<hashtag>(?<![\w#])#(?=\w*[^\W\d])\w{1,256})",
    re.IGNORECASE,
)


def parse(text: str, parse_mode: str, listed: object) -> tuple[str, list[Json]]:
    """The plain text of a bot's message and its entities.

    `parse_mode` is HTML, Markdown, MarkdownV2 or empty; `listed` is the call's entities parameter, used when
    there is no mode. Raises ApiError 400 as the official server words it.
    """
    if len(text.encode("utf-8", "surrogatepass")) > limits.TEXT_BYTES_BEFORE_PARSING:
        raise bad_request("text is too long")
    mode = parse_mode.lower()
    if mode in ("", "none"):
        plain, entities = text, _checked(text, listed)
    else:
        plain, entities = _parsed(text, mode)
    return tidy(plain, entities)


def tidy(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Clean a text, cut outer blanks, and add what Telegram finds by itself."""
    text, entities = _cleaned(text, entities)
    text, entities = _trimmed(text, entities)
    found = find(text) if _HINT.search(text) else []
    if found:
        opaque = [entity for entity in entities if entity["type"] in OPAQUE]
        entities = entities + [entity for entity in found if not _overlaps(entity, opaque)]
    if len(entities) > 1:
        entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
    return text, entities[: limits.MESSAGE_ENTITIES]


def find(text: str) -> list[Json]:
    """Commands, mentions, links, addresses and hashtags in a plain text."""
    entities = []
    for match in _FIND.finditer(text):
        kind = match.lastgroup or ""
        word = match[0].rstrip(".,:;!?)'") if kind == "url" else match[0]
        if kind == "url" and not _is_link(word):
            continue
        offset = utf16_length(text[: match.start()])
        entities.append({"type": kind, "offset": offset, "length": utf16_length(word)})
    return entities


def _parsed(text: str, mode: str) -> tuple[str, list[Json]]:
    try:
        match mode:
            case "html":
                return HtmlParser(text).parse()
            case "markdown":
                return parse_legacy(text)
            case "markdownv2":
                return MarkdownV2Parser(text).parse()
    except ValueError as error:
        raise bad_request(f"can't parse entities: {error}") from None
    raise bad_request("unsupported parse_mode")


def _checked(text: str, listed: object) -> list[Json]:
    """The entities a bot lists itself; each must lie inside the text and start and end between characters."""
    if listed is None or not isinstance(listed, list):
        return []
    entities = [_checked_one(entity) for entity in listed]
    if not entities:
        return []
    borders = _borders(text)
    kept = []
    for entity in entities:
        offset, end = entity["offset"], entity["offset"] + entity["length"]
        if offset > borders[-1]:
            raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
        if end > borders[-1]:
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text "
                f"at UTF-16 offset {end}"
            )
        if offset not in borders or end not in borders:
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol"
            )
        if entity["type"] in STYLED and entity["length"] > 0:
            kept.append(entity)
    return kept


def _borders(text: str) -> range | list[int]:
    """UTF-16 offsets between characters."""
    if text.isascii():
        return range(len(text) + 1)
    borders = [0]
    for character in text:
        borders.append(borders[-1] + 1 + (character > "\uffff"))
    return borders


def _checked_one(value: object) -> Json:
    if not isinstance(value, dict):
        raise _entity_error("expected an Object")
    for name in ("offset", "length"):
        if name not in value:
            raise _entity_error(f'Can\'t find field "{name}"')
        if isinstance(value[name], bool) or not isinstance(value[name], int):
            raise _entity_error(f'Field "{name}" must be of type Number')
    kind = value.get("type")
    if kind is None:
        raise _entity_error("Type is not specified")
    if not isinstance(kind, str) or kind not in STYLED | FOUND:
        raise _entity_error("Unsupported type specified")
    offset, length = value["offset"], value["length"]
    if offset < 0 or length < 0:
        raise bad_request(
            f"receive an entity with incorrect {'offset' if offset < 0 else 'length'} {min(offset, length)}"
        )
    return {"type": kind, "offset": offset, "length": length, **_detail(kind, value)}


def _detail(kind: str, value: Json) -> Json:
    """The one further field that some kinds of entity need."""
    match kind:
        case "text_link":
            try:
                return {"url": checked_link(_string(value, "url"))}
            except ValueError as error:
                raise bad_request(f"entity URL '{value['url']}' is invalid: {error}") from None
        case "custom_emoji":
            return {"custom_emoji_id": _string(value, "custom_emoji_id")}
        case "pre" if "language" in value:
            return {"language": _string(value, "language")}
        case "text_mention":
            user = value.get("user")
            if not isinstance(user, dict) or not isinstance(user.get("id"), int):
                raise _entity_error('Can\'t find field "user"')
            return {"user": {"id": user["id"]}}
    return {}


def _string(value: Json, name: str) -> str:
    if not isinstance(value.get(name), str):
        raise _entity_error(f'Field "{name}" must be of type String')
    return str(value[name])


def _entity_error(reason: str) -> Exception:
    return bad_request(f"can't parse MessageEntity: {reason}")


def _cleaned(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Control characters become blanks; carriage returns and direction overrides go."""
    if not _UNCLEAN.search(text):
        return text, entities
    clean = text.translate(_CONTROL)
    if len(clean) == len(text) or not entities:
        return clean, entities
    gone = [utf16_length(text[: at.start()]) for at in re.finditer("[\r\u2028-\u202e]", text)]
    moved = []
    for entity in entities:
        offset, end = entity["offset"], entity["offset"] + entity["length"]
        start = offset - sum(place < offset for place in gone)
        length = end - sum(place < end for place in gone) - start
        if length > 0:
            moved.append({**entity, "offset": start, "length": length})
    return clean, moved


def _trimmed(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Cut blanks at both ends and what entities lose by it."""
    bare = text.strip(" \n")
    if len(bare) == len(text):
        return text, entities
    lead = len(text) - len(text.lstrip(" \n"))
    size = utf16_length(bare)
    kept = []
    for entity in entities:
        start = max(entity["offset"] - lead, 0)
        end = min(entity["offset"] + entity["length"] - lead, size)
        if end > start:
            kept.append({**entity, "offset": start, "length": end - start})
    return bare, kept


def _is_link(word: str) -> bool:
    try:
        checked_link(word)
    except ValueError:
        return False
    return True


def _overlaps(entity: Json, others: list[Json]) -> bool:
    end = entity["offset"] + entity["length"]
    return any(
        other["offset"] < end and entity["offset"] < other["offset"] + other["length"] for other in others
    )
