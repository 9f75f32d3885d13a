"""What the clock does with a broadcast: start it, fill in who gets it, watch it until it is over.

Starting fixes the audience: its people are written down page by page, each page in a transaction of its own,
and nothing goes before the last one is there. A process that dies in between goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.i18n import LOCALES, speaking
from bot.services import due, letters, outbox
from bot.services.branches import tree
from bot.services.broadcasts import counting, letter, progress, rows
from bot.services.broadcasts.counting import Group, Whom
from bot.services.broadcasts.model import (
    CANCELLED,
    FILL,
    OVER,
    PLANNED,
    RUNNING,
    WATCH,
    Broadcast,
    Progress,
    Report,
    Terms,
)
from bot.services.due import Due
from bot.services.letters import Recipient
from bot.services.messages import compose
from bot.services.notices import Recipient as Reader
from bot.services.notices import recipient
from bot.services.outbox import NOTICE, Outgoing
from bot.services.roles.rules import Action, reach
from bot.services.segments import SegmentError, parse
from bot.store.work import Work
from bot.talk import says

REFRESH: Final = timedelta(seconds=3)
"""How often the screen is drawn anew: faster than one looks, slower than Telegram's limit for one chat."""
FIRST_LOOK: Final = timedelta(seconds=1)
REFRESH_PAUSED: Final = timedelta(seconds=30)
REFRESH_ASLEEP: Final = timedelta(minutes=10)
# Quiet hours begin on the minute: who is about to fall asleep is put off before the next look.
_AHEAD: Final = REFRESH + timedelta(seconds=7)


@dataclass(frozen=True, slots=True)
class Draws:
    """How what the clock has to say is worded, in the language being spoken."""

    progress: Callable[[Broadcast, Progress], says.Message]
    report: Callable[[Broadcast, Report], says.Message]
    stopped: Callable[[Broadcast], says.Message]


def whose(number: int) -> str:
    """What due things of a broadcast are planned for."""
    return f"broadcast:{number}"


async def meant(work: Work, broadcast: Broadcast) -> Whom | None:
    """Whom a broadcast is for, within what its organizer may reach now; None where that is nothing."""
    scope = await reach(work, broadcast.made_by, Action.BROADCAST)
    if not scope:
        return None
    try:
        return await counting.whom(work, parse(broadcast.segment), scope, broadcast.topic)
    except SegmentError:
        # A branch was closed, or is not theirs any more.
        return None


# -- Starting ---------------------------------------------------------------------------------


async def start(work: Work, thing: Due, draws: Draws) -> Sequence[Outgoing]:
    """Begin a planned broadcast: write its letters, note who is left out, and begin to fill in the rest."""
    broadcast = await rows.hold(work, thing.what["broadcast"])
    if broadcast is None or broadcast.state != PLANNED:
        return []
    audience = await meant(work, broadcast)
    reader = await recipient(work, broadcast.made_by)
    if audience is None or reader is None:
        await rows.change(work, broadcast.id, state=CANCELLED, ended_at=work.now)
        return [_told(work, reader, partial(draws.stopped, broadcast))] if reader else []
    counted = await counting.dry_run(work, audience)
    numbers = {locale: await _write(work, broadcast, locale) for locale in LOCALES}
    await rows.change(
        work,
        broadcast.id,
        state=RUNNING,
        started_at=work.now,
        left_out=counted.left_out,
        shown={"filling": True},
    )
    await show(work, broadcast.id, reader, draws)
    await _fill_on(work, broadcast.id, numbers, 0)
    return []


async def _write(work: Work, broadcast: Broadcast, locale: str, group: int | None = None) -> int:
    with speaking(locale):
        body = compose(letter.draw(broadcast.content, locale, broadcast.id, group))
    return await letters.write(work, broadcast.id, body)


async def _fill_on(work: Work, number: int, numbers: dict[str, int], after: int) -> None:
    what = {"broadcast": number, "letters": numbers, "after": after}
    await due.plan(work, FILL, work.now, what, whose=whose(number))


async def fill(work: Work, thing: Due) -> Sequence[Outgoing]:
    """Add the next page of people; after the last one the groups, and let it go."""
    number, numbers = thing.what["broadcast"], thing.what["letters"]
    broadcast = await rows.get(work, number)
    if broadcast is None or broadcast.state != RUNNING:
        return []
    audience = await meant(work, broadcast)
    last = 0
    if audience is not None:
        found, last = await counting.page(work, audience, broadcast.content, numbers, thing.what["after"])
        await letters.fill(work, number, found)
        if last:
            await _fill_on(work, number, numbers, last)
            return []
        await _fill_groups(work, broadcast, audience)
    await rows.change(work, number, shown={})
    await letters.resume(work, number)
    await watch_from(work, number, work.now + FIRST_LOOK)
    return []


