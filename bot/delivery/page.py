"""What a speaker has to write down next, all in one transaction."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from bot.services.outbox import Outgoing, Settled


@dataclass(slots=True)
class Page:
    """What is to be written down together, and who waits for it.

    `results` say what became of rows, of so many (`urgent`) at once; `written` are done with them. `leaving`
    are rows whose requests leave once that is written, if they still may; `unsent` go back to the outbox.
    """

    results: list[Settled] = field(default_factory=list)
    written: list[asyncio.Future[None]] = field(default_factory=list)
    urgent: int = 0
    leaving: dict[int, asyncio.Future[bool]] = field(default_factory=dict)
    unsent: list[Outgoing] = field(default_factory=list)

    @property
    def gone(self) -> list[int]:
        """The rows that are in hand no more."""
        return [*(result.id for result in self.results), *(row.id for row in self.unsent)]

    def is_empty(self) -> bool:
        """Whether there is nothing to write."""
        return not (self.results or self.leaving or self.unsent)

    def with_more(self, other: Page) -> Page:
        """Both, after this one could not be written."""
        return Page(
            self.results + other.results,
            self.written + other.written,
            self.urgent + other.urgent,
            self.leaving | other.leaving,
            self.unsent + other.unsent,
        )
