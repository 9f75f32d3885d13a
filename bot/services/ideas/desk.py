"""What one person can do with suggestions, for the length of one turn: suggest, vote, answer."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.services.appeals import desks
from bot.services.appeals.kinds import Rulebook
from bot.services.checkins.asking import plan_slices, reachable
from bot.services.events import book as events
from bot.services.events.model import Event
from bot.services.ideas import agenda, book
from bot.services.ideas.model import (
    AGAINST,
    ANSWERED,
    FOR,
    LONGEST,
    LONGEST_ANSWER,
    MOST_OPEN,
    PUBLIC,
    SHORTEST,
    VERDICTS,
    WAITING,
    Changed,
    Idea,
    News,
    State,
    Tiding,
    Verdict,
)
from bot.services.people import Person
from bot.services.refusals import NotThere, TooMany
from bot.services.revisions import next_revision
from bot.services.roles.rules import Action, may, reach
from bot.store.work import Work

IDEA: Final = "idea"
"""What desks of content/appeals.yaml may name among their kinds."""


class IdeaDesk:
    """Suggestions, for one person. What is not there and what is not theirs raises NotThere alike."""

    def __init__(self, work: Work, person: Person, rules: Rulebook) -> None:
        self._work = work
        self._person = person
        self._rules = rules

    @property
    def now(self) -> datetime:
        """The moment of this turn."""
        return self._work.now

    # -- Suggesting and voting ----------------------------------------------------------------

    async def suggest(self, text: str) -> Changed:
        """Suggest something; organizers look at it before others see it.

        Raises TooMany, and ValueError for a text that is too short or too long.
        """
        if not SHORTEST <= len(text) <= LONGEST:
            raise ValueError("a suggestion is a sentence or two")
        await next_revision(self._work, "ideas")
        mine = await book.of(self._work, self._person.id)
        if sum(one.state in WAITING for one in mine) >= MOST_OPEN:
            raise TooMany
        district = self._person.district
        branch = await desks.home_of(self._work, self._rules, self._person, district, IDEA)
        made = await book.add(self._work, self._person.id, branch, text)
        told = await desks.judges(self._work, made.branch, self._person.id)
        return Changed(made, tuple(News(to, Tiding.TO_SEE, made) for to in told))

    async def all(self, state: State = State.OPEN) -> list[Idea]:
        """What everybody sees: open ones, the best liked first, or the answered ones."""
        if state not in PUBLIC:
            raise ValueError("nobody sees those")
        return await book.in_state(self._work, state)

    async def mine(self) -> list[Idea]:
        """The person's own, the latest first."""
        return await book.of(self._work, self._person.id)

    async def get(self, number: int) -> Idea:
        """One that everybody sees, or the person's own, or theirs to look at. Raises NotThere."""
        idea = await book.get(self._work, number)
        if idea is None:
            raise NotThere
        if idea.state in PUBLIC or await self.is_mine(idea) or await self.may_answer(idea):
            return idea
        raise NotThere

    async def is_mine(self, idea: Idea) -> bool:
        """Whether the person suggested it."""
        return await book.owner(self._work, idea.id) == self._person.id

    async def my_vote(self, number: int) -> int | None:
        """How the person voted: FOR, AGAINST or not."""
        return await book.vote_of(self._work, number, self._person.id)

    async def vote(self, number: int, given: int) -> Idea:
        """Vote for or against; the same again takes it back. Raises NotThere for what is not open."""
        if given not in (FOR, AGAINST):
            raise ValueError("one votes for it or against it")
        idea = await book.get(self._work, number)
        if idea is None or idea.state is not State.OPEN:
            raise NotThere
        before = await self.my_vote(number)
        await book.vote(self._work, number, self._person.id, None if before == given else given)
        return await self.get(number)

    async def take_back(self, number: int) -> Idea:
        """Suggest it no more. Raises NotThere."""
        if await book.owner(self._work, number) != self._person.id:
            raise NotThere
        return await self._turn(number, WAITING, State.WITHDRAWN)

    # -- Organizing ---------------------------------------------------------------------------

    async def organizes(self) -> bool:
        """Whether the person answers suggestions anywhere."""
        return bool(await reach(self._work, self._person.id, Action.ANSWER_IDEAS))

    async def may_answer(self, idea: Idea) -> bool:
        """Whether the person answers where it comes from."""
        return await may(self._work, self._person.id, Action.ANSWER_IDEAS, idea.branch)

    async def may_see_first(self, idea: Idea) -> bool:
        """Whether the person lets others see it: nobody does for their own, if somebody else can."""
        author = await book.owner(self._work, idea.id)
        return await desks.may_judge(self._work, self._person.id, Action.ANSWER_IDEAS, idea.branch, author)

    async def to_see(self) -> list[Idea]:
        """What the person is to look at first."""
        return [one for one in await self._within(State.POSTED) if await self.may_see_first(one)]

    async def to_answer(self) -> list[Idea]:
        """What the person can answer, the best liked first."""
        return await self._within(State.OPEN)

    async def let_be_seen(self, number: int, *, yes: bool) -> Changed:
        """Let everybody see one, or send it back. Raises NotThere."""
        idea = await book.get(self._work, number)
        if idea is None or not await self.may_see_first(idea):
            raise NotThere
        after = State.OPEN if yes else State.REFUSED
        idea = await self._turn(number, (State.POSTED,), after, seen_by=self._person.id)
        what = Tiding.SEEN if yes else Tiding.REFUSED
        author = await book.owner(self._work, number)
        told = await reachable(self._work, [author] if author is not None else [])
        return Changed(idea, tuple(News(to, what, idea, is_mine=True) for to in told))

    async def answer(self, number: int, verdict: Verdict, words: str) -> Idea:
        """Say what becomes of it; who suggested it and all who voted hear of it. Raises NotThere."""
        if verdict not in VERDICTS or not 0 < len(words) <= LONGEST_ANSWER:
            raise ValueError("an answer has a verdict and words")
        await self._own(number)
        values = {"verdict": verdict, "answer": words, "answered_by": self._person.id}
        idea = await self._turn(number, (State.OPEN,), State.ANSWERED, **values)
        author = await book.owner(self._work, number)
        told = dict.fromkeys([*([author] if author else []), *await book.voters(self._work, number)])
        await plan_slices(self._work, ANSWERED, list(told), {"idea": number})
        return idea

    async def round_table(self) -> Event | None:
        """The next round table that the person looks after."""
        scope = await reach(self._work, self._person.id, Action.RUN_EVENTS)
        coming = await events.coming(self._work, None, ("round_table",)) if scope else []
        for one in coming:
            if await may(self._work, self._person.id, Action.RUN_EVENTS, one.branch):
                return one
        return None

    async def agenda_file(self) -> tuple[str, str]:
        """The key and name of a table of what the person can answer, in the language of the moment."""
        return await agenda.as_file(self._work, await self.to_answer())

    async def _within(self, state: State) -> list[Idea]:
        if not await self.organizes():
            return []
        return [one for one in await book.in_state(self._work, state) if await self.may_answer(one)]

    async def _own(self, number: int) -> None:
        idea = await book.get(self._work, number)
        if idea is None or not await self.may_answer(idea):
            raise NotThere

    async def _turn(self, number: int, before: tuple[State, ...], after: State, **values: object) -> Idea:
        idea = await book.turn(self._work, number, before, after, **values)
        if idea is None:
            raise NotThere
        return idea
