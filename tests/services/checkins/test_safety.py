"""Who misses a safety check-in: the buddy first, then organizers, and nobody without consent."""

from __future__ import annotations

from bot.services.checkins.model import Option, Question, Timing
from bot.services.codes import hash_of
from tests.services.checkins.conftest import ORGANIZER, Stand

SHANGHAI = "Asia/Shanghai"


SAFE = Question("q1", "options", "Safe?", (Option("Yes"), Option("Help", attention=True)))


async def _look_after(stand: Stand, account: int, buddy: int) -> None:
    async with stand.profile(account) as profile:
        await profile.say_called(f"P{account}")
        await profile.consent(True)
        link = await profile.buddy_link()
    async with stand.profile(buddy) as profile:
        token = hash_of(link.rpartition("_")[2])
        assert await profile.become_buddy(token) is not None
        assert await profile.become_buddy(token) is None


async def test_the_buddy_is_told_first_then_organizers(any_stand: Stand) -> None:
    await _look_after(any_stand, 1, 2)
    async with any_stand.profile(3) as profile:
        await profile.consent(True)
    await any_stand.make(SAFE, safety=True, timing=Timing(any_stand.now, SHANGHAI, None, 60))
    await any_stand.wait()
    told = await any_stand.wait(hours=1)
    assert [line for line in told if "🛟" in line and "You missed" not in line] == [
        "2: 🛟 P1 has not answered the safety check-in “Coming?”. You are their buddy: please call them now. "
        "In half an hour the organizers are told.",
        f"{ORGANIZER}: 🛟 #5 missed the safety check-in “Coming?”, and nobody has reached them yet.",
    ]
    assert [line for line in await any_stand.wait(minutes=30) if "🛟" in line] == [
        f"{ORGANIZER}: 🛟 P1 missed the safety check-in “Coming?”, and nobody has reached them yet."
    ]


async def test_without_consent_nobody_is_told(stand: Stand) -> None:
    await _look_after(stand, 1, 2)
    async with stand.profile(1) as profile:
        await profile.consent(False)
    await stand.make(SAFE, safety=True, timing=Timing(stand.now, SHANGHAI, None, 60))
    await stand.wait()
    assert [line for line in await stand.wait(hours=2) if "🛟" in line] == []


async def test_a_case_is_nobody_elses(stand: Stand) -> None:
    await _look_after(stand, 1, 2)
    await stand.make(SAFE, safety=True, timing=Timing(stand.now, SHANGHAI, None, 60))
    await stand.wait()
    await stand.wait(hours=1)
    for stranger in (3, ORGANIZER):  # the organizer is not told yet
        async with stand.safety(stranger) as desk:
            assert await desk.find(1) is None
            assert await desk.settle(1) is None
            assert await desk.raise_now(1) is None
    async with stand.safety(2) as desk:
        assert [word.whom for word in await desk.raise_now(1) or []] == ["organizer"]
        assert await desk.raise_now(1) == []
    async with stand.safety(1) as desk:
        settled = await desk.settle(1)
        assert [word.to.account for word in settled or []] == [ORGANIZER, 2]
        assert await desk.settle(1) == []
    assert [line for line in await stand.wait(minutes=30) if "🛟" in line] == []


async def test_nobody_is_their_own_buddy(stand: Stand) -> None:
    async with stand.profile(1) as profile:
        token = (await profile.buddy_link()).rpartition("_")[2]
        assert await profile.asked_by(hash_of(token)) is None
        assert await profile.become_buddy(hash_of(token)) is None