async def _fill_groups(work: Work, broadcast: Broadcast, audience: Whom) -> None:
    shared: dict[str, int] = {}
    found = []
    for group in await counting.groups(work, audience):
        if broadcast.content.buttons:
            # A button there says which group it was tapped in.
            number = await _write(work, broadcast, group.locale, group.chat)
        else:
            number = shared.get(group.locale) or await _write(work, broadcast, group.locale, group.chat)
            shared[group.locale] = number
        locale = broadcast.content.spoken_to(group.locale)
        blanks = letter.blanks(locale, None, await _called(work, group, locale), group=True)
        found.append(Recipient(group.chat, number, blanks, group.thread, group.not_before))
    await letters.fill(work, broadcast.id, found)


async def _called(work: Work, group: Group, locale: str) -> str | None:
    branch = await tree.get(work, group.branch) if group.branch else None
    with speaking(locale):
        return tree.name_of(branch) if branch else None


# -- Watching -----------------------------------------------------------------------------------


async def show(work: Work, number: int, reader: Reader, draws: Draws, per_second: float = 0) -> None:
    """Send a fresh screen of a broadcast to somebody; from here on this one is kept up to date."""
    broadcast = await rows.get(work, number)
    if broadcast is None:
        return
    with speaking(reader.locale):
        drawn = draws.progress(broadcast, await progress.look(work, broadcast, per_second))
    screen = Outgoing(work.bot, reader.account, compose(drawn), NOTICE)
    await outbox.put(work, [screen])
    await rows.change(work, number, screen=screen.id)


async def watch_from(work: Work, number: int, at: datetime) -> None:
    """Have a broadcast looked at then, and again as long as it runs."""
    planned = await due.plan(work, WATCH, at, {"broadcast": number}, whose=whose(number), name=str(number))
    await due.move(work, planned, at)


async def watch(work: Work, thing: Due, terms: Terms, draws: Draws) -> Sequence[Outgoing]:
    """Draw the screen anew, put off who falls asleep, and close what is over."""
    broadcast = await rows.get(work, thing.what["broadcast"])
    if broadcast is None or broadcast.state not in (RUNNING, CANCELLED) or broadcast.report:
        return []
    if await _defer(work, broadcast):
        # Each turn puts off some: replies come in between.
        await due.move(work, thing.id, work.now)
        return []
    seen = await progress.look(work, broadcast, terms.per_second)
    if not seen.waiting:
        return await _end(work, broadcast, seen, draws)
    now_seen = [seen.phase, *(getattr(seen, name) for name in progress.COUNTED), seen.asleep]
    is_new = now_seen != broadcast.shown.get("seen")
    drawn = await _redrawn(work, broadcast, seen, draws) if is_new else None
    shown = {
        "at": work.now.isoformat(),
        "done": seen.recipients - seen.waiting,
        "deferred": f"{work.now + _AHEAD:%H:%M}",
        # What could not be drawn yet, because its message is still on its way, is new next time.
        "seen": now_seen if drawn or not is_new else None,
    }
    await rows.change(work, broadcast.id, shown=shown)
    await due.move(work, thing.id, work.now + _pause_before_next(work.now, seen))
    return [drawn] if drawn else []


async def _defer(work: Work, broadcast: Broadcast) -> bool:
    """Put off who falls asleep; whether more will. Hours begin on the minute: once in each is enough."""
    soon = work.now + _AHEAD
    if broadcast.shown.get("deferred") == f"{soon:%H:%M}":
        return False
    return await counting.defer(work, broadcast.id, soon)


def _pause_before_next(now: datetime, seen: Progress) -> timedelta:
    if seen.phase == "paused":
        return REFRESH_PAUSED
    if seen.phase == "night" and seen.wakes_at is not None:
        return max(min(REFRESH_ASLEEP, seen.wakes_at - now), REFRESH)
    return REFRESH


async def _redrawn(work: Work, broadcast: Broadcast, seen: Progress, draws: Draws) -> Outgoing | None:
    """The screen as it is now, over the message that shows it; None while that is not sent."""
    screen = await rows.screen_of(work, broadcast.screen)
    if screen is None:
        return None
    reader, message = screen
    with speaking(reader.locale):
        body = compose(draws.progress(broadcast, seen))
    return Outgoing(work.bot, reader.account, body, NOTICE, target={"edit": message})


async def _end(work: Work, broadcast: Broadcast, seen: Progress, draws: Draws) -> Sequence[Outgoing]:
    await letters.close(work, broadcast.id)
    numbers = {name: getattr(seen, name) for name in progress.COUNTED}
    state = CANCELLED if broadcast.state == CANCELLED else OVER
    await rows.change(work, broadcast.id, state=state, ended_at=work.now, report={"numbers": numbers})
    ended = await rows.get(work, broadcast.id)
    reader = await recipient(work, broadcast.made_by)
    if ended is None or reader is None:
        return []
    drawn = await _redrawn(work, ended, await progress.look(work, ended, 0), draws)
    with speaking(reader.locale):
        told = await progress.report(work, ended, await meant(work, ended))
    return [*([drawn] if drawn else []), _told(work, reader, partial(draws.report, ended, told))]


def _told(work: Work, reader: Reader, draw: Callable[[], says.Message]) -> Outgoing:
    with speaking(reader.locale):
        return Outgoing(work.bot, reader.account, compose(draw()), NOTICE)
