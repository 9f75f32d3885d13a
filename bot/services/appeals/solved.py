"""“We solved it”: a few words for everybody about something solved, told only if its author agrees.

The words are the organizer's own. The author reads exactly what would be told, and may say no; nobody learns
who they are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from bot.services import attachments, audit
from bot.services.appeals import authors, lives, rows
from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.model import Appeal, State
from bot.services.lessons.posters import ShareCard, share_card
from bot.services.notices import Recipient, recipient
from bot.services.people import Person
from bot.services.refusals import NotThere
from bot.services.roles.rules import Action, reach
from bot.store.tables import appeal_authors, appeals, solved_stories
from bot.store.work import Work

SHORTEST_STORY: Final = 10
LONGEST_STORY: Final = 90
"""In characters: what fits a card that is read in passing."""
MOST_CANDIDATES: Final = 8
CARD: Final = "story"
"""The purpose of the attachments that hold cards."""

ASKED: Final = "asked"
APPROVED: Final = "approved"
REFUSED: Final = "refused"

_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Story:
    """Something solved, to be told: of which kind, where, and in how many days (at least 1)."""

    id: int
    appeal: int
    text: str
    kind: str
    district: str
    days: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A story, and the author to be asked."""

    story: Story
    author: Recipient


@dataclass(frozen=True, slots=True)
class Decided:
    """What the author said to a story, and the organizer to be told."""

    story: Story
    approved: bool
    organizer: Recipient | None


class SolvedStories:
    """Lets organizers propose what is told of solved appeals, and authors decide."""

    def __init__(self, work: Work, person: Person, book: Rulebook, username: str) -> None:
        self._work = work
        self._person = person
        self.book = book
        self.username = username

    async def candidates(self) -> list[Appeal]:
        """Solved appeals of single authors within the person's reach, the latest first.

        Left out are those of which something was proposed already.
        """
        within = await reach(self._work, self._person.id, Action.SEE_LEDGER)
        if not within:
            return []
        statement = _CANDIDATES
        if not within.everywhere:
            statement = statement.where(appeals.c.id.in_(lives.touched("branches")))
        params = {"of": self._work.bot, "branches": list(within.branches)}
        return [rows.appeal_from(row) for row in await self._work.fetch(statement, params)]

    async def propose(self, number: int, text: str) -> Asked:
        """Ask the author of a candidate. Raises NotThere for anything else, and where nobody can be asked."""
        appeal = next((one for one in await self.candidates() if one.id == number), None)
        author = (await authors.of(self._work, [number])).get(number) if appeal else None
        if appeal is None or author is None:
            raise NotThere
        values = {
            "bot": self._work.bot,
            "appeal": number,
            "story": text[:LONGEST_STORY],
            "state": ASKED,
            "made_by": self._person.id,
            "made_at": self._work.now,
        }
        row = (await self._work.write(_ADD, values))[0]
        return Asked(await self._story(row.id, text[:LONGEST_STORY], appeal), author)

    async def draw(self, story: Story, card: ShareCard) -> str:
        """The card of a story, as the key of a kept file. It is its author's: it goes when they wish so.

        Raises NotThere where there is no author any more.
        """
        author = (await authors.of(self._work, [story.appeal])).get(story.appeal)
        if author is None:
            raise NotThere
        picture, name = share_card(card), _card_name(story.appeal)
        return await attachments.hold_for(self._work, author.person, CARD, picture, name, "image/png")

    async def preview(self, number: int, text: str) -> Story:
        """How a candidate would be told. Raises NotThere for anything else."""
        appeal = next((one for one in await self.candidates() if one.id == number), None)
        if appeal is None:
            raise NotThere
        return await self._story(0, text[:LONGEST_STORY], appeal)

    async def decide(self, story: int, *, yes: bool) -> Decided | None:
        """Let the author agree or not; they may change their mind. Raises NotThere for everybody else.

        None where they said so before.
        """
        params = {"of": self._work.bot, "which": story}
        row = await self._work.first(_ONE, params)
        if row is None or not await authors.wrote(self._work, self._person.id, row.appeal):
            raise NotThere
        state = APPROVED if yes else REFUSED
        changed = await self._work.execute(_DECIDE, {**params, "new": state, "now": self._work.now})
        if not changed:
            return None
        if not yes:
            await self._forget_cards(row.appeal)
        await audit.record(self._work, f"story.{state}", None, story=story)
        found = await self._work.first(rows.ONE, {"of": self._work.bot, "which": row.appeal})
        told = await self._story(story, row.story, rows.appeal_from(found))
        return Decided(told, yes, await recipient(self._work, row.made_by))

    async def _forget_cards(self, appeal: int) -> None:
        """Let go of every card of an appeal, at once: one that is not sent yet is not sent any more."""
        held = await attachments.held_for(self._work, self._person.id, CARD)
        await attachments.forget(self._work, [one.id for one in held if one.name == _card_name(appeal)])

    async def _story(self, number: int, text: str, appeal: Appeal) -> Story:
        life = (await lives.of(self._work, [appeal.id], self._work.now + _DAY))[appeal.id]
        solved = life.solved(self._work.now + _DAY)
        took = (solved.at if solved else self._work.now) - appeal.filed_at
        return Story(number, appeal.id, text, appeal.kind, appeal.district, max(1, -(-took // _DAY)))


def _card_name(appeal: int) -> str:
    return f"solved-{appeal}.png"


_HAS_AUTHOR: Final = sa.exists().where(
    appeal_authors.c.bot == appeals.c.bot, appeal_authors.c.appeal == appeals.c.id
)
_PROPOSED: Final = sa.exists().where(
    solved_stories.c.bot == appeals.c.bot, solved_stories.c.appeal == appeals.c.id
)
_CANDIDATES: Final = (
    sa.select(appeals)
    .where(
        appeals.c.bot == sa.bindparam("of"),
        appeals.c.state.in_((State.CONFIRMED.value, State.CLOSED.value)),
        appeals.c.is_collective.is_(False),
        appeals.c.collective.is_(None),
        _HAS_AUTHOR,
        ~_PROPOSED,
    )
    .order_by(appeals.c.changed_at.desc(), appeals.c.id.desc())
    .limit(MOST_CANDIDATES)
)
_ADD: Final = sa.insert(solved_stories).returning(solved_stories.c.id)
_THIS: Final = sa.and_(
    solved_stories.c.bot == sa.bindparam("of"), solved_stories.c.id == sa.bindparam("which")
)
_ONE: Final = sa.select(solved_stories).where(_THIS)
_DECIDE: Final = (
    sa.update(solved_stories)
    .where(_THIS, solved_stories.c.state != sa.bindparam("new"))
    .values(state=sa.bindparam("new"), decided_at=sa.bindparam("now"))
)
