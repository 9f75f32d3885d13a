"""The grammars are built once, before anything is measured or generated."""

from __future__ import annotations

import pytest

from bot.services.when.grammar import grammar


@pytest.fixture(autouse=True, scope="package")
def grammars() -> None:
    """Build both, so that no property test pays for it."""
    grammar("zh")
    grammar("en")
