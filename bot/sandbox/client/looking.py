"""What the page reads: the state, the messages of a chat, who is typing, files, figures."""

import asyncio
from typing import Any, Final

import orjson
from aiohttp import web

from bot.sandbox.chats import Chat
from bot.sandbox.client.fields import Fields
from bot.sandbox.errors import ClientError
from bot.sandbox.people import Bot, Scope
from bot.sandbox.stage import Stage

Json = dict[str, Any]
ACTION_SECONDS: Final = 5  # Bot API, sendChatAction: the status is set for 5 seconds or less
LONGEST_WAIT: Final = 60


def state(stage: Stage) -> Json:
    """Users, chats and bots as they are now."""
    world = stage.world
    users = [
        {
            **user.profile(),
            "blocked": bool(user.blocked),
            "blocked_bots": sorted(user.blocked),
            "started": bool(user.started),
            "deactivated": user.deactivated,
        }
        for user in world.users.values()
    ]
    chats = [_chat(stage, chat) for chat in world.chats.values()]
    return {"users": users, "chats": chats, "bots": [_bot(bot) for bot in world.bots.values()]}


def _chat(stage: Stage, chat: Chat) -> Json:
    members = [{"user": stage.world.profile(who), "status": status} for who, status in chat.members.items()]
    topics = [
        {
            "message_thread_id": topic.id,
            "name": topic.name,
            "icon_color": topic.icon_color,
            "closed": topic.closed,
        }
        for topic in chat.topics.values()
    ]
    card = {
        **chat.card(),
        "members": members,
        "last_message_id": chat.last_message_id,
        "changes": chat.version,
    }
    if chat.private:
        card["bot"] = chat.key[0]
    if topics:
        card["topics"] = topics
    if chat.pinned:
        card["pinned"] = chat.pinned
    if chat.migrated_to is not None:
        card["migrated_to"] = chat.migrated_to
    return card


def _bot(bot: Bot) -> Json:
    """A bot with its command lists, [{scope, language_code, commands}], and its menu buttons."""
    commands = [
        {"scope": _scope(scope), "language_code": language, "commands": listed}
        for (scope, language), listed in bot.commands.items()
    ]
    return {
        **bot.profile(),
        "commands": commands,
        "menu_buttons": {str(k): v for k, v in bot.menu_buttons.items()},
    }


def _scope(scope: Scope) -> Json:
    shown: Json = {"type": scope.type}
    if scope.chat:
        shown["chat_id"] = scope.chat
    if scope.user:
        shown["user_id"] = scope.user
    return shown


async def messages(fields: Fields, chat_id: int) -> web.Response:
    """Messages above `after`, and those changed since the version `changed`.

    Waits up to `wait` seconds for one. The header X-Changes holds the chat's version, X-Deleted the ids
    deleted since `changed`.
    """
    after = fields.number("after", 0)
    changed = fields.number("changed") if fields.has("changed") else None
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _seconds(fields)
    chat = fields.any_chat(chat_id)
    start = chat.version if chat is not None else 0
    while not _news(chat, after, changed, start):
        left = deadline - loop.time()
        if left <= 0 or not await fields.stage.bells.wait(_key(fields, chat_id), left):
            break
        chat = fields.any_chat(chat_id)
    return _answer(chat, after, changed, start)


def _news(chat: Chat | None, after: int, changed: int | None, start: int) -> bool:
    if chat is None:
        return False
    if chat.version > (start if changed is None else changed):
        return True
    return next(reversed(chat.messages), 0) > after


def _key(fields: Fields, chat_id: int) -> tuple[int, int]:
    if chat_id < 0:
        return (0, chat_id)
    return (fields.bot().id if fields.stage.world.bots else -1, chat_id)


def _answer(chat: Chat | None, after: int, changed: int | None, start: int) -> web.Response:
    if chat is None:
        return web.json_response([], headers={"X-Changes": "0", "X-Deleted": ""})
    since = start if changed is None else changed
    deleted = ",".join(str(message_id) for message_id in chat.deleted_since(since))
    headers = {"X-Changes": str(chat.version), "X-Deleted": deleted}
    return web.json_response(chat.since(after, since), headers=headers, dumps=_dumps)


def _seconds(fields: Fields) -> float:
    value = fields.text("wait", "0")
    try:
        seconds = float(value)
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= LONGEST_WAIT:
        raise ClientError(f'"wait" must be a number of seconds from 0 to {LONGEST_WAIT}')
    return seconds


def action(fields: Fields, chat_id: int) -> Json:
    """What the bot is doing in a chat right now."""
    chat = fields.any_chat(chat_id)
    if chat is None:
        return {"action": None}
    name, since = chat.action
    return {"action": name if name and fields.stage.now() - since < ACTION_SECONDS else None}


def statistics(stage: Stage) -> Json:
    """Calls by method, floods refused, updates delivered and waiting, messages by chat."""
    bots = stage.world.bots.values()
    return {
        "calls": dict(stage.calls),
        "floods_refused": stage.floods.refused,
        "updates_delivered": sum(bot.queue.delivered for bot in bots),
        "updates_waiting": sum(len(bot.queue.waiting) for bot in bots),
        "messages": {str(chat.id): chat.last_message_id for chat in stage.world.chats.values()},
    }


def _dumps(value: Any) -> str:
    return orjson.dumps(value).decode()
