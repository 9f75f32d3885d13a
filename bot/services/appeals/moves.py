"""The state machine: every move an appeal can make, who may make it, and where it leads."""

from __future__ import annotations

from collections.abc import Mapping
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
    PASS_ON = "pass_on"  # to another desk
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


FILE: Final = "file"
"""What the history begins with: it leads from nothing, so it stands in no table."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may make a move, and for each state in which it can be made, the state after it."""

    sides: frozenset[Side]
    leads: Mapping[State, State]


class NotPossible(Exception):
    """Somebody tried a move that the state of the appeal, or their part in it, does not allow."""


def _rule(*sides: Side, stays: tuple[State, ...] = (), **leads: State) -> Rule:
    moved = {State(state): after for state, after in leads.items()}
    return Rule(frozenset(sides), {state: state for state in stays} | moved)


_AT_A_DESK: Final = (FILED, ACKNOWLEDGED, IN_PROGRESS, REOPENED)
_ALIVE: Final = (*_AT_A_DESK, ANSWERED, CONFIRMED)
_HAS_IT: Final = (ACKNOWLEDGED, IN_PROGRESS)

RULES: Final[Mapping[Move, Rule]] = {
    Move.TAKE: _rule(Side.DESK, stays=_HAS_IT, filed=ACKNOWLEDGED, reopened=ACKNOWLEDGED),
    Move.HAND_OVER: _rule(Side.DESK, Side.CLOCK, stays=_ALIVE),
    Move.PASS_ON: _rule(
        *(Side.DESK, Side.CLOCK),
        stays=(FILED, REOPENED),
        acknowledged=FILED,
        in_progress=FILED,
    ),
    Move.ASK_BACK: _rule(Side.DESK, stays=_HAS_IT),
    Move.ANSWER: _rule(Side.DESK, stays=(IN_PROGRESS,), acknowledged=IN_PROGRESS),
    Move.SOLVE: _rule(Side.DESK, acknowledged=ANSWERED, in_progress=ANSWERED),
    Move.CALL_IN: _rule(Side.DESK, stays=_HAS_IT),
    Move.NOTE: _rule(Side.HELPER, stays=_AT_A_DESK),
    Move.ADD: _rule(Side.AUTHOR, stays=(*_ALIVE, MERGED)),
    Move.CONFIRM: _rule(Side.AUTHOR, stays=(MERGED,), answered=CONFIRMED, confirmed=CLOSED),
    Move.REOPEN: _rule(Side.AUTHOR, answered=REOPENED, confirmed=REOPENED),
    Move.RATE: _rule(Side.AUTHOR, stays=(ANSWERED, CONFIRMED, CLOSED, MERGED)),
    Move.WITHDRAW: _rule(Side.AUTHOR, **{state.value: WITHDRAWN for state in (*_ALIVE, MERGED)}),
    Move.MERGE: _rule(Side.ORGANIZER, Side.AUTHOR, **{state.value: MERGED for state in _AT_A_DESK}),
    Move.SPLIT: _rule(Side.ORGANIZER, merged=FILED),
    Move.GO_UP: _rule(Side.CLOCK, stays=(FILED, REOPENED), acknowledged=FILED, in_progress=FILED),
    Move.OVERDUE: _rule(Side.CLOCK, stays=_AT_A_DESK),
    Move.ASK_AGAIN: _rule(Side.CLOCK, stays=(ANSWERED, CONFIRMED)),
    Move.CLOSE: _rule(Side.CLOCK, answered=CLOSED, confirmed=CLOSED, merged=CLOSED),
    Move.UNMASK: _rule(Side.DESK, Side.AUTHOR, stays=_ALIVE),
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
