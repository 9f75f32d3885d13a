"""Stations, and what people say of them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import BigInteger, Column, Date, Float, Index, String, Table, Text

from bot.store.sealing import Sealed
from bot.store.tables.base import NUMBERED, metadata, only
from bot.store.types import Moment, RowId

stations = Table(
    "stations",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("id", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, default=""),
    Column("kind", String(40), nullable=False),
    Column("lat", Float, nullable=False, comment="degrees, WGS-84"),
    Column("lon", Float, nullable=False, comment="degrees, WGS-84"),
    Column("address", Text, nullable=False, default=""),
    Column("district", Text, nullable=False, default=""),
    Column("services", sa.JSON, nullable=False),
    Column("opening_hours", Text, nullable=False, default="", comment="OpenStreetMap syntax"),
    Column("phone", Text, nullable=False, default=""),
    Column("note", Text, nullable=False, default=""),
    Column("confirmed_on", Date),
    Column("retired_at", Moment),
    Column("changed_at", Moment, nullable=False),
)

station_flags = Table(
    "station_flags",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("station", String(40), nullable=False),
    Column("person", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False, comment="closed, moved, broken or other"),
    Column("note", Sealed("station_flags.note"), nullable=False, default=""),
    Column("photo", Text, comment="file id at the channel"),
    Column("made_at", Moment, nullable=False),
    Column("settled_at", Moment),
    Index("ix_station_flags_station", "bot", "station"),
    Index(
        "uq_station_flags_open",
        *("bot", "station", "person", "kind"),
        unique=True,
        **only("settled_at IS NULL"),
    ),
    **NUMBERED,
)

favourites = Table(
    "favourites",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("station", String(40), primary_key=True),
    Column("made_at", Moment, nullable=False),
)
