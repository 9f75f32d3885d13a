"""What changed."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from bot.store.tables.base import metadata

revisions = Table(
    "revisions",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("name", String(40), primary_key=True, comment="what changed, such as stations"),
    Column("number", BigInteger, nullable=False),
)
