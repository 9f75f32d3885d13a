"""How often what somebody wrote was understood as something else than they meant; never what they wrote."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Integer, String, Table

from bot.store.tables.base import metadata

corrections = Table(
    "corrections",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("day", Date, primary_key=True, comment="in the city's time"),
    Column("intent", String(24), primary_key=True, comment="what was understood"),
    Column("meant", String(24), primary_key=True, comment="what was chosen instead; empty where nothing was"),
    Column("times", Integer, nullable=False),
)
