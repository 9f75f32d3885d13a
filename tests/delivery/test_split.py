"""Long texts in pieces: nothing is lost, nothing is torn, every piece fits."""

from __future__ import annotations

import unicodedata
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.split import clip, split, units

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466"

alphabet = st.sampled_from(
    ["a", "b", " ", "\n", "\n\n", "驿", "。", "，", "🔋", FAMILY, "e\u0301", "🇨🇳", "👍🏽"]
)
words = st.lists(alphabet, max_size=120).map("".join)
sizes = st.integers(16, 40)


@st.composite
def formatted(draw: st.DrawFn) -> tuple[str, list[list[Any]]]:
    text = draw(words)
    spans = []
    for _ in range(draw(st.integers(0, 6))):
        start = draw(st.integers(0, len(text)))
        length = draw(st.integers(0, len(text) - start))
        spans.append([draw(st.sampled_from(["bold", "italic", "code"])), start, length])
    return text, spans


def solid(text: str) -> str:
    return "".join(text.split())


def dressed(text: str, spans: list[list[Any]]) -> list[tuple[str, frozenset[str]]]:
    """Every character that is not blank with the kinds of formatting it wears."""
    return [
        (character, frozenset(kind for kind, start, length in spans if start <= at < start + length))
        for at, character in enumerate(text)
        if not character.isspace()
    ]


@given(formatted(), sizes, sizes)
def test_nothing_is_lost_and_every_piece_fits(
    source: tuple[str, list[list[Any]]], first: int, size: int
) -> None:
    text, spans = source
    pieces = split(text, spans, first, size)
    assert units(pieces[0].text) <= first
    assert all(units(piece.text) <= size for piece in pieces[1:])
    assert solid("".join(piece.text for piece in pieces)) == solid(text)
    assert all(piece.text for piece in pieces[1:])


@given(formatted(), sizes)
def test_formatting_goes_on_after_the_seam(source: tuple[str, list[list[Any]]], size: int) -> None:
    text, spans = source
    pieces = split(text, spans, size, size)
    assert [item for piece in pieces for item in dressed(piece.text, piece.spans)] == dressed(text, spans)
    for piece in pieces:
        assert all(start >= 0 and start + length <= len(piece.text) for _, start, length in piece.spans)


@given(words, sizes)
def test_no_character_is_torn(text: str, size: int) -> None:
    for piece in split(text, [], size, size):
        assert not piece.text or unicodedata.category(piece.text[0])[0] != "M"
        assert not piece.text.startswith("\u200d")
        assert not piece.text.endswith("\u200d")
        assert not piece.text.startswith("\U0001f3fd")
        flags = sum("\U0001f1e6" <= character <= "\U0001f1ff" for character in piece.text)
        assert flags % 2 == 0


def test_a_row_of_flags_is_cut_between_two_of_them() -> None:
    """Each letter of a flag looks joined to the one before: only counting from the first tells."""
    assert [piece.text for piece in split("🇨🇳" * 5, [], 18, 18)] == ["🇨🇳" * 4, "🇨🇳"]


@given(st.text(max_size=60), st.integers(0, 60))
def test_clip_keeps_as_much_as_fits(text: str, size: int) -> None:
    kept = clip(text, size)
    assert text.startswith(kept)
    assert units(kept) <= size
    assert len(kept) == len(text) or units(text[: len(kept) + 1]) > size


def pieces(text: str, size: int) -> list[str]:
    return [piece.text for piece in split(text, [], size, size)]


def test_paragraphs_come_before_lines_and_lines_before_words() -> None:
    assert pieces("one two\n\nthree\nfour five", 20) == ["one two", "three\nfour five"]
    assert pieces("three\nfour five", 12) == ["three", "four five"]
    assert pieces("four five six", 9) == ["four five", "six"]
    assert pieces("fourfivesix", 4) == ["four", "five", "six"]


def test_chinese_parts_at_its_stops() -> None:
    assert pieces("今天送了三十单。路上有点堵，晚点到。", 10) == ["今天送了三十单。", "路上有点堵，晚点到。"]


def test_a_character_beyond_the_basic_plane_counts_two() -> None:
    assert pieces("🔋🔋🔋", 4) == ["🔋🔋", "🔋"]
    assert pieces("🔋🔋🔋", 5) == ["🔋🔋", "🔋"]


def test_a_text_of_blanks_is_one_empty_piece() -> None:
    assert pieces(" \n" * 50, 16) == [""]


def test_a_link_keeps_its_address_on_both_sides() -> None:
    text = "go to the station"
    first, second = split(text, [["link", 0, len(text), "https://example.org/"]], 9, 9)
    assert first.spans == [["link", 0, 9, "https://example.org/"]]
    assert second.spans == [["link", 0, 7, "https://example.org/"]]
