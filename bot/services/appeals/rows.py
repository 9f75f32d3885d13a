"""The statements about appeals, made once."""

from __future__ import annotations

from typing import Any, Final

import sqlalchemy as sa

from bot.services.appeals.model import Appeal, Next, Side, State, Words
from bot.store.tables import appeal_authors, appeal_helpers, appeal_words, appeals, branch_paths

_OF_BOT = appeals.c.bot == sa.bindparam("of")
_ID = sa.and_(_OF_BOT, appeals.c.id == sa.bindparam("which"))
_IS_OPEN = appeals.c.settled_at.is_(None)  # as the partial indexes word it

_CHANGING: Final = (
    *("state", "desk", "branch", "holder", "step", "started_at", "next_what", "next_at", "hops", "head"),
    *("hand_overs", "reopenings", "collective", "rating", "changed_at", "settled_at"),
)
"""What a move may change; the rest stays as it was filed."""

ADD = sa.insert(appeals).returning(appeals.c.id)
ONE = sa.select(appeals).where(_ID)
HOLD = ONE.with_for_update()
"""Locks the row until the commit: changes of one appeal come one after the other."""
CHANGE = (
    sa.update(appeals)
    .where(_ID)
    .values({name: sa.bindparam(f"new_{name}", type_=appeals.c[name].type) for name in _CHANGING})
)
BY_RECEIPT = sa.select(appeals).where(_OF_BOT, appeals.c.receipt == sa.bindparam("number"))
PARTS = (
    sa.select(appeals).where(_OF_BOT, appeals.c.collective == sa.bindparam("which")).order_by(appeals.c.id)
)
OPEN = sa.select(appeals).where(_OF_BOT, _IS_OPEN).order_by(appeals.c.next_at, appeals.c.id)
OPEN_OF_KIND = OPEN.where(appeals.c.kind == sa.bindparam("kind"))
_UNDER_THESE = sa.select(branch_paths.c.below).where(
    branch_paths.c.bot == sa.bindparam("of"),
    branch_paths.c.above.in_(sa.bindparam("branches", expanding=True)),
)
UNDER = OPEN.where(appeals.c.branch.in_(_UNDER_THESE))
"""What is open at these branches and below them."""
HELD = sa.select(appeals).where(_OF_BOT, _IS_OPEN, appeals.c.holder.is_not(None)).order_by(appeals.c.id)
HELD_BY = HELD.where(appeals.c.holder == sa.bindparam("person"))

_MY = appeals.join(
    appeal_authors, sa.and_(appeal_authors.c.bot == appeals.c.bot, appeal_authors.c.appeal == appeals.c.id)
)
_BY_ME = sa.and_(_OF_BOT, appeal_authors.c.person == sa.bindparam("person"))
MINE = sa.select(appeals).select_from(_MY).where(_BY_ME).order_by(_IS_OPEN.desc(), appeals.c.id.desc())
MINE_OPEN = sa.select(sa.func.count()).select_from(_MY).where(_BY_ME, _IS_OPEN)
ONE_OF_MINE = sa.select(appeals).select_from(_MY).where(_BY_ME, _ID)

ADD_WORDS = sa.insert(appeal_words).returning(appeal_words.c.id)
WORDS = (
    sa.select(appeal_words)
    .where(appeal_words.c.bot == sa.bindparam("of"), appeal_words.c.appeal == sa.bindparam("which"))
    .order_by(appeal_words.c.id)
)
SOME_WORDS = WORDS.where(appeal_words.c.id == sa.bindparam("words"))

HELPERS = sa.select(appeal_helpers.c.branch, appeal_helpers.c.desk).where(
    appeal_helpers.c.bot == sa.bindparam("of"), appeal_helpers.c.appeal == sa.bindparam("which")
)
HELPED = (
    sa.select(appeals)
    .join(
        appeal_helpers,
        sa.and_(appeal_helpers.c.bot == appeals.c.bot, appeal_helpers.c.appeal == appeals.c.id),
    )
    .where(_OF_BOT, _IS_OPEN, appeal_helpers.c.branch.in_(_UNDER_THESE))
    .order_by(appeals.c.next_at, appeals.c.id)
)


def appeal_from(row: Any) -> Appeal:
    """An appeal from its row."""
    return Appeal(
        id=row.id,
        receipt=row.receipt,
        alias=row.alias,
        industry=row.industry,
        kind=row.kind,
        story=row.story,
        place=row.place,
        point=None if row.lat is None else (row.lat, row.lon),
        district=row.district,
        since=row.since,
        amount=row.amount,
        wish=row.wish,
        state=State(row.state),
        desk=row.desk,
        branch=row.branch,
        holder=row.holder,
        step=row.step,
        started_at=row.started_at,
        next_what=Next(row.next_what) if row.next_what else None,
        next_at=row.next_at,
        hops=row.hops,
        head=row.head,
        hand_overs=row.hand_overs,
        reopenings=row.reopenings,
        is_collective=row.is_collective,
        collective=row.collective,
        rating=row.rating,
        filed_at=row.filed_at,
        changed_at=row.changed_at,
        settled_at=row.settled_at,
        points=row.points,
    )


def values_of(appeal: Appeal) -> dict[str, Any]:
    """The columns of an appeal's row, without the bot and its number."""
    lat, lon = appeal.point or (None, None)
    told = {
        name: getattr(appeal, name)
        for name in Appeal.__slots__
        if name not in ("id", "point", "state", "next_what")
    }
    next_what = appeal.next_what.value if appeal.next_what else None
    return told | {"lat": lat, "lon": lon, "state": appeal.state.value, "next_what": next_what}


def changes_of(appeal: Appeal) -> dict[str, Any]:
    """The parameters of CHANGE for an appeal as it is now."""
    values = values_of(appeal)
    return {f"new_{name}": values[name] for name in _CHANGING}


def words_from(row: Any) -> Words:
    """Something said, from its row."""
    return Words(row.id, row.at, Side(row.side), row.kind, row.text, tuple(row.attachments))
