"""Answers to taps and to inline queries."""

from typing import Any, Final

from bot import limits
from bot.sandbox import entities, keyboards
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.methods.registry import method
from bot.sandbox.methods.sending import named
from bot.sandbox.spans import checked_link, utf16_length
from bot.sandbox.stage import Call

Json = dict[str, Any]
# What a page shows of a result, scalars only; the message that choosing it sends is kept apart.
SHOWN: Final = (
    "type",
    "id",
    "title",
    "description",
    "url",
    "thumbnail_url",
    "photo_url",
    "latitude",
    "longitude",
    "address",
    "phone_number",
    "first_name",
)
# Fields that a result of each kind must have (Bot API, InlineQueryResult…).
REQUIRED: Final = {
    "article": ("title", "input_message_content"),
    "location": ("latitude", "longitude", "title"),
    "venue": ("latitude", "longitude", "title", "address"),
    "contact": ("phone_number", "first_name"),
    "photo": ("photo_url", "thumbnail_url"),
}


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> bool:
    """Answer a tap with a toast, an alert or a link (Bot API, answerCallbackQuery)."""
    text = call.args.text("text")
    if utf16_length(text) > limits.CALLBACK_ANSWER:
        raise ApiError(400, "Bad Request: MESSAGE_TOO_LONG")
    answer: Json = {"show_alert": call.args.flag("show_alert")}
    if text:
        answer["text"] = text
    if call.args.has("url"):
        answer["url"] = _answer_link(call.args.text("url"))
    query_id = call.args.text("callback_query_id")
    call.stage.callbacks.answer(query_id, call.bot.id, call.stage.now(), answer)
    return True


def _answer_link(url: str) -> str:
    try:
        return checked_link(url)
    except ValueError:
        raise ApiError(400, "Bad Request: URL_INVALID") from None


@method("answerInlineQuery")
def answer_inline_query(call: Call) -> bool:
    """Answer an inline query with up to 50 results (Bot API, answerInlineQuery)."""
    results = call.args.listing("results", "inline query results", "inline query results")
    if len(results) > limits.INLINE_RESULTS:
        raise bad_request("too many inline query results specified")
    if len(call.args.text("next_offset").encode()) > limits.INLINE_OFFSET_BYTES:
        raise ApiError(400, "Bad Request: NEXT_OFFSET_INVALID")
    checked = [_result(call, result) for result in results]
    if len({result["id"] for result in checked}) != len(checked):
        raise ApiError(400, "Bad Request: RESULT_ID_DUPLICATE")
    answer: Json = {"results": checked, "next_offset": call.args.text("next_offset")}
    button = call.args.structure("button", "inline query results button")
    if button is not None:
        answer["button"] = _button(button)
    query_id = call.args.text("inline_query_id")
    call.stage.inline.answer(query_id, call.bot.id, call.stage.now(), answer)
    return True


def _result(call: Call, result: object) -> Json:
    if not isinstance(result, dict):
        raise _refused("inline query result must be an object")
    kind, result_id = result.get("type"), result.get("id")
    if not isinstance(kind, str) or kind not in REQUIRED:
        raise _refused(f'type "{kind}" is unsupported for the inline query result')
    if not isinstance(result_id, str) or not 0 < len(result_id.encode()) <= limits.INLINE_RESULT_ID_BYTES:
        raise ApiError(400, "Bad Request: RESULT_ID_INVALID")
    for name in REQUIRED[kind]:
        if name not in result:
            raise _refused(f'Can\'t find field "{name}"')
    checked = {name: result[name] for name in SHOWN if isinstance(result.get(name), str | int | float)}
    if "reply_markup" in result:
        checked["reply_markup"] = keyboards.check(result["reply_markup"], private=False, only_inline=True)
    if "input_message_content" in result:
        checked["message"] = _content(call, result["input_message_content"])
    else:
        checked["message"] = _own_content(kind, result)
    return checked


def _content(call: Call, content: object) -> Json:
    """What choosing a result sends, as fields of a message (Bot API, InputMessageContent)."""
    if not isinstance(content, dict):
        raise _refused("object expected as input message content")
    if "message_text" in content:
        text = content["message_text"]
        if not isinstance(text, str) or not text:
            raise _refused("message text is empty")
        mode = content.get("parse_mode") or ""
        plain, found = entities.parse(text, str(mode), content.get("entities"))
        plain, found = named(call, plain, found)
        if not 0 < utf16_length(plain) <= limits.MESSAGE_TEXT:
            raise bad_request("message is too long" if plain else "text must be non-empty")
        return {"text": plain, **({"entities": found} if found else {})}
    for kind in ("venue", "location", "contact"):
        if all(name in content for name in REQUIRED[kind] if name != "title" or kind == "venue"):
            return _own_content(kind, content)
    raise _refused("input message content is not specified")


def _own_content(kind: str, result: Json) -> Json:
    if kind == "contact":
        return {"contact": {name: str(result[name]) for name in REQUIRED["contact"]}}
    if kind == "photo":
        return {"text": str(result["photo_url"])}
    latitude, longitude = result["latitude"], result["longitude"]
    for value, bound in ((latitude, 90), (longitude, 180)):
        if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= bound:
            raise ApiError(400, "Bad Request: GEO_POINT_INVALID")
    location = {"latitude": latitude, "longitude": longitude}
    if kind == "location":
        return {"location": location}
    venue = {"location": location, "title": str(result["title"]), "address": str(result["address"])}
    return {"venue": venue, "location": location}


def _button(button: object) -> Json:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise bad_request(
            "can't parse inline query results button: InlineQueryResultsButton must be an Object"
        )
    if ("start_parameter" in button) == ("web_app" in button):
        raise bad_request(
            "can't parse inline query results button: "
            "InlineQueryResultsButton must have exactly one optional field"
        )
    start = button.get("start_parameter", "x")
    if not isinstance(start, str) or not 0 < len(start) <= limits.START_PARAMETER:
        raise ApiError(400, "Bad Request: START_PARAM_INVALID")
    return {"text": button["text"], **({"start_parameter": start} if "start_parameter" in button else {})}


def _refused(reason: str) -> ApiError:
    return bad_request(f"can't parse inline query result: {reason}")
