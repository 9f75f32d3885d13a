"""How a desk learns who wrote an appeal: by the author's consent, or for a reason that a second one shares.

Either way it goes into the history and the audit log, and the author is told who knows it now, and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from bot.services import audit
from bot.services.appeals import authors, desks, telling
from bot.services.appeals.counter import AppealDesk
from bot.services.appeals.desks import Server
from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.model import Appeal, Changed, Deed, News, Side, Tiding
from bot.services.appeals.moves import Move, NotPossible
from bot.services.appeals.register import Register
from bot.services.people import Person
from bot.services.refusals import NotThere
from bot.store.tables import unmaskings
from bot.store.work import Work

LONGEST_REASON: Final = 300
"""In characters; the author reads it."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody at a desk wants to know who wrote an appeal. Without a `reason` the author is asked."""

    id: int
    appeal: int
    asked_by: int
    reason: str


class NobodyElse(Exception):
    """There is no second one at the desk to share the reason."""


class Unmasking:
    """Asks for, agrees to and refuses to show who wrote an appeal."""

    def __init__(self, work: Work, person: Person, book: Rulebook) -> None:
        self._work = work
        self._person = person
        self._register = Register(work, book)
        self._desk = AppealDesk(work, person, book)

    # -- The desk asks ------------------------------------------------------------------

    async def ask_author(self, number: int) -> Changed:
        """Ask the author how to reach them; what they gave when they filed is shown at once.

        Raises NotThere, HasIt, NotPossible as all deeds of a desk do.
        """
        appeal = await self._with_author(number)
        contact = await authors.contact_of(self._work, appeal.id)
        if contact:
            return await self._show(appeal, self._person.id, contact, "the author gave it for the desk")
        if not await self._is_asked(appeal, reason=""):
            await self._note(appeal, "")
        return Changed(appeal, tuple(await telling.author(self._register, appeal, Tiding.CONSENT)))

    async def ask_second(self, number: int, reason: str) -> Changed:
        """Ask a second one at the desk to share a reason. Raises NobodyElse, and as `ask_author` does."""
        appeal = await self._with_author(number)
        others = [one for one in await self._colleagues(appeal, self._person.id) if not one.away]
        if not others:
            raise NobodyElse
        asked = await self._note(appeal, reason)
        news = [
            await telling.person(self._register, appeal, one, Tiding.SECOND_NEEDED, reason, asked)
            for one in others
        ]
        return Changed(appeal, tuple(news))

    async def agree(self, number: int) -> Changed:
        """Share a reason: whoever asked learns who wrote it. NotThere for who may not, or what is decided."""
        asked, appeal = await self._to_decide(number)
        await self._settle(asked, is_shown=True, by=self._person.id)
        found = await authors.of(self._work, [appeal.id])
        contact = await authors.contact_of(self._work, appeal.id)
        account = f"Telegram {found[appeal.id].account}" if appeal.id in found else ""
        told = "\n".join(part for part in (contact, account) if part)
        return await self._show(appeal, asked.asked_by, told, asked.reason, agreed_by=self._person.id)

    async def refuse(self, number: int) -> Changed:
        """Not share it. NotThere as in `agree`."""
        asked, appeal = await self._to_decide(number)
        await self._settle(asked, is_shown=False, by=self._person.id)
        return Changed(appeal, tuple(await self._tell_asker(appeal, asked, Tiding.CONTACT_REFUSED)))

    async def _with_author(self, number: int) -> Appeal:
        appeal = await self._desk.own(number)
        if appeal.is_collective:
            raise NotPossible("nobody alone wrote it")
        return appeal

    # -- The author decides ---------------------------------------------------------------

    async def consent(self, appeal_number: int, contact: str) -> Changed:
        """Tell the desk how to reach one. NotThere where nobody asked, or it is not theirs."""
        appeal = await self._own(appeal_number)
        asked = await self._open_question(appeal)
        if asked is None:
            raise NotThere
        await authors.give_contact(self._work, appeal.id, contact)
        await self._settle(asked, is_shown=True, by=None)
        deed = Deed(Side.AUTHOR, reason="consent")
        appeal = await self._register.move(appeal, Move.UNMASK, deed)
        await self._record(appeal, asked.asked_by, None, "consent")
        return Changed(appeal, tuple(await self._tell_asker(appeal, asked, Tiding.CONTACT, contact)))

    async def decline(self, appeal_number: int) -> Changed:
        """Stay unnamed. NotThere as in `consent`."""
        appeal = await self._own(appeal_number)
        asked = await self._open_question(appeal)
        if asked is None:
            raise NotThere
        await self._settle(asked, is_shown=False, by=None)
        return Changed(appeal, tuple(await self._tell_asker(appeal, asked, Tiding.CONTACT_REFUSED)))

    # -- What is shown, and who hears of it ------------------------------------------------

    async def _show(
        self, appeal: Appeal, asker: int, contact: str, reason: str, agreed_by: int | None = None
    ) -> Changed:
        deed = Deed(Side.DESK, asker, "consent" if agreed_by is None else "two at the desk")
        appeal = await self._register.move(appeal, Move.UNMASK, deed)
        await self._record(appeal, asker, agreed_by, deed.reason)
        said = "" if agreed_by is None else reason
        news = await telling.author(self._register, appeal, Tiding.UNMASKED, said)
        server = await desks.server(self._work, appeal.branch, asker)
        if server is not None:
            news.append(await telling.person(self._register, appeal, server, Tiding.CONTACT, contact))
        return Changed(appeal, tuple(news))

    async def _record(self, appeal: Appeal, asker: int, agreed_by: int | None, rule: str) -> None:
        details = {"appeal": appeal.id, "branch": appeal.branch, "agreed_by": agreed_by, "rule": rule}
        await audit.record(self._work, "appeal.unmasked", asker, **details)

    async def _tell_asker(self, appeal: Appeal, asked: Asked, what: Tiding, said: str = "") -> list[News]:
        server = await desks.server(self._work, appeal.branch, asked.asked_by)
        return [await telling.person(self._register, appeal, server, what, said)] if server else []

    # -- Questions that wait ----------------------------------------------------------------

    async def _note(self, appeal: Appeal, reason: str) -> int:
        values = {
            "bot": self._work.bot,
            "appeal": appeal.id,
            "asked_by": self._person.id,
            "reason": reason,
            "asked_at": self._work.now,
        }
        return int((await self._work.write(_ASK, values))[0].id)

    async def _is_asked(self, appeal: Appeal, reason: str) -> bool:
        rows = await self._work.fetch(_WAITING, {"of": self._work.bot, "which": appeal.id})
        return any(row.reason == reason for row in rows)

    async def _open_question(self, appeal: Appeal) -> Asked | None:
        """What the author was asked last, and has not answered."""
        rows = await self._work.fetch(_WAITING, {"of": self._work.bot, "which": appeal.id})
        return next((_asked(row) for row in reversed(rows) if not row.reason), None)

    async def _to_decide(self, number: int) -> tuple[Asked, Appeal]:
        row = await self._work.first(_ONE, {"of": self._work.bot, "row": number})
        appeal = await self._register.hold(row.appeal) if row else None
        if row is None or appeal is None or not appeal.is_open:
            raise NotThere
        asked = _asked(row)
        others = {one.to.person for one in await self._colleagues(appeal, asked.asked_by)}
        if self._person.id not in others or not asked.reason:
            raise NotThere
        return asked, appeal

    async def _colleagues(self, appeal: Appeal, but: int) -> list[Server]:
        """Who else may act for the desk. Who wrote the appeal decides nothing about it."""
        found = await authors.of(self._work, [appeal.id])
        author = found[appeal.id].person if appeal.id in found else None
        everybody = await desks.serving(self._work, appeal.branch)
        return [one for one in everybody if one.to.person not in (but, author)]

    async def _settle(self, asked: Asked, *, is_shown: bool, by: int | None) -> None:
        values = {"new_shown": is_shown, "who": by, "now": self._work.now, "row": asked.id}
        await self._work.execute(_SETTLE, {**values, "of": self._work.bot})

    async def _own(self, number: int) -> Appeal:
        if not await authors.wrote(self._work, self._person.id, number):
            raise NotThere
        appeal = await self._register.hold(number)
        if appeal is None or not appeal.is_open:
            raise NotThere
        return appeal


def _asked(row: Any) -> Asked:
    return Asked(row.id, row.appeal, row.asked_by, row.reason)


_ASK: Final = sa.insert(unmaskings).returning(unmaskings.c.id)
_IS_WAITING = sa.and_(unmaskings.c.bot == sa.bindparam("of"), unmaskings.c.settled_at.is_(None))
_WAITING: Final = (
    sa.select(unmaskings)
    .where(_IS_WAITING, unmaskings.c.appeal == sa.bindparam("which"))
    .order_by(unmaskings.c.id)
)
_ONE: Final = sa.select(unmaskings).where(_IS_WAITING, unmaskings.c.id == sa.bindparam("row"))
_SETTLE: Final = (
    sa.update(unmaskings)
    .where(_IS_WAITING, unmaskings.c.id == sa.bindparam("row"))
    .values(shown=sa.bindparam("new_shown"), agreed_by=sa.bindparam("who"), settled_at=sa.bindparam("now"))
)
