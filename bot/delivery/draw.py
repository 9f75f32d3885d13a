"""A neutral message body as Bot API calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot import limits
from bot.delivery.split import Piece, Span, clip, split, units
from bot.services.messages import Body
from bot.services.outbox import Outgoing

Json = dict[str, Any]
Rows = list[list[Body]]

DEEP_LINKS = ("start", "startgroup")
# Bot API: InlineQueryResultVenue asks for a title and an address that are not empty.
_NO_ADDRESS = "·"


@dataclass(frozen=True, slots=True)
class Medium:
    """A file that a call shows: its kind at the Bot API, what names it (`says.File.file`), its file name."""

    kind: str
    file: str
    name: str = ""


@dataclass(slots=True)
class Call:
    """One call of the Bot API. Its medium is put into the parameters when the call is made."""

    method: str
    params: Json
    medium: Medium | None = None


def draw(message: Outgoing, username: str) -> list[Call]:
    """The calls that show a message, in order; `username` is the bot's, for deep links.

    Too long texts take several calls, the buttons come with the last. A redraw whose text became too long
    changes the message and goes on below it; a place is never redrawn, only sent.
    """
    body = message.body
    target = (message.target or {}).get("edit")
    match body["type"]:
        case "text" if target is not None:
            calls = _redrawn(body, target)
        case "text":
            calls = [_text(piece, body) for piece in _pieces(body, limits.MESSAGE_TEXT)]
        case "photo" | "file" | "audio":
            calls = _medium(body, target)
        case "place":
            calls = [_place(body)]
        case "quiz":
            calls = [_quiz(body)]
        case "topic":
            calls = [Call("createForumTopic", {"name": clip(body["text"], limits.TOPIC_NAME)})]
        case "buttons" if target is not None:
            calls = [Call("editMessageReplyMarkup", {"message_id": target})]
        case other:
            raise ValueError(f"no way to draw a body of type {other!r}")
    _address(calls, message)
    last = calls[-1]
    # A lasting menu belongs to a private chat and cannot be edited in.
    may_hold_menu = message.chat > 0 and "message_id" not in last.params
    markup = _markup(body, username, may_hold_menu=may_hold_menu)
    if markup is not None:
        last.params["reply_markup"] = markup
    return calls


def _address(calls: list[Call], message: Outgoing) -> None:
    for call in calls:
        call.params["chat_id"] = message.chat
        if message.thread is not None and "message_id" not in call.params:
            call.params["message_thread_id"] = message.thread


def _pieces(body: Body, first: int) -> list[Piece]:
    return split(body["text"], body["spans"], first, limits.MESSAGE_TEXT)


def _text(piece: Piece, body: Body) -> Call:
    return Call("sendMessage", text_params(piece, preview=bool(body.get("preview")), name="text"))


def text_params(piece: Piece, *, preview: bool, name: str) -> Json:
    """A text with its entities and without a link preview, unless it is asked for."""
    params: Json = {name: piece.text}
    if piece.spans:
        params["entities"] = entities(piece.text, piece.spans)
    if not preview:
        params["link_preview_options"] = {"is_disabled": True}
    return params


def _redrawn(body: Body, target: int) -> list[Call]:
    calls = [_text(piece, body) for piece in _pieces(body, limits.MESSAGE_TEXT)]
    calls[0].method = "editMessageText"
    calls[0].params["message_id"] = target
    return calls


# A kind of body as the Bot API calls it.
_KINDS = {"photo": "photo", "file": "document", "audio": "audio"}


def _medium(body: Body, target: int | None) -> list[Call]:
    """A file, sent or put in the place of what a message shows; a long caption goes on as text."""
    kind = _KINDS[body["type"]]
    caption, *rest = _pieces(body, limits.CAPTION)
    about: Json = {}
    if caption.text:
        about["caption"] = caption.text
    if caption.spans:
        about["caption_entities"] = entities(caption.text, caption.spans)
    if kind == "audio":
        about |= {"title": body["title"], "duration": body["seconds"]}
    medium = Medium(kind, body["file"], body.get("name", ""))
    if target is None:
        first = Call(f"send{kind.capitalize()}", about, medium)
    else:
        first = Call("editMessageMedia", {"message_id": target, "media": {"type": kind, **about}}, medium)
    return [first, *(_text(piece, body) for piece in rest)]


def _quiz(body: Body) -> Call:
    params: Json = {
        "question": clip(body["question"], limits.POLL_QUESTION),
        "options": [{"text": clip(option, limits.POLL_OPTION)} for option in body["options"]],
        "type": "quiz",
        "correct_option_ids": [body["right"]],
        "is_anonymous": True,
    }
    if body["why"]:
        params["explanation"] = clip(" ".join(body["why"].split()), limits.POLL_EXPLANATION)
    return Call("sendPoll", params)


def _place(body: Body) -> Call:
    return Call("sendVenue", place_params(body))


def place_params(body: Body) -> Json:
    """A pin on the map (degrees, WGS-84) with its name and address."""
    return {
        "latitude": body["lat"],
        "longitude": body["lon"],
        "title": body["title"],
        "address": body["address"] or _NO_ADDRESS,
    }


def entities(text: str, spans: list[Span]) -> list[Json]:
    """Spans in code points as MessageEntities in UTF-16 code units.

    Telegram links to no telephone by entity and finds numbers by itself: such a span is left out.
    """
    found = []
    for kind, start, length, *url in spans:
        if url and url[0].startswith("tel:"):
            continue
        entity: Json = {
            "type": "text_link" if kind == "link" else kind,
            "offset": units(text[:start]),
            "length": units(text[start : start + length]),
        }
        if url:
            entity["url"] = url[0]
        found.append(entity)
    return found


def _markup(body: Body, username: str, *, may_hold_menu: bool) -> Json | None:
    """Buttons under the message, else the lasting menu."""
    if body.get("rows"):
        return inline_keyboard(body["rows"], username)
    if may_hold_menu and body.get("menu"):
        return {
            "keyboard": [[_menu_button(button) for button in row] for row in body["menu"]],
            "is_persistent": True,
            "resize_keyboard": True,
        }
    return None


def _menu_button(button: Body) -> Json:
    if button["kind"] == "location":
        return {"text": button["label"], "request_location": True}
    return {"text": button["label"]}


def inline_keyboard(rows: Rows, username: str) -> Json:
    """Rows of neutral buttons as an InlineKeyboardMarkup."""
    return {"inline_keyboard": [[_button(button, username) for button in row] for row in rows]}


def _button(button: Body, username: str) -> Json:
    if "data" in button:
        return {"text": button["label"], "callback_data": button["data"]}
    if "url" in button:
        return {"text": button["label"], "url": link(button["url"], username)}
    return {"text": button["label"], "switch_inline_query": clip(button["share"], limits.INLINE_QUERY)}


def link(url: str, username: str) -> str:
    """An address as it is, `start:payload` as a deep link into the bot's private chat, or
    `startgroup:payload` as one that puts the bot into a group."""
    way, colon, payload = url.partition(":")
    if not colon or way not in DEEP_LINKS:
        return url
    return f"https://t.me/{username}?{way}={quote(payload, safe='')}"
