"""Yes and no in people's words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.talk.plain_answers import plain_answer


@pytest.mark.parametrize("said", ["好的", "嗯嗯", "可以。", "同意", "没问题啊", "OK", "yes please", "Sure!"])
def test_yes(said: str) -> None:
    assert plain_answer(said) is True


@pytest.mark.parametrize(
    "said", ["不", "不用了，谢谢", "不要", "算了吧", "no", "No thanks", "not now", "先不"]
)
def test_no(said: str) -> None:
    assert plain_answer(said) is False


@pytest.mark.parametrize(
    "said",
    [
        "",
        "不好的是工资没发",
        "可以帮我找厕所吗",
        "好几天没发钱",
        "no toilet here",
        "yesterday",
        "中午",
        "对面",
        "行程",
    ],
)
def test_neither(said: str) -> None:
    assert plain_answer(said) is None


@given(st.text(max_size=60))
def test_any_text_is_read_without_an_error(text: str) -> None:
    assert plain_answer(text) in (True, False, None)
