"""Rewards: never more than the stock, never dearer than the pool; picked up with a code that works once.

Stock and pool are rows that one statement moves if there is enough: whoever comes later waits for it and sees
what is left. The order is always person, reward, pool, so nobody waits in a circle.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.services import codes
from bot.services.codes import Randbelow
from bot.services.points import ledger
from bot.services.points.rules import PointBook, Reward
from bot.store.sealing import Seal
from bot.store.tables import point_moves, point_stocks, redemptions
from bot.store.work import Work

WAITING: Final = "waiting"
HANDED: Final = "handed"
RETURNED: Final = "returned"

PICK_UP: Final = timedelta(days=14)
CODE_DIGITS: Final = 6
PLACE: Final = "redemptions.code_hash"
"""What a code's blind index is for."""
# A million codes, few of them in use: a second try is rare already.
_TRIES: Final = 10


class Refused(Enum):
    """Why nothing was redeemed."""

    TOO_FEW = auto()  # points
    GONE = auto()  # the last one went, or the pool is used up


@dataclass(frozen=True, slots=True)
class Redeemed:
    """A reward that waits for its owner, and the only copy of its code."""

    id: int
    reward: str
    code: str
    expires_at: datetime
    station: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A redemption without its code."""

    id: int
    reward: str
    state: str
    expires_at: datetime
    station: str | None = None


@dataclass(frozen=True, slots=True)
class Pickup:
    """What a code is good for; `station` is where it is to be picked up, None for any."""

    id: int
    reward: str
    station: str | None


@dataclass(frozen=True, slots=True)
class Codes:
    """How many codes are good, and until when the last of them is."""

    number: int
    until: datetime | None


async def redeem(
    work: Work,
    person: int,
    reward: Reward,
    book: PointBook,
    seal: Seal,
    randbelow: Randbelow,
    station: str | None = None,
) -> Redeemed | Refused:
    """Exchange points for a reward, to be picked up at a station, or at any."""
    if not await ledger.hold(work, person) or await ledger.balance(work, person) < reward.points:
        return Refused.TOO_FEW
    if not await _take(work, f"reward.{reward.id}", 1, reward.stock):
        return Refused.GONE
    if not await _take(work, f"pool.{book.pool}", reward.fen, book.pool_fen):
        await _put_back(work, f"reward.{reward.id}", 1)
        return Refused.GONE
    made = await _enter(work, person, reward, book, seal, randbelow, station)
    await ledger.book(work, person, ledger.REDEEM, str(made.id), -reward.points, f"reward.{reward.id}")
    return made


async def left(work: Work, reward: Reward, book: PointBook) -> int:
    """How many can still be redeemed, by the stock and by the pool."""
    rows = await work.fetch(_TAKEN, {"of": work.bot, "names": [f"reward.{reward.id}", f"pool.{book.pool}"]})
    taken = {row.name: row.taken for row in rows}
    pieces = reward.stock - taken.get(f"reward.{reward.id}", 0)
    affordable = (book.pool_fen - taken.get(f"pool.{book.pool}", 0)) // reward.fen
    return max(0, int(min(pieces, affordable)))


async def pool_left(work: Work, book: PointBook) -> int:
    """What the rewards may still cost together, in fen."""
    row = await work.first(_TAKEN, {"of": work.bot, "names": [f"pool.{book.pool}"]})
    return book.pool_fen - (row.taken if row else 0)


async def mine(work: Work, person: int) -> list[Waiting]:
    """What somebody redeemed and has not picked up."""
    rows = await work.fetch(_MINE, {"of": work.bot, "whose": person, "now": work.now})
    return [Waiting(row.id, row.reward, row.state, row.expires_at, row.station) for row in rows]


async def look(work: Work, code: str, seal: Seal) -> Pickup | None:
    """What a code is good for; None for one that is good for nothing (any more)."""
    if not _is_code(code):
        return None
    row = await work.first(_LOOK, {"of": work.bot, "hashes": seal.blind(code, PLACE), "now": work.now})
    return Pickup(row.id, row.reward, row.station) if row else None


async def hand_out(work: Work, code: str, by: int, seal: Seal) -> Pickup | None:
    """Give a reward out for its code, once; None for a code that is good no more."""
    if not _is_code(code):
        return None
    params = {"of": work.bot, "hashes": seal.blind(code, PLACE), "now": work.now, "who": by}
    rows = await work.write(_HAND_OUT, params)
    return Pickup(rows[0].id, rows[0].reward, rows[0].station) if rows else None


async def waiting_codes(work: Work) -> Codes:
    """The codes that are good now. Each is found by the key it was made under, whatever was added since."""
    row = await work.first(_CODES, {"of": work.bot, "now": work.now})
    return Codes(int(row.number), row.until) if row else Codes(0, None)


async def take_back_expired(work: Work) -> int:
    """What nobody picked up in time goes back into the stock, and the points to their owner."""
    rows = await work.write(_EXPIRE, {"of": work.bot, "now": work.now})
    for row in rows:
        await _put_back(work, f"reward.{row.reward}", 1)
        await _put_back(work, f"pool.{row.pool}", row.fen)
        move = await work.first(_MOVE_OF, {"of": work.bot, "what": str(row.id), "whose": row.person})
        if move is not None:
            await ledger.reverse(work, move.id, ledger.RETURN)
    return len(rows)


async def _enter(
    work: Work,
    person: int,
    reward: Reward,
    book: PointBook,
    seal: Seal,
    randbelow: Randbelow,
    station: str | None,
) -> Redeemed:
    expires_at = work.now + PICK_UP
    for _ in range(_TRIES):
        code = codes.digits(randbelow, CODE_DIGITS)
        values = {
            "bot": work.bot,
            "person": person,
            "reward": reward.id,
            "station": station,
            "pool": book.pool,
            "points": reward.points,
            "fen": reward.fen,
            "code_hash": seal.blind(code, PLACE)[0],
            "state": WAITING,
            "made_at": work.now,
            "expires_at": expires_at,
        }
        if rows := await work.write(_ENTER[work.dialect], values):
            return Redeemed(int(rows[0].id), reward.id, code, expires_at, station)
    raise RuntimeError("no free code")


def _is_code(code: str) -> bool:
    return code.isascii() and code.isdigit() and len(code) == CODE_DIGITS


async def _take(work: Work, name: str, amount: int, most: int) -> bool:
    """Take something from a stock; False where that would be more than there is."""
    if amount > most:
        return False
    values = {"bot": work.bot, "name": name, "taken": amount, "most": most}
    return bool(await work.write(_TAKE[work.dialect], values))


async def _put_back(work: Work, name: str, amount: int) -> None:
    await work.execute(_PUT_BACK, {"of": work.bot, "the_name": name, "less": amount})


def _take_by(insert: Any) -> Any:
    new = insert(point_stocks).values(
        bot=sa.bindparam("bot"), name=sa.bindparam("name"), taken=sa.bindparam("taken")
    )
    after = point_stocks.c.taken + new.excluded.taken
    return new.on_conflict_do_update(
        index_elements=["bot", "name"], set_={"taken": after}, where=after <= sa.bindparam("most")
    ).returning(point_stocks.c.taken)


def _enter_by(insert: Any) -> Any:
    return insert(redemptions).on_conflict_do_nothing().returning(redemptions.c.id)


_TAKE: Final = {"sqlite": _take_by(sqlite.insert), "postgresql": _take_by(postgresql.insert)}
_ENTER: Final = {"sqlite": _enter_by(sqlite.insert), "postgresql": _enter_by(postgresql.insert)}
_PUT_BACK: Final = (
    sa.update(point_stocks)
    .where(point_stocks.c.bot == sa.bindparam("of"), point_stocks.c.name == sa.bindparam("the_name"))
    .values(taken=point_stocks.c.taken - sa.bindparam("less"))
)
_TAKEN: Final = sa.select(point_stocks.c.name, point_stocks.c.taken).where(
    point_stocks.c.bot == sa.bindparam("of"), point_stocks.c.name.in_(sa.bindparam("names", expanding=True))
)
_OF_BOT: Final = redemptions.c.bot == sa.bindparam("of")
_IS_WAITING: Final = redemptions.c.state == sa.literal_column(f"'{WAITING}'")  # as the partial index words it
_MINE: Final = (
    sa.select(redemptions)
    .where(
        _OF_BOT,
        redemptions.c.person == sa.bindparam("whose"),
        _IS_WAITING,
        redemptions.c.expires_at > sa.bindparam("now"),
    )
    .order_by(redemptions.c.id)
)
_OF_CODE: Final = sa.and_(
    _OF_BOT,
    _IS_WAITING,
    redemptions.c.code_hash.in_(sa.bindparam("hashes", expanding=True)),
    redemptions.c.expires_at > sa.bindparam("now"),
)
_LOOK: Final = sa.select(redemptions.c.id, redemptions.c.reward, redemptions.c.station).where(_OF_CODE)
_HAND_OUT: Final = (
    sa.update(redemptions)
    .where(_OF_CODE)
    .values(state=HANDED, settled_at=sa.bindparam("now"), handed_by=sa.bindparam("who"))
    .returning(redemptions.c.id, redemptions.c.reward, redemptions.c.station)
)
_CODES: Final = sa.select(
    sa.func.count().label("number"), sa.func.max(redemptions.c.expires_at).label("until")
).where(_OF_BOT, _IS_WAITING, redemptions.c.expires_at > sa.bindparam("now"))
_EXPIRE: Final = (
    sa.update(redemptions)
    .where(_OF_BOT, _IS_WAITING, redemptions.c.expires_at <= sa.bindparam("now"))
    .values(state=RETURNED, settled_at=sa.bindparam("now"))
    .returning(
        redemptions.c.id, redemptions.c.person, redemptions.c.reward, redemptions.c.pool, redemptions.c.fen
    )
)
_MOVE_OF: Final = sa.select(point_moves.c.id).where(
    point_moves.c.bot == sa.bindparam("of"),
    point_moves.c.kind == ledger.REDEEM,
    point_moves.c.subject == sa.bindparam("what"),
    point_moves.c.person == sa.bindparam("whose"),
)
