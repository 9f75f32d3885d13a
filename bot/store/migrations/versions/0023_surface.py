"""Invitations that give a tag to who joins by them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Add the tag of an invitation."""
    op.add_column(
        "invitations",
        sa.Column("tag", sa.String(length=40), nullable=True, comment="what who joins by it is tagged with"),
    )
