"""Who listens for danger: its words first, and beside them what was learnt from content/danger.

Words are sure but know only what somebody thought of; what was learnt hears what is said in another way. It
is believed where it is sure, for a number that nobody needs is soon no number at all.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path
from typing import Final

from bot.services import danger
from bot.services.danger import Danger, DangerWords, read_danger
from bot.services.problems import Problem
from bot.services.understanding.classifier import SHARPNESS, Classifier
from bot.services.understanding.content import Material, check_sentences, lines_of, read_material
from bot.services.understanding.training import read_classifier
from bot.services.understanding.units import cut

FOLDER: Final = "danger"
HARMLESS: Final = "harmless"

SURE: Final = -0.2 * SHARPNESS
"""By how much a danger may be less likely than none, in log odds. Fitted so that of the 4,300 sentences of
content/intents, each learnt without it, one in two hundred is heard, and half of these do tell of danger."""
SHORTEST: Final = 4
"""Units of a text; shorter ones are left to the words."""


class DangerEar:
    """Listens for danger in what people write; learns, or loads what it learnt, when first used."""

    def __init__(self, content: Path, cache: Path) -> None:
        self._content = content
        self._cache = cache

    def prepare(self) -> None:
        """Load or learn now, so that nobody waits later."""
        self._classifier  # noqa: B018

    def heard(self, text: str) -> Danger | None:
        """The danger that a text tells of as happening now; None for none. Never raises on any text."""
        return self._words.heard(text) or self._learnt(text)

    def _learnt(self, text: str) -> Danger | None:
        if len(cut(text).written) < SHORTEST:
            return None
        *kinds, none = self._classifier.scores(text)
        loudest = max(range(len(kinds)), key=kinds.__getitem__)
        return self._words.dangers[loudest] if kinds[loudest] - none > SURE else None

    @property
    def _words(self) -> DangerWords:
        return read_danger(self._content)

    @cached_property
    def _classifier(self) -> Classifier:
        return read_classifier(danger_material(self._content, self._words), self._cache)


def problems(content: Path) -> list[Problem]:
    """Everything wrong in `content`/danger; nothing while danger.yaml, which names the kinds, is wrong."""
    found: list[Problem] = []
    if danger.problems(content):
        return found
    seen: dict[str, str] = {}
    for label in labels_of(read_danger(content)):
        check_sentences(content / FOLDER / f"{label}.txt", seen, found)
    return found


def labels_of(words: DangerWords) -> tuple[str, ...]:
    """What a sentence can be: each kind of danger, and harmless."""
    return (*(each.kind for each in words.dangers), HARMLESS)


def danger_material(content: Path, words: DangerWords) -> Material:
    """Sentences of each kind of danger and harmless ones; what people want otherwise is harmless, too."""
    labels = labels_of(words)
    texts = {label: (content / FOLDER / f"{label}.txt").read_text(encoding="utf-8") for label in labels}
    wanted = read_material(content)
    told = [(line, label) for label, text in texts.items() for line in lines_of(text).values()]
    told += [(text, HARMLESS) for text, _ in wanted.sentences if words.heard(text) is None]
    digest = hashlib.sha256(f"{wanted.mark}{told}".encode()).hexdigest()
    return Material(tuple(told), wanted.senses, {}, digest, labels)
