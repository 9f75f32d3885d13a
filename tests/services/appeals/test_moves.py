"""The table of moves: complete, closed, and nothing in it that brings a dead appeal back."""

from __future__ import annotations

import pytest

from bot.services.appeals.model import OPEN, OVER, Next, Side, State
from bot.services.appeals.moves import RULES, Move, NotPossible, after, may, next_deadline


def test_every_state_is_reached_from_the_first() -> None:
    reached = {State.FILED}
    for _step in State:
        reached |= {to for rule in RULES.values() for state, to in rule.leads.items() if state in reached}
    assert reached == set(State)


def test_what_is_over_only_moves_within_what_is_over() -> None:
    """But for a part that is taken out of its case: it goes on alone."""
    lives = {
        (move, state)
        for move, rule in RULES.items()
        for state, to in rule.leads.items()
        if state in OVER and to in OPEN
    }
    assert lives == {(Move.SPLIT, State.MERGED)}


def test_open_states_have_a_deadline_and_the_others_none() -> None:
    assert {state for state in State if next_deadline(state) is not None} == OPEN
    assert next_deadline(State.ANSWERED, Move.ASK_AGAIN) is Next.CLOSE


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("move", list(Move))
def test_who_may_not_is_refused(move: Move, side: Side) -> None:
    for state in State:
        if may(move, side, state):
            assert after(move, side, state) in State
        else:
            with pytest.raises(NotPossible):
                after(move, side, state)


def test_only_authors_say_that_it_is_solved_or_not() -> None:
    for move in (Move.CONFIRM, Move.REOPEN, Move.WITHDRAW, Move.RATE, Move.ADD):
        assert RULES[move].sides == {Side.AUTHOR}
    for move in (Move.GO_UP, Move.OVERDUE, Move.ASK_AGAIN, Move.CLOSE, Move.ENCLOSE):
        assert RULES[move].sides == {Side.CLOCK}
