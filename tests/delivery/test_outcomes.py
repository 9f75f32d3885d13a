"""What errors mean, in the words of the official server."""

from __future__ import annotations

import pytest
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, TelegramError

from bot.delivery.outcomes import Outcome, judge, reason
from bot.delivery.request import NotSent, Unanswered


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Forbidden("Forbidden: bot was blocked by the user"), Outcome.GONE),
        (Forbidden("Forbidden: user is deactivated"), Outcome.GONE),
        (Forbidden("Forbidden: bot was kicked from the supergroup chat"), Outcome.GONE),
        (Forbidden("Forbidden: bot can't initiate conversation with a user"), Outcome.GONE),
        (ChatMigrated(-100), Outcome.MIGRATED),
        (NotSent("ClientConnectorError"), Outcome.NOT_SENT),
        (InvalidToken("Unauthorized"), Outcome.NOT_SENT),
        (Unanswered("ServerDisconnectedError"), Outcome.UNCERTAIN),
        (NetworkError("Bad Gateway (502)"), Outcome.UNCERTAIN),
        (BadRequest("Bad Request: message is not modified: specified new message content"), Outcome.STANDS),
        (BadRequest("Bad Request: message to edit not found"), Outcome.NO_TARGET),
        (BadRequest("Bad Request: message can't be edited"), Outcome.NO_TARGET),
        (BadRequest("Bad Request: MESSAGE_ID_INVALID"), Outcome.NO_TARGET),
        (BadRequest("Bad Request: message thread not found"), Outcome.NO_TOPIC),
        (BadRequest("Bad Request: TOPIC_CLOSED"), Outcome.NO_TOPIC),
        (BadRequest("Bad Request: chat not found"), Outcome.DEAD),
    ],
)
def test_every_error_has_its_meaning(error: TelegramError, outcome: Outcome) -> None:
    assert judge(error) is outcome


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Bad Request: chat not found", "Chat not found"),
        (
            "Bad Request: inline keyboard button URL 'x://SECRET' is invalid: Unsupported URL protocol",
            "Inline keyboard button url … is invalid: unsupported url protocol",
        ),
        ('Bad Request: can\'t parse entities: "SE\nCRET" at 3', "Can't parse entities: … at 3"),
        ("Bad Request: x" + "x" * 500, "X" + "x" * 199),
    ],
)
def test_a_reason_quotes_nobody(words: str, shown: str) -> None:
    """python-telegram-bot itself takes the prefix off and puts the rest in lower case."""
    assert reason(BadRequest(words)) == shown
