"""The register of privacy knows every table, and tells the truth about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from bot.services.privacy.holdings import Whom
from bot.services.privacy.register import REGISTER
from bot.store.sealing import Sealed, SealedBytes, SealedJson
from bot.store.tables import metadata

ME = Whom(bot=1, person=2, account=3)
PLACE = "bot/services/privacy/register.py"

# Their rows go; the place they led to stays elsewhere, and is about nobody.
LEADING_ON = {"hazard_reports"}

# Texts and JSON in the clear, and why.
OFFICE = "what organizers write for others to read"
CODE = "written by the bot: codes, numbers, rules of recurrence"
POINTER = "a file's name at the channel: nothing without the bot's token"
NOT_SEALED = {
    **dict.fromkeys(("checkins.title", "checkins.questions", "checkins.segment", "checkins.rule"), OFFICE),
    **dict.fromkeys(("events.title", "events.about", "events.where", "events.segment"), OFFICE),
    **dict.fromkeys(("reminder_offers.what", "reminder_offers.timing", "reminder_offers.segment"), OFFICE),
    **dict.fromkeys(("broadcasts.segment", "broadcasts.content"), OFFICE),
    **dict.fromkeys(("broadcasts.left_out", "broadcasts.shown", "broadcasts.report"), CODE),
    **dict.fromkeys(("due.what", "due.rule", "due.error", "reminders.rule", "shifts.timing"), CODE),
    **dict.fromkeys(("lesson_answers.chosen", "lesson_days.sent", "lesson_places.place"), CODE),
    **dict.fromkeys(("outbox.error", "outbox.target", "audit.entry"), CODE),
    **dict.fromkeys(("appeal_events.reason", "appeal_words.attachments"), CODE),
    **dict.fromkeys(("station_flags.photo", "attachments.channel_file"), POINTER),
    "answers.value": "the database counts equal answers; who gave them stands beside named ones only",
}


def _tables() -> dict[str, sa.Table]:
    return {table.name: table for table in metadata.sorted_tables}


def test_every_table_is_in_the_register_once() -> None:
    known = [holding.table.name for holding in REGISTER]
    missing = sorted(set(_tables()) - set(known))
    assert not missing, f"say in {PLACE} how these tables hold people: {', '.join(missing)}"
    assert len(known) == len(set(known))


@pytest.mark.parametrize("holding", REGISTER, ids=lambda one: one.table.name)
def test_of_every_number_it_is_said_whether_it_names_a_person(holding: Any) -> None:
    numbers = {column.name for column in holding.table.c if isinstance(column.type, sa.BigInteger)}
    missing = sorted(numbers - holding.accounted())
    assert not missing, (
        f"say in {PLACE} whether these columns of {holding.table.name} name a person "
        f"(names, emptied, numbers) or not (others): {', '.join(missing)}"
    )
    unknown = sorted(holding.accounted() - {"id"} - {column.name for column in holding.table.c})
    assert not unknown, f"{holding.table.name} has no {', '.join(unknown)}"


@pytest.mark.parametrize("holding", REGISTER, ids=lambda one: one.table.name)
def test_what_is_about_a_person_has_a_title_and_what_stays_a_reason(holding: Any) -> None:
    assert (holding.whose is None) == (holding.title is None)
    leads_on = holding.table.name in LEADING_ON
    assert (holding.leaves is not None or leads_on) == (holding.why is not None)


def _open_columns() -> Iterator[tuple[str, sa.Column[Any]]]:
    sealed = (Sealed, SealedJson, SealedBytes)
    for holding in REGISTER:
        if holding.whose is None:
            continue
        for column in holding.table.c:
            if isinstance(column.type, sa.Text | sa.JSON) and not isinstance(column.type, sealed):
                yield f"{column.table.name}.{column.name}", column


def test_texts_about_people_are_sealed_or_it_is_said_why_not() -> None:
    found = {name for name, _column in _open_columns()}
    unsaid = sorted(found - set(NOT_SEALED))
    assert not unsaid, f"seal these columns (bot/store/sealing.py), or say here why not: {', '.join(unsaid)}"
