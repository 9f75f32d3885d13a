"""POST /client/topics: what an administrator does with the topics of a forum."""

from typing import Any

from bot import limits
from bot.sandbox.chats import Chat, Topic
from bot.sandbox.client.fields import Fields
from bot.sandbox.errors import ClientError
from bot.sandbox.methods.topics import COLORS, delete_topic

Json = dict[str, Any]


def put_topic(fields: Fields) -> Json:
    """Make a topic by its `name`; or close, reopen or delete the one called `thread`.

    Bots hear of all but a deletion, as on Telegram: they meet it when they write there.
    """
    chat = fields.stage.world.group(fields.number("chat"))
    if chat is None or not chat.forum:
        raise ClientError("there is no supergroup with topics of that id")
    owner = next(who for who, status in chat.members.items() if status == "creator")
    by = fields.stage.world.profile(owner)
    if not fields.has("thread"):
        return _make(fields, chat, by)
    topic = chat.topics.get(fields.number("thread"))
    if topic is None:
        raise ClientError(f"chat {chat.id} has no topic {fields.number('thread')}")
    if fields.flag("deleted"):
        delete_topic(fields.stage.world, chat, topic)
    elif topic.closed != fields.flag("closed", topic.closed):
        topic.closed = not topic.closed
        event = "forum_topic_closed" if topic.closed else "forum_topic_reopened"
        _announce(fields, chat, by, topic, {event: {}})
    return {"message_thread_id": topic.id, "name": topic.name}


def _make(fields: Fields, chat: Chat, by: Json) -> Json:
    name = fields.text("name", longest=limits.TOPIC_NAME).strip()
    if not name:
        raise ClientError('"name" must not be empty')
    topic = Topic(chat.last_message_id + 1, name, COLORS[0])
    chat.topics[topic.id] = topic
    _announce(fields, chat, by, topic, {"forum_topic_created": {"name": name, "icon_color": COLORS[0]}})
    return {"message_thread_id": topic.id, "name": name}


def _announce(fields: Fields, chat: Chat, by: Json, topic: Topic, event: Json) -> None:
    world = fields.stage.world
    place = {"message_thread_id": topic.id, "is_topic_message": True}
    world.announce(chat, world.post(chat, by, {**place, **event}))
