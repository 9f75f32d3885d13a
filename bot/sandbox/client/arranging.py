"""Who there is and who is where: users, groups, members, blocks, and the faults to come."""

import re
from typing import Any, Final

from bot.sandbox.chats import Chat
from bot.sandbox.client.fields import Fields
from bot.sandbox.errors import ClientError
from bot.sandbox.faults import Fault
from bot.sandbox.people import IN_CHAT, User
from bot.sandbox.world import MAX_USER_ID

Json = dict[str, Any]
STATUSES: Final = ("member", "administrator", "restricted", "left", "kicked")
_USERNAME = re.compile(r"[A-Za-z]\w{2,31}", re.ASCII)
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
LONGEST_TITLE: Final = 128
MOST_MEMBERS: Final = 1000
LONGEST_DELAY: Final = 60.0
LONGEST_PAUSE: Final = 86_400
MOST_FAULTS: Final = 1_000_000


def put_user(fields: Fields) -> Json:
    """Make a user, or change one: fields that are not sent stay as they are."""
    world = fields.stage.world
    user_id = fields.number("id", world.next_user_id())
    if not 0 < user_id < MAX_USER_ID or user_id in world.bots:
        raise ClientError('"id" must be a positive number that no bot has')
    known = world.users.get(user_id)
    first_name = fields.text("first_name", known.first_name if known else "", longest=64).strip()
    if not first_name:
        raise ClientError('"first_name" must not be empty')
    user = known or User(user_id, first_name)
    user.first_name = first_name
    user.username = _username(fields, user)
    language = fields.text("language_code", user.language_code or "")
    if language and not _LANGUAGE.fullmatch(language):
        raise ClientError('"language_code" must be a language tag such as zh-hans or en')
    user.language_code = language or None
    user.deactivated = fields.flag("deactivated", user.deactivated)
    world.add_user(user)
    return user.profile()


def _username(fields: Fields, user: User) -> str | None:
    name = fields.text("username", user.username or "").removeprefix("@")
    if not name:
        return None
    if not _USERNAME.fullmatch(name):
        raise ClientError('"username" must be 3 to 32 Latin letters, digits or underscores, a letter first')
    for other in fields.stage.world.users.values():
        if other.id != user.id and (other.username or "").lower() == name.lower():
            raise ClientError(f"the username {name} is taken by user {other.id}")
    return name


def put_chat(fields: Fields) -> Json:
    """Make a group, or change an existing one by its id: upgrade it with the type supergroup, or say with
    `may_write` whether its members may write."""
    world = fields.stage.world
    chat_id = fields.number("id") if fields.has("id") else None
    known = world.group(chat_id) if chat_id is not None else None
    if known is not None and fields.has("may_write"):
        known.may_write = fields.flag("may_write")
        world.touch(known)
        return known.card()
    kind = fields.text("type")
    if kind not in ("group", "supergroup"):
        raise ClientError('"type" must be group or supergroup')
    if known is not None:
        return _upgrade(fields, known, kind)
    if chat_id is not None and (chat_id >= 0 or (kind == "supergroup") != (chat_id < -1_000_000_000_000)):
        raise ClientError('"id" must be negative, and below -1000000000000 for a supergroup only')
    title = fields.text("title", longest=LONGEST_TITLE).strip()
    if not title:
        raise ClientError('"title" must not be empty')
    forum = fields.flag("forum")
    if forum and kind != "supergroup":
        raise ClientError("only a supergroup can be a forum")
    members = _members(fields)
    chat = world.add_group(chat_id, kind, title, forum)
    _fill(fields, chat, members)
    return chat.card()


def _upgrade(fields: Fields, group: Chat, kind: str) -> Json:
    if group.type != "group" or kind != "supergroup" or group.migrated_to is not None:
        raise ClientError(f"chat {group.id} exists; only a group can become a supergroup, once")
    owner = next((who for who, status in group.members.items() if status == "creator"), None)
    if owner is None:
        raise ClientError(f"group {group.id} has nobody who could upgrade it")
    return fields.stage.world.upgrade(group, fields.stage.world.profile(owner)).card()


def _members(fields: Fields) -> list[int]:
    members = list(dict.fromkeys(fields.numbers("members")))
    if len(members) > MOST_MEMBERS:
        raise ClientError(f'"members" must not be more than {MOST_MEMBERS}')
    for who in members:
        _check_known(fields, who)
    if not any(who in fields.stage.world.users for who in members):
        raise ClientError('"members" must name at least one user, who owns the chat')
    return members


