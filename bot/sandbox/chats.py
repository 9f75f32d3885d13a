"""A chat and its messages, with a change counter that lets a page follow what happens."""

import re
from collections import deque
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
ChatKey = tuple[int, int]  # (bot, user) of a private chat, (0, chat) of a group


_INLINE_ID = re.compile(r"im_(\d{1,18})_(-?\d{1,18})_(\d{1,12})")


def inline_message_id(key: ChatKey, message_id: int) -> str:
    """The identifier by which a bot edits a message that was sent through it."""
    return f"im_{key[0]}_{key[1]}_{message_id}"


def inline_message_place(identifier: str) -> tuple[ChatKey, int] | None:
    """The chat and the message that such an identifier means."""
    match = _INLINE_ID.fullmatch(identifier)
    return ((int(match[1]), int(match[2])), int(match[3])) if match else None


@dataclass(slots=True)
class Topic:
    """A forum topic; its id is the id of the message that created it."""

    id: int
    name: str
    icon_color: int
    closed: bool = False


@dataclass(slots=True)
class Chat:
    """A private chat (of one bot with one user), a group or a supergroup."""

    key: ChatKey
    id: int
    type: str
    title: str = ""
    forum: bool = False
    members: dict[int, str] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    may_write: bool = True  # whether members may, as the group's permissions have it
    migrated_to: int | None = None
    pinned: list[int] = field(default_factory=list)
    person: Json = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    last_message_id: int = 0
    last_bot: int = 0
    action: tuple[str, float] = ("", 0.0)
    version: int = 0
    _changed: dict[int, int] = field(default_factory=dict)
    _deleted: deque[tuple[int, int]] = field(default_factory=lambda: deque(maxlen=1000))

    @property
    def private(self) -> bool:
        """Whether it is the chat of one person with one bot."""
        return self.type == "private"

    def card(self) -> Json:
        """The Bot API's Chat object."""
        if self.private:
            return {"id": self.id, "type": "private", **self.person}
        card: Json = {"id": self.id, "type": self.type, "title": self.title}
        if self.forum:
            card["is_forum"] = True
        return card

    def keep(self, message: Json, cap: int) -> None:
        """Add a message or replace it after an edit; beyond `cap` the oldest ones are forgotten."""
        message_id = message["message_id"]
        self.version += 1
        self.messages[message_id] = message
        self._changed[message_id] = self.version
        self.last_message_id = max(self.last_message_id, message_id)
        if len(self.messages) > cap:
            oldest = next(iter(self.messages))
            del self.messages[oldest]
            self._changed.pop(oldest, None)

    def drop(self, message_id: int) -> None:
        """Delete a message."""
        if self.messages.pop(message_id, None) is None:
            return
        self._changed.pop(message_id, None)
        self.version += 1
        self._deleted.append((self.version, message_id))

    def since(self, after: int, changed: int | None) -> list[Json]:
        """Messages with an id above `after`, and those that changed after the version `changed`."""
        return [
            message
            for message_id, message in self.messages.items()
            if message_id > after or (changed is not None and self._changed.get(message_id, 0) > changed)
        ]

    def deleted_since(self, changed: int) -> list[int]:
        """Ids of messages deleted after the version `changed`."""
        return [message_id for version, message_id in self._deleted if version > changed]
