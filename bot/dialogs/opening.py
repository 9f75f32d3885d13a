"""Buttons that do nothing but open a dialog."""

from __future__ import annotations

from typing import Final

from bot.services.presses import long
from bot.talk.dialog import Answerer, Aside

BELOW: Final = "below"
"""On a button under a receipt: the receipt stays, and what the button opens goes below it."""


def opener(name: str, dialog: str = "") -> Answerer:
    """Opens a dialog; the one that is called as the button is, unless another is named."""

    async def open_it(aside: Aside, place: str) -> None:
        if place == BELOW:
            aside.keep()
        aside.go(dialog or name)

    return Answerer(name, open_it)


def opener_at(name: str, dialog: str, what: str) -> Answerer:
    """Opens a dialog at the number on the button; it is given as `what`."""

    async def open_it(aside: Aside, number: str) -> None:
        aside.go(dialog, **{what: long(number) or 0})

    return Answerer(name, open_it)
