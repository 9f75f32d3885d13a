"""Points: a ledger that only grows, rewards taken from the stock, redemptions, names among the first."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Index, Integer, String, Table

from bot.store.sealing import Sealed
from bot.store.tables.base import NUMBERED, metadata, only
from bot.store.types import Moment, RowId

point_moves = Table(
    "point_moves",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("person", BigInteger, comment="null once they are forgotten"),
    Column("kind", String(20), nullable=False, comment="a rule of content/points.yaml, redeem or reverse"),
    Column("subject", String(80), nullable=False, comment="what for; once for each person and kind"),
    Column("day", Date, nullable=False, comment="in the city's time, for what counts by the day"),
    Column("reverses", BigInteger, comment="the move that it takes back"),
    Column("reason", String(20), comment="why it takes that back, as a code"),
    Column("made_at", Moment, nullable=False),
    Index(
        "uq_point_moves_once", "bot", "person", "kind", "subject", unique=True, **only("person IS NOT NULL")
    ),
    **NUMBERED,
)

point_entries = Table(
    "point_entries",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("move", BigInteger, primary_key=True, autoincrement=False),
    Column("account", String(48), primary_key=True, comment="person, or where points come from and go to"),
    Column("person", BigInteger, comment="whose account; null for others, and once they are forgotten"),
    Column("amount", Integer, nullable=False, comment="the entries of a move add up to nothing"),
    Index("ix_point_entries_person", "bot", "person"),
)

point_stocks = Table(
    "point_stocks",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("name", String(48), primary_key=True, comment="reward.… in pieces, or pool.… in fen"),
    Column("taken", Integer, nullable=False),
)

redemptions = Table(
    "redemptions",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("person", BigInteger, comment="null once they are forgotten"),
    Column("reward", String(40), nullable=False),
    Column("station", String(40), comment="where it is picked up; null for any"),
    Column("pool", String(40), nullable=False),
    Column("points", Integer, nullable=False),
    Column("fen", Integer, nullable=False),
    Column("code_hash", String(64), nullable=False, comment="keyed; the code itself is nowhere"),
    Column("state", String(12), nullable=False, comment="waiting, handed or returned"),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Column("handed_by", BigInteger, comment="who gave it out"),
    Index("uq_redemptions_code", "bot", "code_hash", unique=True, **only("state = 'waiting'")),
    Index("ix_redemptions_person", "bot", "person"),
    **NUMBERED,
)

wrong_codes = Table(
    "wrong_codes",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False, comment="who typed a pick-up code that is none"),
    Column("at", Moment, nullable=False),
    Index("ix_wrong_codes_person", "bot", "person", "at"),
    **NUMBERED,
)

point_names = Table(
    "point_names",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True, autoincrement=False),
    Column("called", Sealed("point_names.called"), nullable=False, comment="among the first"),
    Column("made_at", Moment, nullable=False),
)
