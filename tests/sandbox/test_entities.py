"""Formatting: what a text holds after parsing, and the official server's words for what is wrong with it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import entities
from bot.sandbox.errors import ApiError
from bot.sandbox.spans import cut, utf16_length

Json = dict[str, Any]


def _kinds(found: list[Json]) -> list[tuple[str, int, int]]:
    return [(entity["type"], entity["offset"], entity["length"]) for entity in found]


def _error(text: str, mode: str, listed: object = None) -> str:
    with pytest.raises(ApiError) as caught:
        entities.parse(text, mode, listed)
    return caught.value.description


@pytest.mark.parametrize(
    ("source", "plain", "kinds"),
    [
        ("<b>bold</b> plain", "bold plain", [("bold", 0, 4)]),
        ("<b>a<i>b</i></b>", "ab", [("bold", 0, 2), ("italic", 1, 1)]),
        ("😀<u>x</u>", "😀x", [("underline", 2, 1)]),
        ("1 &lt; 2 &amp;&#38; &copy; &", "1 < 2 && &copy; &", []),
        ("<pre><code class='language-py'>x=1</code></pre>", "x=1", [("pre", 0, 3)]),
        ("<code>x</code>", "x", [("code", 0, 1)]),
        ("<a href='http://example.com'>go</a>", "go", [("text_link", 0, 2)]),
        ("<a>example.com</a>", "example.com", [("text_link", 0, 11)]),
        ("<a href='javascript:x'>go</a>", "go", []),
        ('<span class="tg-spoiler">s</span>', "s", [("spoiler", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ("<B>x</>", "x", [("bold", 0, 1)]),
        ("  <b> x </b>  ", "x", [("bold", 0, 1)]),
        ("<b></b>x", "x", []),
    ],
)
def test_html(source: str, plain: str, kinds: list[tuple[str, int, int]]) -> None:
    text, found = entities.parse(source, "HTML", None)
    assert (text, _kinds(found)) == (plain, kinds)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("é<x>", 'Unsupported start tag "x" at byte offset 2'),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ("<a href='x", "Unclosed start tag at byte offset 0"),
        ("<a =x>", 'Empty attribute name in the tag "a" at byte offset 0'),
        ("<a href=x/y>", "Unexpected end of name token at byte offset 8"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
    ],
)
def test_broken_html(source: str, reason: str) -> None:
    assert _error(source, "html") == f"Bad Request: can't parse entities: {reason}"


@pytest.mark.parametrize(
    ("source", "plain", "kinds"),
    [
        ("*b* _i_ __u__ ~s~ ||h||", "b i u s h", ["bold", "italic", "underline", "strikethrough", "spoiler"]),
        ("*b _i_*", "b i", ["bold", "italic"]),
        ("1\\.5 \\- 2", "1.5 - 2", []),
        ("`a.b`", "a.b", ["code"]),
        ("```py\nx = 1```", "x = 1", ["pre"]),
        ("[go](http://example.com/a\\)b)", "go", ["text_link"]),
        (">q\n>r\nafter", "q\nr\nafter", ["blockquote"]),
        (">q||", "q", ["expandable_blockquote"]),
        ("![x](tg://emoji?id=5368324170671202286)", "x", ["custom_emoji"]),
    ],
)
def test_markdown_v2(source: str, plain: str, kinds: list[str]) -> None:
    text, found = entities.parse(source, "MarkdownV2", None)
    assert (text, [entity["type"] for entity in found]) == (plain, kinds)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("a.b", "Character '.' is reserved and must be escaped with the preceding '\\'"),
        ("*b", "Can't find end of Bold entity at byte offset 0"),
        ("[go](http://", "Can't find end of a URL at byte offset 5"),
        ("```py\nx", "Can't find end of PreCode entity at byte offset 0"),
        ("![x]", "The entity must contain a tg://emoji or tg://time URL"),
        (">*q\nx", "Can't find end of Bold entity at byte offset 1"),
    ],
)
def test_broken_markdown_v2(source: str, reason: str) -> None:
    assert _error(source, "MarkdownV2") == f"Bad Request: can't parse entities: {reason}"


def test_legacy_markdown() -> None:
    text, found = entities.parse("*b* _i_ `c` \\_x [go](http://example.com)", "Markdown", None)
    assert text == "b i c _x go"
    assert [entity["type"] for entity in found] == ["bold", "italic", "code", "text_link"]
    reason = "can't parse entities: Can't find end of the entity starting at byte offset 2"
    assert _error("a _b", "Markdown") == f"Bad Request: {reason}"


def test_what_people_write_gets_commands_mentions_and_links() -> None:
    text, found = entities.tidy(
        "/stations@wayside_bot see @ann, http://example.com/a?b=c. #rest a@example.org", []
    )
    assert [(entity["type"], text[entity["offset"] :][: entity["length"]]) for entity in found] == [
        ("bot_command", "/stations@wayside_bot"),
        ("mention", "@ann"),
        ("url", "http://example.com/a?b=c"),
        ("hashtag", "#rest"),
        ("email", "a@example.org"),
    ]


def test_a_link_is_found_right_behind_chinese_words() -> None:
    """A word border between two letters was asked for, so that 看https://… was no link."""
    assert _kinds(entities.tidy("看https://example.com/x", [])[1]) == [("url", 1, 21)]


