"""Persistence: everything that changes is written to one SQLite file soon after, and read at the next start.

Each thing is one row (kind, id, body as JSON), replaced as a whole. What changes while one write is under way
goes with the next; a crash loses at most those two.
"""

import asyncio
import logging
import sqlite3
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import orjson

from bot.sandbox.chats import Chat, ChatKey, Topic
from bot.sandbox.files import File
from bot.sandbox.people import Bot, Scope, User
from bot.sandbox.stage import Poll, Stage
from bot.sandbox.updates import Pending, UpdateQueue
from bot.sandbox.world import Thing

Json = dict[str, Any]
Row = tuple[str, str, bytes]
log = logging.getLogger(__name__)

SCHEMA: Final = (
    "CREATE TABLE IF NOT EXISTS things"
    " (kind TEXT NOT NULL, id TEXT NOT NULL, body BLOB NOT NULL, PRIMARY KEY (kind, id))"
)
PUT: Final = "INSERT INTO things VALUES (?, ?, ?) ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body"
DROP: Final = "DELETE FROM things WHERE kind = ? AND id = ?"
# Things come back in the order in which they came to be, messages in that of their ids.
ALL: Final = "SELECT body FROM things WHERE kind = ? ORDER BY rowid"
MESSAGES: Final = "SELECT body FROM things WHERE kind = 'message' ORDER BY id"


