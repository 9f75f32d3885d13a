"""Learning the weights from content/intents: a second of work, kept in a cache for the next start."""

from __future__ import annotations

from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import Final
from zipfile import BadZipFile

import numpy as np

from bot.services.understanding.classifier import Classifier, Weights
from bot.services.understanding.content import Material
from bot.services.understanding.features import features
from bot.services.understanding.senses import Senses

VERSION: Final = 1
"""Raise it when the pieces or the way of learning change: kept weights of another version are not used."""

# How closely to follow the sentences: more makes every example right and a new sentence less so.
_CLOSENESS: Final = 1.0
_SEED: Final = 0
# A piece of one sentence alone says little of others, and most pieces are such.
_LEAST_SENTENCES: Final = 2
_MARK: Final = 16


def read_classifier(material: Material, cache: Path) -> Classifier:
    """The classifier for some material, from the folder `cache` where it was learnt before.

    A cache that cannot be read or written only costs the second again.
    """
    senses = Senses(material.senses)
    path = cache / f"understanding-{VERSION}-{material.mark[:_MARK]}.npz"
    try:
        return Classifier(Weights.load(path, len(material.labels)), senses)
    except (OSError, ValueError, KeyError, EOFError, BadZipFile):
        weights = learn(material, senses)
    with suppress(OSError):
        weights.save(path)
    return Classifier(weights, senses)


def learn(material: Material, senses: Senses) -> Weights:
    """Weights for the pieces of all sentences: a support vector machine, each label against the rest."""
    # Half a second and a hundred megabytes to import: only who learns pays for it.
    from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
    from sklearn.svm import LinearSVC

    pieces = [features(text, senses) for text, _ in material.sentences]
    counts = Counter(name for each in pieces for name in each)
    names = tuple(name for name, count in counts.items() if count >= _LEAST_SENTENCES)
    numbers = {name: number for number, name in enumerate(names)}
    many = len(pieces)
    rare = np.array([np.log((1 + many) / (1 + counts[name])) + 1 for name in names], dtype=np.float32)
    rows = [[numbers[name] for name in each if name in numbers] for each in pieces]
    shares = [rare[row] / (np.linalg.norm(rare[row]) or 1.0) for row in rows]
    starts = np.cumsum([0, *map(len, rows)])
    matrix = csr_matrix((np.concatenate(shares), np.concatenate(rows), starts), shape=(many, len(names)))
    labels = np.array([material.labels.index(label) for _, label in material.sentences])
    machine = LinearSVC(C=_CLOSENESS, random_state=_SEED).fit(matrix, labels)
    return Weights(
        names, rare, machine.coef_.T.astype(np.float32).copy(), machine.intercept_.astype(np.float32)
    )
