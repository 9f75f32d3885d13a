"""Understands a text: the classifier says what is meant, rules what is certain and what was said along."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from bot.services.stations.catalogue import Catalogue
from bot.services.stations.text import fold
from bot.services.understanding import (
    appeal_slots,
    hazard_slots,
    learning_slots,
    office_slots,
    people_slots,
    reminder_slots,
)
from bot.services.understanding.certain import evidence
from bot.services.understanding.classifier import Classifier, Floats
from bot.services.understanding.model import INTENTS, NONE, Reason, Understood
from bot.services.understanding.said import Said
from bot.services.understanding.station_slots import station_slots

LIKELY: Final = 0.08
"""Probability from which an intent is among the choices."""
MOST_CHOICES: Final = 3

Slots = dict[str, Any]
Evidence = tuple[str, str, float]
_SLOTS: Final[dict[str, Callable[[Said], Slots]]] = {
    "start_lesson": learning_slots.lesson_slots,
    "file_appeal": appeal_slots.appeal_slots,
    "appeal_status": appeal_slots.status_slots,
    "assign_appeal": appeal_slots.assign_slots,
    "add_reminder": reminder_slots.add_slots,
    "list_reminders": reminder_slots.list_slots,
    "check_in": people_slots.check_in_slots,
    "points": people_slots.points_slots,
    "redeem": people_slots.redeem_slots,
    "wish": people_slots.wish_slots,
    "profile": people_slots.profile_slots,
    "hazard_report": hazard_slots.hazard_slots,
    "survey_suggestion": learning_slots.suggestion_slots,
    "guide_question": learning_slots.question_slots,
    "broadcast": office_slots.broadcast_slots,
    "roster": office_slots.roster_slots,
    "stats": office_slots.stats_slots,
}


class Reader:
    """Reads texts with what was learnt and with the words of a catalogue."""

    def __init__(self, classifier: Classifier, catalogue: Catalogue) -> None:
        self._classifier = classifier
        self._catalogue = catalogue

    def understand(self, said: Said, *, why: bool = False) -> Understood:
        """What a text wants. Never raises on any text; what has no letter in it wants nothing."""
        if not fold(said.text):
            return Understood(said.text, NONE, 1.0, (NONE,))
        certain = evidence(said)
        chances = _chances(self._classifier.scores(said.text), certain)
        order = [int(number) for number in np.argsort(-chances)]
        intent = INTENTS[order[0]]
        choices = [INTENTS[number] for number in order[:MOST_CHOICES] if chances[number] >= LIKELY]
        reasons = self._reasons(said, intent, certain) if why else ()
        return Understood(
            said.text,
            intent,
            round(float(chances[order[0]]), 3),
            tuple(choices or [intent]),
            self.slots(said, intent),
            reasons,
        )

    def _reasons(self, said: Said, intent: str, certain: Sequence[Evidence]) -> tuple[Reason, ...]:
        rules = [Reason("rule", rule, weight) for about, rule, weight in certain if about == intent]
        return (*rules, *self._classifier.reasons(said.text, intent))

    def slots(self, said: Said, intent: str) -> Slots:
        """What was said along with an intent."""
        if intent == "find_station":
            return station_slots(said, self._catalogue)
        read = _SLOTS.get(intent)
        return read(said) if read else {}


def _chances(scores: Floats, certain: Sequence[Evidence]) -> Floats:
    """How likely each of INTENTS is; they add up to 1."""
    for intent, _rule, weight in certain:
        scores[INTENTS.index(intent)] += weight
    odds = np.exp(scores - scores.max())
    chances: Floats = odds / odds.sum()
    return chances
