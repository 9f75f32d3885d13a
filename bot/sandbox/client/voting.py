"""POST /client/votes: what a person votes in a poll or answers in a quiz."""

from typing import Any

from bot.sandbox.client.fields import Fields
from bot.sandbox.errors import ClientError

Json = dict[str, Any]


def vote(fields: Fields) -> Json:
    """Vote; an empty list takes a vote back. The bot gets `poll` and, unless anonymous, `poll_answer`."""
    user = fields.user()
    chat = fields.chat(user)
    message = chat.messages.get(fields.number("message_id"))
    if message is None or "poll" not in message:
        raise ClientError(f"chat {chat.id} has no poll {fields.number('message_id')}")
    poll = fields.stage.polls[message["poll"]["id"]]
    chosen = sorted(set(fields.numbers("option_ids")))
    body = poll.body
    if body["is_closed"]:
        raise ClientError("the poll is closed")
    if any(not 0 <= option < len(body["options"]) for option in chosen):
        raise ClientError('"option_ids" must be positions of options, counted from 0')
    if len(chosen) > 1 and not body["allows_multiple_answers"]:
        raise ClientError("the poll takes one answer")
    if not body["allows_revoting"] and user.id in poll.votes:
        raise ClientError("this poll can be answered once")
    fields.stage.cast(poll, user.id, chosen)
    bot = fields.stage.world.bots[poll.bot_id]
    if not body["is_anonymous"]:
        answer = {
            "poll_id": body["id"],
            "user": user.profile(),
            "option_ids": chosen,
            "option_persistent_ids": [body["options"][option]["persistent_id"] for option in chosen],
        }
        fields.stage.world.update(bot, "poll_answer", answer, user.id)
    fields.stage.world.update(bot, "poll", poll.public(), user.id)
    return chat.messages[message["message_id"]]
