"""The state of the sandbox: who there is, which chats, what was said. No sockets; the clock is passed in."""

import random
from collections.abc import Callable
from typing import Any, Final

from bot.sandbox.chats import Chat, ChatKey
from bot.sandbox.people import ADMINS, IN_CHAT, Bot, User, member_entry
from bot.sandbox.privacy import sees
from bot.sandbox.settings import HISTORY_CAP, Clock
from bot.sandbox.updates import UpdateQueue

Json = dict[str, Any]
Thing = Chat | User | Bot
Watcher = Callable[[Thing, int], None]

FIRST_USER_ID: Final = 1001
FIRST_GROUP_ID: Final = 4001
SUPERGROUP_OFFSET: Final = -1_000_000_000_000  # https://core.telegram.org/api/bots/ids
EPOCH: Final = 1_700_000_000  # update ids are 32-bit: counted from here they last until 2030
UPDATES_PER_SECOND: Final = 10  # more than a sandbox sees on average
MAX_USER_ID: Final = 1 << 52  # Bot API, User.id: at most 52 significant bits


class World:
    """Users, bots and chats, and the updates that what happens there causes.

    Watchers hear of everything that changed, as (thing, message id or 0).
    """

    def __init__(self, clock: Clock, chance: random.Random, history_cap: int = HISTORY_CAP) -> None:
        self.clock = clock
        self.chance = chance
        self.history_cap = history_cap
        self.users: dict[int, User] = {}
        self.bots: dict[int, Bot] = {}
        self.chats: dict[ChatKey, Chat] = {}
        self.watchers: list[Watcher] = []

    def touch(self, thing: Thing, message_id: int = 0) -> None:
        """Tell the watchers that something changed."""
        for watcher in self.watchers:
            watcher(thing, message_id)

    # Who there is.

    def add_bot(self, bot_id: int, token: str) -> Bot:
        """Register a bot. Its update ids start where no earlier run of the sandbox has been."""
        queue = UpdateQueue(max(1, int((self.clock() - EPOCH) * UPDATES_PER_SECOND)))
        name = "wayside_bot" if not self.bots else f"wayside_{bot_id}_bot"
        bot = Bot(bot_id, token, "Wayside", name, queue)
        self.bots[bot_id] = bot
        self.touch(bot)
        return bot

    def add_user(self, user: User) -> None:
        """Add a person, or replace what is known of them."""
        self.users[user.id] = user
        for bot_id in self.bots:
            chat = self.chats.get((bot_id, user.id))
            if chat is not None:
                chat.person = _names(user)
        self.touch(user)

    def next_user_id(self) -> int:
        """An id that nobody has yet."""
        return max([FIRST_USER_ID - 1, *self.users]) + 1

    def profile(self, who: int) -> Json:
        """The User object of a person or a bot. Raises KeyError for strangers."""
        user = self.users.get(who)
        return user.profile() if user is not None else self.bots[who].profile()

    # Chats.

    def private_chat(self, bot: Bot, user: User) -> Chat:
        """The chat of one person with one bot, made at its first use."""
        key = (bot.id, user.id)
        chat = self.chats.get(key)
        if chat is None:
            members = {user.id: "member", bot.id: "member"}
            chat = Chat(key, user.id, "private", person=_names(user), members=members)
            self.chats[key] = chat
            self.touch(chat)
        return chat

    def add_group(self, chat_id: int | None, kind: str, title: str, forum: bool) -> Chat:
        """A new group or supergroup; without an id it gets a fresh one."""
        if chat_id is None:
            taken = [-group for bot, group in self.chats if bot == 0 and group > SUPERGROUP_OFFSET]
            taken += [
                SUPERGROUP_OFFSET - group
                for bot, group in self.chats
                if bot == 0 and group < SUPERGROUP_OFFSET
            ]
            number = max([FIRST_GROUP_ID - 1, *taken]) + 1
            chat_id = SUPERGROUP_OFFSET - number if kind == "supergroup" else -number
        chat = Chat((0, chat_id), chat_id, kind, title=title, forum=forum)
        self.chats[chat.key] = chat
        self.touch(chat)
        return chat

    def group(self, chat_id: int) -> Chat | None:
        """The group or supergroup with this id."""
        return self.chats.get((0, chat_id))

    # What is said.

    def post(self, chat: Chat, sender: Json, content: Json) -> Json:
        """Put a message into a chat and give it back, in the Bot API's shape."""
        message: Json = {
            "message_id": chat.last_message_id + 1,
            "from": sender,
            "chat": chat.card(),
            "date": int(self.clock()),
            **content,
        }
        if sender["is_bot"]:
            chat.last_bot = sender["id"]
            chat.action = ("", 0.0)
        chat.keep(message, self.history_cap)
        self.touch(chat, message["message_id"])
        return message

    def replace(self, chat: Chat, message: Json) -> None:
        """Put an edited message in the place of the old one."""
        chat.keep(message, self.history_cap)
        self.touch(chat, message["message_id"])

    def delete(self, chat: Chat, message_id: int) -> None:
        """Take a message out of a chat."""
        chat.drop(message_id)
        self.touch(chat, message_id)

    def announce(self, chat: Chat, message: Json, kind: str = "message") -> None:
        """Queue a person's message, an edit of it or a service message for every bot that may see it."""
        present = self._bots_in(chat)
        for bot_id in present:
            bot = self.bots[bot_id]
            if chat.private or sees(bot, chat, message, alone=len(present) == 1):
                self.update(bot, kind, message, chat.id)

    def update(self, bot: Bot, kind: str, body: Json, lane: int) -> None:
        """Queue one update for one bot; `lane` is the chat or person whose updates stay in order."""
        bot.queue.put(kind, body, lane, self.clock())

    def _bots_in(self, chat: Chat) -> list[int]:
        return [who for who, status in chat.members.items() if who in self.bots and status in IN_CHAT]

    # Who is where.

    def set_status(self, chat: Chat, who: int, status: str, by: Json) -> None:
        """Change somebody's status in a chat; bots hear of it as my_chat_member and chat_member."""
        old = chat.members.get(who, "left")
        if old == status:
            return
        chat.members[who] = status
        self.touch(chat)
        profile = self.profile(who)
        change: Json = {
            "chat": chat.card(),
            "from": by,
            "date": int(self.clock()),
            "old_chat_member": member_entry(profile, old),
            "new_chat_member": member_entry(profile, status),
        }
        if who in self.bots:
            self.update(self.bots[who], "my_chat_member", change, chat.id)
        for bot_id in self._bots_in(chat):
            if bot_id != who and chat.members[bot_id] in ADMINS:
                self.update(self.bots[bot_id], "chat_member", change, chat.id)

    def set_blocked(self, bot: Bot, user: User, blocked: bool) -> None:
        """A person blocks a bot or lets it in again."""
        if (bot.id in user.blocked) == blocked:
            return
        (user.blocked.add if blocked else user.blocked.discard)(bot.id)
        self.touch(user)
        chat = self.private_chat(bot, user)
        old, new = ("member", "kicked") if blocked else ("kicked", "member")
        change: Json = {
            "chat": chat.card(),
            "from": user.profile(),
            "date": int(self.clock()),
            "old_chat_member": member_entry(bot.profile(), old),
            "new_chat_member": member_entry(bot.profile(), new),
        }
        self.update(bot, "my_chat_member", change, chat.id)

    def upgrade(self, group: Chat, by: Json) -> Chat:
        """Turn a group into a supergroup with a new id; both get their service message (Bot API, Message)."""
        wanted = SUPERGROUP_OFFSET + group.id
        free = wanted if self.group(wanted) is None else None
        new = self.add_group(free, "supergroup", group.title, False)
        new.members = dict(group.members)
        farewell = self.post(group, by, {"migrate_to_chat_id": new.id})
        self.announce(group, farewell)
        group.migrated_to = new.id
        self.touch(group)
        welcome = self.post(new, by, {"migrate_from_chat_id": group.id})
        self.announce(new, welcome)
        return new


def _names(user: User) -> Json:
    return {"first_name": user.first_name, **({"username": user.username} if user.username else {})}
