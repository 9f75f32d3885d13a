"""`wayside when`: what the reader of times makes of an expression."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from bot.home import HOME_ZONE
from bot.services.when.model import Instant, When, upcoming
from bot.services.when.reading import read


def when(
    text: Annotated[
        list[str] | None, typer.Argument(help="Expressions; without any, lines on stdin.")
    ] = None,
    now: Annotated[
        str | None, typer.Option(help="The moment it is said, ISO 8601; else the present.")
    ] = None,
    tz: Annotated[str, typer.Option(help="The time zone it is said in.")] = HOME_ZONE,
) -> None:
    """Read times said freely, in Chinese or English: one JSON line for each expression."""
    zone = zone_named(tz)
    moment = moment_said(now, zone)
    for expression in text or lines_said():
        found = read(expression, moment, zone)
        print(json.dumps(report(expression, found, moment), ensure_ascii=False), flush=True)  # noqa: T201


def report(text: str, found: When, now: datetime) -> dict[str, object]:
    """What was understood, as the command prints it."""
    return {
        "text": printable(text),
        "kind": found.kind,
        "at": _iso(found.at),
        "until": _iso(found.until),
        "rrule": found.rrule,
        "next": [_iso(each) for each in upcoming(found, now)],
        "what": printable(found.what),
        "choices": [_iso(choice.at) for choice in found.choices],
        "reason": found.reason,
    }


def printable(text: str) -> str:
    """A text without lone surrogates, which have no UTF-8: each is shown as a question mark."""
    return text.encode("utf-8", "replace").decode()


def _iso(instant: Instant | None) -> str | None:
    return None if instant is None else instant.isoformat()


def lines_said() -> Iterable[str]:
    """The lines on stdin that are not empty."""
    for line in sys.stdin.buffer:
        if expression := line.decode("utf-8", "replace").strip():
            yield expression


def zone_named(name: str) -> ZoneInfo:
    """A time zone by its name; BadParameter for none."""
    try:
        return ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        raise typer.BadParameter(f"No time zone {name!r}. Use a name such as {HOME_ZONE}.") from None


def moment_said(text: str | None, zone: ZoneInfo) -> datetime:
    """A moment as it was given, or the present; one without an offset is of the zone."""
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is no ISO 8601 time. Write it as 2026-05-13T14:20.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
