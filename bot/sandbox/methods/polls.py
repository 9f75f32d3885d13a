"""Polls and quizzes."""

from typing import Any

from bot import limits
from bot.sandbox import entities
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.methods.access import message_of, writable
from bot.sandbox.methods.registry import method
from bot.sandbox.methods.sending import deliver, formatted, markup_content
from bot.sandbox.spans import utf16_length
from bot.sandbox.stage import Call, Poll

Json = dict[str, Any]


@method("sendPoll")
def send_poll(call: Call) -> Json:
    """A poll, or a quiz with one right answer (Bot API, sendPoll)."""
    kind = call.args.text("type") or "regular"
    if kind not in ("regular", "quiz"):
        raise bad_request("unsupported poll type specified")
    multiple = call.args.flag("allows_multiple_answers")
    body: Json = {
        "id": call.stage.fresh_id(),
        **_question(call),
        "options": _options(call),
        "total_voter_count": 0,
        "is_closed": call.args.flag("is_closed"),
        "is_anonymous": call.args.flag("is_anonymous", True),
        "type": kind,
        "allows_multiple_answers": multiple and kind == "regular",
        "allows_revoting": call.args.flag("allows_revoting", kind == "regular"),
        "members_only": False,
        **_end(call),
    }
    solution = _solution(call, len(body["options"])) if kind == "quiz" else {}
    message = deliver(call, {"poll": {**body, **solution}})
    place = _place(call, message)
    call.stage.polls[body["id"]] = Poll(call.bot.id, place, message["message_id"], body, solution)
    return message


def _place(call: Call, message: Json) -> tuple[int, int]:
    private = message["chat"]["type"] == "private"
    return (call.bot.id if private else 0, message["chat"]["id"])


def _question(call: Call) -> Json:
    plain, found = formatted(call, call.args.text("question"), "question_parse_mode", "question_entities")
    if not plain:
        raise bad_request("text must be non-empty")
    if utf16_length(plain) > limits.POLL_QUESTION:
        raise bad_request(f"poll question length must not exceed {limits.POLL_QUESTION}")
    return {"question": plain, **({"question_entities": found} if found else {})}


def _options(call: Call) -> list[Json]:
    given = call.args.listing("options", "options", "String as options")
    if not given:
        raise bad_request("poll must have at least one answer option")
    if len(given) > limits.POLL_OPTIONS:
        raise bad_request(f"poll can't have more than {limits.POLL_OPTIONS} options")
    return [{"persistent_id": str(index), **_option(option)} for index, option in enumerate(given)]


def _option(option: object) -> Json:
    if isinstance(option, dict):
        text, mode, listed = option.get("text"), option.get("text_parse_mode"), option.get("text_entities")
    else:
        text, mode, listed = option, "", None
    if not isinstance(text, str) or not isinstance(mode or "", str):
        raise bad_request("expected an option to be of type String")
    plain, _ = entities.parse(text, mode or "", listed)
    if not plain:
        raise bad_request("poll option must be non-empty")
    if utf16_length(plain) > limits.POLL_OPTION:
        raise bad_request(f"poll options length must not exceed {limits.POLL_OPTION}")
    return {"text": plain, "voter_count": 0}


def _end(call: Call) -> Json:
    period, close = call.args.number("open_period"), call.args.number("close_date")
    if period and close:
        raise bad_request("can't specify both open period and close date")
    left = period or (close - int(call.stage.now()) if close else 0)
    if (period or close) and not limits.POLL_MIN_OPEN_SECONDS <= left <= limits.POLL_MAX_OPEN_SECONDS:
        raise ApiError(400, "Bad Request: POLL_CLOSE_DATE_INVALID")
    return {name: value for name, value in (("open_period", period), ("close_date", close)) if value}


def _solution(call: Call, options: int) -> Json:
    """The right answer and its explanation, which people see once they have answered."""
    right = _right_answer(call)
    if not 0 <= right < options:
        raise ApiError(400, "Bad Request: QUIZ_CORRECT_ANSWER_INVALID")
    if call.args.flag("allows_multiple_answers"):
        raise ApiError(400, "Bad Request: QUIZ_MULTIPLE_INVALID")
    text = call.args.text("explanation")
    solution: Json = {"correct_option_id": right, "correct_option_ids": [right]}
    if not text:
        return solution
    plain, found = formatted(call, text, "explanation_parse_mode", "explanation_entities")
    if utf16_length(plain) > limits.POLL_EXPLANATION or plain.count("\n") > limits.POLL_EXPLANATION_LINES:
        raise bad_request("message is too long")
    return {**solution, "explanation": plain, **({"explanation_entities": found} if found else {})}


def _right_answer(call: Call) -> int:
    """Bot API 10 names a list of right answers; one is what the sandbox knows."""
    if not call.args.has("correct_option_ids"):
        return call.args.number("correct_option_id", -1)
    ids = call.args.listing("correct_option_ids", "correct option identifiers", "correct option identifiers")
    if any(isinstance(item, bool) or not isinstance(item, int) for item in ids):
        raise bad_request("correct option identifier must be of type Number")
    if len(ids) != 1:
        raise bad_request("correct quiz option list must be non-empty" if not ids else "one answer is right")
    return int(ids[0])


@method("stopPoll")
def stop_poll(call: Call) -> Json:
    """Close a poll the bot sent; gives its final state (Bot API, stopPoll)."""
    chat = writable(call)
    message = message_of(call, chat, "message with poll to stop")
    if "poll" not in message:
        raise bad_request("message is not a poll")
    poll = call.stage.polls[message["poll"]["id"]]
    if message["from"]["id"] != call.bot.id or poll.body["is_closed"]:
        raise bad_request(
            "poll can't be stopped" if not poll.body["is_closed"] else "poll has already been closed"
        )
    poll.body = {**poll.body, "is_closed": True}
    shown = {name: value for name, value in message.items() if name != "reply_markup"}
    call.world.replace(chat, {**shown, "poll": poll.public(), **markup_content(call, chat, only_inline=True)})
    call.world.update(call.bot, "poll", poll.public(), chat.id)
    return poll.public()
