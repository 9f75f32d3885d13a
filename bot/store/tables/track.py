"""Tracks and lessons taken together: places, enrolments, certificates, lessons in groups."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text, UniqueConstraint

from bot.store.sealing import Sealed
from bot.store.tables.base import NUMBERED, metadata, only
from bot.store.types import Moment, RowId

track_places = Table(
    "track_places",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("track", String(40), primary_key=True),
    Column("places", Integer, nullable=False, comment="how many may be enrolled at once"),
    Column("about", Text, nullable=False, comment="what a place gives, such as who pays for it"),
    Column("set_by", BigInteger, nullable=False),
    Column("set_at", Moment, nullable=False),
)

enrolments = Table(
    "enrolments",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("track", String(40), nullable=False),
    Column("state", String(10), nullable=False, comment="enrolled, waiting or left"),
    Column("made_at", Moment, nullable=False, comment="of a waiting one: since when"),
    Column("changed_at", Moment, nullable=False),
    UniqueConstraint("bot", "person", "track"),
    Index("ix_enrolments_track", "bot", "track", "state", "made_at", "id"),
    **NUMBERED,
)

certificates = Table(
    "certificates",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("code", String(20), primary_key=True),
    Column("person", BigInteger, comment="null once they are forgotten"),
    Column("kind", String(10), nullable=False, comment="track, or help"),
    Column("subject", String(40), nullable=False, comment="which track; empty for help"),
    Column(
        "called", Sealed("certificates.called"), nullable=False, comment="the name on it; empty without one"
    ),
    Column("amount", Integer, nullable=False, comment="lessons of the track, minutes of help"),
    Column("made_at", Moment, nullable=False),
    Index(
        "uq_certificates_person",
        "bot",
        "person",
        "kind",
        "subject",
        unique=True,
        **only("person IS NOT NULL"),
    ),
)

group_lessons = Table(
    "group_lessons",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("chat", BigInteger, nullable=False),
    Column("thread", BigInteger, comment="forum topic"),
    Column("lesson", String(40), nullable=False),
    Column("language", String(16), nullable=False, comment="of the message in the group"),
    Column("started_by", BigInteger, nullable=False),
    Column("message", BigInteger, comment="the outbox row of the group's message"),
    Column("asked", Integer, nullable=False, default=0, comment="questions asked in the group so far"),
    Column("made_at", Moment, nullable=False),
    Index("ix_group_lessons_chat", "bot", "chat"),
    **NUMBERED,
)

group_learners = Table(
    "group_learners",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("group_lesson", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("begun_at", Moment, nullable=False),
    Column("finished_at", Moment),
    Index("ix_group_learners_person", "bot", "person"),
)
