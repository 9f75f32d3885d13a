"""Check-ins come by themselves: rounds open, ask, nudge and close; boards are drawn, buddies are told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.clock.kinds import Kind
from bot.i18n import speaking
from bot.services.checkins import boards, book, running, safety
from bot.services.checkins.asking import reachable
from bot.services.checkins.keepers import keepers
from bot.services.checkins.model import (
    ASK,
    BOARD,
    CLOSE,
    NUDGE,
    OPEN,
    RAISE,
    TELL,
    Asked,
    Board,
    Checkin,
    Round,
)
from bot.services.checkins.safety import Word
from bot.services.due import Due
from bot.services.notices import worded
from bot.services.outbox import NOTICE, REMINDER, Outgoing
from bot.store.work import Work
from bot.talk import says


@dataclass(frozen=True, slots=True)
class Words:
    """How check-ins are worded, in the language being spoken."""

    asked: Callable[[Asked], says.Message]
    board: Callable[[Board], says.Message]
    over: Callable[[Board], says.Message]
    told: Callable[[Checkin, Round], says.Message]
    missed: Callable[[Word], says.Message]


def checking(words: Words) -> list[Kind]:
    """The kinds of due things that carry check-ins."""
    keeper = _Keeper(words)
    return [
        Kind(OPEN, keeper.open),
        Kind(ASK, keeper.ask),
        Kind(NUDGE, keeper.nudge),
        Kind(CLOSE, keeper.close),
        Kind(BOARD, keeper.redraw),
        Kind(RAISE, keeper.raise_case),
        Kind(TELL, keeper.tell),
    ]


class _Keeper:
    def __init__(self, words: Words) -> None:
        self._words = words

    async def open(self, work: Work, thing: Due) -> Sequence[Outgoing]:
        """A round opens; its board goes to who looks after it."""
        number = await running.open_round(work, thing.what["checkin"])
        found = await book.round_of(work, number) if number else None
        if found is None:
            return []
        for to in await keepers(work, found[0]):
            with speaking(to.locale):
                drawn = self._words.board(await book.board(work, *found))
                await boards.post(work, found[1].id, to, drawn)
        return []

    async def ask(self, work: Work, thing: Due) -> Sequence[Outgoing]:
        """A slice of those who are asked is asked."""
        asked = await running.to_ask(work, thing)
        return [worded(work, one.recipient, REMINDER, self._words.asked, one.asked) for one in asked]

    async def nudge(self, work: Work, thing: Due) -> Sequence[Outgoing]:
        """Those who have not answered are asked once more."""
        await running.nudge(work, thing.what["round"])
        return []

    async def close(self, work: Work, thing: Due) -> Sequence[Outgoing]:
        """A round closes: who looks after it hears how it ended, and who stayed silent is looked for."""
        number = thing.what["round"]
        silent = await running.silent(work, number)
        closed = await running.close(work, number)
        found = await book.round_of(work, number)
        if closed is None or found is None:
            return []
        board = await book.board(work, *found)
        out = [worded(work, to, NOTICE, self._words.over, board) for to in await keepers(work, found[0])]
        return [*out, *self._warned(work, await safety.look_for(work, *found, silent))]

    async def redraw(self, work: Work, thing: Due) -> Sequence[Outgoing]:
        """Boards are drawn anew where they stand."""
        out = []
        for one in await running.boards(work, thing.what["round"]):
            said = worded(work, one.recipient, NOTICE, self._words.board, one.board)
            said.target = {"edit": one.message}
            out.append(said)
        return out

    async def raise_case(self, work: Work, thing: Due) -> Sequence[Outgoing]:
        """The buddy had half an hour: organizers are told."""
        return self._warned(work, await safety.raise_case(work, thing.what["case"]))

    async def tell(self, work: Work, thing: Due) -> Sequence[Outgoing]:
        """A slice of those who answered hears what came of it."""
        found = await book.round_of(work, thing.what["round"])
        if found is None:
            return []
        people = await reachable(work, thing.what["people"])
        return [worded(work, to, REMINDER, self._words.told, *found) for to in people]

    def _warned(self, work: Work, words: Sequence[Word]) -> list[Outgoing]:
        return [worded(work, word.to, NOTICE, self._words.missed, word) for word in words]
