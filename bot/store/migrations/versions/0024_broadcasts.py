"""Groups say which broadcasts they want none of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Let a group name topics."""
    column = sa.Column(
        "muted",
        sa.JSON(none_as_null=True),
        nullable=True,
        comment="topics of broadcasts that it wants none of",
    )
    op.add_column("chats", column)
