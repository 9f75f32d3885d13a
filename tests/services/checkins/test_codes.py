"""Codes of places: good for minutes, for one place, for one bot; nothing else opens a door."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.checkins import codes
from bot.services.checkins.codes import SLOT_SECONDS, SLOTS_GOOD, Scanned
from bot.services.stations.rows import _ID
from tests.conftest import BOT, NOW

MOMENTS = st.integers(0, 14 * 365 * 86_400).map(lambda after: NOW + timedelta(seconds=after))
STATIONS = st.from_regex(_ID, fullmatch=True)
SECRETS = st.text(min_size=1, max_size=40)


def _live(secret: str, place: str, shown_at: datetime) -> Scanned:
    key = codes.key_of(secret, BOT, place)
    return Scanned(place, codes.live_code(key, place, codes.slot_of(shown_at)))


@given(STATIONS, SECRETS, MOMENTS, st.integers(0, 60 * 60))
def test_a_code_is_good_for_its_minutes_and_then_old(
    station: str, secret: str, shown_at: datetime, seconds: int
) -> None:
    place = codes.station_place(station)
    scanned = _live(secret, place, shown_at)
    now = shown_at + timedelta(seconds=seconds)
    verdict = codes.judge(scanned, codes.key_of(secret, BOT, place), now)
    slots = codes.slot_of(now) - codes.slot_of(shown_at)
    assert verdict == ("live" if slots < SLOTS_GOOD else "old")
    if seconds <= SLOT_SECONDS * (SLOTS_GOOD - 1):
        assert verdict == "live"
    if seconds >= SLOT_SECONDS * SLOTS_GOOD:
        assert verdict == "old"


@given(STATIONS, STATIONS, SECRETS, SECRETS, MOMENTS)
def test_a_code_opens_its_own_place_only(
    station: str, other: str, secret: str, another: str, now: datetime
) -> None:
    place, elsewhere = codes.station_place(station), codes.station_place(other)
    scanned = _live(secret, place, now)
    if other != station:
        moved = Scanned(elsewhere, scanned.code)
        assert codes.judge(moved, codes.key_of(secret, BOT, elsewhere), now) == "old"
    if another != secret:
        assert codes.judge(scanned, codes.key_of(another, BOT, place), now) == "old"
    assert codes.judge(scanned, codes.key_of(secret, BOT + 1, place), now) == "old"


@given(STATIONS, SECRETS, MOMENTS)
def test_a_printed_code_stays_printed(station: str, secret: str, now: datetime) -> None:
    place = codes.station_place(station)
    key = codes.key_of(secret, BOT, place)
    assert codes.judge(Scanned(place, codes.printed_code(key, place)), key, now) == "printed"


@given(STATIONS, MOMENTS)
def test_every_link_fits_telegram_and_comes_back(station: str, now: datetime) -> None:
    """A deep link's payload has 64 characters at most (core.telegram.org/bots/features#deep-linking)."""
    scanned = _live("secret", codes.station_place(station), now)
    payload = codes.link("wayside_bot", scanned.place, scanned.code).partition("start=")[2]
    assert len(payload) <= 64
    assert codes.read(payload.removeprefix("in_")) == scanned


@given(st.text(max_size=80))
def test_what_nobody_made_is_no_code(payload: str) -> None:
    scanned = codes.read(payload)
    if scanned is not None:
        assert codes.judge(scanned, codes.key_of("secret", BOT, scanned.place), NOW) == "old"


@given(MOMENTS, st.integers(-120, 120))
def test_a_screen_may_be_a_minute_ahead(now: datetime, ahead: int) -> None:
    scanned = _live("secret", "e5", now + timedelta(seconds=ahead))
    verdict = codes.judge(scanned, codes.key_of("secret", BOT, "e5"), now)
    if -SLOT_SECONDS <= ahead <= SLOT_SECONDS:
        assert verdict == "live"


@pytest.mark.parametrize("place", ["", "s", "x1", "s1 2", "s" + "a" * 41, "e", "s../etc"])
def test_what_is_no_place_has_no_key(place: str) -> None:
    with pytest.raises(ValueError, match="place"):
        codes.key_of("secret", BOT, place)


def test_no_two_places_share_a_key() -> None:
    """The id of a station could read like another place: the kind stands before it."""
    keys = {codes.key_of("secret", BOT, place) for place in ("s5", "e5", "s55", "ss5")}
    assert len(keys) == 4
