"""`wayside checkin`: keys of places, printed sheets, the page with the code of the minute."""

from __future__ import annotations

import html
from datetime import timedelta

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.commands.checkin_page import Door, page_of
from bot.services.checkins import codes
from tests.conftest import BOT, NOW
from tests.office import Office

SECRET = f"{BOT}:abcdefghijklmnopqrstuvwxyz0123456789"


def test_a_key_opens_one_place(office: Office) -> None:
    first = office.run("checkin", "key", "s1")
    assert first.stdout.strip() == codes.key_of(SECRET, BOT, "ss1")
    assert office.run("checkin", "key", "event:5").stdout.strip() == codes.key_of(SECRET, BOT, "e5")


@pytest.mark.parametrize("place", ["event:", "event:x", "a b", "", "x" * 41])
def test_what_is_no_place_is_refused(office: Office, place: str) -> None:
    told = office.run("checkin", "key", place)
    assert told.returncode != 0
    assert "event:5" in told.stderr


def test_without_a_token_it_says_what_to_set(office: Office) -> None:
    told = office.run("checkin", "key", "s1", WAYSIDE_TOKEN="")
    assert (told.returncode, "WAYSIDE_TOKEN" in told.stderr) == (1, True)


def test_a_sheet_without_stations_says_so(office: Office) -> None:
    told = office.run("checkin", "print", "sheet.png", "--username", "wayside_bot")
    assert (told.returncode, "import some first" in told.stderr) == (1, True)


async def test_the_page_shows_a_new_code_every_minute() -> None:
    """And what a place is called is data."""
    now = NOW
    key = codes.key_of(SECRET, BOT, "ss1")
    door = Door("ss1", key, "wayside_bot", "<b>驿站</b> {title}")
    async with TestClient(TestServer(page_of(door, lambda: now))) as client:
        page = await (await client.get("/")).text()
        assert html.escape(door.title) in page
        assert door.title not in page
        shown = []
        for _minute in range(3):
            answer = await client.get("/code.svg")
            assert answer.headers["Cache-Control"] == "no-store"
            shown.append(await answer.text())
            now += timedelta(seconds=60)
    assert len(set(shown)) == 3
    assert all(code.startswith("<svg") for code in shown)
    assert shown[0] in page
