"""Points in words: what gave them, what they are good for, why some were taken back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.i18n import Phrase, _, current_locale, day_and_month, ngettext
from bot.services.points.ledger import REDEEM, RETURN, REVERSE, Move
from bot.services.points.rules import PointBook

_HAN: Final = "zh"


def named(names: Mapping[str, str]) -> str:
    """A name of the content in the reader's language."""
    return names[_HAN if current_locale().startswith(_HAN) else "en"]


def rule_name(rule: str, book: PointBook) -> str:
    """What gives points; a rule that is no more is something else."""
    found = book.earnings.get(rule)
    return named(found.names) if found else str(_("other"))


def reward_name(reward: str, book: PointBook) -> str:
    """A reward, by its id where it is no more."""
    found = book.rewards.get(reward)
    return named(found.names) if found else reward


def reason_words(reason: str | None) -> Phrase:
    """Why points were taken back."""
    words = {
        "twice": _("it was noted twice"),
        "not_done": _("it did not take place"),
        "other_person": _("it was somebody else"),
    }
    return words.get(reason or "") or _("it was noted by mistake")


def below_nothing(balance: int) -> Phrase:
    """What it means that more was taken back than there was."""
    return ngettext(
        "You had spent them already. What you got for them is yours; the next {n} point makes up for it.",
        "You had spent them already. What you got for them is yours; the next {n} points make up for it.",
        -balance,
    )


def moved(move: Move, book: PointBook) -> Phrase:
    """A line of the history."""
    kinds = {
        REDEEM: _("exchanged"),
        RETURN: _("not picked up, given back"),
        REVERSE: _("taken back: {why}").format(why=reason_words(move.reason)),
    }
    what = kinds.get(move.kind) or rule_name(move.kind, book)
    return _("{day} · {amount} · {what}").format(
        day=day_and_month(move.made_at.date()), amount=f"{move.amount:+}", what=what
    )
