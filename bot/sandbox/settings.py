"""How a sandbox is set up."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Clock = Callable[[], float]
FloodMode = Literal["off", "telegram", "paid"]
HISTORY_CAP = 1000


@dataclass(frozen=True, slots=True)
class SandboxSettings:
    """Settings of one sandbox.

    `port` 0 picks a free one. `clock` gives Unix time in seconds. `tokens` lists the only tokens that are
    accepted; without it any well-formed token registers a bot at its first call. `history_cap` is how many
    messages a chat keeps. `landmarks` is a CSV file (name, name_en, region, lat, lon) for the chat page.
    """

    host: str = "127.0.0.1"
    port: int = 8081
    flood: FloodMode = "telegram"
    data_dir: Path | None = None
    landmarks: Path | None = None
    clock: Clock = time.time
    seed: int | None = None
    tokens: frozenset[str] | None = None
    history_cap: int = HISTORY_CAP
