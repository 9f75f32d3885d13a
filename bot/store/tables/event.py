"""Events and call-outs: what there is to go to, who has a place."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from bot.store.tables.base import NUMBERED, metadata
from bot.store.types import Moment, RowId

events = Table(
    "events",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("branch", String(40), comment="whose organizers look after it; null for the whole city"),
    Column("made_by", BigInteger, nullable=False, comment="a person"),
    Column(
        "kind",
        String(20),
        nullable=False,
        comment="an event's, or a call-out's: volunteer, grid_help",
    ),
    Column("title", Text, nullable=False),
    Column("about", Text, nullable=False),
    Column("where", Text, nullable=False),
    Column("segment", Text, nullable=False, comment="who is told of it, as an expression"),
    Column("zone", String(64), nullable=False, comment="IANA"),
    Column("at", Moment, nullable=False),
    Column("minutes", Integer, nullable=False, comment="how long it lasts"),
    Column("places", Integer, comment="null for as many as come"),
    Column("made_at", Moment, nullable=False),
    Column("cancelled_at", Moment),
    Index("ix_events_at", "bot", "at"),
    **NUMBERED,
)

event_places = Table(
    "event_places",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("event", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("state", String(12), nullable=False, comment="booked or waiting"),
    Column("number", Integer, nullable=False, comment="in the order in which people asked"),
    Column("asked_at", Moment, nullable=False),
    Index("ix_event_places_person", "bot", "person"),
)
