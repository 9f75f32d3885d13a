"""The Markdown subset: what formats, and that nothing else ever does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.i18n import Phrase, escape
from bot.talk.markup import Rich, Span, parse


@pytest.mark.parametrize(
    ("source", "text", "spans"),
    [
        ("plain", "plain", []),
        ("a **bold** word", "a bold word", [Span("bold", 2, 4)]),
        ("_it_ and `code`", "it and code", [Span("italic", 0, 2), Span("code", 7, 4)]),
        ("**a _b_ c**", "a b c", [Span("bold", 0, 5), Span("italic", 2, 1)]),
        ("**_both_**", "both", [Span("bold", 0, 4), Span("italic", 0, 4)]),
        ("[here](https://example.org/a?b=1)", "here", [Span("link", 0, 4, "https://example.org/a?b=1")]),
        ("snake_case_name stays", "snake_case_name stays", []),
        ("2 * 3 and a lone ** stays", "2 * 3 and a lone ** stays", []),
        (r"\*\*not bold\*\*", "**not bold**", []),
        ("[x](tg://user?id=1)", "[x](tg://user?id=1)", []),
        ("🔋 **电**", "🔋 电", [Span("bold", 2, 1)]),
        # Marks that cross: what one of them formats once began before the text, or went on too far.
        ("_`_`", "", []),
        ("**a`b**c`", "abc", [Span("bold", 0, 2), Span("code", 1, 2)]),
    ],
)
def test_subset(source: str, text: str, spans: list[Span]) -> None:
    assert parse(Phrase(source)) == Rich(text, tuple(spans))


@given(st.text())
def test_values_never_format(value: str) -> None:
    assert parse(Phrase("<{it}>").format(it=value)) == Rich(f"<{value}>")


@given(st.text())
def test_a_plain_string_is_data(value: str) -> None:
    assert parse(value) == Rich(value)


@given(st.text())
def test_escape_is_undone_by_parse(value: str) -> None:
    assert parse(Phrase(escape(value))).text == value


@given(st.text(alphabet="ab*_`[]()\\ \nhttps://x.y"))
def test_any_source_reads_and_spans_stay_inside(source: str) -> None:
    rich = parse(Phrase(source))
    for span in rich.spans:
        assert span.length > 0
        assert 0 <= span.start <= span.start + span.length <= len(rich.text)


def test_a_value_cannot_carry_a_link_into_bold() -> None:
    rich = parse(Phrase("**{name}**").format(name="[x](https://evil.example) **"))
    assert rich == Rich("[x](https://evil.example) **", (Span("bold", 0, 28),))


def test_a_phrase_in_a_phrase_keeps_its_format() -> None:
    inner = Phrase("**{n}**").format(n="3")
    assert parse(Phrase("of {inner}").format(inner=inner)) == Rich("of 3", (Span("bold", 3, 1),))
