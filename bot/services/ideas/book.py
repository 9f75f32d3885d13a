"""Suggestions and votes as rows: one vote for each person, the last one counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.services.ideas.model import AGAINST, FOR, KEEP, Idea, State
from bot.store.tables import idea_votes, ideas
from bot.store.work import Work


async def get(work: Work, number: int) -> Idea | None:
    """A suggestion by its number."""
    row = await work.first(_ONE, {"of": work.bot, "which": number})
    return _idea(row) if row else None


async def in_state(work: Work, *states: State) -> list[Idea]:
    """All that stand so, the best liked first, then the oldest."""
    params = {"of": work.bot, "states": [state.value for state in states]}
    found = [_idea(row) for row in await work.fetch(_IN_STATE, params)]
    return sorted(found, key=lambda one: (-one.score, one.id))


async def of(work: Work, person: int) -> list[Idea]:
    """Somebody's own, the latest first."""
    return [_idea(row) for row in await work.fetch(_MINE, {"of": work.bot, "whose": person})]


async def owner(work: Work, number: int) -> int | None:
    """Whose it is, by their number."""
    row = await work.first(_OWNER, {"of": work.bot, "which": number})
    return int(row.person) if row else None


async def add(work: Work, person: int, branch: str, text: str) -> Idea:
    """A new one, to be looked at."""
    values = {
        "bot": work.bot,
        "branch": branch,
        "person": person,
        "text": text,
        "state": State.POSTED.value,
        "answer": "",
        "made_at": work.now,
        "changed_at": work.now,
    }
    number = int((await work.write(_ADD, values))[0].id)
    found = await get(work, number)
    assert found is not None  # noqa: S101 - just written
    return found


async def turn(work: Work, number: int, before: Sequence[State], after: State, **values: Any) -> Idea | None:
    """From one of these states into another; None where it is in none of them (any more)."""
    this = sa.and_(
        ideas.c.bot == work.bot,
        ideas.c.id == number,
        ideas.c.state.in_([state.value for state in before]),
    )
    changed = {"state": after.value, "changed_at": work.now, **values}
    if not await work.execute(sa.update(ideas).where(this).values(changed)):
        return None
    return await get(work, number)


async def vote(work: Work, number: int, person: int, given: int | None) -> None:
    """Vote, in place of an earlier vote; None takes it back."""
    this = {"of": work.bot, "which": number, "whose": person}
    if given is None:
        await work.execute(_TAKE_BACK, this)
        return
    values = {"bot": work.bot, "idea": number, "person": person, "vote": given, "voted_at": work.now}
    await work.execute(_VOTE[work.dialect], values)


async def vote_of(work: Work, number: int, person: int) -> int | None:
    """How somebody voted."""
    row = await work.first(_MY_VOTE, {"of": work.bot, "which": number, "whose": person})
    return int(row.vote) if row else None


async def voters(work: Work, number: int) -> list[int]:
    """Who voted, by their numbers."""
    return [row.person for row in await work.fetch(_VOTERS, {"of": work.bot, "which": number})]


async def prune(work: Work) -> None:
    """Forget what is long over, and votes on what is gone."""
    for statement in _PRUNE:
        await work.execute(statement, {"of": work.bot, "before": work.now - KEEP})


def _idea(row: Any) -> Idea:
    return Idea(
        row.id,
        row.text,
        row.branch,
        State(row.state),
        row.verdict,
        row.answer,
        row.made_at,
        row.changed_at,
        int(row.votes_for),
        int(row.votes_against),
    )


def _count(given: int, name: str) -> Any:
    return (
        sa.select(sa.func.count())
        .where(idea_votes.c.bot == ideas.c.bot, idea_votes.c.idea == ideas.c.id, idea_votes.c.vote == given)
        .scalar_subquery()
        .label(name)
    )


def _vote(insert: Any) -> Any:
    new = insert(idea_votes)
    return new.on_conflict_do_update(
        index_elements=["bot", "idea", "person"],
        set_={"vote": new.excluded.vote, "voted_at": new.excluded.voted_at},
    )


_OF: Any = sa.bindparam("of")
_ROW: Final = sa.select(ideas, _count(FOR, "votes_for"), _count(AGAINST, "votes_against")).where(
    ideas.c.bot == _OF
)
_ONE: Final = _ROW.where(ideas.c.id == sa.bindparam("which"))
_OWNER: Final = sa.select(ideas.c.person).where(ideas.c.bot == _OF, ideas.c.id == sa.bindparam("which"))
_IN_STATE: Final = _ROW.where(ideas.c.state.in_(sa.bindparam("states", expanding=True)))
_MINE: Final = _ROW.where(ideas.c.person == sa.bindparam("whose")).order_by(ideas.c.id.desc())
_ADD: Final = sa.insert(ideas).returning(ideas.c.id)
_VOTE: Final = {"sqlite": _vote(sqlite.insert), "postgresql": _vote(postgresql.insert)}
_ON: Final = sa.and_(idea_votes.c.bot == _OF, idea_votes.c.idea == sa.bindparam("which"))
_MINE_ON: Final = sa.and_(_ON, idea_votes.c.person == sa.bindparam("whose"))
_TAKE_BACK: Final = sa.delete(idea_votes).where(_MINE_ON)
_MY_VOTE: Final = sa.select(idea_votes.c.vote).where(_MINE_ON)
_VOTERS: Final = sa.select(idea_votes.c.person).where(_ON).order_by(idea_votes.c.person)
_PRUNE: Final = (
    sa.delete(ideas).where(
        ideas.c.bot == _OF,
        ideas.c.state.not_in([State.POSTED.value, State.OPEN.value]),
        ideas.c.changed_at < sa.bindparam("before"),
    ),
    sa.delete(idea_votes).where(
        idea_votes.c.bot == _OF, idea_votes.c.idea.not_in(sa.select(ideas.c.id).where(ideas.c.bot == _OF))
    ),
)
