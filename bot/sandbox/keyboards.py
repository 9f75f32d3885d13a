"""Strict checks of reply_markup: the official server's rules and texts, and no silent repairs.

Where the official server cuts or guesses (too many buttons in a row, two actions on one button), the sandbox
refuses, so that a mistake shows during development.
"""

from collections.abc import Callable
from typing import Any, Final

from bot import limits
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.spans import checked_link, linked_user, utf16_length

Json = dict[str, Any]
Refusal = Callable[[str], ApiError]

INLINE_ACTIONS: Final = (
    "url",
    "callback_data",
    "callback_game",
    "pay",
    "switch_inline_query",
    "switch_inline_query_chosen_chat",
    "switch_inline_query_current_chat",
    "login_url",
    "web_app",
    "copy_text",
)
REPLY_ACTIONS: Final = {
    "request_contact": "Phone number",
    "request_location": "Location",
    "request_poll": "Poll",
    "request_users": "Users",
    "request_chat": "Chats",
    "web_app": "Web App",
}
STYLES: Final = frozenset({"", "danger", "success", "primary"})


def check(markup: object, *, private: bool, only_inline: bool = False) -> Json | None:
    """A checked reply_markup, or nothing where it asks for nothing.

    `private` allows the request buttons; `only_inline` is for edits and album-less media that take no other
    keyboard. Raises ApiError 400 as the official server words it.
    """
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _inline(markup["inline_keyboard"])
    if "keyboard" in markup:
        result = _reply(markup, private)
    elif _flag(markup, "remove_keyboard"):
        result = {"remove_keyboard": True, **_flags(markup, "selective")}
    elif _flag(markup, "force_reply"):
        result = {"force_reply": True, **_flags(markup, "selective"), **_placeholder(markup)}
    elif markup:
        raise bad_request("can't parse reply keyboard markup JSON object")
    else:
        return None
    if only_inline:
        raise bad_request("inline keyboard expected")
    return result


def _inline(rows: object) -> Json | None:
    if not isinstance(rows, list):
        raise bad_request('field "inline_keyboard" must be of type Array')
    if len(rows) > limits.INLINE_KEYBOARD_ROWS:
        raise bad_request("reply markup is too long")
    checked = []
    for row in rows:
        if not isinstance(row, list):
            raise bad_request(
                'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
            )
        if len(row) > limits.INLINE_ROW_BUTTONS:
            raise bad_request("reply markup is too long")
        if row:
            checked.append([_inline_button(button) for button in row])
    if sum(map(len, checked)) > limits.KEYBOARD_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": checked} if checked else None


