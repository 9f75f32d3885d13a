"""`python -m bench` (make bench): every measured claim, one table after the other, in about four minutes."""

from __future__ import annotations

import asyncio

import uvloop

from bench import clock, inbound, replay, sending, stations, when


def main() -> None:
    """Run all."""
    asyncio.run(replay.main())
    stations.main()
    print()
    when.main()
    print()
    uvloop.run(sending.main())
    print()
    uvloop.run(inbound.main())
    print()
    uvloop.run(clock.main())


if __name__ == "__main__":
    main()
