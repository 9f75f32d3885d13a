"""Answers that are not worth a row: they expire by themselves within minutes (bot/limits.py)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot import limits
from bot.delivery.draw import Call, inline_keyboard, link, place_params, text_params
from bot.delivery.split import clip, split
from bot.services.messages import Body

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class CallbackAnswer:
    """Ends the spinning of a tapped button: silently, with a toast or an alert, or by opening an address."""

    query: str
    text: str = ""
    alert: bool = False
    url: str | None = None


@dataclass(frozen=True, slots=True)
class InlineAnswer:
    """What an inline query offers. Each result is `{"id", "title", "description", "body", "lat"?, "lon"?}`.

    A result with coordinates (degrees, WGS-84), of its own or of a place in its body, is shown on a map. Its
    body is what gets sent.
    """

    query: str
    results: Sequence[Json]
    cache_seconds: int = 0
    personal: bool = True


def draw_answer(answer: CallbackAnswer | InlineAnswer, username: str) -> Call:
    """An answer as a call of the Bot API."""
    if isinstance(answer, CallbackAnswer):
        return _callback(answer, username)
    results = [_result(result, username) for result in answer.results[: limits.INLINE_RESULTS]]
    params = {
        "inline_query_id": answer.query,
        "results": results,
        "cache_time": answer.cache_seconds,
        "is_personal": answer.personal,
    }
    return Call("answerInlineQuery", params)


def _callback(answer: CallbackAnswer, username: str) -> Call:
    params: Json = {"callback_query_id": answer.query}
    if answer.text:
        params["text"] = clip(answer.text, limits.CALLBACK_ANSWER)
    if answer.alert:
        params["show_alert"] = True
    if answer.url is not None:
        params["url"] = link(answer.url, username)
    return Call("answerCallbackQuery", params)


def _result(result: Json, username: str) -> Json:
    body: Body = result["body"]
    drawn = _place(result, body) if "lat" in result or "lat" in body else _article(result, body)
    if body.get("rows"):
        drawn["reply_markup"] = inline_keyboard(body["rows"], username)
    return drawn


def _article(result: Json, body: Body) -> Json:
    return {
        "type": "article",
        "id": result["id"],
        "title": result["title"],
        "description": result["description"],
        "input_message_content": _content(body),
    }


def _place(result: Json, body: Body) -> Json:
    """A venue; what is sent is the venue itself unless the body is a text."""
    if body["type"] == "place":
        return {"type": "venue", "id": result["id"], **place_params(body)}
    pin = {**result, "address": result["description"]}
    return {
        "type": "venue",
        "id": result["id"],
        **place_params(pin),
        "input_message_content": _content(body),
    }


def _content(body: Body) -> Json:
    """The text that is sent; what does not fit into one message is left out."""
    piece, *_ = split(body["text"], body["spans"], limits.MESSAGE_TEXT, limits.MESSAGE_TEXT)
    return text_params(piece, preview=bool(body.get("preview")), name="message_text")
