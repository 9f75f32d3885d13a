"""What the clock does with a broadcast: start it, fill in who gets it, watch it until it is over.

Starting fixes the audience: its people are written down page by page, each page in a transaction of its own,
and nothing goes before the last one is there. A process that dies in between goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from bot.i18n import LOCALES, speaking
from bot.services import due, letters, outbox
from bot.services.branches import tree
from bot.services.broadcasts import approving, counting, letter, progress, rows
from bot.services.broadcasts.counting import Group, Whom
from bot.services.broadcasts.model import (
    ASKED,
    CANCELLED,
    FILL,
    MISSED,
    OVER,
    PLANNED,
    RUNNING,
    START,
    STUCK,
    WATCH,
    Broadcast,
    Draws,
    Progress,
    Terms,
)
from bot.services.due import Due
from bot.services.lessons.library import Library
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
LATEST_START: Final = timedelta(hours=6)
"""Later than this the author is asked: lunch at noon is nothing to hear of at night."""
FIRST_LOOK: Final = timedelta(seconds=1)
REFRESH_PAUSED: Final = timedelta(seconds=30)
REFRESH_ASLEEP: Final = timedelta(minutes=10)
# Quiet hours begin on the minute: who is about to fall asleep is put off before the next look.
_AHEAD: Final = REFRESH + timedelta(seconds=7)


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


async def start(work: Work, thing: Due, terms: Terms, draws: Draws, library: Library) -> Sequence[Outgoing]:
    """Begin a planned broadcast: write its letters, note who is left out, and begin to fill in the rest.

    One that would go to many by now, and that nobody else has seen, waits for a second organizer instead.
    """
    broadcast = await rows.hold(work, thing.what["broadcast"])
    if broadcast is None or broadcast.state != PLANNED:
        return []
    if thing.late > LATEST_START:
        return await miss(work, thing, draws)
    audience = await meant(work, broadcast)
    reader = await recipient(work, broadcast.made_by)
    if audience is None or reader is None:
        await rows.change(work, broadcast.id, state=CANCELLED, ended_at=work.now)
        return [_told(work, reader, partial(draws.stopped, broadcast))] if reader else []
    counted = await counting.dry_run(work, audience)
    if counted.recipients > terms.threshold and broadcast.decided_by is None:
        await rows.change(work, broadcast.id, state=ASKED)
        asked = await approving.ask(work, broadcast, audience, terms, draws, library)
        return [_told(work, reader, partial(draws.grown, broadcast, asked))]
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


async def miss(work: Work, thing: Due, draws: Draws) -> Sequence[Outgoing]:
    """It could not start in time: its author decides whether it still goes."""
    broadcast = await rows.hold(work, thing.what["broadcast"])
    if broadcast is None or broadcast.state != PLANNED:
        return []
    await rows.change(work, broadcast.id, shown={MISSED: True})
    return await _tell_author(work, broadcast, draws.missed)


async def get_stuck(work: Work, thing: Due, draws: Draws) -> Sequence[Outgoing]:
    """A page of its audience could not be written down: its author decides whether to try again."""
    broadcast = await rows.hold(work, thing.what["broadcast"])
    if broadcast is None or broadcast.state != RUNNING:
        return []
    await rows.change(work, broadcast.id, shown={**broadcast.shown, STUCK: thing.what})
    return await _tell_author(work, broadcast, draws.stuck)


async def go_on(work: Work, broadcast: Broadcast) -> bool:
    """Start what was missed, fill in on what got stuck; False for what needs neither."""
    if broadcast.is_missed:
        await rows.change(work, broadcast.id, starts_at=None, shown={})
        await due.plan(work, START, work.now, {"broadcast": broadcast.id}, whose=whose(broadcast.id))
        return True
    if broadcast.is_stuck:
        page = broadcast.shown[STUCK]
        await rows.change(work, broadcast.id, shown={"filling": True})
        await _fill_on(work, broadcast.id, page["letters"], page["after"])
        return True
    return False


async def _tell_author(
    work: Work, broadcast: Broadcast, draw: Callable[[Broadcast], says.Message]
) -> Sequence[Outgoing]:
    reader = await recipient(work, broadcast.made_by)
    return [_told(work, reader, partial(draw, broadcast))] if reader else []


async def _write(work: Work, broadcast: Broadcast, locale: str, group: int | None = None) -> int:
    with speaking(locale):
        body = compose(letter.draw(broadcast.content, locale, broadcast.id, group))
    return await letters.write(work, broadcast.id, body)


async def _fill_on(work: Work, number: int, numbers: dict[str, int], after: int) -> None:
    what = {"broadcast": number, "letters": numbers, "after": after}
    await due.plan(work, FILL, work.now, what, whose=whose(number))


async def fill(work: Work, thing: Due, draws: Draws) -> Sequence[Outgoing]:
    """Add the next page of people; after the last one the groups, and let it go."""
    number, numbers = thing.what["broadcast"], thing.what["letters"]
    broadcast = await rows.hold(work, number)
    if broadcast is None or broadcast.state != RUNNING:
        return []
    audience = await meant(work, broadcast)
    if audience is None:
        return await _give_up(work, broadcast, draws)
    found, last = await counting.page(work, audience, broadcast.content, numbers, thing.what["after"])
    await letters.fill(work, number, found)
    if last:
        await _fill_on(work, number, numbers, last)
        return []
    await _fill_groups(work, broadcast, audience)
    await rows.change(work, number, shown={})
    await letters.resume(work, number)
    await watch_soon(work, number)
    return []


async def _give_up(work: Work, broadcast: Broadcast, draws: Draws) -> Sequence[Outgoing]:
    """Whoever made it looks after nobody any more: nobody gets it, not even those written down so far."""
    await letters.cancel(work, broadcast.id)
    await rows.change(work, broadcast.id, state=CANCELLED, shown={})
    await watch_soon(work, broadcast.id)
    return await _tell_author(work, broadcast, draws.stopped)


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


async def watch_soon(work: Work, number: int) -> int:
    """Have a broadcast looked at, and again as long as it runs; gives the number of the due thing.

    One that is planned already is left as it is: the clock may have it in hand.
    """
    at = work.now + FIRST_LOOK
    return await due.plan(work, WATCH, at, {"broadcast": number}, whose=whose(number), name=str(number))


async def watch_sooner(work: Work, number: int) -> None:
    """The same for who holds no broadcast yet: one that is planned is moved."""
    await due.move(work, await watch_soon(work, number), work.now + FIRST_LOOK)


async def resume(work: Work, broadcast: Broadcast) -> None:
    """Have the clock let it go on at its next look, when it has put off all who sleep by then."""
    await rows.change(work, broadcast.id, shown={**broadcast.shown, "resuming": True})


async def watch(work: Work, thing: Due, terms: Terms, draws: Draws) -> Sequence[Outgoing]:
    """Draw the screen anew, put off who falls asleep, and close what is over."""
    broadcast = await rows.hold(work, thing.what["broadcast"])
    if broadcast is None or not _is_watched(broadcast):
        return []
    if await _defer(work, broadcast):
        # Each turn puts off some: replies come in between.
        await due.move(work, thing.id, work.now)
        return []
    if broadcast.shown.get("resuming") and broadcast.state == RUNNING:
        await letters.resume(work, broadcast.id)
    seen = await progress.look(work, broadcast, terms.per_second)
    if not seen.waiting:
        return await _end(work, broadcast, seen, draws)
    now_seen = [seen.phase, *(getattr(seen, name) for name in progress.COUNTED), seen.asleep]
    is_shown = now_seen == broadcast.shown.get("seen")
    if not is_shown:
        is_shown = await _redraw(work, broadcast, seen, draws)
    shown = {
        "at": work.now.isoformat(),
        "done": seen.recipients - seen.waiting,
        "deferred": f"{work.now + _AHEAD:%H:%M}",
        "seen": now_seen if is_shown else None,
    }
    await rows.change(work, broadcast.id, shown=shown)
    await due.move(work, thing.id, work.now + _pause_before_next(work.now, seen))
    return []


def _is_watched(broadcast: Broadcast) -> bool:
    """Whether its rows are all there and may still change: it runs, or was stopped while it ran."""
    if broadcast.state == RUNNING:
        return not broadcast.shown.get("filling")
    return broadcast.state == CANCELLED and broadcast.started_at is not None and not broadcast.report


async def _defer(work: Work, broadcast: Broadcast) -> bool:
    """Put off who falls asleep; whether more will. Hours begin on the minute: once in each is enough."""
    soon = work.now + _AHEAD
    if broadcast.shown.get("resuming"):
        # Who sleeps by now did not when it was paused.
        asleep = await counting.defer(work, broadcast.id, work.now)
        return asleep or await counting.defer(work, broadcast.id, soon)
    if broadcast.shown.get("deferred") == f"{soon:%H:%M}":
        return False
    return await counting.defer(work, broadcast.id, soon)


def _pause_before_next(now: datetime, seen: Progress) -> timedelta:
    if seen.phase == "paused":
        return REFRESH_PAUSED
    if seen.phase == "night" and seen.wakes_at is not None:
        return max(min(REFRESH_ASLEEP, seen.wakes_at - now), REFRESH)
    return REFRESH


async def _redraw(work: Work, broadcast: Broadcast, seen: Progress, draws: Draws) -> bool:
    """Draw the screen anew once the last drawing has left: they would pile up. Whether it was."""
    if broadcast.screen is not None and await outbox.is_on_its_way(work, broadcast.screen):
        return False
    reader = await recipient(work, broadcast.made_by)
    if reader is not None:
        await _draw_over(work, broadcast, seen, reader, draws)
    return True


async def _draw_over(work: Work, broadcast: Broadcast, seen: Progress, reader: Reader, draws: Draws) -> None:
    """Draw the screen over what the last drawing becomes, which may still be on its way.

    From here on the screen is what becomes of this one: a message that was deleted comes back as a new one.
    """
    with speaking(reader.locale):
        body = compose(draws.progress(broadcast, seen))
    target = {"row": broadcast.screen} if broadcast.screen is not None else None
    drawn = Outgoing(work.bot, reader.account, body, NOTICE, target=target)
    await outbox.put(work, [drawn])
    await rows.change(work, broadcast.id, screen=drawn.id)


async def _end(work: Work, broadcast: Broadcast, seen: Progress, draws: Draws) -> Sequence[Outgoing]:
    await letters.close(work, broadcast.id)
    numbers = {name: getattr(seen, name) for name in progress.COUNTED}
    state = CANCELLED if broadcast.state == CANCELLED else OVER
    await rows.change(work, broadcast.id, state=state, ended_at=work.now, report={"numbers": numbers})
    ended = await rows.get(work, broadcast.id)
    reader = await recipient(work, broadcast.made_by)
    if ended is None or reader is None:
        return []
    await _draw_over(work, ended, await progress.look(work, ended, 0), reader, draws)
    with speaking(reader.locale):
        told = await progress.report(work, ended, await meant(work, ended))
    return [_told(work, reader, partial(draws.report, ended, told))]


def _told(work: Work, reader: Reader, draw: Callable[[], says.Message]) -> Outgoing:
    with speaking(reader.locale):
        return Outgoing(work.bot, reader.account, compose(draw()), NOTICE)