def _inline_button(button: object) -> Json:
    if not isinstance(button, dict):
        raise _inline_error("InlineKeyboardButton must be an Object")
    text = _text(button, _inline_error)
    _style(button, _inline_error)
    actions = [action for action in INLINE_ACTIONS if button.get(action) not in (None, "", False)]
    # An empty switch_inline_query is an action too: it inserts only the bot's name.
    actions += [name for name in INLINE_ACTIONS if name.startswith("switch") and button.get(name) == ""]
    if not actions:
        raise _inline_error("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _inline_error(f"exactly one action must be used, found {' and '.join(actions)}")
    if not text:
        raise bad_request("inline keyboard button text must be non-empty")
    return {"text": text, **_kept_style(button), actions[0]: _inline_action(actions[0], button[actions[0]])}


def _inline_action(action: str, value: object) -> object:
    match action:
        case "callback_data":
            data = _string(action, value, _inline_error)
            if len(data.encode()) > limits.CALLBACK_DATA_BYTES:
                raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
            return data
        case "url":
            url = _string(action, value, _inline_error)
            return url if linked_user(url) is not None else _link(url, "inline keyboard button")
        case "web_app" | "login_url":
            return _linked_object(action, value)
        case "copy_text":
            return _copied(value)
        case "switch_inline_query" | "switch_inline_query_current_chat":
            return _string(action, value, _inline_error)
        case "switch_inline_query_chosen_chat" | "callback_game":
            return _flat(action, value, _inline_error)
    return True


def _linked_object(action: str, value: object) -> Json:
    if not isinstance(value, dict):
        raise _inline_error(f'Field "{action}" must be of type Object')
    url = _string("url", value.get("url"), _inline_error)
    where = "inline keyboard button Web App" if action == "web_app" else "inline keyboard button login"
    return {**_flat(action, value, _inline_error), "url": _link(url, where, https=action == "web_app")}


def _copied(value: object) -> Json:
    if not isinstance(value, dict):
        raise _inline_error('Field "copy_text" must be of type Object')
    text = _string("text", value.get("text"), _inline_error)
    if not 0 < utf16_length(text) <= limits.COPY_TEXT:
        raise ApiError(400, "Bad Request: BUTTON_COPY_TEXT_INVALID")
    return {"text": text}


def _link(url: str, where: str, *, https: bool = False) -> str:
    try:
        checked = checked_link(url)
    except ValueError as error:
        raise bad_request(f"{where} URL '{url}' is invalid: {error}") from None
    if https and not checked.startswith("https://"):
        raise bad_request(f"{where} URL '{url}' is invalid: Only HTTPS links are allowed")
    return checked


def _reply(markup: Json, private: bool) -> Json:
    rows = markup["keyboard"]
    if not isinstance(rows, list):
        raise bad_request('field "keyboard" must be of type Array')
    checked = []
    for row in rows:
        if not isinstance(row, list):
            raise bad_request('field "keyboard" must be an Array of Arrays')
        if len(row) > limits.REPLY_ROW_BUTTONS:
            raise bad_request("reply markup is too long")
        checked.append([_reply_button(button, private) for button in row])
    if not any(checked):
        raise bad_request("reply keyboard must have at least one button")
    if sum(map(len, checked)) > limits.KEYBOARD_BUTTONS:
        raise bad_request("reply markup is too long")
    return {
        "keyboard": checked,
        **_flags(markup, "is_persistent", "resize_keyboard", "one_time_keyboard", "selective"),
        **_placeholder(markup),
    }


def _reply_button(button: object, private: bool) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise _reply_error("KeyboardButton must be a String or an Object")
    text = _text(button, _reply_error)
    if not text:
        raise bad_request("keyboard button text must be non-empty")
    _style(button, _reply_error)
    actions = [action for action in REPLY_ACTIONS if button.get(action) not in (None, False)]
    if len(actions) > 1:
        raise _reply_error(f"at most one action may be used, found {' and '.join(actions)}")
    if not actions:
        return {"text": text, **_kept_style(button)}
    action = actions[0]
    if not private:
        can = "buttons can be used" if action == "web_app" else "can be requested"
        raise bad_request(f"{REPLY_ACTIONS[action]} {can} in private chats only")
    return {"text": text, **_kept_style(button), action: _reply_action(action, button[action])}


def _reply_action(action: str, value: object) -> object:
    if action in ("request_contact", "request_location"):
        if not isinstance(value, bool):
            raise _reply_error(f'Field "{action}" must be of type Boolean')
        return value
    if not isinstance(value, dict):
        raise _reply_error(f'Field "{action}" must be of type Object')
    if action == "web_app":
        url = _string("url", value.get("url"), _reply_error)
        return {"url": _link(url, "keyboard button Web App", https=True)}
    return _flat(action, value, _reply_error)


def _flat(name: str, value: object, error: Refusal) -> Json:
    """An object of plain values; anything deeper is left out."""
    if not isinstance(value, dict):
        raise error(f'Field "{name}" must be of type Object')
    return {key: item for key, item in value.items() if isinstance(item, str | int | float | bool)}


def _text(button: Json, error: Refusal) -> str:
    if "text" not in button:
        raise error('Can\'t find field "text"')
    return _string("text", button["text"], error).strip()


def _string(name: str, value: object, error: Refusal) -> str:
    if not isinstance(value, str):
        raise error(f'Field "{name}" must be of type String')
    return value


def _style(button: Json, error: Refusal) -> None:
    if str(button.get("style", "")) not in STYLES:
        raise error("invalid button style specified")


def _kept_style(button: Json) -> Json:
    return {name: button[name] for name in ("style", "icon_custom_emoji_id") if button.get(name)}


def _flag(markup: Json, name: str) -> bool:
    value = markup.get(name, False)
    if not isinstance(value, bool):
        raise bad_request(f'field "{name}" must be of type Boolean')
    return value


def _flags(markup: Json, *names: str) -> Json:
    return {name: True for name in names if _flag(markup, name)}


def _placeholder(markup: Json) -> Json:
    text = markup.get("input_field_placeholder")
    if text in (None, ""):
        return {}
    if not isinstance(text, str):
        raise bad_request('field "input_field_placeholder" must be of type String')
    if utf16_length(text) > limits.INPUT_PLACEHOLDER:
        raise ApiError(400, "Bad Request: INPUT_FIELD_PLACEHOLDER_INVALID")
    return {"input_field_placeholder": text}


def _inline_error(reason: str) -> ApiError:
    return bad_request(f"can't parse inline keyboard button: {reason}")


def _reply_error(reason: str) -> ApiError:
    return bad_request(f"can't parse keyboard button: {reason}")
