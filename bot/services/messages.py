"""Messages as the outbox keeps them: channel-neutral JSON that any speaker can draw.

A body is one of

- `{"type": "text", "text", "spans", "rows", "menu"?, "preview"?}`
- `{"type": "place", "lat", "lon", "title", "address", "rows"}`
- `{"type": "photo", "file", "text", "spans", "rows"}`; for `file` see `says.File`
- `{"type": "file", "file", "name", "text", "spans", "rows"}`
- `{"type": "audio", "file", "title", "seconds", "text", "spans", "rows"}`
- `{"type": "quiz", "question", "options", "right", "why", "rows"}`, plain texts
- `{"type": "topic", "text", "rows"}`, a new forum topic of that name; its message id is the topic's
- `{"type": "buttons", "rows"}`, only to change the buttons of a message that stands already

Spans are `[kind, start, length]` or `["link", start, length, url]`, counted in code points. A button is
`{"label", "data"}`, `{"label", "url"}` (`start:…` for a deep link) or `{"label", "share"}`; a menu button is
`{"label", "kind": "text" | "location"}`.
"""

from __future__ import annotations

from typing import Any

from bot.i18n import Phrase
from bot.services.presses import action_data, option_data
from bot.talk import says
from bot.talk.markup import parse

Body = dict[str, Any]


def compose(message: says.Message, conversation: int = 0, revision: int = 0) -> Body:
    """A message as JSON; its options point to the conversation's row at that revision."""
    rows = _rows(message.rows, conversation, revision)
    if isinstance(message, says.Place):
        title, address = parse(message.title).text, parse(message.address).text
        return {
            "type": "place",
            "lat": message.lat,
            "lon": message.lon,
            "title": title,
            "address": address,
            "rows": rows,
        }
    if isinstance(message, says.Quiz):
        return {
            "type": "quiz",
            "question": parse(message.question).text,
            "options": [parse(option).text for option in message.options],
            "right": message.right,
            "why": parse(message.why).text,
            "rows": rows,
        }
    if isinstance(message, says.Photo | says.File | says.Audio):
        return {**_medium(message), "file": message.file, **_words(message.caption), "rows": rows}
    return {"type": "text", **_words(message.text), "rows": rows, "preview": message.preview}


def topic(name: str) -> Body:
    """A new topic in a forum."""
    return {"type": "topic", "text": name, "rows": []}


def _medium(message: says.Photo | says.File | says.Audio) -> Body:
    if isinstance(message, says.File):
        return {"type": "file", "name": message.name}
    if isinstance(message, says.Audio):
        return {"type": "audio", "title": message.title, "seconds": message.seconds}
    return {"type": "photo"}


def _words(source: str) -> Body:
    rich = parse(source)
    spans = [[span.kind, span.start, span.length, *([span.url] if span.url else [])] for span in rich.spans]
    return {"text": rich.text, "spans": spans}


def _rows(rows: says.Rows, conversation: int, revision: int) -> list[list[Body]]:
    index = 0
    drawn = []
    for row in rows:
        buttons = []
        for button in row:
            buttons.append(_button(button, conversation, revision, index))
            index += isinstance(button, says.Option)
        drawn.append(buttons)
    return drawn


def _button(button: says.Button, conversation: int, revision: int, index: int) -> Body:
    label = parse(button.label).text if isinstance(button.label, Phrase) else button.label
    if isinstance(button, says.Option):
        return {"label": label, "data": option_data(conversation, revision, index)}
    if isinstance(button, says.Action):
        return {"label": label, "data": action_data(button.action, button.object)}
    if isinstance(button, says.Link):
        return {"label": label, "url": button.url}
    return {"label": label, "share": button.query}
