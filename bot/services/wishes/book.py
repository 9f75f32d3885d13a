"""Wishes and claims as rows. A wish changes by one statement that names the state it was in: of two people
who claim one at the same moment, one gets it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa

from bot.services.notices import Recipient, reachable
from bot.services.wishes.model import ALIVE, KEEP, THANKED_AFTER, Claim, State, Wish
from bot.store.tables import wish_claims, wishes
from bot.store.work import Work


async def get(work: Work, number: int) -> Wish | None:
    """A wish by its number."""
    row = await work.first(_ONE, {"of": work.bot, "which": number})
    return _wish(row) if row else None


async def in_state(work: Work, state: State) -> list[Wish]:
    """All wishes that stand so, the oldest first."""
    return [_wish(row) for row in await work.fetch(_IN_STATE, {"of": work.bot, "the_state": state.value})]


async def of(work: Work, person: int) -> list[Wish]:
    """Somebody's own, the latest first."""
    return [_wish(row) for row in await work.fetch(_MINE, {"of": work.bot, "whose": person})]


async def taken_on_by(work: Work, person: int) -> list[tuple[Wish, Claim]]:
    """What somebody took on and still has, the one that ends first before."""
    rows = await work.fetch(_TAKEN_ON, {"of": work.bot, "whose": person})
    found = []
    for row in rows:
        wish = await get(work, row.wish)
        if wish is not None:
            found.append((wish, _claim(row)))
    return found


async def owner(work: Work, number: int) -> int | None:
    """Whose wish it is, by their number."""
    row = await work.first(_OWNER, {"of": work.bot, "which": number})
    return int(row.person) if row else None


async def claim_of(work: Work, wish: Wish) -> Claim | None:
    """The claim that counts; None where nobody has it."""
    row = await _last_claim(work, wish)
    return _claim(row) if row and row.outcome is None else None


async def last_claim(work: Work, wish: Wish) -> Claim | None:
    """The last claim, whatever became of it; None once who made it is forgotten."""
    row = await _last_claim(work, wish)
    return _claim(row) if row else None


async def claimer(work: Work, wish: Wish) -> int | None:
    """Who made the last claim, by their number; None once they are forgotten."""
    row = await _last_claim(work, wish)
    return int(row.person) if row else None


async def recipient(work: Work, person: int | None) -> list[Recipient]:
    """Somebody to be told; nobody where they are gone or blocked the bot."""
    found = await reachable(work, person)
    return [found] if found else []


async def add(work: Work, person: int, branch: str, what: str, station: str) -> Wish:
    """A new wish, to be looked at."""
    values = {
        "bot": work.bot,
        "branch": branch,
        "person": person,
        "what": what,
        "station": station,
        "state": State.POSTED.value,
        "claims": 0,
        "thanks": "",
        "made_at": work.now,
        "changed_at": work.now,
    }
    return _wish((await work.write(_ADD, values))[0])


async def turn(work: Work, number: int, before: Sequence[State], after: State, **values: Any) -> Wish | None:
    """From one of these states into another; None where it is in none of them (any more)."""
    this = sa.and_(
        wishes.c.bot == work.bot,
        wishes.c.id == number,
        wishes.c.state.in_([state.value for state in before]),
    )
    changed = {"state": after.value, "changed_at": work.now, **values}
    rows = await work.write(sa.update(wishes).where(this).values(changed).returning(*wishes.c))
    return _wish(rows[0]) if rows else None


async def add_claim(work: Work, claim: Claim, person: int) -> None:
    """Note who has it now."""
    values = {
        "bot": work.bot,
        "wish": claim.wish,
        "number": claim.number,
        "person": person,
        "called": claim.called,
        "code": claim.code,
        "until": claim.until,
        "made_at": work.now,
    }
    await work.execute(sa.insert(wish_claims), values)


async def change_claim(work: Work, claim: Claim, **values: Any) -> None:
    """Write what becomes of a claim."""
    this = sa.and_(
        wish_claims.c.bot == work.bot,
        wish_claims.c.wish == claim.wish,
        wish_claims.c.number == claim.number,
    )
    await work.execute(sa.update(wish_claims).where(this).values(values))


async def prune(work: Work) -> None:
    """Forget wishes that are long over, with who took them on; what was brought long ago has come true."""
    await work.execute(_COME_TRUE, {"of": work.bot, "now": work.now, "before": work.now - THANKED_AFTER})
    for statement in _PRUNE:
        await work.execute(statement, {"of": work.bot, "before": work.now - KEEP})


async def _last_claim(work: Work, wish: Wish) -> sa.Row[Any] | None:
    return await work.first(_CLAIM, {"of": work.bot, "which": wish.id, "number": wish.claims})


def _wish(row: Any) -> Wish:
    return Wish(
        row.id,
        row.what,
        row.station,
        row.branch,
        State(row.state),
        row.claims,
        row.thanks,
        row.made_at,
        row.changed_at,
    )


def _claim(row: Any) -> Claim:
    return Claim(row.wish, row.number, row.called, row.code, row.until)


_OF: Any = sa.bindparam("of")
_ROW: Final = sa.select(wishes).where(wishes.c.bot == _OF)
_ONE: Final = _ROW.where(wishes.c.id == sa.bindparam("which"))
_OWNER: Final = sa.select(wishes.c.person).where(wishes.c.bot == _OF, wishes.c.id == sa.bindparam("which"))
_IN_STATE: Final = _ROW.where(wishes.c.state == sa.bindparam("the_state")).order_by(wishes.c.id)
_MINE: Final = _ROW.where(wishes.c.person == sa.bindparam("whose")).order_by(wishes.c.id.desc())
_ADD: Final = sa.insert(wishes).returning(*wishes.c)
_OF_CLAIMS: Final = sa.select(wish_claims).where(wish_claims.c.bot == _OF)
_CLAIM: Final = _OF_CLAIMS.where(
    wish_claims.c.wish == sa.bindparam("which"), wish_claims.c.number == sa.bindparam("number")
)
_TAKEN_ON: Final = _OF_CLAIMS.where(
    wish_claims.c.person == sa.bindparam("whose"), wish_claims.c.outcome.is_(None)
).order_by(wish_claims.c.until, wish_claims.c.wish)
_OVER: Final = sa.and_(
    wishes.c.bot == _OF,
    wishes.c.state.not_in([state.value for state in ALIVE]),
    wishes.c.changed_at < sa.bindparam("before"),
)
_COME_TRUE: Final = (
    sa.update(wishes)
    .where(
        wishes.c.bot == _OF,
        wishes.c.state == State.BROUGHT.value,
        wishes.c.changed_at < sa.bindparam("before", type_=wishes.c.changed_at.type),
    )
    .values(state=State.THANKED.value, changed_at=sa.bindparam("now", type_=wishes.c.changed_at.type))
)
# Claims of wishes that were forgotten with who wished for them go as well.
_PRUNE: Final = (
    sa.delete(wishes).where(_OVER),
    sa.delete(wish_claims).where(
        wish_claims.c.bot == _OF,
        wish_claims.c.wish.not_in(sa.select(wishes.c.id).where(wishes.c.bot == _OF)),
        wish_claims.c.made_at < sa.bindparam("before"),
    ),
)
