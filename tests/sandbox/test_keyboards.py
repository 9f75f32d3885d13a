"""Keyboards: what Telegram takes, and its words for what it does not."""

from __future__ import annotations

import contextlib
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox import keyboards
from bot.sandbox.errors import ApiError


def _inline(**button: Any) -> dict[str, Any]:
    return {"inline_keyboard": [[button]]}


def _error(markup: object, *, private: bool = True, only_inline: bool = False) -> str:
    with pytest.raises(ApiError) as caught:
        keyboards.check(markup, private=private, only_inline=only_inline)
    return caught.value.description.removeprefix("Bad Request: ")


@pytest.mark.parametrize(
    "markup",
    [
        _inline(text="a", callback_data="x" * 64),
        _inline(text="a", url="https://example.com/x"),
        _inline(text="a", url="tg://user?id=5"),
        _inline(text="a", switch_inline_query=""),
        _inline(text="a", copy_text={"text": "c"}),
        {"keyboard": [[{"text": "📍", "request_location": True}]], "resize_keyboard": True},
        {"remove_keyboard": True},
        {"force_reply": True, "input_field_placeholder": "…"},
    ],
)
def test_what_is_right_stays_as_it_is(markup: dict[str, Any]) -> None:
    assert keyboards.check(markup, private=True) == markup


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ([], "object expected as reply markup"),
        (
            {"inline_keyboard": [{"text": "a"}]},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
        ),
        ({"inline_keyboard": "x"}, 'field "inline_keyboard" must be of type Array'),
        (
            _inline(text="a"),
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (_inline(callback_data="x"), "can't parse inline keyboard button: Can't find field \"text\""),
        (
            _inline(text=5, callback_data="x"),
            'can\'t parse inline keyboard button: Field "text" must be of type String',
        ),
        (_inline(text=" ", callback_data="x"), "inline keyboard button text must be non-empty"),
        (_inline(text="a", callback_data="x" * 65), "BUTTON_DATA_INVALID"),
        (_inline(text="a", callback_data="é" * 33), "BUTTON_DATA_INVALID"),
        (_inline(text="a", url="no dots"), "inline keyboard button URL 'no dots' is invalid: Wrong HTTP URL"),
        (
            _inline(text="a", url="ftp://example.com"),
            "inline keyboard button URL 'ftp://example.com' is invalid: Unsupported URL protocol",
        ),
        (_inline(text="a", copy_text={"text": "c" * 257}), "BUTTON_COPY_TEXT_INVALID"),
        ({"inline_keyboard": [[{"text": "a", "callback_data": "x"}] * 9]}, "reply markup is too long"),
        ({"inline_keyboard": [[{"text": "a", "callback_data": "x"}]] * 101}, "reply markup is too long"),
        ({"keyboard": []}, "reply keyboard must have at least one button"),
        ({"keyboard": [["a"] * 13]}, "reply markup is too long"),
        ({"keyboard": [[5]]}, "can't parse keyboard button: KeyboardButton must be a String or an Object"),
        ({"keyboard": [["a"]], "resize_keyboard": 1}, 'field "resize_keyboard" must be of type Boolean'),
        ({"nonsense": True}, "can't parse reply keyboard markup JSON object"),
        ({"force_reply": True, "input_field_placeholder": "x" * 65}, "INPUT_FIELD_PLACEHOLDER_INVALID"),
    ],
)
def test_what_is_wrong_is_refused(markup: object, reason: str) -> None:
    assert _error(markup) == reason


def test_one_button_does_one_thing() -> None:
    """The official server silently keeps the first action; the sandbox shows the mistake."""
    assert "exactly one action" in _error(_inline(text="a", callback_data="x", url="https://example.com"))


def test_location_is_asked_in_private_chats_only() -> None:
    markup = {"keyboard": [[{"text": "📍", "request_location": True}]]}
    assert _error(markup, private=False) == "location can be requested in private chats only"


def test_an_edit_takes_only_an_inline_keyboard() -> None:
    assert _error({"remove_keyboard": True}, only_inline=True) == "inline keyboard expected"


def test_an_empty_inline_keyboard_removes_it() -> None:
    assert keyboards.check({"inline_keyboard": []}, private=True) is None
    assert keyboards.check({}, private=True) is None


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["text", "inline_keyboard", "keyboard", "callback_data", "url", "web_app", "style"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_checked_or_refused(markup: object) -> None:
    """Nothing but an ApiError comes out; what is kept can be sent as JSON."""
    with contextlib.suppress(ApiError):
        orjson.dumps(keyboards.check(markup, private=True))
