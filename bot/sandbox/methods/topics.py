"""Topics of a forum."""

from typing import Any, Final

from bot import limits
from bot.sandbox.chats import Chat, Topic
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.methods.access import check_admin, writable
from bot.sandbox.methods.registry import method
from bot.sandbox.spans import utf16_length
from bot.sandbox.stage import Call
from bot.sandbox.world import World

Json = dict[str, Any]
# Bot API, createForumTopic: the colors that an icon may have.
COLORS: Final = (7322096, 16766590, 13338331, 9367192, 16749490, 16478047)


@method("createForumTopic")
def create_forum_topic(call: Call) -> Json:
    """A new topic; its id is that of the message that announces it (Bot API, createForumTopic)."""
    chat = _forum(call)
    color = call.args.number("icon_color", COLORS[0])
    if color not in COLORS:
        raise bad_request("wrong topic icon color specified")
    name = _name(call)
    topic = Topic(chat.last_message_id + 1, name, color)
    chat.topics[topic.id] = topic
    _announce(call, chat, topic, {"forum_topic_created": {"name": name, "icon_color": color}})
    return {"message_thread_id": topic.id, "name": name, "icon_color": color}


@method("editForumTopic")
def edit_forum_topic(call: Call) -> bool:
    """Rename a topic (Bot API, editForumTopic)."""
    chat = _forum(call)
    topic = _topic(call, chat)
    name = _name(call)
    if name == topic.name:
        raise ApiError(400, "Bad Request: TOPIC_NOT_MODIFIED")
    topic.name = name
    _announce(call, chat, topic, {"forum_topic_edited": {"name": name}})
    return True


@method("closeForumTopic")
def close_forum_topic(call: Call) -> bool:
    """Close a topic (Bot API, closeForumTopic)."""
    return _set_closed(call, True)


@method("reopenForumTopic")
def reopen_forum_topic(call: Call) -> bool:
    """Open a closed topic again (Bot API, reopenForumTopic)."""
    return _set_closed(call, False)


@method("deleteForumTopic")
def delete_forum_topic(call: Call) -> bool:
    """Delete a topic with all its messages (Bot API, deleteForumTopic)."""
    chat = _forum(call)
    delete_topic(call.world, chat, _topic(call, chat))
    return True


def delete_topic(world: World, chat: Chat, topic: Topic) -> None:
    """Take a topic out of its forum, with all its messages."""
    del chat.topics[topic.id]
    for message in list(chat.messages.values()):
        if message.get("message_thread_id") == topic.id:
            world.delete(chat, message["message_id"])
    world.touch(chat)


def _set_closed(call: Call, closed: bool) -> bool:
    chat = _forum(call)
    topic = _topic(call, chat)
    if topic.closed == closed:
        raise ApiError(400, "Bad Request: TOPIC_NOT_MODIFIED")
    topic.closed = closed
    _announce(call, chat, topic, {"forum_topic_closed" if closed else "forum_topic_reopened": {}})
    return True


def _announce(call: Call, chat: Chat, topic: Topic, event: Json) -> None:
    call.world.touch(chat)
    place = {"message_thread_id": topic.id, "is_topic_message": True}
    call.world.post(chat, call.bot.profile(), {**place, **event})


def _forum(call: Call) -> Chat:
    chat = writable(call)
    if not chat.forum:
        raise bad_request("the chat is not a forum")
    check_admin(call, chat, "create a topic" if "name" in call.args.values else "manage topics")
    return chat


def _topic(call: Call, chat: Chat) -> Topic:
    topic = chat.topics.get(call.args.number("message_thread_id"))
    if topic is None:
        raise bad_request("message thread not found")
    return topic


def _name(call: Call) -> str:
    name = call.args.text("name").strip()
    if not 0 < utf16_length(name) <= limits.TOPIC_NAME:
        raise bad_request("topic name must be non-empty" if not name else "topic name is too long")
    return name
