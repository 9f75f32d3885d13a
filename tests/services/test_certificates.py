"""Certificates: for a finished track or for help, checked by their code and by nothing else."""

from __future__ import annotations

import io
import random

from PIL import Image

from bot.services import certificates, codes
from bot.services.certificates import Issued, Merit
from bot.services.lessons import posters
from bot.services.lessons.posters import Certificate
from tests.services.people import City

RANDOM = random.Random(5)
INJURY = Merit("track", "injury", 4)
PAPER = Certificate(
    "结业证书",
    "小李",
    "学完了",
    "受伤有保障",
    "4 节微课",
    "2026年5月13日",
    "AAAAA-BBBBB-CCCCC",
    "@wayside_bot",
)


async def test_the_code_tells_what_was_finished_and_nothing_of_the_person(city: City) -> None:
    person = await city.somebody(101)
    async with city.work() as work:
        made = await certificates.issue(work, person, INJURY, "", RANDOM.randrange)
        found = await certificates.verify(work, made.spelled.lower())
    assert found == made
    assert "person" not in vars(Issued)


async def test_asked_for_again_it_is_the_same_one(city: City) -> None:
    person = await city.somebody(101)
    async with city.work() as work:
        first = await certificates.issue(work, person, INJURY, "小李", RANDOM.randrange)
        again = await certificates.issue(work, person, INJURY, "小李", RANDOM.randrange)
        assert first == again


async def test_with_another_name_the_old_code_counts_no_more(city: City) -> None:
    person = await city.somebody(101)
    async with city.work() as work:
        first = await certificates.issue(work, person, INJURY, "小李", RANDOM.randrange)
        second = await certificates.issue(work, person, INJURY, "", RANDOM.randrange)
        assert await certificates.verify(work, first.code) is None
        assert await certificates.verify(work, second.code) == second


async def test_more_help_makes_a_new_one_and_leaves_those_of_tracks(city: City) -> None:
    person = await city.somebody(101)
    async with city.work() as work:
        track = await certificates.issue(work, person, INJURY, "", RANDOM.randrange)
        hour = await certificates.issue(work, person, Merit("help", "", 60), "", RANDOM.randrange)
        two = await certificates.issue(work, person, Merit("help", "", 120), "", RANDOM.randrange)
        assert await certificates.verify(work, hour.code) is None
        assert await certificates.verify(work, two.code) == two
        assert await certificates.verify(work, track.code) == track


async def test_guessed_and_mistyped_codes_lead_nowhere(city: City) -> None:
    person = await city.somebody(101)
    async with city.work() as work:
        made = await certificates.issue(work, person, INJURY, "", RANDOM.randrange)
        for typed in (
            "",
            "x",
            "'; --",
            made.code[:-1],
            made.code[::-1],
            codes.new_code(RANDOM.randrange),
        ):
            assert await certificates.verify(work, typed) is None


async def test_another_city_does_not_know_it(city: City) -> None:
    person = await city.somebody(101)
    async with city.work() as work:
        made = await certificates.issue(work, person, INJURY, "", RANDOM.randrange)
        work.bot += 1
        assert await certificates.verify(work, made.code) is None


def test_it_is_drawn_as_a_picture_and_as_a_page() -> None:
    drawn = posters.certificate(PAPER)
    with Image.open(io.BytesIO(posters.as_png(drawn))) as picture:
        assert picture.size == posters.PAPER
    assert posters.as_pdf(drawn).startswith(b"%PDF")


def test_a_card_says_by_whom_only_if_wanted() -> None:
    plain = posters.ShareCard("微课", "防骗", "看穿一次", "", "wayside_bot")
    named = posters.ShareCard("微课", "防骗", "看穿一次", "小李推荐", "wayside_bot")
    assert posters.share_card(plain) == posters.share_card(plain)
    assert posters.share_card(plain) != posters.share_card(named)
