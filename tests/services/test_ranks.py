"""Which updates need the channel's word on who administers a group, and which group that is."""

from __future__ import annotations

import pytest

from bot.dialogs import everything
from bot.services.incoming import Command, Incoming, Press, What
from bot.services.presses import action_data
from bot.services.ranks import group_in_question, with_rank
from bot.talk import hears

REPERTOIRE = everything()
GROUP = -1001


def _in_group(what: What) -> Incoming:
    return Incoming(1, GROUP, 5, what, private=False)


def _in_private(what: What) -> Incoming:
    return Incoming(1, 5, 5, what)


@pytest.mark.parametrize(
    ("incoming", "group"),
    [
        (_in_group(Command("group")), GROUP),
        (_in_group(Command("start", "bind_east-1")), GROUP),
        (_in_group(Press(action_data("group", "speak.en"), "q")), GROUP),
        (_in_private(Command("start", "group_-77")), -77),
        (_in_private(Press(action_data("bind", "-77.east-1"), "q")), -77),
        (_in_private(Press(action_data("bind", "77.east-1"), "q")), None),
        (_in_private(Press(action_data("bind", "-9" + "9" * 30), "q")), None),
        (_in_private(Command("start", "group_-٣")), None),
        (_in_private(Command("group")), None),
        (_in_group(Command("stations")), None),
        (_in_group(Press("t:1:1:0", "q")), None),
        (_in_group(hears.Text("hello")), None),
    ],
)
def test_the_group_in_question(incoming: Incoming, group: int | None) -> None:
    assert group_in_question(incoming, REPERTOIRE) == group


@pytest.mark.parametrize("answer", [True, False])
async def test_the_channels_word_goes_along(answer: bool) -> None:
    async def ask(chat: int, account: int) -> bool:
        assert (chat, account) == (GROUP, 5)
        return answer

    ranked = await with_rank(_in_group(Command("group")), REPERTOIRE, ask)
    assert ranked.administers == (GROUP if answer else None)
