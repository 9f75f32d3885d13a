"""What a bot says of itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandbox.driver import Driver, Refusal

HELP = [{"command": "help", "description": "Help"}]
ZH = [{"command": "help", "description": "帮助"}]


async def test_commands_by_scope_and_language(driver: Driver) -> None:
    who = await driver.started()
    scope = {"type": "chat", "chat_id": who}
    await driver.bot("setMyCommands", commands=HELP)
    await driver.bot("setMyCommands", commands=ZH, language_code="zh")
    await driver.bot("setMyCommands", commands=ZH, scope=scope)
    assert await driver.bot("getMyCommands") == HELP
    assert await driver.bot("getMyCommands", language_code="zh") == ZH
    assert await driver.bot("getMyCommands", language_code="en") == []
    shown = (await driver.look("state"))["bots"][0]["commands"]
    assert {"scope": scope, "language_code": "", "commands": ZH} in shown
    await driver.bot("deleteMyCommands", scope=scope)
    assert await driver.bot("getMyCommands", scope=scope) == []


@pytest.mark.parametrize(
    ("parameters", "reason"),
    [
        ({}, "expected an Array of BotCommand"),
        ({"commands": [{"command": "Help", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "h" * 33, "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ({"commands": [{"command": "h", "description": ""}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        ({"commands": HELP * 101}, "BOT_COMMANDS_TOO_MUCH"),
        ({"commands": HELP, "language_code": "zh-hans"}, "invalid language code specified"),
        ({"commands": HELP, "scope": {"type": "moon"}}, "Unsupported type specified"),
        ({"commands": HELP, "scope": {"type": "chat", "chat_id": 5}}, "chat not found"),
    ],
)
async def test_refused_commands(driver: Driver, parameters: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        await driver.bot("setMyCommands", **parameters)


async def test_name_and_descriptions(driver: Driver) -> None:
    await driver.bot("setMyName", name="Wayside")
    await driver.bot("setMyShortDescription", short_description="驿站", language_code="zh")
    assert await driver.bot("getMyName", language_code="de") == {"name": "Wayside"}
    assert await driver.bot("getMyShortDescription", language_code="zh") == {"short_description": "驿站"}
    assert await driver.bot("getMyDescription") == {"description": ""}
    with pytest.raises(Refusal, match="bot name is too long"):
        await driver.bot("setMyName", name="x" * 65)


async def test_the_menu_button(driver: Driver) -> None:
    who = await driver.started()
    assert await driver.bot("getChatMenuButton", chat_id=who) == {"type": "commands"}
    app = {"type": "web_app", "text": "Map", "web_app": {"url": "https://example.com/"}}
    await driver.bot("setChatMenuButton", chat_id=who, menu_button=app)
    assert await driver.bot("getChatMenuButton", chat_id=who) == app
    with pytest.raises(Refusal, match="unsupported type"):
        await driver.bot("setChatMenuButton", menu_button={"type": "lever"})
