"""What people agreed to, purpose by purpose."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, String, Table

from bot.store.tables.base import metadata
from bot.store.types import Moment

consents = Table(
    "consents",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("person", BigInteger, primary_key=True),
    Column("purpose", String(40), primary_key=True, comment="such as location or broadcasts.lessons"),
    Column("version", String(20), nullable=False, comment="of the words they decided on"),
    Column("given", Boolean, nullable=False, comment="false: refused, or taken back"),
    Column("decided_at", Moment, nullable=False),
    Index("ix_consents_purpose", "bot", "purpose"),
)
