"""Raw updates as the Bot API words them."""

from __future__ import annotations

import itertools
from typing import Any

Json = dict[str, Any]

USERNAME = "WaysideBot"
PERSON: Json = {"id": 5, "is_bot": False, "first_name": "Ann", "language_code": "en"}
ME: Json = {"id": 700_000_001, "is_bot": True, "first_name": "Wayside", "username": USERNAME}
PRIVATE: Json = {"id": 5, "type": "private", "first_name": "Ann"}
GROUP: Json = {"id": -100_500, "type": "supergroup", "title": "Riders"}
DATE = 1_778_653_200

_numbers = itertools.count(1)


def update(kind: str, body: Json) -> Json:
    """An update with a number of its own."""
    return {"update_id": next(_numbers), kind: body}


def said(text: str | None = None, /, **more: Any) -> Json:
    """Somebody sends a message to the bot; `more` adds or replaces fields of it, `kind` is the update's."""
    kind = more.pop("kind", "message")
    body: Json = {"message_id": 10, "date": DATE, "from": PERSON, "chat": PRIVATE}
    if text is not None:
        body["text"] = text
    if kind == "edited_message":
        body["edit_date"] = DATE + 1
    return update(kind, {**body, **more})


def tapped(data: str | None, **more: Any) -> Json:
    """Somebody taps a button under message 10 of the bot."""
    message = {"message_id": 10, "date": DATE, "from": ME, "chat": PRIVATE, "text": "?"}
    body: Json = {"id": "77", "from": PERSON, "chat_instance": "1", "message": message, **more}
    return update("callback_query", body if data is None else {**body, "data": data})


def moved(status: str, chat: Json = PRIVATE) -> Json:
    """The bot's own place in a chat changes; in a private chat `kicked` is a block."""
    was = {"user": ME, "status": "member"}
    now: Json = {"user": ME, "status": status}
    if status == "kicked":
        now["until_date"] = 0
    body = {"chat": chat, "from": PERSON, "date": DATE, "old_chat_member": was, "new_chat_member": now}
    return update("my_chat_member", body)


def photo(**more: Any) -> Json:
    """A picture in two sizes."""
    sizes = [
        {"file_id": name, "file_unique_id": name, "width": width, "height": width}
        for name, width in (("small", 90), ("large", 800))
    ]
    return said(photo=sizes, **more)
