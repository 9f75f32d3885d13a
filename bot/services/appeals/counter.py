"""What somebody who serves at a desk can do with its appeals, for the length of one turn.

Who wrote an appeal is nowhere here. What is not at a desk of theirs raises NotThere, as what never was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.services.appeals import desks, enclosing, moves, rows, telling
from bot.services.appeals.desks import Server, Stop
from bot.services.appeals.kinds import Rulebook, Suggestion
from bot.services.appeals.model import (
    MOST_HAND_OVERS,
    OVER,
    Appeal,
    Changed,
    Deed,
    Event,
    News,
    Side,
    State,
    Tiding,
    Words,
)
from bot.services.appeals.moves import Move, NotPossible
from bot.services.appeals.register import Register
from bot.services.people import Person
from bot.services.refusals import NotThere, TooMany
from bot.services.roles import rules
from bot.services.roles.rules import Action
from bot.store.work import Work


class HasIt(Exception):
    """Somebody else at the desk has it; `called` is how they call themselves."""

    def __init__(self, called: str) -> None:
        super().__init__(called)
        self.called = called


@dataclass(frozen=True, slots=True)
class Seen:
    """An appeal as its desk sees it. `is_helper` marks a desk that was only called in.

    `taken_by` is what somebody else at the desk who has it is called; empty where the person may act.
    """

    appeal: Appeal
    owner: str
    words: tuple[Words, ...]
    is_helper: bool
    taken_by: str = ""
    voices: int = 1


class AppealDesk:
    """Takes, answers and solves what is at the desks where the person serves."""

    def __init__(self, work: Work, person: Person, book: Rulebook) -> None:
        self._work = work
        self._person = person
        self._register = Register(work, book)
        self.book = book

    # -- Looking ----------------------------------------------------------------------

    async def serves(self) -> bool:
        """Whether the person serves at any desk."""
        return bool(await rules.reach(self._work, self._person.id, Action.HANDLE_APPEALS))

    async def all(self) -> list[Appeal]:
        """What is open at the person's desks, the next deadline first; then what they were called in for."""
        reach = await rules.reach(self._work, self._person.id, Action.HANDLE_APPEALS)
        if reach.everywhere:
            return await self._register.many(rows.OPEN)
        if not reach:
            return []
        branches = list(reach.branches)
        own = await self._register.many(rows.UNDER, branches=branches)
        known = {appeal.id for appeal in own}
        called = await self._register.many(rows.HELPED, branches=branches)
        return own + [appeal for appeal in called if appeal.id not in known]

    async def get(self, number: int) -> Seen:
        """One of them, with all that was said; also for a while after it is over."""
        appeal = await self._register.get(number)
        side = await self._side(appeal) if appeal is not None else None
        if appeal is None or side is None:
            raise NotThere
        other = await self._other_holder(appeal)
        return Seen(
            appeal,
            await telling.owner_name(self._register, appeal, self._person.locale),
            tuple(await self._register.words(appeal)),
            is_helper=side is Side.HELPER,
            taken_by=(other.called or "?") if other else "",
            voices=len(await self._register.parts(appeal)) if appeal.is_collective else 1,
        )

    async def history(self, number: int) -> list[Event]:
        """All that happened to it."""
        return await self._register.history((await self.get(number)).appeal)

    async def colleagues(self, number: int) -> list[Server]:
        """To whom at the desk it can be handed: everybody there but the person and who is away."""
        appeal = await self._at_my_desk(number)
        found = await desks.serving(self._work, appeal.branch)
        return [one for one in found if not one.away and one.to.person != self._person.id]

    async def other_desks(self, number: int) -> list[Stop]:
        """Where else it can go, or who can be called in."""
        appeal = await self._at_my_desk(number)
        return await desks.others(self._work, self.book, appeal.branch)

    async def name_of(self, stop: Stop) -> str:
        """What people call a desk."""
        return await desks.name_of(self._work, self.book, stop, self._person.locale)

    def suggestions(self, appeal: Appeal) -> list[Suggestion]:
        """Answers that are ready to be sent."""
        return self.book.suggestions(appeal.kind)

    # -- Taking and handing over --------------------------------------------------------

    async def take(self, number: int) -> Changed:
        """Take it on. Raises HasIt where somebody else did, NotPossible where it is over or solved."""
        appeal = await self.own(number)
        if appeal.holder == self._person.id and appeal.state not in (State.FILED, State.REOPENED):
            return Changed(appeal)
        appeal = await self._taken(appeal)
        return Changed(appeal, tuple(await telling.author(self._register, appeal, Tiding.TAKEN)))

    async def hand_over(self, number: int, to: int | None) -> Changed:
        """Give it to somebody else at the desk, or back to all of them. Raises NotThere for a stranger."""
        appeal = await self.own(number)
        server = await desks.server(self._work, appeal.branch, to) if to is not None else None
        if to is not None and (server is None or server.away):
            raise NotThere
        appeal = await self._register.move(appeal, Move.HAND_OVER, self._deed(), holder=to)
        news = await telling.author(self._register, appeal, Tiding.HANDED_ON)
        if server is not None:
            news.append(await telling.person(self._register, appeal, server, Tiding.REFERRED))
        else:
            news += await telling.owner(self._register, appeal, Tiding.REFERRED)
        return Changed(appeal, tuple(news))

    async def refer(self, number: int, branch: str) -> Changed:
        """Give it to another desk, where its time begins anew.

        Raises TooMany after so many times: then it can only go up. NotThere for a desk that takes nothing.
        """
        appeal = await self.own(number)
        stop = next((one for one in await self.other_desks(number) if one.branch == branch), None)
        if stop is None:
            raise NotThere
        if appeal.hand_overs >= MOST_HAND_OVERS:
            raise TooMany
        appeal = await self._register.move(
            appeal,
            Move.REFER,
            self._deed(),
            branch=stop.branch,
            desk=stop.desk,
            holder=None,
            started_at=self._work.now,
            hand_overs=appeal.hand_overs + 1,
        )
        news = await telling.author(self._register, appeal, Tiding.HANDED_ON)
        news += await telling.owner(self._register, appeal, Tiding.REFERRED)
        return Changed(appeal, tuple(news))

    # -- Talking ------------------------------------------------------------------------

    async def ask_back(self, number: int, text: str) -> Changed:
        """Ask the author something. What is not taken yet is taken by this."""
        return await self._say(number, Move.ASK_BACK, text, Tiding.ASKED_BACK)

    async def answer(self, number: int, text: str, attachments: Sequence[int] = ()) -> Changed:
        """Tell the author what is being done."""
        return await self._say(number, Move.ANSWER, text, Tiding.ANSWERED, attachments)

    async def solve(self, number: int, text: str, attachments: Sequence[int] = ()) -> Changed:
        """Tell the author that it is solved, and ask whether it is."""
        return await self._say(number, Move.SOLVE, text, Tiding.SOLVED, attachments)

    async def call_in(self, number: int, branch: str) -> Changed:
        """Let another desk help; nothing happens where it does. NotThere for a desk that takes nothing."""
        appeal = await self.own(number)
        stop = next((one for one in await self.other_desks(number) if one.branch == branch), None)
        if stop is None:
            raise NotThere
        appeal = await self._taken_if_need_be(appeal)
        # Nothing is kept of what can't be done.
        moves.after(Move.CALL_IN, Side.DESK, appeal.state)
        if not await self._register.call_in(appeal, stop.branch, stop.desk):
            return Changed(appeal)
        appeal = await self._register.move(appeal, Move.CALL_IN, self._deed(reason=stop.branch))
        news = await telling.desk(self._register, appeal, stop, Tiding.CALLED_IN)
        return Changed(appeal, tuple(news))

    async def note(self, number: int, text: str) -> Changed:
        """Tell the owner something, as a desk that was called in."""
        appeal = await self._register.hold(number)
        if appeal is None or await self._side(appeal) is not Side.HELPER:
            raise NotThere
        deed = Deed(Side.HELPER, self._person.id)
        appeal, _words = await self._register.say(appeal, Move.NOTE, deed, text)
        return Changed(appeal, tuple(await telling.owner(self._register, appeal, Tiding.NOTED, text)))

    async def _say(
        self,
        number: int,
        move: Move,
        text: str,
        tiding: Tiding,
        attachments: Sequence[int] = (),
    ) -> Changed:
        appeal = await self._taken_if_need_be(await self.own(number))
        appeal, words = await self._register.say(appeal, move, self._deed(), text, attachments)
        await enclosing.plan(self._work, appeal, words)
        news: list[News] = await telling.author(self._register, appeal, tiding, text)
        return Changed(appeal, tuple(news))

    # -- Whose it is --------------------------------------------------------------------

    async def _at_my_desk(self, number: int) -> Appeal:
        """An appeal where the person serves. Raises NotThere."""
        appeal = await self._register.get(number)
        if appeal is None or await self._side(appeal) is not Side.DESK:
            raise NotThere
        return appeal

    async def own(self, number: int) -> Appeal:
        """The same, for nobody else to change until the commit. Raises HasIt and NotPossible, too."""
        await self._at_my_desk(number)
        appeal = await self._register.hold(number)
        if appeal is None or await self._side(appeal) is not Side.DESK:
            raise NotThere
        if appeal.state in OVER:
            raise NotPossible("it is over")
        await self._check_holder(appeal)
        return appeal

    async def _check_holder(self, appeal: Appeal) -> None:
        other = await self._other_holder(appeal)
        if other is not None:
            raise HasIt(other.called)

    async def _other_holder(self, appeal: Appeal) -> Server | None:
        """Who else has it. Who serves there no more has nothing, whatever the row still says."""
        if appeal.holder in (None, self._person.id):
            return None
        other = await desks.server(self._work, appeal.branch, appeal.holder or 0)
        return other if other is not None and not other.away else None

    async def _taken_if_need_be(self, appeal: Appeal) -> Appeal:
        untaken = appeal.state in (State.FILED, State.REOPENED)
        return await self._taken(appeal) if untaken or appeal.holder != self._person.id else appeal

    async def _taken(self, appeal: Appeal) -> Appeal:
        return await self._register.move(appeal, Move.TAKE, self._deed(), holder=self._person.id)

    def _deed(self, reason: str = "") -> Deed:
        return Deed(Side.DESK, self._person.id, reason)

    async def _side(self, appeal: Appeal) -> Side | None:
        """In what part the person may act on an appeal; None where in none."""
        if await desks.may_serve(self._work, self._person.id, appeal.branch):
            return Side.DESK
        for branch, _desk in await self._register.helpers(appeal):
            if await desks.may_serve(self._work, self._person.id, branch):
                return Side.HELPER
        return None
