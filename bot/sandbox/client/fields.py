"""Typed readings of what a /client call sent; each error says in plain words what to send instead."""

import math
from dataclasses import dataclass
from typing import Any

import orjson

from bot.sandbox.arguments import Arguments
from bot.sandbox.chats import Chat
from bot.sandbox.errors import ClientError
from bot.sandbox.people import IN_CHAT, Bot, User
from bot.sandbox.stage import Stage

Json = dict[str, Any]
LONGEST_NAME = 256
LARGEST_NUMBER = 1 << 53  # beyond it JSON readers disagree


@dataclass(slots=True)
class Fields:
    """The fields of one call and the stage they speak of."""

    stage: Stage
    args: Arguments

    def has(self, name: str) -> bool:
        """Whether a field was sent with anything in it."""
        return self.args.values.get(name) not in (None, "")

    def value(self, name: str) -> Any:
        """A field as it came; None where it is missing."""
        return self.args.values.get(name)

    def number(self, name: str, default: int | None = None) -> int:
        """A whole number, also written as a string (forms know nothing else)."""
        value = self.args.values.get(name)
        if value in (None, "") and default is not None:
            return default
        if isinstance(value, str) and value.removeprefix("-").isdecimal() and len(value) < 20:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_NUMBER:
            raise ClientError(f'"{name}" must be a whole number')
        return value

    def real(self, source: Json, name: str, low: float, high: float) -> float:
        """A number between two bounds, out of an object."""
        value = source.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ClientError(f'"{name}" must be a number')
        if not low <= value <= high:
            raise ClientError(f'"{name}" must lie between {low:g} and {high:g}')
        return float(value)

    def text(self, name: str, default: str = "", longest: int = LONGEST_NAME) -> str:
        """A string of limited length."""
        value = self.args.values.get(name)
        if value is None:
            return default
        if not isinstance(value, str):
            raise ClientError(f'"{name}" must be a string')
        if len(value) > longest:
            raise ClientError(f'"{name}" must not be longer than {longest} characters')
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """A truth value; forms write it as true or false."""
        value = self.args.values.get(name)
        if value in (None, ""):
            return default
        if value in ("true", "false"):
            return bool(value == "true")
        if not isinstance(value, bool):
            raise ClientError(f'"{name}" must be true or false')
        return value

    def structure(self, name: str) -> Any:
        """An object or a list; forms carry it as JSON."""
        value = self.args.values.get(name)
        if not isinstance(value, str):
            return value
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            raise ClientError(f'"{name}" is not valid JSON') from None

    def mapping(self, name: str) -> Json:
        """An object."""
        value = self.structure(name)
        if not isinstance(value, dict):
            raise ClientError(f'"{name}" must be an object')
        return value

    def numbers(self, name: str) -> list[int]:
        """A list of whole numbers; empty where it is missing."""
        value = self.structure(name)
        if value is None:
            return []
        if not isinstance(value, list) or any(
            isinstance(item, bool) or not isinstance(item, int) or abs(item) > LARGEST_NUMBER
            for item in value
        ):
            raise ClientError(f'"{name}" must be a list of whole numbers')
        return value

    # Who and where.

    def user(self, name: str = "from") -> User:
        """The person a field names."""
        user = self.stage.world.users.get(self.number(name))
        if user is None:
            raise ClientError(f'there is no user "{name}" {self.number(name)}; POST /client/users makes one')
        return user

    def bot(self, name: str = "bot") -> Bot:
        """The bot a field names by its id; the first one where the field is missing."""
        bots = self.stage.world.bots
        if not self.has(name):
            if not bots:
                raise ClientError("no bot has called yet; start one with this server as its Bot API")
            return next(iter(bots.values()))
        bot = bots.get(self.number(name))
        if bot is None:
            raise ClientError(f"there is no bot {self.number(name)}")
        return bot

    def chat(self, user: User, name: str = "chat") -> Chat:
        """The chat a field names: the person's own id (or a bot's) is their private chat with the bot."""
        world = self.stage.world
        chat_id = self.number(name, user.id)
        if chat_id in world.bots:
            return world.private_chat(world.bots[chat_id], user)
        if chat_id == user.id:
            return world.private_chat(self.bot(), user)
        chat = world.group(chat_id)
        if chat is None:
            raise ClientError(f"there is no chat {chat_id}")
        if chat.migrated_to is not None:
            raise ClientError(f"group {chat_id} became supergroup {chat.migrated_to}; use that id")
        if chat.members.get(user.id) not in IN_CHAT:
            raise ClientError(f"user {user.id} is not in chat {chat_id}")
        return chat

    def any_chat(self, chat_id: int) -> Chat | None:
        """The chat with this id for an onlooker; None for the private chat of somebody who never wrote."""
        world = self.stage.world
        if chat_id < 0:
            chat = world.group(chat_id)
            if chat is None:
                raise ClientError(f"there is no chat {chat_id}")
            return chat
        if chat_id not in world.users:
            raise ClientError(f"there is no chat {chat_id}")
        return world.chats.get((self.bot().id, chat_id)) if world.bots else None
