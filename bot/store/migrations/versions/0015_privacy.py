"""Privacy: consents, silence, and names long enough to be sealed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.store.types import Moment

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the table of consents; let people be silenced; make room for sealed names."""
    op.create_table(
        "consents",
        sa.Column("bot", sa.BigInteger(), nullable=False),
        sa.Column("person", sa.BigInteger(), nullable=False),
        sa.Column(
            "purpose",
            sa.String(length=40),
            nullable=False,
            comment="such as location or broadcasts.lessons",
        ),
        sa.Column("version", sa.String(length=20), nullable=False, comment="of the words they decided on"),
        sa.Column("given", sa.Boolean(), nullable=False, comment="false: refused, or taken back"),
        sa.Column("decided_at", Moment(), nullable=False),
        sa.PrimaryKeyConstraint("bot", "person", "purpose", name=op.f("pk_consents")),
    )
    op.create_index("ix_consents_purpose", "consents", ["bot", "purpose"], unique=False)
    op.add_column(
        "people",
        sa.Column("silenced_at", Moment(), nullable=True, comment="they want to hear only answers"),
    )
    with op.batch_alter_table("grants", table_kwargs={"sqlite_autoincrement": True}) as grants:
        grants.alter_column("called", existing_type=sa.String(length=40), type_=sa.Text())
