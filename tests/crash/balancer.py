"""A balancer as stands before several listeners: a connection goes to the next one that takes it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

PIECE_BYTES = 65536


class Balancer:
    """Hands connections round among ports of this machine; where nobody answers it hangs up."""

    def __init__(self) -> None:
        self.ports: deque[int] = deque()

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[int]:
        """Connections are taken as long as the block runs, at the port that this gives."""
        server = await asyncio.start_server(self._hand_on, "127.0.0.1", 0)
        try:
            yield int(server.sockets[0].getsockname()[1])
        finally:
            server.close()

    async def _hand_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        found = await self._next()
        if found is not None:
            there_reader, there_writer = found
            await asyncio.gather(_copy(reader, there_writer), _copy(there_reader, writer))
        writer.close()

    async def _next(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in range(len(self.ports)):
            self.ports.rotate()
            try:
                return await asyncio.open_connection("127.0.0.1", self.ports[0])
            except OSError:
                continue
        return None


async def _copy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(PIECE_BYTES):
            writer.write(piece)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()
