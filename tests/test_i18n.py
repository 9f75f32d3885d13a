"""Words, numbers and distances in both languages; catalogs that are whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import catalogs
from bot.i18n import (
    LOCALES,
    Phrase,
    _,
    day_and_clock,
    distance,
    locale_for,
    moment,
    ngettext,
    shortened,
    speaking,
)


@pytest.mark.parametrize(
    ("metres", "zh", "en"),
    [
        (4, "10 米", "10 m"),
        (347, "350 米", "350 m"),
        (949, "950 米", "950 m"),
        (1234, "1.2 公里", "1.2 km"),
        (23456, "23 公里", "23 km"),
    ],
)
def test_distances(metres: float, zh: str, en: str) -> None:
    with speaking("zh_CN"):
        assert distance(metres) == zh
    with speaking("en"):
        assert distance(metres) == en


@pytest.mark.parametrize(
    ("code", "locale"),
    [
        ("zh-hans", "zh_CN"),
        ("zh-TW", "zh_CN"),
        ("zh", "zh_CN"),
        ("en-GB", "en"),
        ("ru", "en"),
        (None, "zh_CN"),
        ("", "zh_CN"),
    ],
)
def test_the_language_of_an_app(code: str | None, locale: str) -> None:
    assert locale_for(code) == locale


def test_a_moment_is_told_on_the_clocks_of_who_reads_it() -> None:
    noon = datetime(2026, 5, 15, 4, 0, tzinfo=UTC)
    with speaking("en"):
        assert moment(noon) == "Fri May 15 12:00"
        assert moment(noon, "America/New_York") == "Fri May 15 00:00"
    with speaking("zh_CN"):
        assert moment(noon) == "周五 5月15日 12:00"
        assert day_and_clock(noon) == "5月15日 12:00"


def test_plurals() -> None:
    with speaking("en"):
        assert (
            ngettext("last confirmed {n} day ago", "last confirmed {n} days ago", 1)
            == "last confirmed 1 day ago"
        )
        assert (
            ngettext("last confirmed {n} day ago", "last confirmed {n} days ago", 2)
            == "last confirmed 2 days ago"
        )


def test_a_counted_number_looks_like_any_other() -> None:
    """A screen said that 1,562 were to go, and the question below it that 1562 would not get it."""
    for locale in LOCALES:
        with speaking(locale):
            assert "2,000" in ngettext("👤 {n} person", "👤 {n} people", 2000)
            assert "999" in ngettext("👤 {n} person", "👤 {n} people", 999)


def test_a_turn_speaks_one_language_and_the_next_another() -> None:
    with speaking("zh_CN"):
        assert _("Skip") == "跳过"
        with speaking("en"):
            assert _("Skip") == "Skip"
        assert _("Skip") == "跳过"


def test_what_is_added_to_a_phrase_is_data() -> None:
    assert Phrase("a ") + "**b**" == r"a \*\*b\*\*"


def test_the_catalogs_are_whole() -> None:
    assert list(catalogs.problems()) == []


def test_a_hole_in_a_catalog_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogs, "LOCALES_DIR", tmp_path)
    assert [problem.message for problem in catalogs.problems()] == [
        "the catalog is missing: run 'make messages'"
    ] * len(LOCALES)
    catalogs.update()
    problems = list(catalogs.problems())
    assert problems
    assert all("zh_CN" in str(problem.file) for problem in problems)
    path = catalogs.po_file("en")
    path.write_text(
        path.read_text().replace('msgstr "Reference: {reference}"', 'msgstr "Reference: {number}"')
    )
    assert any("placeholders" in problem.message for problem in catalogs.problems())


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("忘了 (现在)", "Chinese punctuation"),
        ("忘了,", "Chinese punctuation"),
        ("还剩{n} 天", "space between a number and its unit"),
        ("还剩{n}天", "space between a number and its unit"),
        ("最多5个", "space between a number and its unit"),
    ],
)
def test_a_slip_in_chinese_is_named(text: str, what: str) -> None:
    assert what in (catalogs.slip(text) or "")


def test_dates_ordinals_and_what_people_type_are_no_slips() -> None:
    text = "4月20日9点，第3轮，活跃<7天，比如“20分钟后”“(甲)”，还剩 5 天（共 {n} 天）"
    assert catalogs.slip(text) is None


def test_what_is_cut_off_ends_with_an_ellipsis() -> None:
    assert [shortened("stations", most) for most in (8, 7)] == ["stations", "statio…"]
    assert shortened("a rest stop", 8) == "a rest…"
