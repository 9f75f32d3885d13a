"""What people corrected in how their words were understood."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Make the table of corrections."""
    op.create_table(
        "corrections",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False, comment="in the city's time"),
        sa.Column("intent", sa.String(length=24), nullable=False, comment="what was understood"),
        sa.Column(
            "meant",
            sa.String(length=24),
            nullable=False,
            comment="what was chosen instead; empty where nothing was",
        ),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "day", "intent", "meant", name=op.f("pk_corrections")),
    )