def test_nothing_is_found_inside_code() -> None:
    _, found = entities.parse("<code>/start</code> /help", "HTML", None)
    assert _kinds(found) == [("code", 0, 6), ("bot_command", 7, 5)]


@pytest.mark.parametrize(
    ("listed", "reason"),
    [
        (
            [{"type": "bold", "offset": 9, "length": 1}],
            "entity begins after the end of the text at UTF-16 offset 9",
        ),
        (
            [{"type": "bold", "offset": 1, "length": 9}],
            "entity beginning at UTF-16 offset 1 ends after the end of the text at UTF-16 offset 10",
        ),
        (
            [{"type": "bold", "offset": "1", "length": 1}],
            'can\'t parse MessageEntity: Field "offset" must be of type Number',
        ),
        (
            [{"type": "loud", "offset": 0, "length": 1}],
            "can't parse MessageEntity: Unsupported type specified",
        ),
        (["bold"], "can't parse MessageEntity: expected an Object"),
        (
            [{"type": "text_link", "offset": 0, "length": 1, "url": "x y"}],
            "entity URL 'x y' is invalid: Wrong HTTP URL",
        ),
    ],
)
def test_broken_entity_lists(listed: object, reason: str) -> None:
    assert _error("abc", "", listed) == f"Bad Request: {reason}"


def test_an_entity_must_not_split_a_surrogate_pair() -> None:
    assert "in a middle of a UTF-16 symbol" in _error("😀x", "", [{"type": "bold", "offset": 1, "length": 1}])


def test_control_characters_go_and_entities_move_with_the_text() -> None:
    text, found = entities.parse("\ra\r\n\x01b", "", [{"type": "bold", "offset": 5, "length": 1}])
    assert (text, _kinds(found)) == ("a\n b", [("bold", 3, 1)])


@given(st.text(alphabet="a 😀\n", max_size=60), st.integers(2, 12))
def test_cutting_loses_nothing_and_keeps_the_measure(text: str, most: int) -> None:
    parts = cut(text, most)
    assert "".join(parts) == text
    assert all(0 < utf16_length(part) <= most for part in parts if text)


marked = st.text(st.sampled_from("ab<>/&;=\"' *_`[]()|~>#\\!.\n😀é-"), max_size=40)


@given(marked | st.text(max_size=60), st.sampled_from(["HTML", "Markdown", "MarkdownV2", ""]))
def test_any_text_parses_or_is_refused(source: str, mode: str) -> None:
    """Whatever comes, entities stay inside the text, and a refusal is an ApiError."""
    try:
        text, found = entities.parse(source, mode, None)
    except ApiError:
        return
    assert text == text.strip(" \n")
    for entity in found:
        assert entity["offset"] >= 0
        assert 0 < entity["length"] <= utf16_length(text) - entity["offset"]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=80))
def test_escaped_html_comes_back_as_it_was(source: str) -> None:
    escaped = source.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert entities.parse(escaped, "HTML", None)[0] == entities.tidy(source, [])[0]


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=80))
def test_escaped_markdown_comes_back_as_it_was(source: str) -> None:
    escaped = "".join(f"\\{c}" if c in "\\_*[]()~`>#+-=|{}.!" else c for c in source)
    assert entities.parse(escaped, "MarkdownV2", None)[0] == entities.tidy(source, [])[0]
