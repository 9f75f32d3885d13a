"""Where appeals change: every change is a move of the table, an event of the history, and the next deadline.

A deadline is a due thing that names what it was planned for. It is never cancelled: one that was overtaken
finds another deadline in the row, and does nothing. So no turn waits for the clock, or the clock for a turn.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from bot.services import due
from bot.services.appeals import history, moves, rows
from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.model import (
    ASK_AGAIN_AFTER,
    CLOSE_AFTER,
    OF_THE_DESK,
    OPEN,
    OVER,
    OVERDUE_AGAIN,
    Appeal,
    Deed,
    Event,
    Next,
    Side,
    State,
    Words,
)
from bot.services.appeals.moves import Move
from bot.store.tables import appeal_helpers
from bot.store.work import Work

DEADLINE: Final = "appeal_deadline"
"""The kind of due things that remind of a deadline, and that act when it is missed."""

KINDS: Final = {
    Move.ADD: "addition",
    Move.REOPEN: "addition",
    Move.ASK_BACK: "question",
    Move.ANSWER: "answer",
    Move.SOLVE: "solution",
    Move.NOTE: "note",
}
"""What kind of words go with a move."""

# A reminder comes when a quarter of the time is left, but never so close to anything.
_LAST_PART: Final = 4
_LEAST_WARNING: Final = timedelta(minutes=30)


def _told(deed: Deed, words: Words) -> Deed:
    """A deed with what was said, and its seal. The seals of files follow once they are kept."""
    return replace(deed, words=words.id, digest=history.digest_of(words.text))


class Register:
    """All appeals of a bot, in one transaction. Who may see or do what is for its callers to ask."""

    def __init__(self, work: Work, book: Rulebook) -> None:
        self.work = work
        self.book = book

    # -- Looking ----------------------------------------------------------------------

    async def get(self, number: int) -> Appeal | None:
        """An appeal by its number."""
        return await self._one(rows.ONE, which=number)

    async def hold(self, number: int) -> Appeal | None:
        """An appeal by its number, for nobody else to change until the commit."""
        return await self._one(rows.HOLD, which=number)

    async def by_receipt(self, receipt: str) -> Appeal | None:
        """An appeal by its receipt number, as `codes.read` gives it."""
        return await self._one(rows.BY_RECEIPT, number=receipt)

    async def history(self, appeal: Appeal) -> list[Event]:
        """All that happened to it."""
        return await history.of(self.work, appeal.id)

    async def words(self, appeal: Appeal) -> list[Words]:
        """All that was said about it, in order."""
        found = await self.work.fetch(rows.WORDS, {"of": self.work.bot, "which": appeal.id})
        return [rows.words_from(row) for row in found]

    async def parts(self, collective: Appeal) -> list[Appeal]:
        """The appeals that became part of a case of many, also those withdrawn since."""
        return await self.many(rows.PARTS, which=collective.id)

    async def helpers(self, appeal: Appeal) -> list[tuple[str, str]]:
        """The branches and desks (may be empty) that were called in."""
        found = await self.work.fetch(rows.HELPERS, {"of": self.work.bot, "which": appeal.id})
        return [(row.branch, row.desk) for row in found]

    async def many(self, statement: sa.Select[Any], **params: Any) -> list[Appeal]:
        """The appeals that a statement of `rows` finds."""
        found = await self.work.fetch(statement, {"of": self.work.bot, **params})
        return [rows.appeal_from(row) for row in found]

    async def _one(self, statement: sa.Select[Any], **params: Any) -> Appeal | None:
        row = await self.work.first(statement, {"of": self.work.bot, **params})
        return rows.appeal_from(row) if row else None

    # -- Changing ---------------------------------------------------------------------

    async def open(self, appeal: Appeal, deed: Deed, attachments: Sequence[int] = ()) -> tuple[Appeal, Words]:
        """Enter a new appeal: its number, its story, its first event, its first deadline."""
        appeal = replace(appeal, hops=1, state=State.FILED)
        appeal = self._with_deadline(appeal, moves.next_deadline(State.FILED))
        values = {**rows.values_of(appeal), "bot": self.work.bot}
        appeal = replace(appeal, id=int((await self.work.write(rows.ADD, values))[0].id))
        story = await self._said(appeal, deed.side, "story", appeal.story, attachments)
        deed = _told(deed, story)
        return await self._written(appeal, moves.FILE, deed, is_new_deadline=True), story

    async def move(self, appeal: Appeal, move: Move, deed: Deed, **changes: Any) -> Appeal:
        """Make a move with a held appeal, and change what goes with it; gives it as it is then.

        Raises NotPossible where the table has no such move.
        """
        before = appeal
        state = moves.after(move, deed.side, appeal.state)
        appeal = replace(appeal, **changes, state=state, hops=appeal.hops + 1, changed_at=self.work.now)
        if before.is_open and state in OVER:
            appeal = replace(appeal, settled_at=self.work.now)
        elif before.state in OVER and state in OPEN:
            appeal = replace(appeal, settled_at=None)
        if move is Move.OVERDUE:
            appeal = replace(appeal, next_at=self.book.hours.after(self.work.now, OVERDUE_AGAIN).at)
        elif state != before.state or appeal.started_at != before.started_at or move is Move.ASK_AGAIN:
            appeal = self._with_deadline(appeal, moves.next_deadline(state, move))
        is_new = (appeal.next_what, appeal.next_at) != (before.next_what, before.next_at)
        return await self._written(appeal, move, deed, is_new_deadline=is_new)

    async def say(
        self,
        appeal: Appeal,
        move: Move,
        deed: Deed,
        text: str,
        attachments: Sequence[int] = (),
        **changes: Any,
    ) -> tuple[Appeal, Words]:
        """Make a move with which something is said; nothing is kept of what NotPossible is raised for."""
        moves.after(move, deed.side, appeal.state)
        words = await self._said(appeal, deed.side, KINDS[move], text, attachments)
        return await self.move(appeal, move, _told(deed, words), **changes), words

    async def _said(
        self, appeal: Appeal, side: Side, kind: str, text: str, attachments: Sequence[int] = ()
    ) -> Words:
        """Keep something that was said; a deed that is `_told` with it names it in the history."""
        values = {
            "bot": self.work.bot,
            "appeal": appeal.id,
            "at": self.work.now,
            "side": side.value,
            "kind": kind,
            "text": text,
            "attachments": list(attachments),
        }
        number = int((await self.work.write(rows.ADD_WORDS, values))[0].id)
        return Words(number, self.work.now, side, kind, text, tuple(attachments))

    async def call_in(self, appeal: Appeal, branch: str, desk: str) -> bool:
        """Let another desk help; False where it does already."""
        if any(branch == called for called, _desk in await self.helpers(appeal)):
            return False
        values = {
            "bot": self.work.bot,
            "appeal": appeal.id,
            "branch": branch,
            "desk": desk,
            "called_at": self.work.now,
        }
        await self.work.execute(sa.insert(appeal_helpers), values)
        return True

    async def _written(self, appeal: Appeal, move: str, deed: Deed, *, is_new_deadline: bool) -> Appeal:
        event = history.event_after(appeal, move, deed)
        previous = appeal.head or history.FIRST_PREVIOUS
        appeal = replace(appeal, head=await history.append(self.work, appeal.id, event, previous))
        params = {"of": self.work.bot, "which": appeal.id, **rows.changes_of(appeal)}
        await self.work.execute(rows.CHANGE, params)
        if is_new_deadline:
            await self._plan(appeal)
        return appeal

    # -- Deadlines --------------------------------------------------------------------

    def _with_deadline(self, appeal: Appeal, what: Next | None) -> Appeal:
        return replace(appeal, next_what=what, next_at=self._deadline(appeal, what))

    def _deadline(self, appeal: Appeal, what: Next | None) -> datetime | None:
        now = self.work.now
        match what:
            case None:
                return None
            case Next.ASK:
                return now + ASK_AGAIN_AFTER
            case Next.CLOSE:
                return now + CLOSE_AFTER
        kind = self.book.kind(appeal.kind) or self.book.kinds[-1]
        span = getattr(kind.deadlines, what.value)
        # Whoever takes it in the last minute gets no deadline that is over.
        starts = [appeal.started_at, now]
        ends = [self.book.hours.after(start, span).at for start in starts]
        return next((end for end in ends if end > now), ends[-1])

    async def _plan(self, appeal: Appeal) -> None:
        """Let the clock come back for the deadline, and once before it."""
        if appeal.next_at is None or appeal.next_what is None:
            return
        what = {"appeal": appeal.id, "next": appeal.next_what.value, "at": appeal.next_at.isoformat()}
        whose = f"appeal:{appeal.id}"
        plans = [due.Plan(DEADLINE, appeal.next_at, what, whose)]
        before = self._reminder(appeal.next_at) if appeal.next_what in OF_THE_DESK else None
        if before is not None:
            plans.append(due.Plan(DEADLINE, before, {**what, "before": True}, whose))
        await due.plan_all(self.work, plans)

    def _reminder(self, deadline: datetime) -> datetime | None:
        """When to remind of a deadline: when a quarter of the time is left, or else while people still work.

        None where all of that is nearly now, or nearly the deadline.
        """
        now, hours = self.work.now, self.book.hours
        wanted = deadline - (deadline - now) / _LAST_PART
        for at in (hours.last_open(now, wanted), hours.next_open(wanted)):
            if at is not None and now + _LEAST_WARNING <= at <= deadline - _LEAST_WARNING:
                return at
        return None
