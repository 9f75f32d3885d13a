"""The state machine: every move an appeal can make, who may make it, and where it leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.services.appeals.model import Next, Side, State

FILED, ACKNOWLEDGED, IN_PROGRESS = State.FILED, State.ACKNOWLEDGED, State.IN_PROGRESS
ANSWERED, CONFIRMED, REOPENED = State.ANSWERED, State.CONFIRMED, State.REOPENED
CLOSED, WITHDRAWN, MERGED = State.CLOSED, State.WITHDRAWN, State.MERGED


class Move(StrEnum):
    """Everything that can happen to an appeal."""

    TAKE = "take"
    HAND_OVER = "hand_over"  # to somebody else at the desk, or back to the whole desk
    REFER = "refer"  # to another desk
    ASK_BACK = "ask_back"
    ANSWER = "answer"
    SOLVE = "solve"
    CALL_IN = "call_in"
    NOTE = "note"  # by a desk that was called in
    ADD = "add"
    CONFIRM = "confirm"
    REOPEN = "reopen"
    RATE = "rate"
    WITHDRAW = "withdraw"
    MERGE = "merge"
    SPLIT = "split"
    GO_UP = "go_up"  # a deadline was missed
    OVERDUE = "overdue"  # missed where there is no step further up
    ASK_AGAIN = "ask_again"
    CLOSE = "close"
    UNMASK = "unmask"
    ENCLOSE = "enclose"  # what was sent along is kept, and its hashes are sealed


FILE: Final = "file"
"""What the history begins with: it leads from nothing, so it stands in no table."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may make a move, and for each state in which it can be made, the state after it."""

    sides: frozenset[Side]
    leads: Mapping[State, State]


class NotPossible(Exception):
    """Somebody tried a move that the state of the appeal, or their part in it, does not allow."""


def _rule(*sides: Side, stays: Iterable[State] = (), leads: Mapping[State, State] | None = None) -> Rule:
    return Rule(frozenset(sides), {state: state for state in stays} | dict(leads or {}))


_AT_A_DESK: Final = (FILED, ACKNOWLEDGED, IN_PROGRESS, REOPENED)
_SOLVED: Final = (ANSWERED, CONFIRMED)
_ALIVE: Final = (*_AT_A_DESK, *_SOLVED)
_UNTAKEN: Final = (FILED, REOPENED)
_HAS_IT: Final = (ACKNOWLEDGED, IN_PROGRESS)
_BACK_TO_FILED: Final = {ACKNOWLEDGED: FILED, IN_PROGRESS: FILED}

RULES: Final[Mapping[Move, Rule]] = {
    Move.TAKE: _rule(Side.DESK, stays=_HAS_IT, leads=dict.fromkeys(_UNTAKEN, ACKNOWLEDGED)),
    Move.HAND_OVER: _rule(Side.DESK, Side.CLOCK, stays=_ALIVE),
    Move.REFER: _rule(Side.DESK, stays=_UNTAKEN, leads=_BACK_TO_FILED),
    Move.ASK_BACK: _rule(Side.DESK, stays=_HAS_IT),
    Move.ANSWER: _rule(Side.DESK, stays=(IN_PROGRESS,), leads={ACKNOWLEDGED: IN_PROGRESS}),
    Move.SOLVE: _rule(Side.DESK, leads=dict.fromkeys(_HAS_IT, ANSWERED)),
    Move.CALL_IN: _rule(Side.DESK, stays=_HAS_IT),
    Move.NOTE: _rule(Side.HELPER, stays=_AT_A_DESK),
    Move.ADD: _rule(Side.AUTHOR, stays=(*_ALIVE, MERGED)),
    Move.CONFIRM: _rule(Side.AUTHOR, stays=(MERGED,), leads={ANSWERED: CONFIRMED, CONFIRMED: CLOSED}),
    Move.REOPEN: _rule(Side.AUTHOR, leads=dict.fromkeys(_SOLVED, REOPENED)),
    Move.RATE: _rule(Side.AUTHOR, stays=(ANSWERED, CONFIRMED, CLOSED, MERGED)),
    Move.WITHDRAW: _rule(Side.AUTHOR, leads=dict.fromkeys((*_ALIVE, MERGED), WITHDRAWN)),
    Move.MERGE: _rule(Side.ORGANIZER, Side.AUTHOR, leads=dict.fromkeys(_AT_A_DESK, MERGED)),
    Move.SPLIT: _rule(Side.ORGANIZER, leads={MERGED: FILED}),
    Move.GO_UP: _rule(Side.CLOCK, stays=_UNTAKEN, leads=_BACK_TO_FILED),
    Move.OVERDUE: _rule(Side.CLOCK, stays=_AT_A_DESK),
    Move.ASK_AGAIN: _rule(Side.CLOCK, stays=_SOLVED),
    Move.CLOSE: _rule(Side.CLOCK, leads=dict.fromkeys((*_SOLVED, MERGED), CLOSED)),
    Move.UNMASK: _rule(Side.DESK, Side.AUTHOR, stays=_ALIVE),
    Move.ENCLOSE: _rule(Side.CLOCK, stays=State),
}

_NEXT: Final = {
    FILED: Next.ACKNOWLEDGE,
    REOPENED: Next.ACKNOWLEDGE,
    ACKNOWLEDGED: Next.ANSWER,
    IN_PROGRESS: Next.SOLVE,
    ANSWERED: Next.ASK,
    CONFIRMED: Next.ASK,
}


def may(move: Move, side: Side, state: State) -> bool:
    """Whether this move can be made by this side in this state."""
    rule = RULES[move]
    return side in rule.sides and state in rule.leads


def after(move: Move, side: Side, state: State) -> State:
    """The state that a move leads to. Raises NotPossible."""
    if not may(move, side, state):
        raise NotPossible(f"{side} can't {move} what is {state}")
    return RULES[move].leads[state]


def next_deadline(state: State, move: Move | None = None) -> Next | None:
    """What the next deadline of an appeal is for once it is in a state; None once it is over."""
    return Next.CLOSE if move is Move.ASK_AGAIN else _NEXT.get(state)
