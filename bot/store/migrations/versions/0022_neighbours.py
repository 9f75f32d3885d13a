"""When somebody who helps scanned last; who typed pick-up codes that are none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment, RowId

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """A column for visits, and a table; what counted for hours of help until now counts on."""
    op.add_column(
        "visits",
        sa.Column("scanned_at", Moment(), nullable=True, comment="the last live scan while helping"),
    )
    op.execute("UPDATE visits SET scanned_at = left_at WHERE way = 'live' AND left_at IS NOT NULL")
    op.create_table(
        "wrong_codes",
        sa.Column("id", RowId, autoincrement=True, nullable=False),
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False, comment="who typed a pick-up code that is none"),
        sa.Column("at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wrong_codes")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_wrong_codes_person", "wrong_codes", ["bot", "person", "at"])
