"""What one organizer can do with broadcasts, for the length of one turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from bot.home import SHANGHAI
from bot.i18n import Phrase, current_locale
from bot.services import audit, due, letters
from bot.services.broadcasts import approving, counting, letter, progress, rows, running, sheet
from bot.services.broadcasts.counting import Whom
from bot.services.broadcasts.model import (
    ASKED,
    CANCELLED,
    MOST_AHEAD,
    PLANNED,
    REFUSED,
    RUNNING,
    START,
    Broadcast,
    Draws,
    DryRun,
    Progress,
    Readers,
    Report,
    Terms,
    content_from,
)
from bot.services.hearing import TOPICS
from bot.services.lessons.library import Library
from bot.services.notices import Recipient, recipient
from bot.services.outbox import DEAD
from bot.services.people import Person
from bot.services.roles.rules import Action, NotAllowed, Reach, reach
from bot.services.segments import Segment, describe, names, parse, say, settle
from bot.services.when import When, read
from bot.store.work import Work
from bot.talk.says import Json

MOST_LISTED: Final = 8
MOST_LOOKED_THROUGH: Final = 24
"""So many of everybody's latest are looked through for those of an admin's branches."""
ASK_AGAIN_AFTER: Final = timedelta(minutes=30)
"""Colleagues who were asked for their word have so long before they are asked once more."""


class BroadcastDesk:
    """Counts, makes, approves, steers and reports broadcasts; raises NotAllowed where they are not theirs."""

    def __init__(self, work: Work, person: Person, terms: Terms, library: Library) -> None:
        self.terms = terms
        self._work = work
        self._person = person
        self._library = library

    @property
    def zone(self) -> ZoneInfo:
        """Where the organizer's wall clock hangs."""
        return SHANGHAI

    @property
    def now(self) -> datetime:
        """The moment of this turn, on the organizer's wall clock."""
        return self._work.now.astimezone(self.zone)

    # -- Before it is made --------------------------------------------------------------

    async def may(self) -> bool:
        """Whether the person looks after anybody to whom they could send something."""
        return bool(await self._reach())

    async def settle(self, typed: str) -> Segment:
        """The segment that a line says, with ids for names. SegmentError points at what is wrong."""
        return await settle(self._work, parse(typed), await self._demand(), self._library)

    async def describe(self, segment: str, *, is_own: bool = True) -> Phrase:
        """Who is meant, in the language of this turn; it `is_own` where the person wrote it."""
        meant = parse(segment)
        return describe(meant, await names(self._work, meant, self._library), is_own=is_own)

    async def count(self, segment: str, topic: str, at: datetime | None = None) -> DryRun:
        """Who would get it if it went then, or now."""
        return await counting.dry_run(self._work, await self._whom(segment, topic), at)

    async def readers(self, segment: str, topic: str) -> Readers:
        """In which languages those read who would get it."""
        return await counting.readers(self._work, await self._whom(segment, topic))

    def read(self, text: str) -> When:
        """The time in a text."""
        return read(text, self.now, self.zone, current_locale())

    def fits(self, starts_at: str) -> bool:
        """Whether a broadcast can start then: not before now, and not too far ahead."""
        return self._work.now < datetime.fromisoformat(starts_at) < self._work.now + MOST_AHEAD

    async def make(
        self, segment: str, topic: str, content: Json, starts_at: str | None, asks: bool = False
    ) -> int | None:
        """Keep a broadcast; gives its number. None for a time that is over, or too far ahead.

        It is planned, or waits for a second organizer where it goes to more than the threshold or its author
        `asks` for one.
        """
        if topic not in TOPICS or (starts_at and not self.fits(starts_at)):
            return None
        at = datetime.fromisoformat(starts_at) if starts_at else None
        audience = await self._whom(segment, topic)
        counted = await counting.dry_run(self._work, audience, at)
        is_asked = asks or counted.recipients > self.terms.threshold
        values = {
            "made_by": self._person.id,
            "segment": say(audience.segment),
            "topic": topic,
            "content": content_from(content).to_json(),
            "state": ASKED if is_asked else PLANNED,
            "starts_at": at,
        }
        number = await rows.add(self._work, values)
        await self._record("broadcast.made", number, recipients=counted.recipients, approval=is_asked)
        if not is_asked:
            await self._plan(number, at)
        return number

    # -- Approving ------------------------------------------------------------------------

    async def ask(self, number: int, draws: Draws) -> int | None:
        """Ask others to approve it; gives how many, None where they were asked a moment ago."""
        broadcast = await rows.hold(self._work, number)
        if broadcast is None or broadcast.made_by != self._person.id or broadcast.state != ASKED:
            return None
        asked = broadcast.shown.get("asked")
        if asked and self._work.now < datetime.fromisoformat(asked) + ASK_AGAIN_AFTER:
            return None
        audience = await running.meant(self._work, broadcast)
        if audience is None:
            return 0
        return await approving.ask(self._work, broadcast, audience, self.terms, draws, self._library)

    async def decide(self, number: int, *, yes: bool) -> Broadcast | None:
        """Approve or refuse one that waits for it; gives it as it is now, None where it was decided already.

        Raises NotAllowed for its author, and for who does not look after the whole audience.
        """
        broadcast = await rows.hold(self._work, number)
        if broadcast is None:
            raise NotAllowed(Action.APPROVE_BROADCAST)
        audience = await running.meant(self._work, broadcast)
        if audience is None or not await approving.may_approve(
            self._work, self._person.id, broadcast.made_by, audience
        ):
            raise NotAllowed(Action.APPROVE_BROADCAST)
        if broadcast.state != ASKED:
            return None
        decided = replace(broadcast.as_of(self._work.now), state=PLANNED if yes else REFUSED)
        await rows.change(
            self._work,
            number,
            state=decided.state,
            starts_at=decided.starts_at,
            decided_by=self._person.id,
        )
        await self._record("broadcast.approved" if yes else "broadcast.refused", number)
        if yes:
            await self._plan(number, decided.starts_at)
        return decided

    async def author(self, broadcast: Broadcast) -> Recipient | None:
        """How to write to who made it."""
        return await recipient(self._work, broadcast.made_by)

    # -- Looking ----------------------------------------------------------------------------

    async def latest(self) -> list[Broadcast]:
        """The organizer's own, those that wait for their word, and an admin's of others; the latest first."""
        scope = await self._demand()
        found = await rows.latest(self._work, None if scope.everywhere else self._person.id, MOST_LISTED)
        known = {each.id for each in found}
        for each in await self._of_others():
            if each.id not in known:
                found.append(each)
        return sorted(found, key=lambda each: each.id, reverse=True)[:MOST_LISTED]

    async def _of_others(self) -> list[Broadcast]:
        asked = await rows.latest(self._work, None, MOST_LISTED, ASKED)
        found = [each for each in asked if await self.for_approval(each.id) is not None]
        if await self._steers():
            latest = await rows.latest(self._work, None, MOST_LOOKED_THROUGH)
            found += [each for each in latest if each not in found and await self._is_theirs(each)]
        return found

    async def get(self, number: int) -> Broadcast | None:
        """One of theirs; None where it is not there, or not theirs."""
        broadcast = await rows.get(self._work, number)
        return broadcast if broadcast is not None and await self._is_theirs(broadcast) else None

    async def for_approval(self, number: int) -> tuple[Broadcast, DryRun] | None:
        """One that waits for somebody like them to approve it, and who would get it."""
        broadcast = await rows.get(self._work, number)
        audience = await running.meant(self._work, broadcast) if broadcast else None
        if broadcast is None or audience is None:
            return None
        if not await approving.may_approve(self._work, self._person.id, broadcast.made_by, audience):
            return None
        waits = broadcast.as_of(self._work.now)
        return waits, await counting.dry_run(self._work, audience, waits.starts_at)

    async def readers_of(self, broadcast: Broadcast) -> Readers:
        """In which languages those read whom it is for; the ones it is written in where that is nobody."""
        audience = await running.meant(self._work, broadcast)
        return await counting.readers(self._work, audience) if audience else Readers(())

    def is_author(self, broadcast: Broadcast) -> bool:
        """Whether it is they who made it."""
        return broadcast.made_by == self._person.id

    async def progress(self, broadcast: Broadcast) -> Progress:
        """How far it is."""
        return await progress.look(self._work, broadcast, self.terms.per_second)

    async def report(self, broadcast: Broadcast) -> Report:
        """What became of it so far."""
        return await progress.report(self._work, broadcast, await running.meant(self._work, broadcast))

    async def export(self, broadcast: Broadcast, ending: str) -> str:
        """The report as a file (`csv` or `xlsx`); gives the key to send it by."""
        return await sheet.export(self._work, broadcast, await self.report(broadcast), ending)

    # -- Steering -----------------------------------------------------------------------------

    async def follow(self, number: int, draws: Draws) -> bool:
        """Send its author a screen that is kept up to date from here on; False for anybody else.

        There is one such screen: whoever else looks has a button to look again.
        """
        broadcast = await self.get(number)
        if broadcast is None or not self.is_author(broadcast):
            return False
        reader = Recipient(self._person.id, self._person.account, current_locale())
        await running.show(self._work, number, reader, draws, self.terms.per_second)
        return True

    async def pause(self, number: int) -> bool:
        """Let no more of it go until it is resumed; False where it does not run."""
        broadcast = await self._hold(number)
        if broadcast is None or broadcast.state != RUNNING:
            return False
        await rows.change(self._work, number, shown={**broadcast.shown, "resuming": False})
        await letters.pause(self._work, number)
        return True

    async def resume(self, number: int) -> bool:
        """Let it go on; False where it does not run."""
        broadcast = await self._hold(number)
        if broadcast is None or broadcast.state != RUNNING:
            return False
        await running.resume(self._work, broadcast)
        return True

    async def go_on(self, number: int) -> bool:
        """Send what was missed, try again what got stuck; False for what needs neither."""
        broadcast = await self._hold(number)
        return broadcast is not None and await running.go_on(self._work, broadcast)

    async def cancel(self, number: int) -> bool:
        """Let the rest never go; False where it is over already."""
        broadcast = await self._hold(number)
        if broadcast is None:
            return False
        if broadcast.state in (ASKED, PLANNED):
            await rows.change(self._work, number, state=CANCELLED, ended_at=self._work.now)
        elif broadcast.state == RUNNING:
            await letters.cancel(self._work, number)
            await rows.change(self._work, number, state=CANCELLED)
        else:
            return False
        await self._record("broadcast.cancelled", number)
        return True

    async def retry(self, number: int, draws: Draws) -> int:
        """Send to those again to whom it failed; gives their number."""
        broadcast = await self._hold(number)
        if broadcast is None or not broadcast.report or broadcast.state == CANCELLED:
            return 0
        if progress.KEPT in broadcast.report:
            return 0
        again = await letters.retry(self._work, number, (DEAD,))
        if not again:
            return 0
        again -= await counting.skip_opted_out(self._work, number, broadcast.topic)
        await rows.change(self._work, number, state=RUNNING, ended_at=None, report=None)
        await running.resume(self._work, replace(broadcast, shown={}))
        author = await self.author(broadcast)
        if author is not None:
            await running.show(self._work, number, author, draws, self.terms.per_second)
        return again

    # -- For who gets it ------------------------------------------------------------------------

    async def tap(self, data: str) -> tuple[str, str] | None:
        """Note a tap on a button; gives what it opens: the kind of target, and its name.

        It counts where the broadcast went to the person, or to the group it was tapped in.
        """
        tapped = letter.read_tap(data)
        broadcast = await rows.get(self._work, tapped[0]) if tapped else None
        if tapped is None or broadcast is None or broadcast.started_at is None:
            return None
        _number, button, group = tapped
        if button >= len(broadcast.content.buttons):
            return None
        if await rows.came(self._work, broadcast.id, group or self._person.account):
            await rows.tap(self._work, broadcast.id, button, self._person.id, group)
        target = broadcast.content.buttons[button]
        return target.kind, target.object

    async def topic_of(self, number: int) -> str | None:
        """What a broadcast that went out is about."""
        broadcast = await rows.get(self._work, number)
        return broadcast.topic if broadcast and broadcast.started_at else None

    # -- Helpers ------------------------------------------------------------------------------

    async def _reach(self) -> Reach:
        return await reach(self._work, self._person.id, Action.BROADCAST)

    async def _demand(self) -> Reach:
        scope = await self._reach()
        if not scope:
            raise NotAllowed(Action.BROADCAST)
        return scope

    async def _whom(self, segment: str, topic: str) -> Whom:
        return await counting.whom(self._work, parse(segment), await self._demand(), topic)

    async def _is_theirs(self, broadcast: Broadcast) -> bool:
        scope = await self._reach()
        if scope.everywhere or (bool(scope) and self.is_author(broadcast)):
            return True
        steers = await self._steers()
        audience = await running.meant(self._work, broadcast) if steers else None
        return audience is not None and await counting.is_within(self._work, audience, steers)

    async def _steers(self) -> Reach:
        """Where they look after what others send."""
        return await reach(self._work, self._person.id, Action.STEER_BROADCASTS)

    async def _hold(self, number: int) -> Broadcast | None:
        """One of theirs, until the end of the turn only theirs to change; the clock looks at it soon.

        Its due thing comes first, as it does for the clock: taken the other way round, each would have what
        the other one waits for.
        """
        if await self.get(number) is None:
            return None
        await running.watch_sooner(self._work, number)
        return await rows.hold(self._work, number)

    async def _plan(self, number: int, at: datetime | None) -> None:
        when = max(at or self._work.now, self._work.now)
        await due.plan(self._work, START, when, {"broadcast": number}, whose=running.whose(number))

    async def _record(self, event: str, number: int, **details: Any) -> None:
        await audit.record(self._work, event, self._person.id, broadcast=number, **details)
