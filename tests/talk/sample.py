"""A dialog with every kind of step, for the engine's tests."""

from __future__ import annotations

from bot.talk import hears, says
from bot.talk.engine import IGNORED, Left, Reaction, Talk
from bot.talk.inputs import Location, LongText, Note
from bot.talk.says import Json

KINDS = [("Pay", "pay"), ("Parking", "parking"), ("Other", "other")]


def draw(state: Json) -> says.Screen:
    """A counter with three buttons."""
    rows = [[says.Option("+", "up"), says.Option("-", "down")], [says.Option("Done", "done")]]
    return says.Screen(f"How many? {state}", rows)


def react(state: Json, event: hears.Event) -> Reaction:
    """Count up and down, take a typed number, leave with the count."""
    match event:
        case hears.Choice("up"):
            return state + 1
        case hears.Choice("down"):
            return state - 1
        case hears.Choice("done"):
            return Left(state)
        case hears.Text(text) if text.isascii() and text.isdigit() and len(text) < 5:
            return int(text)
    return IGNORED


async def file(talk: Talk, filed: list[Json]) -> None:
    """Ask everything there is to ask, then file it."""
    kind = await talk.choose("kind", "What is it about?", KINDS)
    story = await talk.ask("story", "Tell us what happened.", LongText(5, 200))
    where = await talk.ask("where", "Where?", Location(), optional=True)
    count = await talk.browse("count", lambda: 1, draw, react)
    notes = []
    for index in range(3):
        if not await talk.confirm(f"more#{index}", "Anything to add?"):
            break
        notes.append(await talk.ask(f"note#{index}", "Add it.", Note()))
    await talk.say("thanks", "Thank you.")
    if await talk.confirm("sure", f"File {kind} x {count}?"):
        number = await talk.once("file", _file, filed, kind, story, where, count, notes)
        await talk.say("filed", f"Filed as {number}.")
        await talk.choose("after", "How was it?", [("Good", 1), ("Bad", 0)], optional=True)


def _file(filed: list[Json], *what: Json) -> int:
    filed.append(what)
    return len(filed)
