"""Where hazards change: reported or joined to one that is known, looked at, mended, moved a step up.

Reports of one kind come one after another (`revisions`): two at the same moment are never two hazards.
A deadline is a due thing that names the moment it was planned for; one that was overtaken does nothing.

Thanks, and the points that come with them, are for who showed or told something: a photo, words, and once it
is known, from the spot. "I see it too" counts and is told, no more; nobody is thanked for what they confirm.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import sqlalchemy as sa

from bot.services import attachments, audit, due
from bot.services.appeals import desks
from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.model import OVERDUE_AGAIN
from bot.services.due import Due
from bot.services.happenings import Happening, happened
from bot.services.hazards import rows
from bot.services.hazards.kinds import HazardKinds, Kind
from bot.services.hazards.model import (
    DEADLINE,
    SAME_METRES,
    Changed,
    Draft,
    Hazard,
    News,
    State,
    Tiding,
)
from bot.services.notices import Recipient
from bot.services.revisions import next_revision
from bot.services.stations.geo import metres_between
from bot.services.stations.model import Point
from bot.store.tables import hazard_reports, hazards
from bot.store.work import Work

ROUTED_AS: Final = "hazard"
"""What desks of content/appeals.yaml may name among their kinds; most name none and take it anyway."""


class Register:
    """Hazards of one bot, for one transaction."""

    def __init__(self, work: Work, book: Rulebook, kinds: HazardKinds) -> None:
        self.work = work
        self.book = book
        self.kinds = kinds

    # -- Reporting ------------------------------------------------------------------------

    async def report(self, draft: Draft, person: int, home: str | None) -> Changed:
        """Report a hazard: a new one, or what is known at that place already.

        Where its district has no desk, it goes to that of the reporter's branch (`home`) or above it.
        """
        await self._one_by_one(draft.kind)
        known = await self._same(draft)
        if known is None:
            hazard = await self._add(draft, home)
            await self._note_report(hazard.id, draft, person)
            return await self._told_desk(hazard.id, Tiding.NEW, draft)
        is_new = await self.join(known, draft, person)
        return await self._told_desk(known.id, Tiding.MORE, draft) if is_new else Changed(known)

    async def join(self, hazard: Hazard, draft: Draft, person: int) -> bool:
        """Report what is known; False for who did before: what they say now comes in place of that."""
        before = await rows.is_reporter(self.work, hazard.id, person)
        if before:
            this = sa.and_(
                hazard_reports.c.bot == self.work.bot,
                hazard_reports.c.hazard == hazard.id,
                hazard_reports.c.person == person,
            )
            given = {"note": draft.note, "attachment": draft.attachment}
            said = {name: value for name, value in given.items() if value}
            if said:
                await self.work.execute(sa.update(hazard_reports).where(this).values(said))
            return False
        await self._note_report(hazard.id, draft, person)
        if hazard.state is State.CONFIRMED and draft.is_exact and draft.tells_something:
            await self._thank(hazard.id, person)
        return True

    async def withdraw(self, hazard: Hazard, person: int) -> list[News]:
        """Take a report back; without any other the hazard goes, and its desk hears that nobody needs to."""
        reports = await rows.reports(self.work, hazard.id)
        sent = [one.attachment for one in reports if one.person == person and one.attachment is not None]
        await rows.drop_report(self.work, hazard.id, person)
        await attachments.forget(self.work, sent)
        if len(reports) > 1:
            return []
        told = [News(to, Tiding.WITHDRAWN, hazard) for to in await self._owners(hazard)]
        await rows.drop(self.work, hazard.id)
        return told

    async def _same(self, draft: Draft) -> Hazard | None:
        """The open hazard of the kind that this is: at most SAME_METRES away where both were shared on the
        spot, at the same place of our maps where both were only named."""
        known = await rows.open_of_kind(self.work, draft.kind)
        if not draft.is_exact:
            return _at_place(draft.place, known)
        return None if draft.point is None else _nearest(draft.point, known)

    async def _add(self, draft: Draft, home: str | None) -> Hazard:
        stop, _higher = await desks.first(self.work, self.book, ROUTED_AS, draft.district, None, home)
        values = {
            "bot": self.work.bot,
            "kind": draft.kind,
            "place": draft.place,
            "lat": draft.point.lat if draft.point else None,
            "lon": draft.point.lon if draft.point else None,
            "is_exact": draft.is_exact,
            "district": draft.district,
            "state": State.REPORTED.value,
            "desk": stop.desk,
            "branch": stop.branch,
            "answer": "",
            "made_at": self.work.now,
            "changed_at": self.work.now,
        }
        number = int((await self.work.write(_ADD, values))[0].id)
        return await self._until(number, self.kinds.get(draft.kind), State.REPORTED)

    async def _note_report(self, hazard: int, draft: Draft, person: int) -> None:
        values = {
            "bot": self.work.bot,
            "hazard": hazard,
            "person": person,
            "note": draft.note,
            "attachment": draft.attachment,
            "made_at": self.work.now,
        }
        await self.work.execute(sa.insert(hazard_reports), values)

    # -- At a desk -------------------------------------------------------------------------

    async def hold(self, number: int) -> Hazard | None:
        """A hazard that nobody else changes until the commit."""
        found = await rows.get(self.work, number)
        if found is None:
            return None
        await self._one_by_one(found.kind)
        return await rows.get(self.work, number)

    async def confirm(self, hazard: Hazard, by: int) -> Changed:
        """Somebody was there: it is to be mended. Who reported it is thanked."""
        if hazard.state is not State.REPORTED:
            return Changed(hazard)
        hazard = await self._until(hazard.id, self.kinds.get(hazard.kind), State.CONFIRMED)
        await self._vouch(hazard, by)
        return await self._told_reporters(hazard, Tiding.CONFIRMED)

    async def fix(self, hazard: Hazard, by: int, answer: str) -> Changed:
        """It is mended."""
        if hazard.state is State.REPORTED:
            await self._vouch(hazard, by)
        hazard = await self._settle(hazard, State.FIXED, by, answer)
        return await self._told_reporters(hazard, Tiding.FIXED)

    async def refuse(self, hazard: Hazard, by: int, answer: str) -> Changed:
        """There is nothing, or it is no hazard."""
        hazard = await self._settle(hazard, State.REFUSED, by, answer)
        return await self._told_reporters(hazard, Tiding.REFUSED)

    async def reopen(self, hazard: Hazard) -> Changed:
        """Somebody who reported it says that it is still there."""
        kind = self.kinds.get(hazard.kind)
        hazard = await self._until(hazard.id, kind, State.CONFIRMED, settled_by=None, answer="")
        return await self._told_desk(hazard.id, Tiding.STILL_THERE)

    async def _settle(self, hazard: Hazard, state: State, by: int, answer: str) -> Hazard:
        values = {"state": state.value, "next_at": None, "settled_by": by, "answer": answer}
        return await rows.change(self.work, hazard.id, **values)

    async def _vouch(self, hazard: Hazard, by: int) -> None:
        """Somebody at the desk says that it is really there: noted, for points come of it."""
        await audit.record(self.work, "hazard.confirmed", by, hazard=hazard.id, branch=hazard.branch)
        for one in await rows.reports(self.work, hazard.id):
            if one.person != by and (one.note or one.attachment is not None):
                await self._thank(hazard.id, one.person)

    async def _thank(self, hazard: int, person: int) -> None:
        """Whoever gives points for it hears of it here."""
        await happened(self.work, Happening("hazard", person, f"hazard:{hazard}", self.work.now))

    # -- On the clock ------------------------------------------------------------------------

    async def strike(self, thing: Due) -> list[News]:
        """A deadline was missed: one step up; where there is none, whoever looks after the branch hears."""
        hazard = await self.hold(int(thing.what["hazard"]))
        if hazard is None or hazard.next_at != datetime.fromisoformat(thing.what["at"]):
            return []
        stop = await desks.above(self.work, self.book, hazard.branch)
        kind = self.kinds.get(hazard.kind)
        if stop is not None:
            changes = {"branch": stop.branch, "desk": stop.desk}
            hazard = await self._until(hazard.id, kind, hazard.state, **changes)
            return list((await self._told_desk(hazard.id, Tiding.CAME_UP)).news)
        next_at = self.book.hours.after(self.work.now, OVERDUE_AGAIN).at
        hazard = await self._plan(hazard.id, next_at, {})
        news = list((await self._told_desk(hazard.id, Tiding.MISSED)).news)
        told = {one.to for one in news}
        others = [one for one in await desks.overseers(self.work, hazard.branch) if one not in told]
        return news + [News(to, Tiding.MISSED, hazard) for to in others]

    async def _until(self, number: int, kind: Kind, state: State, **changes: Any) -> Hazard:
        """In this state from now on, by a deadline of its kind."""
        span = kind.look if state is State.REPORTED else kind.mend
        at = self.book.hours.after(self.work.now, span).at
        return await self._plan(number, at, {"state": state.value, **changes})

    async def _plan(self, number: int, at: datetime, changes: dict[str, Any]) -> Hazard:
        hazard = await rows.change(self.work, number, next_at=at, **changes)
        assert hazard.next_at is not None  # noqa: S101 - just written
        what = {"hazard": number, "at": hazard.next_at.isoformat()}
        await due.plan(self.work, DEADLINE, at, what, whose=f"hazard:{number}")
        return hazard

    # -- Who hears of it -----------------------------------------------------------------------

    async def _told_desk(self, number: int, what: Tiding, draft: Draft | None = None) -> Changed:
        hazard = await rows.get(self.work, number)
        assert hazard is not None  # noqa: S101 - it was just written
        note = draft.note if draft else ""
        has_photo = any(row.attachment is not None for row in await rows.reports(self.work, number))
        news = [News(to, what, hazard, note, has_photo) for to in await self._owners(hazard)]
        return Changed(hazard, tuple(news))

    async def _owners(self, hazard: Hazard) -> list[Recipient]:
        """The desk's group, else all who serve nearest; where nobody serves, who looks after the branch."""
        group = await desks.group(self.work, hazard.branch)
        if group is not None:
            return [group]
        team = [one.to for one in await desks.team(self.work, hazard.branch)]
        return team or await desks.overseers(self.work, hazard.branch)

    async def _told_reporters(self, hazard: Hazard, what: Tiding) -> Changed:
        told = await rows.reporters(self.work, hazard.id)
        return Changed(hazard, tuple(News(to, what, hazard) for to in told))

    async def _one_by_one(self, kind: str) -> None:
        await next_revision(self.work, f"hazard:{kind[:33]}")


def _nearest(point: Point, known: list[Hazard]) -> Hazard | None:
    near = [
        (metres_between(point, one.point), one.id, one)
        for one in known
        if one.point is not None and one.is_exact
    ]
    found = min(near, default=None)
    return found[2] if found is not None and found[0] <= SAME_METRES else None


def _at_place(place: str, known: list[Hazard]) -> Hazard | None:
    """The first that was named so; of a place that our maps don't know, none."""
    return next((one for one in known if place and one.place == place and not one.is_exact), None)


_ADD: Final = sa.insert(hazards).returning(hazards.c.id)
