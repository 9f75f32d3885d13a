"""A terminal as a channel: no buttons, no edits, so choices become a numbered list.

`wayside talk` plays dialogs in it, and so do the golden transcripts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.services.incoming import Command, Press, What
from bot.services.messages import Body
from bot.services.outbox import Outgoing
from bot.talk import hears

_LOCATION = re.compile(r"📍\s*(-?\d+(?:\.\d+)?)\s*[,，]\s*(-?\d+(?:\.\d+)?)\Z")
_PHOTO = "🖼"
_BUTTON = re.compile(r"\[(.+)\]\Z", re.DOTALL)


@dataclass(slots=True)
class Shown:
    """A message as it stands on the screen now."""

    number: int
    body: Body

    def buttons(self) -> Iterator[Body]:
        """Its buttons, in reading order."""
        for row in self.body.get("rows", []):
            yield from row


@dataclass(slots=True)
class Terminal:
    """Shows what the bot says, one line after another, through `write`; reads what a person types."""

    write: Callable[[str], None]
    numbered: bool = True
    shown: list[Shown] = field(default_factory=list)
    _taps: int = 0

    def take(self, rows: Sequence[Outgoing]) -> None:
        """Show messages at once."""
        for row in rows:
            self._show(row)

    def toast(self, query: str, text: str | None) -> None:  # noqa: ARG002 - a terminal has one query at a time
        """Show the word over a tapped button."""
        if text:
            self.write(f"! {text}")

    def read(self, line: str) -> tuple[What, int | None]:
        """What a typed line means, and the message it taps.

        A number or `[label]` taps a button, `📍 25.85, 114.93` shares a place, `🖼 words` sends a picture.
        """
        line = line.strip()
        if (button := self._button(line)) is not None:
            self._taps += 1
            return Press(button[1], f"tap-{self._taps}"), button[0]
        if match := _LOCATION.match(line):
            return hears.Location(float(match.group(1)), float(match.group(2))), None
        if line.startswith(_PHOTO):
            return hears.Photo("photo-from-the-terminal", line.removeprefix(_PHOTO).strip()), None
        if line.startswith("/"):
            name, _space, argument = line[1:].partition(" ")
            return Command(name, argument.strip()), None
        return hears.Text(hears.clean(line)), None

    def _show(self, row: Outgoing) -> None:
        target = row.target.get("edit") if row.target else None
        standing = next((one for one in self.shown if one.number == target), None)
        if row.body["type"] == "buttons":
            if standing is not None:
                standing.body = {**standing.body, "rows": row.body["rows"]}
            return
        if standing is None:
            standing = Shown(len(self.shown) + 1, row.body)
            self.shown.append(standing)
            mark = "<"
        else:
            standing.body = row.body
            mark = "~"
        self.write("\n".join(self._lines(mark, standing)))

    def _lines(self, mark: str, message: Shown) -> Iterator[str]:
        first, *rest = _words(message.body).split("\n")
        yield f"{mark} {first}".rstrip()
        yield from (f"  {line}".rstrip() for line in rest)
        number = 0
        for row in message.body.get("rows", []):
            labels = []
            for button in row:
                number += "data" in button
                labels.append(self._label(button, number))
            yield "  " + " ".join(labels)
        for row in message.body.get("menu", []):
            yield "  " + " ".join(f"{{{button['label']}}}" for button in row)

    def _label(self, button: Body, number: int) -> str:
        if "data" not in button:
            return f"[{button['label']} ↗]"
        label = button["label"]
        return f"[{number} {label}]" if self.numbered and label != str(number) else f"[{label}]"

    def _button(self, line: str) -> tuple[int, str] | None:
        label = match.group(1) if (match := _BUTTON.match(line)) else None
        for message in reversed(self.shown):
            tappable = [button for button in message.buttons() if "data" in button]
            for number, button in enumerate(tappable, 1):
                if label == button["label"] or (self.numbered and line == str(number)):
                    return message.number, button["data"]
            if self.numbered and tappable and line.isdigit():
                return None
        return None


_SIGNS = {"photo": "🖼", "file": "📎", "audio": "🔊"}


def _words(body: Body) -> str:
    if body["type"] == "quiz":
        marks = (("✓" if place == body["right"] else "○", text) for place, text in enumerate(body["options"]))
        return "\n".join([f"❓ {body['question']}", *(f"{mark} {text}" for mark, text in marks), body["why"]])
    if body["type"] == "place":
        return f"📌 {body['title']}\n{body['address']}\n({body['lat']:.5f}, {body['lon']:.5f})"
    if body["type"] in _SIGNS:
        shown = body.get("name") or body.get("title") or ""
        return "\n".join(part for part in (f"{_SIGNS[body['type']]} {shown}".strip(), body["text"]) if part)
    return str(body["text"])
