"""Files: what people sent, what the bot drew, and where the channel has it already."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, Text

from bot.store.sealing import Sealed, SealedBytes
from bot.store.tables.base import NUMBERED, metadata, only
from bot.store.types import Moment, RowId

files = Table(
    "files",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("hash", String(64), primary_key=True, comment="SHA-256 of the content"),
    Column("content", SealedBytes("files.content"), nullable=False),
    Column("mime", String(100), nullable=False),
    Column("name", Text, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("expires_at", Moment, comment="null for what an attachment holds"),
    Index("ix_files_expires_at", "expires_at"),
)

file_copies = Table(
    "file_copies",
    metadata,
    Column("bot", BigInteger, primary_key=True),
    Column("hash", String(64), primary_key=True),
    Column("kind", String(10), primary_key=True, comment="photo, document or audio"),
    Column("channel_file", Text, nullable=False, comment="file id at the channel"),
    Column("made_at", Moment, nullable=False),
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", RowId, primary_key=True, autoincrement=True),
    Column("bot", BigInteger, nullable=False),
    Column("person", BigInteger, comment="who sent it; null once they are forgotten"),
    Column("kind", String(10), nullable=False, comment="photo, file or voice"),
    Column("purpose", String(20), nullable=False, comment="what it was sent for, such as appeal"),
    Column("channel_file", Text, nullable=False, comment="file id at the channel"),
    Column("name", Sealed("attachments.name"), nullable=False),
    Column("state", String(10), nullable=False, comment="waiting, kept or refused"),
    Column("why", String(20), comment="refused: too_big, no_picture or gone"),
    Column("hash", String(64), comment="of the file, once it is kept"),
    Column("size", Integer, nullable=False, comment="bytes; as the channel said until it is kept"),
    Column("made_at", Moment, nullable=False),
    Column("fetched_at", Moment),
    Column("not_before", Moment, nullable=False, comment="when it may be fetched (again)"),
    Column("attempts", Integer, nullable=False, default=0),
    Index("ix_attachments_person", "bot", "person"),
    Index("ix_attachments_hash", "bot", "hash"),
    Index("ix_attachments_waiting", "bot", "not_before", "id", **only("state = 'waiting'")),
    **NUMBERED,
)
