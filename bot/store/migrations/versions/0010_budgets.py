"""Budgets: how fast the bot may speak, shared by all its speakers."""

from __future__ import annotations

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Nothing yet."""
