"""`python -m bench` (make bench): every measured claim, one after the other, in some forty minutes."""

from __future__ import annotations

import asyncio

import uvloop

from bench import (
    appeals,
    broadcast,
    clock,
    inbound,
    kills,
    load,
    pace,
    replay,
    sending,
    stations,
    understanding,
    when,
)


def main() -> None:
    """Run all."""
    asyncio.run(replay.main())
    stations.main()
    print()
    when.main()
    print()
    understanding.main()
    print()
    uvloop.run(sending.main())
    print()
    uvloop.run(inbound.main())
    print()
    uvloop.run(load.main())
    print()
    uvloop.run(clock.main())
    print()
    uvloop.run(broadcast.main())
    print()
    uvloop.run(pace.main())
    print()
    uvloop.run(kills.main())
    print()
    asyncio.run(appeals.main(appeals.APPEALS))


if __name__ == "__main__":
    main()
