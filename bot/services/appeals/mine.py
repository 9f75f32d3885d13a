"""What an author can do with their appeals, for the length of one turn."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.home import SHANGHAI
from bot.services import attachments, codes
from bot.services.appeals import (
    authors,
    bundle,
    cases,
    desks,
    enclosing,
    rows,
    telling,
    voices,
)
from bot.services.appeals.filing import new_appeal
from bot.services.appeals.handbook import Handbook
from bot.services.appeals.model import (
    MOST_OPEN,
    MOST_REOPENINGS,
    Appeal,
    Changed,
    Deed,
    Draft,
    Event,
    Next,
    Side,
    State,
    Tiding,
)
from bot.services.appeals.moves import Move, NotPossible, may
from bot.services.appeals.register import Register
from bot.services.branches import members
from bot.services.people import Person
from bot.services.refusals import NotThere, TooMany
from bot.store.work import Work

EVIDENCE: Final = "evidence"
"""The purpose of the attachment that holds a packed appeal."""


@dataclass(frozen=True, slots=True)
class Mine:
    """An appeal as its author sees it. `case` is the appeal itself, or the case of many it belongs to.

    `voices` is how many belong to that case.
    """

    appeal: Appeal
    case: Appeal
    owner: str
    voices: int = 1


class MyAppeals:
    """Files appeals and follows them. What is not the author's own raises NotThere."""

    def __init__(self, work: Work, person: Person, handbook: Handbook) -> None:
        self._work = work
        self._person = person
        self._register = Register(work, handbook.rules)
        self._randbelow = handbook.randbelow
        self.book = handbook.rules
        self.danger = handbook.danger

    # -- Filing -----------------------------------------------------------------------

    async def file(self, draft: Draft, joins: int | None = None) -> Changed:
        """Enter an appeal; gives it with its receipt number. Raises TooMany.

        It joins the case of many of this number, if that is still open and of its kind.
        """
        if not await self.has_room():
            raise TooMany
        industry = self._person.work_kind
        draft = replace(draft, district=draft.district or self._person.district or "")
        stop, is_higher = await desks.first(
            self._work,
            self.book,
            draft.kind,
            draft.district,
            industry,
            await members.home(self._work, self._person.id),
        )
        deed = Deed(Side.AUTHOR, reason="nobody serves at the first desk" if is_higher else "")
        new = replace(new_appeal(draft, stop, self._work.now, self._randbelow), industry=industry)
        appeal, story = await self._register.open(new, deed, draft.attachments)
        await authors.note(self._work, appeal.id, self._person.id, draft.contact)
        await enclosing.plan(self._work, appeal, story)
        return await self._to_its_owner(appeal, joins)

    async def knows_whose(self) -> bool:
        """Whether the person's district or branch is known, and with it the right desk."""
        return bool(self._person.district) or await members.home(self._work, self._person.id) is not None

    async def has_room(self) -> bool:
        """Whether the person may open one more."""
        params = {"of": self._work.bot, "person": self._person.id}
        count = await self._work.first(rows.MINE_OPEN, params)
        return count is None or count[0] < MOST_OPEN

    async def _to_its_owner(self, appeal: Appeal, joins: int | None) -> Changed:
        case = await self._register.hold(joins) if joins is not None else None
        if case is None or not self._fits(appeal, case):
            return Changed(appeal, tuple(await telling.owner(self._register, appeal, Tiding.NEW)))
        await cases.join(self._register, appeal, case, Deed(Side.AUTHOR))
        news = await telling.owner(self._register, case, Tiding.ADDED, appeal.story, appeal)
        return Changed(await self._own(appeal.id), tuple(news))

    @staticmethod
    def _fits(appeal: Appeal, case: Appeal) -> bool:
        at_a_desk = may(Move.MERGE, Side.AUTHOR, case.state)
        return at_a_desk and case.is_collective and case.kind == appeal.kind

    async def same(self, draft: Draft) -> dict[str, int | None] | None:
        """How many people told the same, and the case of many they belong to; None for too few."""
        told = await voices.same(self._register, draft)
        return {"count": told.count, "case": told.case} if told else None

    async def _voices(self, case: Appeal) -> int:
        return sum(part.state is State.MERGED for part in await self._register.parts(case))

    async def evidence(self, number: int) -> tuple[str, str]:
        """All that belongs to one's appeal as a ZIP: (file key, file name)."""
        appeal = await self._own(number)
        packed = bundle.pack(await bundle.collect(self._register, appeal), self._work.now, SHANGHAI)
        name = f"{appeal.number}.zip"
        made = (packed, name, "application/zip")
        return await attachments.hold_for(self._work, self._person.id, EVIDENCE, *made), name

    # -- Looking ----------------------------------------------------------------------

    async def all(self) -> list[Mine]:
        """The author's appeals, open ones first, the latest first."""
        found = await self._register.many(rows.MINE, person=self._person.id)
        return [await self._seen(appeal) for appeal in found]

    async def get(self, number: int) -> Mine:
        """One of the author's appeals."""
        return await self._seen(await self._own(number))

    async def by_receipt(self, text: str) -> Mine:
        """The author's appeal with a receipt number, as they typed it."""
        receipt = codes.read(text)
        appeal = await self._register.by_receipt(receipt) if receipt else None
        if appeal is None:
            raise NotThere
        return await self.get(appeal.id)

    async def history(self, number: int) -> list[Event]:
        """All that happened to it, and to the case it belongs to since it does."""
        appeal = await self._own(number)
        events = await self._register.history(appeal)
        case = await self._case(appeal)
        if case.id != appeal.id:
            since = max(event.at for event in events if event.move == Move.MERGE)
            events += [event for event in await self._register.history(case) if event.at >= since]
        return events

    async def _seen(self, appeal: Appeal) -> Mine:
        case = await self._case(appeal)
        owner = await telling.owner_name(self._register, case, self._person.locale)
        voices = await self._voices(case) if case.is_collective else 1
        return Mine(appeal, case, owner, voices)

    async def _case(self, appeal: Appeal) -> Appeal:
        """The case of many that an appeal belongs to, or the appeal."""
        if appeal.state is not State.MERGED or appeal.collective is None:
            return appeal
        return await self._register.get(appeal.collective) or appeal

    async def _own(self, number: int) -> Appeal:
        found = await self._register.many(rows.ONE_OF_MINE, person=self._person.id, which=number)
        if not found:
            raise NotThere
        return found[0]

    async def _held(self, number: int) -> Appeal:
        """The author's appeal, for nobody else to change until the commit."""
        await self._own(number)
        appeal = await self._register.hold(number)
        if appeal is None:
            raise NotThere
        return appeal

    # -- Changing ---------------------------------------------------------------------

    async def add(self, number: int, text: str, attachments: Sequence[int] = ()) -> Changed:
        """Say or send more. Raises NotPossible once it is over."""
        appeal = await self._held(number)
        deed = Deed(Side.AUTHOR)
        appeal, words = await self._register.say(appeal, Move.ADD, deed, text, attachments)
        await enclosing.plan(self._work, appeal, words)
        case = await self._case(appeal)
        # Of a case of many the owner hears it under this one's pseudonym.
        return Changed(appeal, tuple(await telling.owner(self._register, case, Tiding.ADDED, text, appeal)))

    async def withdraw(self, number: int) -> Changed:
        """Take it back. Raises NotPossible once it is over."""
        appeal = await self._held(number)
        was_merged = appeal.state is State.MERGED
        appeal = await self._register.move(appeal, Move.WITHDRAW, Deed(Side.AUTHOR))
        news = [] if was_merged else await telling.owner(self._register, appeal, Tiding.WITHDRAWN)
        return Changed(appeal, tuple(news))

    async def open_about(self, kinds: Collection[str]) -> list[Appeal]:
        """The author's open appeals of these kinds."""
        return [one for one in await self._about(kinds) if one.is_open]

    async def forget_files(self, kinds: Collection[str]) -> None:
        """Let go of what was sent along with the author's appeals of these kinds."""
        sent = [
            number
            for appeal in await self._about(kinds)
            for words in await self._register.words(appeal)
            if words.side is Side.AUTHOR
            for number in words.attachments
        ]
        await attachments.forget(self._work, sent)

    async def _about(self, kinds: Collection[str]) -> list[Appeal]:
        found = await self._register.many(rows.MINE, person=self._person.id)
        return [one for one in found if one.kind in kinds]

    async def rate(self, number: int, stars: int) -> Changed:
        """Say how it went, 1 to 5 (else ValueError). Raises NotPossible before it is answered."""
        if not 1 <= stars <= 5:
            raise ValueError("1 to 5 stars")
        appeal = await self._held(number)
        reason = f"{stars}"
        return Changed(
            await self._register.move(appeal, Move.RATE, Deed(Side.AUTHOR, reason=reason), rating=stars)
        )

    async def confirm(self, number: int) -> Changed:
        """It is solved. Asked again later, this closes it. Raises NotPossible where nothing was asked."""
        appeal = await self._held(number)
        case = await self._case(appeal)
        self._check_asked(case)
        was_asked_again = case.next_what is Next.CLOSE
        if appeal.state is State.CONFIRMED and not was_asked_again:
            raise NotPossible("nobody asked")
        deed = Deed(Side.AUTHOR, reason="asked again" if was_asked_again else "")
        appeal = await self._register.move(appeal, Move.CONFIRM, deed)
        told = appeal if case.id == appeal.id else case
        news = await telling.owner(self._register, told, Tiding.CONFIRMED, part=appeal)
        return Changed(appeal, tuple(news))

    async def reopen(self, number: int, why: str = "") -> Changed:
        """It is not solved: the next step up has it now. A case of many is reopened for all.

        Raises NotPossible where nothing was asked, TooMany after so many times.
        """
        appeal = await self._held(number)
        case = await self._case(appeal)
        if case.id != appeal.id:
            case = await self._register.hold(case.id) or case
        self._check_asked(case)
        if case.reopenings >= MOST_REOPENINGS:
            raise TooMany
        changes = await desks.climb(self._work, self.book, case)
        case, _words = await self._register.say(
            case, Move.REOPEN, Deed(Side.AUTHOR), why, **changes, reopenings=case.reopenings + 1
        )
        news = await telling.owner(self._register, case, Tiding.CAME_BACK, why)
        if case.is_collective:
            others = await telling.author(self._register, case, Tiding.REOPENED)
            news += [one for one in others if one.appeal.id != appeal.id]
        return Changed(case if case.id == appeal.id else appeal, tuple(news))

    @staticmethod
    def _check_asked(case: Appeal) -> None:
        if case.state not in (State.ANSWERED, State.CONFIRMED):
            raise NotPossible("nobody asked")
