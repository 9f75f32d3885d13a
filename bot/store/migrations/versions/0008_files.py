"""Files: what people sent and what the bot drew."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the tables of files."""
    op.create_table(
        "files",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False, comment="SHA-256 of the content"),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=True, comment="null for what an attachment holds"),
        sa.PrimaryKeyConstraint("bot", "hash", name=op.f("pk_files")),
    )
    op.create_index("ix_files_expires_at", "files", ["expires_at"], unique=False)
    op.create_table(
        "file_copies",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="photo, document or audio"),
        sa.Column("channel_file", sa.Text(), nullable=False, comment="file id at the channel"),
        sa.Column("made_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "hash", "kind", name=op.f("pk_file_copies")),
    )
    op.create_table(
        "attachments",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column(
            "person", sa.BigInteger(), nullable=True, comment="who sent it; null once they are forgotten"
        ),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="photo, file or voice"),
        sa.Column(
            "purpose", sa.String(length=20), nullable=False, comment="what it was sent for, such as appeal"
        ),
        sa.Column("channel_file", sa.Text(), nullable=False, comment="file id at the channel"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False, comment="waiting, kept or refused"),
        sa.Column("why", sa.String(length=20), nullable=True, comment="refused: too_big, no_picture or gone"),
        sa.Column("hash", sa.String(length=64), nullable=True, comment="of the file, once it is kept"),
        sa.Column(
            "size", sa.Integer(), nullable=False, comment="bytes; as the channel said until it is kept"
        ),
        sa.Column("made_at", Moment(), nullable=False),
        sa.Column("fetched_at", Moment(), nullable=True),
        sa.Column("not_before", Moment(), nullable=False, comment="when it may be fetched (again)"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachments")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_attachments_person", "attachments", ["bot", "person"], unique=False)
    op.create_index("ix_attachments_hash", "attachments", ["bot", "hash"], unique=False)
    op.create_index(
        "ix_attachments_waiting",
        "attachments",
        ["bot", "not_before", "id"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
