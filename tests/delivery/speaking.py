"""A speaker as a process of its own, for tests that kill it; its arguments are the database and the API.

It imports nothing of the tests: what it would bring along takes longer to load than the speaker.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime

from bot.delivery.pace import UNLIMITED
from bot.delivery.speaker import Speaker
from bot.store.database import Database

TOKEN = "700000001:" + "A" * 35
USERNAME = "WaysideTestBot"


async def speak(database_url: str, api_url: str) -> None:
    """Speak until killed; looks at the outbox every hundredth of a second."""
    speaker = Speaker(
        Database(database_url),
        TOKEN,
        username=USERNAME,
        owner="one",
        clock=lambda: datetime.now(UTC),
        api_url=api_url,
        rates=UNLIMITED,
        tick_seconds=0.01,
    )
    await speaker.run()


if __name__ == "__main__":
    asyncio.run(speak(*sys.argv[1:]))
