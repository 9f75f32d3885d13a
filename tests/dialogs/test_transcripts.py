"""Every golden transcript, played anew."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import pytest

from bot.dialogs import everything
from bot.services.stations.board import StationBoard
from bot.store.database import Database, sqlite_url
from tests.transcript import FOLDER, Player

TRANSCRIPTS = sorted(FOLDER.glob("*.txt"))


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_transcript(
    path: Path, sqlite_path: Path, board: StationBoard, now: datetime, request: pytest.FixtureRequest
) -> None:
    script = path.read_text(encoding="utf-8")
    played = asyncio.run(_played(script, sqlite_path, board, now))
    if request.config.getoption("--rewrite"):
        path.write_text(played, encoding="utf-8")
        script = played
    assert played == script


async def _played(script: str, path: Path, board: StationBoard, now: datetime) -> str:
    database = Database(sqlite_url(path))
    played = await Player(database, everything(), board, now).play(script)
    await database.close()
    return played
