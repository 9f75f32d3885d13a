"""What a bot says of itself: commands by scope and language, name, descriptions, menu button."""

import re
from typing import Any, Final

from bot import limits
from bot.sandbox.errors import ApiError, bad_request
from bot.sandbox.methods.registry import Handler, method
from bot.sandbox.people import Scope
from bot.sandbox.spans import checked_link, utf16_length
from bot.sandbox.stage import Call

Json = dict[str, Any]
PLAIN_SCOPES: Final = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
CHAT_SCOPES: Final = ("chat", "chat_administrators", "chat_member")
_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"([a-z]{2})?")
# What can be said of a bot: (word in the method's name, parameter, longest).
TEXTS: Final = (
    ("Name", "name", limits.BOT_NAME),
    ("Description", "description", limits.BOT_DESCRIPTION),
    ("ShortDescription", "short_description", limits.BOT_SHORT_DESCRIPTION),
)


@method("setMyCommands")
def set_my_commands(call: Call) -> bool:
    """The command list of one scope and language (Bot API, setMyCommands)."""
    given = call.args.structure("commands", "commands")
    if not isinstance(given, list):
        raise bad_request("expected an Array of BotCommand")
    if len(given) > limits.COMMANDS:
        raise ApiError(400, "Bad Request: BOT_COMMANDS_TOO_MUCH")
    commands = [_command(entry) for entry in given]
    key = (_scope(call), _language(call))
    if commands:
        call.bot.commands[key] = commands
    else:
        call.bot.commands.pop(key, None)
    call.world.touch(call.bot)
    return True


@method("getMyCommands")
def get_my_commands(call: Call) -> list[Json]:
    """The list of exactly this scope and language (Bot API, getMyCommands)."""
    return call.bot.commands.get((_scope(call), _language(call)), [])


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> bool:
    """Drop the list of a scope and language (Bot API, deleteMyCommands)."""
    call.bot.commands.pop((_scope(call), _language(call)), None)
    call.world.touch(call.bot)
    return True


def _command(entry: object) -> Json:
    if not isinstance(entry, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    for name in ("command", "description"):
        if not isinstance(entry.get(name), str):
            raise bad_request(f'can\'t parse BotCommand: Field "{name}" must be of type String')
    command = entry["command"].removeprefix("/")
    description = entry["description"].strip()
    if not _COMMAND.fullmatch(command) or len(command) > limits.COMMAND_NAME:
        raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
    if not 0 < utf16_length(description) <= limits.COMMAND_DESCRIPTION:
        raise ApiError(400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description}


def _scope(call: Call) -> Scope:
    given = call.args.structure("scope", "BotCommandScope")
    if given is None:
        return Scope("default")
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommandScope: BotCommandScope must be an Object")
    kind = given.get("type")
    if kind in PLAIN_SCOPES:
        return Scope(str(kind))
    if kind not in CHAT_SCOPES:
        raise bad_request("can't parse BotCommandScope: Unsupported type specified")
    chat = _scope_id(given, "chat_id", "Empty chat_id specified")
    if chat not in call.world.users and call.world.group(chat) is None:
        raise bad_request("chat not found")
    user = _scope_id(given, "user_id", "Invalid user_id specified") if kind == "chat_member" else 0
    return Scope(str(kind), chat, user)


def _scope_id(given: Json, name: str, error: str) -> int:
    value = given.get(name)
    if isinstance(value, str) and value.removeprefix("-").isdecimal() and len(value) < 20:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value == 0:
        raise bad_request(f"can't parse BotCommandScope: {error}")
    return value


def _language(call: Call) -> str:
    language = call.args.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def _setter(parameter: str, longest: int) -> Handler:
    def set_text(call: Call) -> bool:
        text = call.args.text(parameter).strip()
        if utf16_length(text) > longest:
            raise bad_request(f"bot {parameter.replace('_', ' ')} is too long")
        key = (parameter, _language(call))
        if text:
            call.bot.texts[key] = text
        else:
            call.bot.texts.pop(key, None)
        if key == ("name", "") and text:
            call.bot.first_name = text
        call.world.touch(call.bot)
        return True

    return set_text


def _getter(parameter: str) -> Handler:
    def get_text(call: Call) -> Json:
        texts = call.bot.texts
        default = texts.get((parameter, ""), call.bot.first_name if parameter == "name" else "")
        return {parameter: texts.get((parameter, _language(call)), default)}

    return get_text


for _word, _parameter, _longest in TEXTS:
    method(f"setMy{_word}")(_setter(_parameter, _longest))
    method(f"getMy{_word}")(_getter(_parameter))


@method("setChatMenuButton")
def set_chat_menu_button(call: Call) -> bool:
    """The button beside the input field, of one private chat or of all (Bot API, setChatMenuButton)."""
    button = call.args.structure("menu_button", "menu button")
    call.bot.menu_buttons[_menu_chat(call)] = {"type": "default"} if button is None else _menu_button(button)
    call.world.touch(call.bot)
    return True


@method("getChatMenuButton")
def get_chat_menu_button(call: Call) -> Json:
    """The menu button of a private chat, or the default one (Bot API, getChatMenuButton)."""
    buttons = call.bot.menu_buttons
    return buttons.get(_menu_chat(call)) or buttons.get(0) or {"type": "commands"}


def _menu_chat(call: Call) -> int:
    chat_id = call.args.number("chat_id")
    if chat_id and chat_id not in call.world.users:
        raise bad_request("chat not found")
    return chat_id


def _menu_button(button: object) -> Json:
    if not isinstance(button, dict):
        raise bad_request("can't parse menu button: MenuButton must be an Object")
    kind = button.get("type")
    if kind in ("commands", "default"):
        return {"type": kind}
    app = button.get("web_app")
    if kind != "web_app" or not isinstance(app, dict):
        raise bad_request("can't parse menu button: MenuButton has unsupported type")
    text, url = button.get("text"), app.get("url")
    if not isinstance(text, str) or not text or not isinstance(url, str):
        raise bad_request("can't parse menu button: Can't find field \"text\"")
    try:
        return {"type": "web_app", "text": text, "web_app": {"url": checked_link(url)}}
    except ValueError as error:
        raise bad_request(f"menu button Web App URL '{url}' is invalid: {error}") from None
