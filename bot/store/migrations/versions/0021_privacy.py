"""Privacy: that somebody belongs to a branch is a consent like the others."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Who belongs to a branch agreed to that when they joined."""
    op.execute(
        sa.text(
            "INSERT INTO consents (bot, person, purpose, version, given, decided_at)"
            " SELECT bot, person, 'membership', '1', true, joined_at FROM memberships"
            " WHERE left_at IS NULL AND NOT EXISTS (SELECT 1 FROM consents AS decided"
            " WHERE decided.bot = memberships.bot AND decided.person = memberships.person"
            " AND decided.purpose = 'membership')"
        )
    )
