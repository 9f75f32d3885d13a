"""How well and how fast people are understood.

`python -m bench.understanding` prints what is right by intent and what was taken for what: of the sentences
written before anything was learnt (tests/services/understanding/held_out.jsonl), and of content/intents, each
sentence read by a classifier that never saw it (five folds). Then the CPU time of a text, and how many times
its floors that is: its pieces alone, and reading it as a search for a station alone.
"""

from __future__ import annotations

import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from bot.services.stations.catalogue import read_catalogue
from bot.services.stations.content import read_content
from bot.services.stations.index import StationIndex
from bot.services.stations.places import read_places
from bot.services.understanding import INTENTS, Mind
from bot.services.understanding.classifier import Classifier
from bot.services.understanding.content import Material, read_material
from bot.services.understanding.features import features
from bot.services.understanding.senses import Senses
from bot.services.understanding.training import learn
from bot.settings import Settings

HELD_OUT = Path(__file__).parent.parent / "tests" / "services" / "understanding" / "held_out.jsonl"
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 5, 13, 14, 20, tzinfo=ZONE)
FOLDS = 5
ROUNDS = 5
TARGET_MS = 5.0

Pairs = Sequence[tuple[str, str]]
"""(what was meant, what was understood) of each sentence."""


def held_out(understand: Callable[[str], str]) -> Pairs:
    """The sentences held out."""
    rows = [json.loads(line) for line in HELD_OUT.read_text(encoding="utf-8").splitlines()]
    return [(row["intent"], understand(row["text"])) for row in rows]


def folded(material: Material) -> Pairs:
    """The sentences learnt from, each read by a classifier that learnt from the other folds."""
    senses = Senses(material.senses)
    found = []
    for fold in range(FOLDS):
        kept = tuple(pair for place, pair in enumerate(material.sentences) if place % FOLDS != fold)
        classifier = Classifier(learn(replace(material, sentences=kept), senses), senses)
        for text, intent in material.sentences[fold::FOLDS]:
            found.append((intent, INTENTS[int(np.argmax(classifier.scores(text)))]))
    return found


def table(name: str, pairs: Pairs) -> None:
    """Right by intent, and what was taken for what."""
    right, all_of = Counter[str](), Counter[str]()
    taken: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for meant, understood in pairs:
        all_of[meant] += 1
        right[meant] += meant == understood
        if meant != understood:
            taken[meant][understood] += 1
    whole = sum(right.values()) / len(pairs)
    print(f"\n{name}: {whole:.1%} of {len(pairs)} right")
    for intent in INTENTS:
        wrong = ", ".join(f"{other} {times}" for other, times in taken[intent].most_common(4))
        print(f"  {intent:18} {right[intent]:4}/{all_of[intent]:<4} {wrong}")


def milliseconds(deed: Callable[[str], object], texts: Sequence[str]) -> tuple[float, float]:
    """CPU milliseconds a text, each at its best of several rounds: the median and the 99th percentile."""
    best = np.full(len(texts), np.inf)
    for _ in range(ROUNDS):
        for place, text in enumerate(texts):
            start = time.process_time_ns()
            deed(text)
            best[place] = min(best[place], (time.process_time_ns() - start) / 1e6)
    return float(np.median(best)), float(np.percentile(best, 99))


def main() -> None:
    """Print all of it."""
    settings = Settings()
    catalogue = read_catalogue(settings.content)
    stations = read_content(settings.content, catalogue)
    index = StationIndex(stations, read_places(settings.content), catalogue)
    material = read_material(settings.content)
    mind = Mind(settings.content, settings.cache, catalogue)
    mind.prepare()

    def understand(text: str) -> str:
        return mind.understand(mind.said(text, NOW, ZONE, index.read)).intent

    table("Held out", held_out(understand))
    table("Content, in folds", folded(material))
    texts = [text for text, _ in material.sentences]
    senses = Senses(material.senses)
    print(f"\nCPU milliseconds a text, {len(texts)} texts: median, 99th percentile (target {TARGET_MS})")
    floors: dict[str, Callable[[str], object]] = {
        "floor: its pieces": lambda text: features(text, senses),
        "floor: as a search": index.read,
    }
    times = {name: milliseconds(deed, texts) for name, deed in {**floors, "understood": understand}.items()}
    whole = times["understood"]
    for name, (median, high) in times.items():
        print(f"  {name:20} {median:6.3f} {high:6.3f}   understood is {whole[1] / high:4.1f} x at 99")


if __name__ == "__main__":
    main()
