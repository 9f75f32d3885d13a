"""What one person can do with tags, for the length of one turn: give them to others, or drop their own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.services import audit
from bot.services.checkins.asking import meant, reach_of
from bot.services.lessons.library import Library
from bot.services.people import Person
from bot.services.roles.rules import Action, NotAllowed, Reach, demand, reach
from bot.services.segments import parse, people_within, say, settle_again, tests
from bot.services.segments.model import Has, both
from bot.services.segments.predicates import TAG
from bot.services.tags import book
from bot.services.tags.book import Tag
from bot.store.work import Work

GIVEN, TAKEN = "tag.given", "tag.taken"


class TagDesk:
    """Gives tags to people and takes them away, wherever the person may."""

    def __init__(self, work: Work, person: Person, library: Library) -> None:
        self._work = work
        self._person = person
        self._library = library

    # -- For organizers --------------------------------------------------------------

    async def reach(self) -> Reach:
        """Where the person may give tags."""
        return await reach(self._work, self._person.id, Action.TAG_PEOPLE)

    async def all(self) -> list[Tag]:
        """The tags of people they look after; empty for who looks after nobody."""
        scope = await self.reach()
        return await book.within(self._work, scope) if scope else []

    async def get(self, name: str) -> Tag | None:
        """One of these tags, however it is capitalised."""
        said = name.casefold()
        return next((tag for tag in await self.all() if tag.name.casefold() == said), None)

    async def meant(self, typed: str, branch: str | None) -> tuple[str, int]:
        """The segment of a typed line, and how many it reaches.

        Raises NotAllowed, and SegmentError for what is no segment, or names what is not there.
        """
        await demand(self._work, self._person.id, Action.TAG_PEOPLE, branch)
        return await meant(self._work, typed, branch, self._library)

    async def having(self, tag: str, typed: str, branch: str | None) -> tuple[str, int]:
        """The same, of those who have a tag. Raises as `meant`."""
        segment = parse(typed)
        narrowed = both(segment.condition, Has(TAG.name, (tag,)))
        return await self.meant(say(replace(segment, condition=narrowed)), branch)

    async def give(self, tag: str, segment: str, branch: str | None) -> str:
        """Give a tag to everybody meant within a branch; gives the moment, to undo it by.

        Raises NotAllowed, ValueError for what is no tag, and SegmentError where a branch is gone.
        """
        if book.cleaned(tag) != tag:
            raise ValueError("no such tag")
        whom = await self._whom(segment, branch)
        given = await book.give(self._work, tag, whom, self._person.id)
        await self._record(GIVEN, branch, given)
        return self._work.now.isoformat()

    async def take(self, tag: str, segment: str, branch: str | None) -> int:
        """Take a tag away from everybody meant within a branch; gives how many had it. Raises as `give`."""
        taken = await book.take(self._work, tag, await self._whom(segment, branch))
        await self._record(TAKEN, branch, taken)
        return taken

    async def undo(self, tag: str, given_at: str) -> int:
        """Take a tag away from those who got it from the person at that moment. Raises NotAllowed."""
        scope = await self.reach()
        if not scope:
            raise NotAllowed(Action.TAG_PEOPLE)
        moment = datetime.fromisoformat(given_at)
        taken = await book.undo(self._work, tag, people_within(scope), self._person.id, moment)
        await self._record(TAKEN, None, taken)
        return taken

    # -- For who has them ----------------------------------------------------------------

    async def mine(self) -> list[str]:
        """The person's own tags."""
        return await book.of(self._work, self._person.id)

    async def drop(self, tag: str) -> bool:
        """Drop a tag of one's own; False where they have it no more."""
        return await book.drop(self._work, tag, self._person.id) > 0

    # -- Helpers -----------------------------------------------------------------------------

    async def _whom(self, segment: str, branch: str | None) -> book.Test:
        """What rows of `people` must meet to be meant, within the branch."""
        await demand(self._work, self._person.id, Action.TAG_PEOPLE, branch)
        scope = reach_of(branch)
        settled = await settle_again(self._work, parse(segment), scope)
        to_people, _to_groups = tests(self._work, settled.sent_to("people"), scope)
        assert to_people is not None  # noqa: S101
        return to_people

    async def _record(self, event: str, branch: str | None, count: int) -> None:
        """In the log stands how many, not which tag: what people wrote is not in there."""
        await audit.record(self._work, event, self._person.id, branch=branch, people=count)
