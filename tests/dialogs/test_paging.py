"""Pages of a list: whatever a button asks for, what is shown is there and has its place."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.dialogs.paging import page_of, turns
from bot.talk import says

COUNT, SIZE = st.integers(0, 40), st.integers(1, 9)


@given(COUNT, SIZE)
def test_turning_the_pages_shows_everything_once_and_in_order(count: int, size: int) -> None:
    seen, number = [], 0
    while True:
        page = page_of(range(count), number, size)
        seen += page.placed
        if page.is_last:
            break
        number += 1
    assert seen == [(place + 1, place) for place in range(count)]


@given(COUNT, SIZE, st.integers(-5, 50))
def test_a_page_that_is_gone_is_the_nearest_one(count: int, size: int, number: int) -> None:
    page = page_of(range(count), number, size)
    assert page.shown or not count
    assert page.first == page.number * size


def test_the_row_leads_only_where_something_is() -> None:
    def ways(number: int) -> list[object]:
        rows = turns(page_of("abcdefg", number, 3))
        return [button.value for row in rows for button in row if isinstance(button, says.Option)]

    assert [ways(number) for number in range(3)] == [
        [["page", 1]],
        [["page", 0], ["page", 2]],
        [["page", 1]],
    ]
    assert turns(page_of("abc", 0, 3)) == []