class Store:
    """The file behind one stage."""

    def __init__(self, stage: Stage, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.stage = stage
        self.database = sqlite3.connect(folder / "sandbox.sqlite3", check_same_thread=False)
        self.database.execute("PRAGMA journal_mode=WAL")
        self.database.execute("PRAGMA synchronous=NORMAL")
        self.database.execute(SCHEMA)
        files = folder / "files"
        files.mkdir(exist_ok=True)
        stage.files.folder = files
        self._changed: dict[int, Thing] = {}
        self._messages: set[tuple[ChatKey, int]] = set()
        self._queues: dict[int, tuple[int, int]] = {}
        self._files = 0
        self._stirred = asyncio.Event()
        self._writing = asyncio.Lock()
        self._writer: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Read what is there, then follow every change."""
        restore(self.stage, self.database)
        self._files = self.stage.files.count = len(self.stage.files.by_id)
        self.stage.world.watchers.append(self._watch)
        self._writer = asyncio.create_task(self._write_forever())

    async def close(self) -> None:
        """Write the last changes and close the file."""
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)
        await self._flush()
        self.database.close()

    def _watch(self, thing: Thing, message_id: int) -> None:
        self._stirred.set()
        self._changed[id(thing)] = thing
        if isinstance(thing, Chat) and message_id:
            self._messages.add((thing.key, message_id))

    async def _write_forever(self) -> None:
        while True:
            await self._stirred.wait()
            self._stirred.clear()
            try:
                await asyncio.shield(self._flush())
            except (sqlite3.Error, OSError):
                log.exception(
                    "The sandbox could not write its data; these changes will be lost at a restart."
                )

    async def _flush(self) -> None:
        async with self._writing:
            rows, gone = self._collect()
            if rows or gone:
                await asyncio.to_thread(self._write, rows, gone)

    def _collect(self) -> tuple[list[Row], list[tuple[str, str]]]:
        """The rows of everything that changed, and the messages that are gone; forgets the changes."""
        for bot in self.stage.world.bots.values():
            mark = (bot.queue.next_id, bot.queue.delivered)
            if self._queues.get(bot.id) != mark:
                self._queues[bot.id] = mark
                self._changed[id(bot)] = bot
        rows = [_thing_row(thing) for thing in self._changed.values()]
        gone = []
        for key, message_id in self._messages:
            message = self.stage.world.chats[key].messages.get(message_id)
            if message is None:
                gone.append(("message", _message_key(key, message_id)))
                continue
            rows.append(("message", _message_key(key, message_id), orjson.dumps([*key, message])))
            if "poll" in message and message["poll"]["id"] in self.stage.polls:
                rows.append(_poll_row(self.stage.polls[message["poll"]["id"]]))
        files = list(self.stage.files.by_id.values())
        rows += [
            ("file", file.file_id, _dump({**asdict(file), "data": None})) for file in files[self._files :]
        ]
        self._files = len(files)
        self._changed.clear()
        self._messages.clear()
        return rows, gone

    def _write(self, rows: list[Row], gone: list[tuple[str, str]]) -> None:
        with self.database:
            self.database.executemany(PUT, rows)
            self.database.executemany(DROP, gone)


def restore(stage: Stage, database: sqlite3.Connection) -> None:
    """Put everything that a file holds onto an empty stage."""
    world = stage.world
    for body in _read(database, "user"):
        user = User(**{**body, "started": set(body["started"]), "blocked": set(body["blocked"])})
        world.users[user.id] = user
    for body in _read(database, "bot"):
        bot = _bot(body)
        world.bots[bot.id] = bot
    for body in _read(database, "chat"):
        topics = {topic["id"]: Topic(**topic) for topic in body.pop("topics")}
        members = {int(who): status for who, status in body.pop("members").items()}
        key = (body["key"][0], body["key"][1])
        world.chats[key] = Chat(**{**body, "key": key, "topics": topics, "members": members})
    for body in _read(database, "file"):
        stage.files.register(File(**body))
    for body in _read(database, "poll"):
        votes = {int(who): chosen for who, chosen in body.pop("votes").items()}
        place = (body["place"][0], body["place"][1])
        stage.polls[body["body"]["id"]] = Poll(**{**body, "place": place, "votes": votes})
    _restore_messages(stage, database)


def _restore_messages(stage: Stage, database: sqlite3.Connection) -> None:
    """Messages in the order of their ids; those beyond the cap leave the file too."""
    cap = stage.settings.history_cap
    for (body,) in database.execute(MESSAGES):
        bot_id, chat_id, message = orjson.loads(body)
        chat = stage.world.chats.get((bot_id, chat_id))
        if chat is not None:
            version = chat.version
            chat.keep(message, cap)
            chat.version = version
    kept = {
        _message_key(chat.key, message_id)
        for chat in stage.world.chats.values()
        for message_id in chat.messages
    }
    stored = [row[0] for row in database.execute("SELECT id FROM things WHERE kind = 'message'")]
    with database:
        database.executemany(DROP, [("message", name) for name in stored if name not in kept])


def _read(database: sqlite3.Connection, kind: str) -> list[Any]:
    return [orjson.loads(body) for (body,) in database.execute(ALL, (kind,))]


def _dump(value: Json) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)


def _message_key(key: ChatKey, message_id: int) -> str:
    """The row's id; message ids are padded, so that rows come in their order."""
    return f"{key[0]}/{key[1]}/{message_id:012d}"


def _thing_row(thing: Thing) -> Row:
    if isinstance(thing, User):
        body = {**asdict(thing), "started": sorted(thing.started), "blocked": sorted(thing.blocked)}
        return ("user", str(thing.id), _dump(body))
    if isinstance(thing, Bot):
        return ("bot", str(thing.id), _dump(_bot_body(thing)))
    body = {
        "key": thing.key,
        "id": thing.id,
        "type": thing.type,
        "title": thing.title,
        "forum": thing.forum,
        "members": thing.members,
        "topics": [asdict(topic) for topic in thing.topics.values()],
        "may_write": thing.may_write,
        "migrated_to": thing.migrated_to,
        "pinned": thing.pinned,
        "person": thing.person,
        "last_message_id": thing.last_message_id,
        "last_bot": thing.last_bot,
        "version": thing.version,
    }
    return ("chat", f"{thing.key[0]}/{thing.key[1]}", _dump(body))


def _poll_row(poll: Poll) -> Row:
    return ("poll", str(poll.body["id"]), _dump(asdict(poll)))


def _bot_body(bot: Bot) -> Json:
    return {
        "id": bot.id,
        "token": bot.token,
        "first_name": bot.first_name,
        "username": bot.username,
        "privacy": bot.privacy,
        "commands": [[asdict(scope), language, listed] for (scope, language), listed in bot.commands.items()],
        "texts": [[*key, text] for key, text in bot.texts.items()],
        "menu_buttons": bot.menu_buttons,
        "next_update": bot.queue.next_id,
        "allowed": sorted(bot.queue.allowed),
        "waiting": [[pending.lane, pending.time, pending.body] for pending in bot.queue.waiting.values()],
    }


def _bot(body: Json) -> Bot:
    queue = UpdateQueue(body.pop("next_update"))
    queue.allowed = frozenset(body.pop("allowed"))
    for lane, time, update in body.pop("waiting"):
        queue.waiting[update["update_id"]] = Pending(update["update_id"], lane, time, update)
    commands = {(Scope(**scope), language): listed for scope, language, listed in body.pop("commands")}
    texts = {(name, language): text for name, language, text in body.pop("texts")}
    buttons = {int(chat): button for chat, button in body.pop("menu_buttons").items()}
    return Bot(**body, queue=queue, commands=commands, texts=texts, menu_buttons=buttons)
