"""How hard the tests try: a little in the suite, more with `make crash`."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

LONG = pytest.mark.long
"""Only with `make crash`."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How many people use the bot, how many only get messages, and how often each thing goes wrong."""

    couriers: int
    sleepers: int
    kills: int


@pytest.fixture(scope="session")
def scale(request: pytest.FixtureRequest) -> Scale:
    """By `--long`."""
    return Scale(40, 300, 4) if request.config.getoption("--long") else Scale(3, 30, 1)
