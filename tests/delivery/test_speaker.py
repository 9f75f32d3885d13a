"""A speaker against the sandbox: what is committed arrives, in order, and is settled."""

from __future__ import annotations

from bot.services.outbox import Outgoing
from tests.conftest import BOT
from tests.delivery.conftest import Stage, text


async def test_what_is_taken_arrives_and_is_settled(stage: Stage) -> None:
    ann = await stage.driver.started()
    await stage.say(stage.speaker(), [Outgoing(BOT, ann, text("hello"))])
    (row,) = await stage.settled()
    assert (row.state, row.body, row.leased_by) == ("sent", None, None)
    assert row.message_id > 0
    assert await stage.texts(ann) == ["hello"]
