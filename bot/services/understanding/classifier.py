"""The statistical half: weights for pieces of text, learnt once, added up for each text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bot.services.understanding.features import features, told
from bot.services.understanding.model import INTENTS, Reason
from bot.services.understanding.senses import Senses

SHARPNESS: Final = 5.0
"""Turns scores into odds. Fitted by cross-validation on content/intents (bench/understanding.py)."""

_MOST_REASONS: Final = 8

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """`names` of the pieces, how `rare` each is, and for each piece and label how much it says; `bias`
    is what holds without any piece. The labels are those of the material, in that order."""

    names: tuple[str, ...]
    rare: Floats
    table: Floats
    bias: Floats

    def save(self, path: Path) -> None:
        """Write them to a file, whole or not at all. OSError where that cannot be done."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{id(self)}.npz")
        names = "\n".join(self.names)
        np.savez(draft, names=np.array(names), rare=self.rare, table=self.table, bias=self.bias)
        draft.replace(path)

    @classmethod
    def load(cls, path: Path, labels: int = len(INTENTS)) -> Weights:
        """What `save` wrote, for so many `labels`.

        Raises OSError, ValueError, KeyError, EOFError or BadZipFile for anything else.
        """
        with np.load(path, allow_pickle=False) as kept:
            names = tuple(str(kept["names"]).split("\n"))
            loaded = cls(names, kept["rare"], kept["table"], kept["bias"])
        if loaded.table.shape != (len(names), labels) or loaded.rare.shape != (len(names),):
            raise ValueError("weights of another shape")
        return loaded


class Classifier:
    """Says how likely each label is for a text."""

    def __init__(self, weights: Weights, senses: Senses) -> None:
        self._weights = weights
        self._senses = senses
        self._numbers = {name: number for number, name in enumerate(weights.names)}

    def scores(self, text: str) -> Floats:
        """Log odds for each label, in the material's order, up to a constant."""
        numbers, shares = self._known(text)
        weights = self._weights
        scores = SHARPNESS * (weights.bias + shares @ weights.table[numbers])
        return scores.astype(np.float32)

    def reasons(self, text: str, intent: str) -> list[Reason]:
        """The pieces that say most for an intent rather than for the others, the strongest first."""
        numbers, shares = self._known(text)
        table = self._weights.table[numbers]
        said = SHARPNESS * shares * (table[:, INTENTS.index(intent)] - table.mean(axis=1))
        strongest = np.argsort(-np.abs(said))[:_MOST_REASONS]
        return [
            Reason(*told(self._weights.names[numbers[place]]), round(float(said[place]), 2))
            for place in strongest
        ]

    def _known(self, text: str) -> tuple[list[int], Floats]:
        """The pieces of a text that have weights, and the share of each in it."""
        found = (self._numbers.get(name) for name in features(text, self._senses))
        numbers = [number for number in found if number is not None]
        rare = self._weights.rare[numbers]
        length = float(np.linalg.norm(rare)) or 1.0
        shares: Floats = (rare / length).astype(np.float32)
        return numbers, shares
