"""Taps, inline queries and votes: what a person does that waits for the bot or counts."""

import asyncio
from typing import Any, Final

from bot import limits
from bot.sandbox.chats import Chat, inline_message_id
from bot.sandbox.client.fields import Fields
from bot.sandbox.errors import ClientError
from bot.sandbox.people import Bot
from bot.sandbox.spans import utf16_length
from bot.sandbox.stage import Offer

Json = dict[str, Any]
ANSWER_SECONDS: Final = 10  # how long a call waits for the bot
LONGEST_DATA: Final = 4096  # hostile clients may send more than the 64 bytes that a button holds


async def press(fields: Fields) -> Json:
    """Tap an inline button, or forge a tap: any data is passed on, as a hostile client could do it."""
    user = fields.user()
    chat = fields.chat(user)
    message = chat.messages.get(fields.number("message_id"))
    if message is None or (not message["from"]["is_bot"] and "via_bot" not in message):
        raise ClientError(f"chat {chat.id} has no message {fields.number('message_id')} of a bot")
    author: Json = message.get("via_bot") or message["from"]
    bot = fields.stage.world.bots[author["id"]]
    if not isinstance(fields.value("data"), str):
        raise ClientError('"data" must be a string')
    stage = fields.stage
    query: Json = {
        "id": stage.fresh_id(),
        "from": user.profile(),
        **_place(chat, message),
        "chat_instance": str(abs(hash(chat.key))),
        "data": fields.text("data", longest=LONGEST_DATA),
    }
    waiting = stage.callbacks.ask(query["id"], bot.id, stage.now())
    stage.world.update(bot, "callback_query", query, chat.id)
    answer = await _answer(waiting)
    return {"answered": False} if answer is None else {"answered": True, **answer}


def _place(chat: Chat, message: Json) -> Json:
    """A bot gets its own message, but only an identifier of one that was sent through it."""
    if "via_bot" in message:
        return {"inline_message_id": inline_message_id(chat.key, message["message_id"])}
    return {"message": message}


async def ask_inline(fields: Fields) -> Json:
    """Type "@bot query" somewhere; gives what the bot offers to send."""
    user = fields.user()
    bot = fields.bot()
    text = fields.text("query", longest=limits.INLINE_QUERY)
    stage = fields.stage
    offset = fields.text("offset", longest=limits.INLINE_OFFSET_BYTES)
    query: Json = {"id": stage.fresh_id(), "from": user.profile(), "query": text, "offset": offset}
    if fields.value("location") is not None:
        place = fields.mapping("location")
        latitude, longitude = (
            fields.real(place, "latitude", -90, 90),
            fields.real(place, "longitude", -180, 180),
        )
        query["location"] = {"latitude": latitude, "longitude": longitude}
    if utf16_length(text) > limits.INLINE_QUERY:
        raise ClientError(f'"query" must not be longer than {limits.INLINE_QUERY} UTF-16 units')
    waiting = stage.inline.ask(query["id"], bot.id, stage.now())
    stage.world.update(bot, "inline_query", query, user.id)
    answer = await _answer(waiting)
    if answer is None:
        return {"answered": False, "results": []}
    return {"answered": True, **_offered(fields, bot, query, answer)}


def _offered(fields: Fields, bot: Bot, query: Json, answer: Json) -> Json:
    """Remember what was offered, so that choosing a result can send it."""
    results = []
    for result in answer["results"]:
        fields.stage.offer((query["id"], result["id"]), Offer(bot.id, query["query"], result))
        shown = {name: value for name, value in result.items() if name != "message"}
        results.append({**shown, "inline_query_id": query["id"]})
    return {**answer, "results": results}


async def _answer(waiting: asyncio.Future[Json]) -> Json | None:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await waiting
    except TimeoutError:
        return None
