"""Check-ins and surveys: what organizers ask, who is asked, what they answer; presence at places."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Boolean, Column, Date, Index, Integer, String, Table, Text

from bot.store.sealing import Sealed
from bot.store.tables.base import NUMBERED, metadata, only
from bot.store.types import Moment, RowId

checkins = Table(
    "checkins",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("branch", String(40), comment="whose organizers see it; null for the whole city"),
    Column("made_by", BigInteger, nullable=False, comment="a person"),
    Column("title", Text, nullable=False),
    Column("questions", sa.JSON, nullable=False),
    Column("segment", Text, nullable=False, comment="who is asked, as an expression"),
    Column("anonymous", Boolean, nullable=False),
    Column("safety", Boolean, nullable=False, comment="whoever stays silent is looked for"),
    Column("zone", String(64), nullable=False, comment="IANA; where the rule's wall times are"),
    Column("at", Moment, nullable=False, comment="the first opening"),
    Column("rule", Text, comment="RFC 5545 RRULE; null for once"),
    Column("nudge_minutes", Integer, comment="after the opening; null for no nudge"),
    Column("close_minutes", Integer, nullable=False, comment="after the opening"),
    Column("due", BigInteger, comment="the due thing that opens the next round"),
    Column("rounds", Integer, nullable=False, comment="how many were opened"),
    Column("made_at", Moment, nullable=False),
    Column("ended_at", Moment, comment="no round opens any more"),
    **NUMBERED,
)

rounds = Table(
    "rounds",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("checkin", BigInteger, nullable=False),
    Column("number", Integer, nullable=False, comment="1 for the first"),
    Column("opened_at", Moment, nullable=False),
    Column("closes_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("told", Text, nullable=False, default="", comment="what was done with the answers"),
    Index("ix_rounds_checkin", "bot", "checkin", "number", unique=True),
    **NUMBERED,
)

round_people = Table(
    "round_people",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("round", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("answered", Boolean, nullable=False, comment="that, not what: the answer is elsewhere"),
    Index("ix_round_people_person", "bot", "person"),
)

# No hidden row numbers: of anonymous answers not even the order in which they came is kept.
answers = Table(
    "answers",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("round", BigInteger, primary_key=True),
    Column("key", String(64), primary_key=True, comment="the person, or the hash of what only they hold"),
    Column("question", String(20), primary_key=True),
    Column("person", BigInteger, comment="null where the answer is anonymous"),
    Column("value", Sealed("answers.value"), nullable=False, comment="as JSON"),
    Column("attention", Boolean, nullable=False),
    Column("answered_at", Moment, comment="null where the answer is anonymous"),
    Index("ix_answers_person", "bot", "person"),
    sqlite_with_rowid=False,
)

boards = Table(
    "boards",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("round", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("posted", BigInteger, nullable=False, comment="the outbox row that brought it"),
    Column("message", BigInteger, comment="its number at the channel, once it is known"),
    Column("posted_at", Moment, nullable=False),
)

checkin_people = Table(
    "checkin_people",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column(
        "called",
        Sealed("checkin_people.called"),
        nullable=False,
        comment="what organizers read beside named answers",
    ),
    Column("buddy", BigInteger, comment="the person who agreed to look after them"),
    Column("buddy_token", String(64), comment="SHA-256 of the link that asks somebody to be the buddy"),
    Column("consented_at", Moment, comment="others may be told when a safety check-in is missed"),
    sa.UniqueConstraint("bot", "buddy_token"),
    Index("ix_checkin_people_buddy", "bot", "buddy"),
)

safety_cases = Table(
    "safety_cases",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("round", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("buddy", BigInteger, comment="who was told first; null for nobody"),
    Column("made_at", Moment, nullable=False),
    Column("raised_at", Moment, comment="when organizers were told"),
    Column("settled_at", Moment),
    Column("settled_by", BigInteger, comment="a person: themselves, the buddy or an organizer"),
    Index("ix_safety_cases_person", "bot", "person", **only("settled_at IS NULL")),
    **NUMBERED,
)

visits = Table(
    "visits",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("place", String(48), nullable=False, comment="s and a station's id, or e and an event's number"),
    Column("day", Date, nullable=False, comment="at the place"),
    Column("way", String(12), nullable=False, comment="live, location or door"),
    Column("came_at", Moment, nullable=False),
    Column("helping_since", Moment, comment="as a volunteer"),
    Column("scanned_at", Moment, comment="the last live scan while helping"),
    Column("left_at", Moment, comment="the end of helping"),
    sa.UniqueConstraint("bot", "person", "place", "day"),
    **NUMBERED,
)
