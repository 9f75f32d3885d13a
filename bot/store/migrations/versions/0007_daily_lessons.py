"""Daily lessons: when people want one, and which they got."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Make the table of daily lessons."""
    op.create_table(
        "lesson_days",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column(
            "at_minute", sa.Integer(), nullable=True, comment="of the person's day; null for no daily lesson"
        ),
        sa.Column("sent", sa.JSON(), nullable=False, comment="lessons that came already"),
        sa.Column("set_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "person", name=op.f("pk_lesson_days")),
    )
