"""What one organizer can do with broadcasts, for the length of one turn."""

from __future__ import annotations

from datetime import datetime
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
    DryRun,
    Progress,
    Report,
    Terms,
    content_from,
)
from bot.services.broadcasts.running import Draws
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

    async def describe(self, segment: str) -> Phrase:
        """Who is meant, in the language of this turn."""
        meant = parse(segment)
        return describe(meant, await names(self._work, meant, self._library))

    async def count(self, segment: str, topic: str, at: datetime | None = None) -> DryRun:
        """Who would get it if it went then, or now."""
        return await counting.dry_run(self._work, await self._whom(segment, topic), at)

    def read(self, text: str) -> When:
        """The time in a text."""
        return read(text, self.now, self.zone, current_locale())

    async def make(self, segment: str, topic: str, content: Json, starts_at: str | None) -> int | None:
        """Keep a broadcast; gives its number. None for a time that is over, or too far ahead.

        It is planned, or waits for a second organizer where it goes to more than the threshold.
        """
        at = datetime.fromisoformat(starts_at) if starts_at else None
        if topic not in TOPICS or (at and not self._work.now < at < self._work.now + MOST_AHEAD):
            return None
        audience = await self._whom(segment, topic)
        counted = await counting.dry_run(self._work, audience)
        is_many = counted.recipients > self.terms.threshold
        values = {
            "made_by": self._person.id,
            "segment": say(audience.segment),
            "topic": topic,
            "content": content_from(content).to_json(),
            "state": ASKED if is_many else PLANNED,
            "starts_at": at,
        }
        number = await rows.add(self._work, values)
        await self._record("broadcast.made", number, recipients=counted.recipients, approval=is_many)
        if not is_many:
            await self._plan(number, at)
        return number

    # -- Approving ------------------------------------------------------------------------

    async def approvers(self, number: int) -> list[Recipient]:
        """Who is asked to approve it."""
        broadcast = await self.get(number)
        audience = await running.meant(self._work, broadcast) if broadcast else None
        if broadcast is None or audience is None:
            return []
        return await approving.approvers(self._work, broadcast.made_by, audience)

    async def decide(self, number: int, *, yes: bool) -> Broadcast | None:
        """Approve or refuse one that waits for it; None where it was decided already, or is not there.

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
        state = PLANNED if yes else REFUSED
        await rows.change(self._work, number, state=state, decided_by=self._person.id)
        await self._record("broadcast.approved" if yes else "broadcast.refused", number)
        if yes:
            await self._plan(number, broadcast.starts_at)
        return broadcast

    async def author(self, broadcast: Broadcast) -> Recipient | None:
        """How to write to who made it."""
        return await recipient(self._work, broadcast.made_by)

    # -- Looking ----------------------------------------------------------------------------

    async def latest(self) -> list[Broadcast]:
        """The organizer's own, the latest first; of an admin of the city everybody's."""
        scope = await self._demand()
        return await rows.latest(self._work, None if scope.everywhere else self._person.id, MOST_LISTED)

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
        return broadcast, await counting.dry_run(self._work, audience, broadcast.starts_at)

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
        """Send a screen that is kept up to date from here on; False where it is not theirs."""
        if await self.get(number) is None:
            return False
        reader = Recipient(self._person.id, self._person.account, current_locale())
        await running.show(self._work, number, reader, draws, self.terms.per_second)
        return True

    async def pause(self, number: int) -> bool:
        """Let no more of it go until it is resumed; False where it does not run."""
        if await self._running(number) is None:
            return False
        await letters.pause(self._work, number)
        return True

    async def resume(self, number: int) -> bool:
        """Let it go on; False where it does not run."""
        if await self._running(number) is None:
            return False
        # Night may have fallen meanwhile.
        while await counting.defer(self._work, number, self._work.now):
            continue
        await letters.resume(self._work, number)
        await running.watch_from(self._work, number, self._work.now + running.FIRST_LOOK)
        return True

    async def cancel(self, number: int) -> bool:
        """Let the rest never go; False where it is over already."""
        broadcast = await rows.hold(self._work, number)
        if broadcast is None or not await self._is_theirs(broadcast):
            return False
        if broadcast.state in (ASKED, PLANNED):
            await due.cancel_all(self._work, running.whose(number))
            await rows.change(self._work, number, state=CANCELLED, ended_at=self._work.now)
        elif broadcast.state == RUNNING:
            await letters.cancel(self._work, number)
            await rows.change(self._work, number, state=CANCELLED)
            await running.watch_from(self._work, number, self._work.now + running.FIRST_LOOK)
        else:
            return False
        await self._record("broadcast.cancelled", number)
        return True

    async def retry(self, number: int, draws: Draws) -> int:
        """Send to those again to whom it failed; gives their number."""
        broadcast = await rows.hold(self._work, number)
        if broadcast is None or not await self._is_theirs(broadcast) or not broadcast.report:
            return 0
        if broadcast.state == CANCELLED:
            return 0
        again = await letters.retry(self._work, number, (DEAD,))
        if again:
            await rows.change(self._work, number, state=RUNNING, ended_at=None, report=None, shown={})
            await self.follow(number, draws)
            await running.watch_from(self._work, number, self._work.now + running.FIRST_LOOK)
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
        return scope.everywhere or (bool(scope) and broadcast.made_by == self._person.id)

    async def _running(self, number: int) -> Broadcast | None:
        broadcast = await self.get(number)
        return broadcast if broadcast is not None and broadcast.state == RUNNING else None

    async def _plan(self, number: int, at: datetime | None) -> None:
        when = max(at or self._work.now, self._work.now)
        await due.plan(self._work, START, when, {"broadcast": number}, whose=running.whose(number))

    async def _record(self, event: str, number: int, **details: Any) -> None:
        await audit.record(self._work, event, self._person.id, broadcast=number, **details)
