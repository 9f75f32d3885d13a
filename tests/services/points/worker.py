"""Gives and exchanges points as fast as it can, until it is killed."""

from __future__ import annotations

import asyncio
import random
import sys
from datetime import UTC, datetime, timedelta

from bot.services.points.rules import Reward
from bot.store.database import Database
from tests.services.points.conftest import Fund

MUG = Reward("mug", 5, 2500, 1_000_000, {"zh": "杯子", "en": "a mug"})


async def main(url: str) -> None:
    """Run for ever; a line for each deed that was committed."""
    chance = random.Random()
    fund = Fund(Database(url), datetime(2026, 5, 13, tzinfo=UTC))
    crowd = [await fund.somebody(account) for account in range(1, 6)]
    while True:
        fund.now += timedelta(hours=chance.randrange(5))
        person = chance.choice(crowd)
        await fund.give(person, "lesson", str(chance.random()))
        await fund.redeem(person, MUG, chance.randrange)
        sys.stdout.write(f"{person}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
