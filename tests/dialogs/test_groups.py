"""What may be spoken of in a group: said here a second time, so that nothing personal slips in."""

from __future__ import annotations

from typing import Any

import pytest

from bot.dialogs import everything
from bot.services.stations.board import StationBoard
from bot.store.database import Database
from tests.conftest import NOW
from tests.transcript import GROUP, Player

REPERTOIRE = everything()
# A tap on these may come from anybody in the group: each asks again who they are.
ACTIONS_IN_GROUPS = {"group", "desk_take", "desk_room", "desk_room_leave", "together_ask"}
COMMANDS_IN_GROUPS = {"stations", "group", "verify", "deskgroup"}
LINKS_IN_GROUPS = {"bind", "hello"}


def _in_groups(entries: Any) -> set[str]:
    return {name for name, entry in entries.items() if entry.in_groups}


def test_only_what_is_for_everybody_is_spoken_of_in_groups() -> None:
    assert _in_groups(REPERTOIRE.commands) == COMMANDS_IN_GROUPS
    assert _in_groups(REPERTOIRE.actions) == ACTIONS_IN_GROUPS
    assert _in_groups(REPERTOIRE.links) == LINKS_IN_GROUPS


@pytest.mark.parametrize("command", sorted(set(REPERTOIRE.commands) - COMMANDS_IN_GROUPS))
async def test_every_other_command_moves_to_the_private_chat(
    sqlite: Database, board: StationBoard, command: str
) -> None:
    player = Player(sqlite, REPERTOIRE, board, NOW, "en", chat=GROUP)
    played = await player.play(f"> /{command}\n")
    assert "let's go on in private" in played or command == "cancel"


@pytest.mark.parametrize("link", sorted(set(REPERTOIRE.links) - LINKS_IN_GROUPS))
async def test_links_are_followed_in_private(sqlite: Database, board: StationBoard, link: str) -> None:
    """An invitation opened in a group used to ask there who one is."""
    player = Player(sqlite, REPERTOIRE, board, NOW, "en", chat=GROUP)
    assert "let's go on in private" in await player.play(f"> /start {link}_x\n")
