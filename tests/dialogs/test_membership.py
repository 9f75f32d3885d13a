"""Words of membership that changed: who agreed to others is shown them, and stays or leaves."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from bot.dialogs import everything
from bot.services.privacy.consents import MEMBERSHIP, VERSIONS
from bot.services.stations.board import StationBoard
from bot.store.database import Database
from bot.store.tables import consents
from tests.conftest import NOW
from tests.transcript import BOT, Player

JOINED = """
# language en
# branches
# operator invites member west-1
> /start join_token1
> [Join]
> [None of these]
"""


async def _decided(player: Player) -> tuple[str, bool]:
    async with player.database.work(BOT, NOW) as work:
        (row,) = await work.fetch(sa.select(consents).where(consents.c.purpose == MEMBERSHIP))
        return row.version, row.given


@pytest.mark.parametrize(("tap", "given"), [("✓ Stay", True), ("Leave", False)])
async def test_words_that_changed_are_shown_once(
    sqlite: Database, board: StationBoard, monkeypatch: pytest.MonkeyPatch, tap: str, given: bool
) -> None:
    player = Player(sqlite, everything(), board, NOW)
    await player.play(JOINED)
    assert await _decided(player) == ("1", True)
    monkeypatch.setitem(VERSIONS, MEMBERSHIP, "2")
    shown = await player.play("> /me")
    assert "This has changed since you joined West Truckers' Branch" in shown
    assert "What work" not in shown
    shown = await player.play(f"> [{tap}]\n> /me")
    assert await _decided(player) == ("2", given)
    *_before, last = shown.split("> /me")
    assert "This has changed" not in last
    assert ("West Truckers' Branch" in last) is given


async def test_who_has_not_decided_again_may_do_so_on_the_screen_of_privacy(
    sqlite: Database, board: StationBoard, monkeypatch: pytest.MonkeyPatch
) -> None:
    player = Player(sqlite, everything(), board, NOW)
    await player.play(JOINED)
    monkeypatch.setitem(VERSIONS, MEMBERSHIP, "2")
    shown = await player.play("> /privacy\n> [☐ 🏠 Membership]\n> [✓ Stay]")
    assert "[☑ 🏠 Membership]" in shown
    assert await _decided(player) == ("2", True)
