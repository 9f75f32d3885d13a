"""What buttons carry: (conversation, revision, index) or (action, object), never a value."""

from __future__ import annotations

from dataclasses import dataclass

CONVERSATION = "t"
ACTION = "a"

BACK = "b"
SKIP = "s"
CANCEL = "x"

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
# What a 64-bit number can take in base 36, and a revision or index in base 10.
_LONGEST_NUMBER = 13
_LONGEST_COUNT = 9


def short(number: int) -> str:
    """A number in base 36, so that it fits into a button."""
    digits = ""
    while True:
        number, rest = divmod(number, len(_DIGITS))
        digits = _DIGITS[rest] + digits
        if not number:
            return digits


def long(digits: str) -> int | None:
    """The number that `short` wrote, or None for anything else."""
    if not (digits.isascii() and digits.isalnum() and len(digits) <= _LONGEST_NUMBER):
        return None
    return int(digits, len(_DIGITS))


def numbered(argument: str) -> tuple[int, str]:
    """What an action carries as `number.word`; 0 for what is no number."""
    digits, _dot, word = argument.partition(".")
    return long(digits) or 0, word


@dataclass(frozen=True, slots=True)
class OptionPress:
    """A button of a conversation: `what` is BACK, SKIP, CANCEL or the index of an option."""

    conversation: int
    revision: int
    what: int | str


@dataclass(frozen=True, slots=True)
class ActionPress:
    """A button outside of conversations."""

    action: str
    object: str


def option_data(conversation: int, revision: int, what: int | str) -> str:
    """What a conversation's button carries."""
    return f"{CONVERSATION}:{short(conversation)}:{revision}:{what}"


def action_data(action: str, obj: str) -> str:
    """What an action's button carries."""
    return f"{ACTION}:{action}:{obj}"


def read(data: str) -> OptionPress | ActionPress | None:
    """What a button means; None for anything Wayside never wrote."""
    kind, _colon, rest = data.partition(":")
    if kind == ACTION:
        action, _colon, obj = rest.partition(":")
        return ActionPress(action, obj)
    if kind == CONVERSATION:
        return _read_option(rest.split(":"))
    return None


def _read_option(parts: list[str]) -> OptionPress | None:
    if len(parts) != 3:
        return None
    conversation, revision = long(parts[0]), _count(parts[1])
    what = parts[2] if parts[2] in (BACK, SKIP, CANCEL) else _count(parts[2])
    if conversation is None or revision is None or what is None:
        return None
    return OptionPress(conversation, revision, what)


def _count(digits: str) -> int | None:
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _LONGEST_COUNT):
        return None
    return int(digits)
