"""Lines: what goes to one chat with one priority goes one after the other, different lines side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Sequence

from bot.delivery.ledger import Ledger
from bot.services.outbox import Outgoing, Settled

Line = tuple[int, int]
"""A chat and a priority."""

Deliver = Callable[[Outgoing], Awaitable[Settled | None]]
"""Sends one message; gives what became of it, None where it is not to be sent now."""


class Lines:
    """Sends rows by `deliver` in the order of their ids and has the ledger write down what became of them."""

    def __init__(self, ledger: Ledger, deliver: Deliver) -> None:
        self._ledger = ledger
        self._deliver = deliver
        self._lines: dict[Line, deque[Outgoing]] = {}
        self._under_way: dict[Line, Outgoing] = {}
        self._tasks: dict[asyncio.Task[None], Line] = {}
        self._moved: dict[int, int] = {}
        self._is_closed = False

    def __len__(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    @property
    def tasks(self) -> Collection[asyncio.Task[None]]:
        """One for each line."""
        return self._tasks.keys()

    @property
    def under_way(self) -> Collection[Outgoing]:
        """The rows at the heads of the lines."""
        return self._under_way.values()

    def add(self, rows: Sequence[Outgoing]) -> None:
        """Let rows stand in line."""
        for row in rows:
            key = self._key(row)
            line = self._lines.get(key)
            if line is not None:
                _join(line, row)
                continue
            self._lines[key] = deque((row,))
            self._start(key)

    def close(self) -> None:
        """Go on to no further row."""
        self._is_closed = True

    def note_move(self, old: int, new: int) -> None:
        """What is said to a group's new id stays in the line of the old one."""
        self._moved[new] = self._moved.get(old, old)
        for (chat, _), line in self._lines.items():
            if chat == self._moved[new]:
                for row in line:
                    row.chat = new

    def _key(self, row: Outgoing) -> Line:
        return self._moved.get(row.chat, row.chat), row.priority

    def _start(self, key: Line) -> None:
        task = asyncio.create_task(self._speak(key))
        self._tasks[task] = key
        task.add_done_callback(self._tasks.pop)

    async def _speak(self, key: Line) -> None:
        """Send a line's messages one after the other until none is left.

        The next one waits until the one before is written down: a kill repeats at most one for each chat.
        """
        line = self._lines[key]
        while line and not self._is_closed:
            row = line[0]
            if row.id not in self._ledger.held:
                line.popleft()
                continue
            self._under_way[key] = row
            try:
                result = await self._deliver(row)
            finally:
                del self._under_way[key]
            if result is None and self._is_closed:
                return
            line.popleft()
            if result is None:
                self._ledger.put_back(row)
            else:
                await self._ledger.settle(result, is_urgent=row.is_repeatable)
        if not line:
            del self._lines[key]


def _join(line: deque[Outgoing], row: Outgoing) -> None:
    """Stand in a line by id. Its head may be under way; an older row that was claimed late goes next."""
    line.append(row)
    if len(line) > 1 and line[-2].id > row.id:
        head = line.popleft()
        rest = sorted(line, key=lambda waiting: waiting.id)
        line.clear()
        line.extend((head, *rest))
