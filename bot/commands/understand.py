"""`wayside understand`: what the bot makes of a text, and why."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from bot.commands.when import lines_said, moment_said, printable, zone_named
from bot.commands.working import chosen, work
from bot.home import HOME_ZONE

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from bot.services.understanding import Understood
    from bot.store.work import Work

REPORTED = timedelta(days=90)


def understand(
    text: Annotated[list[str] | None, typer.Argument(help="Texts; without any, lines on stdin.")] = None,
    why: Annotated[bool, typer.Option("--why", help="Say which pieces of the text decided.")] = False,
    now: Annotated[
        str | None, typer.Option(help="The moment it is said, ISO 8601; else the present.")
    ] = None,
    tz: Annotated[str, typer.Option(help="The time zone it is said in.")] = HOME_ZONE,
    prepare: Annotated[bool, typer.Option("--prepare", help="Only learn, for quicker starts later.")] = False,
    corrections: Annotated[
        bool, typer.Option("--corrections", help="What people corrected in the last 90 days, in figures.")
    ] = False,
) -> None:
    """Read what people mean, in Chinese or English: one JSON line for each text."""
    if corrections:
        _print_corrections()
        return
    zone = zone_named(tz)
    read = _reader(moment_said(now, zone), zone, why=why)
    if prepare:
        return
    for said in text or lines_said():
        print(json.dumps(report(read(said), why=why), ensure_ascii=False), flush=True)  # noqa: T201


def report(found: Understood, *, why: bool) -> dict[str, object]:
    """What was understood, as the command prints it."""
    printed: dict[str, object] = {
        "text": printable(found.text),
        "intent": found.intent,
        "slots": {name: _value(value) for name, value in found.slots.items()},
        "confidence": found.confidence,
        "choices": list(found.choices),
    }
    if why:
        printed["why"] = [
            {"kind": reason.kind, "piece": printable(reason.piece), "weight": reason.weight}
            for reason in found.reasons
        ]
    return printed


def _value(value: object) -> object:
    return printable(value) if isinstance(value, str) else value


def _print_corrections() -> None:
    """A line for each intent that was corrected: how often, and what was meant where that is known."""
    from bot.services.understanding import corrections

    async def count(opened: Work) -> Sequence[corrections.Correction]:
        return await corrections.counted(opened, opened.now.date() - REPORTED)

    found = work(count)
    for each in (one for one in found if not one.meant):
        others = (one for one in found if one.intent == each.intent and one.meant)
        meant = ", ".join(f"{one.meant} {one.times}" for one in others)
        typer.echo(f"{each.times:6} {each.intent:18} {meant}".rstrip())
    if not found:
        typer.echo("Nobody corrected anything.")


def _reader(now: datetime, zone: ZoneInfo, *, why: bool) -> Callable[[str], Understood]:
    """Reads texts with the stations and places of the content."""
    from bot.services.stations.catalogue import read_catalogue
    from bot.services.stations.content import read_content
    from bot.services.stations.index import StationIndex
    from bot.services.stations.places import read_places
    from bot.services.understanding import Mind

    settings = chosen()
    catalogue = read_catalogue(settings.content)
    stations = read_content(settings.content, catalogue)
    index = StationIndex(stations, read_places(settings.content), catalogue)
    mind = Mind(settings.content, settings.cache, catalogue)
    mind.prepare()
    return lambda text: mind.understand(mind.said(text, now, zone, index.read), why=why)
