"""UTF-16 arithmetic and links: what every kind of formatting needs."""

import re
from typing import Any, Final
from urllib.parse import urlsplit

Json = dict[str, Any]
_HOST = re.compile(r"[A-Za-z0-9._~\-\u0080-\U0010ffff]+")
_TG_HOST = re.compile(r"[A-Za-z0-9_\-]+")
_USER_LINK = re.compile(r"tg:(?://)?user\?id=(\d{1,16})(?:&.*)?", re.IGNORECASE)
TG_SCHEMES: Final = frozenset({"tg", "ton", "tonsite"})


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, Telegram's measure of a text."""
    if text.isascii():
        return len(text)
    return len(text) + sum(character > "\uffff" for character in text)


def cut(text: str, most: int) -> list[str]:
    """A text in parts of at most `most` UTF-16 units; each ends with its last blank or line break, if any."""
    parts = []
    while (end := _fitting(text, most)) < len(text):
        blank = max(text.rfind("\n", 0, end), text.rfind(" ", 0, end))
        end = blank + 1 if blank > 0 else end
        parts.append(text[:end])
        text = text[end:]
    return [*parts, text]


def _fitting(text: str, most: int) -> int:
    """How many characters fit into `most` UTF-16 units."""
    units = 0
    for index, character in enumerate(text):
        units += 1 + (character > "\uffff")
        if units > most:
            return index
    return len(text)


def byte_offset(text: str, index: int) -> int:
    """Where a character stands in the UTF-8 form of a text, as parse errors name it."""
    return len(text[:index].encode("utf-8", "surrogatepass"))


def linked_user(url: str) -> int | None:
    """The user id of a tg://user?id=… link."""
    match = _USER_LINK.fullmatch(url.strip())
    return int(match[1]) if match else None


def checked_link(url: str) -> str:
    """A link in the form that Telegram stores.

    Raises ValueError, worded as the official server words it, for what Telegram does not link to. The
    rules are those of `LinkManager::check_link` in tdlib: http, https and tg links; an HTTP host needs a dot.
    """
    url = url.strip()
    scheme, colon, rest = url.partition(":")
    if colon and scheme.lower() in TG_SCHEMES:
        return _checked_tg_link(scheme.lower(), rest.removeprefix("//"))
    if "://" not in url:
        url = f"http://{url}"
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("Wrong HTTP URL") from None
    if parts.scheme not in ("http", "https"):
        raise ValueError("Unsupported URL protocol")
    host = (parts.hostname or "").lower()
    if not host:
        raise ValueError("URL host is empty")
    if "." not in host and ":" not in host:
        raise ValueError("Wrong HTTP URL")
    if any(character.isspace() for character in url) or not (_HOST.fullmatch(host) or ":" in host):
        raise ValueError("Wrong HTTP URL")
    place = f"[{host}]" if ":" in host else host
    place += f":{port}" if port is not None else ""
    tail = f"?{parts.query}" if parts.query else ""
    tail += f"#{parts.fragment}" if parts.fragment else ""
    return f"{parts.scheme}://{place}{parts.path or '/'}{tail}"


def _checked_tg_link(scheme: str, rest: str) -> str:
    host = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if not _TG_HOST.fullmatch(host) or any(character.isspace() for character in rest):
        raise ValueError("Wrong tg URL")
    return f"{scheme}://{rest}"


def link_entity(url: str, offset: int, length: int) -> Json | None:
    """The entity of a formatted link: a mention of a user, a text link, or nothing for a bad link."""
    user = linked_user(url)
    if user is not None:
        return {"type": "text_mention", "offset": offset, "length": length, "user": {"id": user}}
    try:
        checked = checked_link(url)
    except ValueError:
        return None
    return {"type": "text_link", "offset": offset, "length": length, "url": checked}
