"""What was sent along with words: relayed once it is kept, and its hashes sealed into the history."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot.services import attachments, due
from bot.services.appeals import history, rows, telling
from bot.services.appeals.model import Appeal, Deed, News, Side, State, Tiding, Words
from bot.services.appeals.moves import Move
from bot.services.appeals.register import Register
from bot.services.due import Due
from bot.store.work import Work

ENCLOSE: Final = "appeal_files"
"""The kind of due things that relay what was sent along."""

# A file is fetched within a second or two; from a channel that is down it may take an hour.
FIRST_LOOK: Final = timedelta(seconds=3)
LAST_LOOK: Final = timedelta(hours=2)


async def plan(work: Work, appeal: Appeal, words: Words) -> None:
    """Relay what came with these words once it is kept."""
    if words.attachments:
        what = {"appeal": appeal.id, "words": words.id, "wait": FIRST_LOOK.total_seconds()}
        await due.plan(work, ENCLOSE, work.now + FIRST_LOOK, what, whose=f"appeal:{appeal.id}")


async def relay(register: Register, thing: Due) -> list[News]:
    """Send on what was sent along; what still waits to be fetched lets all of it wait a little longer."""
    work = register.work
    number, said = int(thing.what["appeal"]), int(thing.what["words"])
    appeal = await register.hold(number)
    row = await work.first(rows.SOME_WORDS, {"of": work.bot, "which": number, "words": said})
    if appeal is None or row is None:
        return []
    words = rows.words_from(row)
    found = await attachments.read(work, words.attachments)
    wait = timedelta(seconds=float(thing.what["wait"])) * 2
    if any(one.state == attachments.WAITING for one in found) and wait < LAST_LOOK:
        what = {**thing.what, "wait": wait.total_seconds()}
        await due.plan(work, ENCLOSE, work.now + wait, what, whose=thing.whose)
        return []
    kept = [one for one in found if one.key is not None]
    if not kept:
        return []
    digest = history.digest_of(words.text, [one.hash or "" for one in kept])
    deed = Deed(Side.CLOCK, words=words.id, digest=digest)
    appeal = await register.move(appeal, Move.ENCLOSE, deed)
    return await _to_the_other_side(register, appeal, words, kept)


async def _to_the_other_side(
    register: Register, appeal: Appeal, words: Words, kept: list[attachments.Attachment]
) -> list[News]:
    files = tuple((one.kind, one.key or "") for one in kept)
    if words.side is not Side.AUTHOR:
        news = await telling.author(register, appeal, Tiding.ENCLOSED)
    else:
        case = appeal
        if appeal.state is State.MERGED and appeal.collective is not None:
            case = await register.get(appeal.collective) or appeal
        news = await telling.owner(register, case, Tiding.ENCLOSED, part=appeal)
    return [replace(one, files=files) for one in news]
