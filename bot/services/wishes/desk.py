"""What one person can do with wishes, for the length of one turn: wish, make true, let be seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.services import codes, due
from bot.services.appeals import desks
from bot.services.appeals.kinds import Rulebook
from bot.services.codes import Randbelow
from bot.services.notices import Recipient
from bot.services.people import Person
from bot.services.refusals import NotThere, TooMany
from bot.services.revisions import next_revision
from bot.services.roles.rules import Action, reach
from bot.services.wishes import book
from bot.services.wishes.model import (
    ALIVE,
    CALLED,
    CLAIM,
    CLAIM_LASTS,
    CODE_DIGITS,
    LONGEST,
    LONGEST_THANKS,
    MOST_CLAIMS,
    MOST_WISHES,
    REMINDED,
    SHORTEST,
    Called,
    Changed,
    Claim,
    News,
    State,
    Tiding,
    Wish,
)
from bot.store.work import Work

WISH: Final = "wish"
"""What desks of content/appeals.yaml may name among their kinds."""


class WishDesk:
    """Wishes, for one person. What is not there and what is not theirs raises NotThere alike."""

    def __init__(self, work: Work, person: Person, book: Rulebook, randbelow: Randbelow) -> None:
        self._work = work
        self._person = person
        self._book = book
        self._randbelow = randbelow

    @property
    def now(self) -> datetime:
        """The moment of this turn."""
        return self._work.now

    # -- Wishing -------------------------------------------------------------------------

    async def wish(self, what: str, station: str, district: str) -> Changed:
        """Wish for something, to be handed over at a station of a district; organizers look at it first.

        Raises TooMany, and ValueError for a text that is too short or too long.
        """
        if not SHORTEST <= len(what) <= LONGEST:
            raise ValueError("a wish is a line of words")
        await self._one_by_one()
        if sum(one.state in ALIVE for one in await book.of(self._work, self._person.id)) >= MOST_WISHES:
            raise TooMany
        branch = await desks.home_of(self._work, self._book, self._person, district, WISH)
        made = await book.add(self._work, self._person.id, branch, what, station)
        told = await desks.judges(self._work, made.branch, self._person.id)
        return Changed(made, tuple(News(to, Tiding.TO_SEE, made) for to in told))

    async def mine(self) -> list[Wish]:
        """The person's own, the latest first."""
        return await book.of(self._work, self._person.id)

    async def is_mine(self, wish: Wish) -> bool:
        """Whether the person wished for it."""
        return await book.owner(self._work, wish.id) == self._person.id

    async def take_back(self, number: int) -> Changed:
        """Wish for it no more; whoever took it on hears of it. Raises NotThere."""
        await self._demand_mine(number)
        before = await book.get(self._work, number)
        claim = await book.claim_of(self._work, before) if before else None
        wish = await self._turn(number, (State.POSTED, State.OPEN, State.CLAIMED), State.WITHDRAWN)
        if claim is None:
            return Changed(wish)
        told = await self._claimer(wish)
        await book.change_claim(self._work, claim, outcome="given_back")
        return Changed(wish, tuple(News(to, Tiding.TAKEN_BACK, wish) for to in told))

    async def thank(self, number: int, thanks: str) -> Changed:
        """It came: thank whoever brought it. Raises NotThere."""
        await self._demand_mine(number)
        wish = await self._turn(number, (State.BROUGHT,), State.THANKED, thanks=thanks[:LONGEST_THANKS])
        told = await self._claimer(wish)
        return Changed(wish, tuple(News(to, Tiding.THANKED, wish) for to in told))

    async def not_found(self, number: int) -> Changed:
        """It is not at the station: whoever brought it looks again, and has time anew. Raises NotThere."""
        await self._demand_mine(number)
        wish = await self._turn(number, (State.BROUGHT,), State.CLAIMED)
        row = await book.last_claim(self._work, wish)
        if row is None:  # whoever brought it is forgotten
            return Changed(await self._turn(number, (State.CLAIMED,), State.OPEN))
        claim = replace(row, until=self._work.now + CLAIM_LASTS)
        await book.change_claim(self._work, claim, outcome=None, until=claim.until)
        await self._plan(claim)
        told = await self._claimer(wish)
        return Changed(wish, tuple(News(to, Tiding.NOT_FOUND, wish, claim) for to in told))

    # -- Making true -----------------------------------------------------------------------

    async def open_ones(self) -> list[Wish]:
        """What can be made true, the oldest first."""
        return await book.in_state(self._work, State.OPEN)

    async def taken_on(self) -> list[tuple[Wish, Claim]]:
        """What the person took on, the one that ends first before."""
        return await book.taken_on_by(self._work, self._person.id)

    async def get(self, number: int) -> Wish:
        """A wish that everybody sees, or the person's own, or taken on by them. Raises NotThere."""
        wish = await book.get(self._work, number)
        if wish is None:
            raise NotThere
        is_public = wish.state is State.OPEN
        if is_public or await self.is_mine(wish) or await self._is_claimer(wish):
            return wish
        if wish.state is State.POSTED and await self.may_see_first(wish):
            return wish
        raise NotThere

    async def claim_on(self, wish: Wish) -> Claim | None:
        """The person's own claim on a wish."""
        return await book.claim_of(self._work, wish) if await self._is_claimer(wish) else None

    async def code_for(self, wish: Wish) -> str:
        """What to ask for at the station, for who wished; empty while nothing is there. Raises NotThere."""
        await self._demand_mine(wish.id)
        last = await book.last_claim(self._work, wish) if wish.state is State.BROUGHT else None
        return last.code if last else ""

    async def may_claim_as(self) -> tuple[Called, ...]:
        """As what the person can take wishes on: organizers speak for a branch, and shops are confirmed."""
        return tuple([one for one in CALLED if await self._may_be(one)])

    async def _may_be(self, called: Called) -> bool:
        if called == "person":
            return True
        action = Action.CLAIM_AS_SHOP if called == "shop" else Action.SEE_WISHES_FIRST
        return bool(await reach(self._work, self._person.id, action))

    async def claim(self, number: int, called: Called) -> Changed:
        """Take a wish on, until CLAIM_LASTS is over.

        Raises NotThere where somebody else has it by now, or for one's own; TooMany, ValueError.
        """
        if called not in await self.may_claim_as():
            raise ValueError("they are not that")
        await self._one_by_one()
        if len(await self.taken_on()) >= MOST_CLAIMS:
            raise TooMany
        before = await book.get(self._work, number)
        if before is None or await self.is_mine(before):
            raise NotThere
        wish = await self._turn(number, (State.OPEN,), State.CLAIMED, claims=before.claims + 1)
        code = codes.digits(self._randbelow, CODE_DIGITS)
        claim = Claim(wish.id, wish.claims, called, code, self._work.now + CLAIM_LASTS)
        await book.add_claim(self._work, claim, self._person.id)
        await self._plan(claim)
        told = await self._wisher(wish)
        return Changed(wish, tuple(News(to, Tiding.CLAIMED, wish, claim) for to in told), claim)

    async def give_back(self, number: int) -> Changed:
        """Let somebody else make it true. Raises NotThere."""
        claim = await self._own_claim(number)
        wish = await self._turn(number, (State.CLAIMED,), State.OPEN)
        await book.change_claim(self._work, claim, outcome="given_back")
        told = await self._wisher(wish)
        return Changed(wish, tuple(News(to, Tiding.BACK, wish) for to in told))

    async def bring(self, number: int) -> Changed:
        """It is at the station now. Raises NotThere."""
        claim = await self._own_claim(number)
        wish = await self._turn(number, (State.CLAIMED,), State.BROUGHT)
        await book.change_claim(self._work, claim, outcome="fulfilled")
        told = await self._wisher(wish)
        return Changed(wish, tuple(News(to, Tiding.BROUGHT, wish, claim) for to in told), claim)

    # -- Before anybody sees it ----------------------------------------------------------------

    async def to_see(self) -> list[Wish]:
        """What the person is to look at first, the oldest before."""
        if not await reach(self._work, self._person.id, Action.SEE_WISHES_FIRST):
            return []
        posted = await book.in_state(self._work, State.POSTED)
        return [one for one in posted if await self.may_see_first(one)]

    async def may_see_first(self, wish: Wish) -> bool:
        """Whether the person decides on what is wished for where this wish comes from."""
        author = await book.owner(self._work, wish.id)
        action = Action.SEE_WISHES_FIRST
        return await desks.may_judge(self._work, self._person.id, action, wish.branch, author)

    async def let_be_seen(self, number: int, *, yes: bool) -> Changed:
        """Put a wish on the list, or send it back. Raises NotThere."""
        wish = await book.get(self._work, number)
        if wish is None or not await self.may_see_first(wish):
            raise NotThere
        after = State.OPEN if yes else State.REFUSED
        wish = await self._turn(number, (State.POSTED,), after, seen_by=self._person.id)
        what = Tiding.SEEN if yes else Tiding.REFUSED
        return Changed(wish, tuple(News(to, what, wish) for to in await self._wisher(wish)))

    # -- Who it is ------------------------------------------------------------------------------

    async def _turn(self, number: int, before: tuple[State, ...], after: State, **values: object) -> Wish:
        wish = await book.turn(self._work, number, before, after, **values)
        if wish is None:
            raise NotThere
        return wish

    async def _demand_mine(self, number: int) -> None:
        if await book.owner(self._work, number) != self._person.id:
            raise NotThere

    async def _is_claimer(self, wish: Wish) -> bool:
        return bool(wish.claims) and await book.claimer(self._work, wish) == self._person.id

    async def _own_claim(self, number: int) -> Claim:
        wish = await book.get(self._work, number)
        claim = await self.claim_on(wish) if wish else None
        if claim is None:
            raise NotThere
        return claim

    async def _wisher(self, wish: Wish) -> list[Recipient]:
        return await book.recipient(self._work, await book.owner(self._work, wish.id))

    async def _claimer(self, wish: Wish) -> list[Recipient]:
        return await book.recipient(self._work, await book.claimer(self._work, wish))

    async def _plan(self, claim: Claim) -> None:
        what = {"wish": claim.wish, "number": claim.number, "until": claim.until.isoformat()}
        plans = [
            due.Plan(CLAIM, claim.until, what),
            due.Plan(CLAIM, claim.until - REMINDED, {**what, "before": True}),
        ]
        await due.plan_all(self._work, plans)

    async def _one_by_one(self) -> None:
        """Two taps of one person at the same moment could pass a limit together."""
        await next_revision(self._work, "wishes")