def _fill(fields: Fields, chat: Chat, members: list[int]) -> None:
    """The first person owns the group; bots hear that they were added."""
    world = fields.stage.world
    owner = next(who for who in members if who in world.users)
    chat.members[owner] = "creator"
    by = world.profile(owner)
    created = {"supergroup": "supergroup_chat_created"}.get(chat.type, "group_chat_created")
    world.post(chat, by, {created: True})
    for who in members:
        if who != owner:
            _join(fields, chat, who, "member", by)


def put_member(fields: Fields) -> Json:
    """Change who is in a group and as what."""
    chat = fields.stage.world.group(fields.number("chat"))
    if chat is None or chat.migrated_to is not None:
        raise ClientError(f"there is no group {fields.number('chat')}")
    who = fields.number("user")
    _check_known(fields, who)
    status = fields.text("status")
    if status not in STATUSES:
        raise ClientError('"status" must be one of ' + ", ".join(STATUSES))
    if status == "restricted" and (chat.type != "supergroup" or chat.members.get(who) not in IN_CHAT):
        raise ClientError("only members of a supergroup can be restricted")
    world = fields.stage.world
    owner = next((member for member, role in chat.members.items() if role == "creator"), who)
    by = world.profile(who if status == "left" else owner)
    if status in ("member", "administrator") and chat.members.get(who, "left") in ("left", "kicked"):
        _join(fields, chat, who, status, by)
    elif status in ("left", "kicked") and chat.members.get(who, "left") not in ("left", "kicked"):
        _leave(fields, chat, who, status, by)
    else:
        world.set_status(chat, who, status, by)
    return {"chat": chat.id, "user": who, "status": status}


def _join(fields: Fields, chat: Chat, who: int, status: str, by: Json) -> None:
    world = fields.stage.world
    world.set_status(chat, who, status, by)
    joined = world.post(chat, by, {"new_chat_members": [world.profile(who)]})
    world.announce(chat, joined)


def _leave(fields: Fields, chat: Chat, who: int, status: str, by: Json) -> None:
    world = fields.stage.world
    left = world.post(chat, by, {"left_chat_member": world.profile(who)})
    world.announce(chat, left)
    world.set_status(chat, who, status, by)


def _check_known(fields: Fields, who: int) -> None:
    world = fields.stage.world
    if who not in world.users and who not in world.bots:
        raise ClientError(f"there is no user or bot {who}")


def put_block(fields: Fields) -> Json:
    """A person blocks the bot, or lets it in again."""
    user = fields.user("user")
    if not isinstance(fields.value("blocked"), bool):
        raise ClientError('"blocked" must be true or false')
    fields.stage.world.set_blocked(fields.bot(), user, fields.flag("blocked"))
    return {"user": user.id, "blocked": fields.flag("blocked")}


def order_fault(fields: Fields) -> Json:
    """Let the next calls of a method (or of all: "*") fail, lose their connection or wait."""
    method = fields.text("method", longest=64)
    if not method:
        raise ClientError('"method" must name a Bot API method, or * for all')
    drop = fields.value("drop")
    if drop not in (None, "before", "after"):
        raise ClientError('"drop" must be before or after')
    delay = fields.real(fields.args.values, "delay", 0, LONGEST_DELAY) if fields.has("delay") else 0.0
    code = fields.number("error_code") if fields.has("error_code") else None
    if code is not None and not 400 <= code <= 599:
        raise ClientError('"error_code" must lie between 400 and 599')
    pause = fields.number("retry_after") if fields.has("retry_after") else None
    if pause is not None and not 1 <= pause <= LONGEST_PAUSE:
        raise ClientError(f'"retry_after" must lie between 1 and {LONGEST_PAUSE} seconds')
    if code is None and pause is None and drop is None and not delay:
        raise ClientError("a fault needs error_code, retry_after, drop or delay")
    times = fields.number("times", 1)
    if not 1 <= times <= MOST_FAULTS:
        raise ClientError(f'"times" must lie between 1 and {MOST_FAULTS}')
    fields.stage.faults.order(Fault(method, times, code, pause, drop, delay))
    return {"ordered": times}
