"""Three independent Bot API clients work against the sandbox: aiogram, python-telegram-bot and grammY.

Each runs the same small bot; the same people talk to it through /client.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiogram
import aiohttp
import pytest
import telegram
import telegram.error
from aiogram import F, Router, exceptions, types
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web
from telegram.ext import (
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    InlineQueryHandler,
    MessageHandler,
    filters,
)

from bot.limits import PRIVATE_BURST
from tests.sandbox.driver import PNG, TOKEN, Driver

Json = dict[str, Any]
GRAMMY = Path(__file__).parent / "grammy"
INSTALL_SECONDS = 60


async def _shown(driver: Driver, who: int, after: Json) -> Json:
    """The message that the bot sends after this one."""
    messages = await driver.look(f"chats/{who}/messages", after=after["message_id"], wait=10)
    assert messages, "the bot did not answer"
    answer: Json = messages[-1]
    return answer


async def _people_talk(driver: Driver) -> None:
    """Start, tap, share a place, send a photo, correct oneself, ask inline."""
    who = await driver.person("Ann", language_code="en")
    hello = await _shown(driver, who, await driver.say(who, "/start"))
    assert hello["entities"] == [{"type": "bold", "offset": 0, "length": 5}]
    tap = {"from": who, "chat": who, "message_id": hello["message_id"], "data": "go"}
    assert (await driver.client("presses", **tap))["text"] == "done"
    while (await driver.look(f"chats/{who}/messages"))[-1]["text"] != "gone":
        await driver.look(f"chats/{who}/messages", after=hello["message_id"], wait=0.2)
    place = {"latitude": 29.5, "longitude": 106.5}
    venue = await _shown(driver, who, await driver.client("messages", **{"from": who, "location": place}))
    assert venue["venue"]["location"] == place
    form = aiohttp.FormData({"from": str(who)})
    form.add_field("photo", PNG, filename="p.png")
    assert (await _shown(driver, who, await driver.form("messages", form)))["text"] == f"{len(PNG)} bytes"
    last = (await driver.look(f"chats/{who}/messages"))[-1]
    await driver.say(who, "/start again", edit=1)
    assert (await _shown(driver, who, last))["text"] == "now /start again"
    offered = await driver.client("inline", **{"from": who, "query": "lijiatuo"})
    sent = await driver.client("messages", **{"from": who, "inline_result": offered["results"][0]})
    assert sent["text"] == "lijiatuo"


def _aiogram_bot(driver: Driver) -> aiogram.Bot:
    session = AiohttpSession(api=TelegramAPIServer.from_base(driver.sandbox.url))
    return aiogram.Bot(TOKEN, session=session, default=DefaultBotProperties(parse_mode="HTML"))


def _aiogram_router() -> Router:
    router = Router()

    @router.message(CommandStart())
    async def start(message: types.Message) -> None:
        button = types.InlineKeyboardButton(text="Go", callback_data="go")
        keys = types.InlineKeyboardMarkup(inline_keyboard=[[button]])
        await message.answer("<b>hello</b>", reply_markup=keys)

    @router.callback_query(F.data == "go")
    async def go(query: types.CallbackQuery) -> None:
        await query.answer("done")
        assert isinstance(query.message, types.Message)
        await query.message.edit_text("gone")

    @router.message(F.photo)
    async def photo(message: types.Message, bot: aiogram.Bot) -> None:
        assert message.photo
        content = await bot.download(message.photo[-1])
        assert content is not None
        await message.answer(f"{len(content.read())} bytes")

    @router.message(F.location)
    async def location(message: types.Message) -> None:
        assert message.location
        await message.answer_venue(message.location.latitude, message.location.longitude, "Station", "Here")

    @router.edited_message()
    async def edited(message: types.Message) -> None:
        await message.answer(f"now {message.text}")

    @router.inline_query()
    async def inline(query: types.InlineQuery) -> None:
        content = types.InputTextMessageContent(message_text=query.query)
        article = types.InlineQueryResultArticle(id="1", title="Station", input_message_content=content)
        await query.answer([article])

    return router


async def test_aiogram_by_long_polling(driver: Driver) -> None:
    dispatcher = aiogram.Dispatcher()
    dispatcher.include_router(_aiogram_router())
    bot = _aiogram_bot(driver)
    await bot.get_me()
    polling = asyncio.create_task(
        dispatcher.start_polling(bot, handle_signals=False, close_bot_session=False)
    )
    await _people_talk(driver)
    await dispatcher.stop_polling()
    await polling
    await bot.session.close()


async def test_aiogram_by_webhook(driver: Driver) -> None:
    dispatcher = aiogram.Dispatcher()
    dispatcher.include_router(_aiogram_router())
    bot = _aiogram_bot(driver)
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, secret_token="s3cret").register(app, "/hook")
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await bot.set_webhook(f"http://127.0.0.1:{runner.addresses[0][1]}/hook", secret_token="s3cret")
    await _people_talk(driver)
    await bot.delete_webhook()
    await runner.cleanup()
    await bot.session.close()


async def test_what_the_sandbox_answers_fits_aiograms_models(driver: Driver) -> None:
    """aiogram reads each answer into a typed model and fails where a field is missing or wrong."""
    who = await driver.started("Ann")
    chat = await driver.group(who, forum=True)
    await driver.client("members", chat=chat, user=await driver.me(), status="administrator")
    bot = _aiogram_bot(driver)
    picture, file = types.BufferedInputFile(PNG, "p.png"), types.BufferedInputFile(b"content", "d.txt")
    sent = await bot.send_photo(who, picture, caption="<i>look</i>")
    assert sent.photo
    media = [types.InputMediaPhoto(media=sent.photo[-1].file_id) for _ in range(2)]
    assert len(await bot.send_media_group(who, list(media))) == 2
    document = await bot.send_document(who, file)
    assert document.document
    assert document.document.file_name == "d.txt"
    assert (await bot.send_voice(who, types.BufferedInputFile(b"x", "v.oga"), duration=2)).voice
    assert (await bot.send_audio(who, types.BufferedInputFile(b"x", "a.mp3"))).audio
    assert (await bot.send_location(who, 29.5, 106.5)).location
    assert (await bot.send_contact(who, "1", "Ann")).contact
    quiz = await bot.send_poll(who, "?", ["a", "b"], type="quiz", correct_option_id=0)
    assert (await bot.stop_poll(who, quiz.message_id)).is_closed
    edited = await bot.edit_message_media(
        types.InputMediaPhoto(media=types.BufferedInputFile(PNG, "q.png")),
        chat_id=who,
        message_id=sent.message_id,
    )
    assert isinstance(edited, types.Message)
    topic = await bot.create_forum_topic(chat, "Appeals")
    assert (await bot.send_message(chat, "x", message_thread_id=topic.message_thread_id)).is_topic_message
    assert (await bot.get_chat(chat)).is_forum
    assert len(await bot.get_chat_administrators(chat)) == 2
    assert (await bot.get_chat_member(chat, who)).status == "creator"
    assert (await bot.forward_message(who, who, 1)).forward_origin
    assert (await bot.copy_message(who, who, 1)).message_id
    await bot.set_my_commands([types.BotCommand(command="help", description="Help")], language_code="en")
    assert (await bot.get_my_commands(language_code="en"))[0].command == "help"
    assert (await bot.get_my_name()).name == "Wayside"
    assert (await bot.get_webhook_info()).url == ""
    assert (await bot.get_user_profile_photos(who)).total_count == 0
    assert (await bot.get_chat_menu_button()).type == "commands"
    await bot.session.close()


async def test_every_kind_of_update_fits_aiograms_models(driver: Driver) -> None:
    ann, bo = await driver.started("Ann"), await driver.started("Bo")
    chat = await driver.group(ann, kind="group")
    me = await driver.me()
    kinds = ["message", "edited_message", "my_chat_member", "chat_member", "poll", "poll_answer"]
    await driver.bot("getUpdates", allowed_updates=kinds)
    await driver.client("members", chat=chat, user=me, status="administrator")
    await driver.client("members", chat=chat, user=bo, status="member")
    await driver.client("members", chat=chat, user=bo, status="kicked")
    await driver.client("chats", id=chat, type="supergroup")
    said = await driver.say(ann, "#rest at https://example.com, @wayside_bot", reply_to=1)
    await driver.say(ann, "edited", edit=said["message_id"])
    poll = await driver.bot("sendPoll", chat_id=ann, question="?", options=["a", "b"], is_anonymous=False)
    vote = {"from": ann, "chat": ann, "message_id": poll["message_id"], "option_ids": [1]}
    await driver.client("votes", **vote)
    await driver.client("blocks", user=ann, blocked=True)
    seen = {types.Update.model_validate(update).event_type for update in await driver.updates()}
    assert seen == set(kinds)


async def test_aiogram_names_the_errors(strict: Driver) -> None:
    who = await strict.started()
    old = await strict.group(who, kind="group")
    await strict.client("chats", id=old, type="supergroup")
    bot = _aiogram_bot(strict)
    with pytest.raises(exceptions.TelegramMigrateToChat):
        await bot.send_message(old, "x")
    with pytest.raises(exceptions.TelegramRetryAfter):
        for _ in range(PRIVATE_BURST + 1):
            await bot.send_message(who, "x")
    await strict.client("blocks", user=who, blocked=True)
    with pytest.raises(exceptions.TelegramForbiddenError):
        await bot.send_message(who, "x")
    with pytest.raises(exceptions.TelegramNotFound):
        await bot.session(bot, _NoSuchMethod())
    await bot.session.close()


class _NoSuchMethod(aiogram.methods.TelegramMethod[bool]):
    __returning__ = bool
    __api_method__ = "noSuchMethod"


Context = ContextTypes.DEFAULT_TYPE


async def _ptb_start(update: telegram.Update, _context: Context) -> None:
    button = telegram.InlineKeyboardButton("Go", callback_data="go")
    assert update.message
    await update.message.reply_html("<b>hello</b>", reply_markup=telegram.InlineKeyboardMarkup([[button]]))


async def _ptb_go(update: telegram.Update, _context: Context) -> None:
    assert update.callback_query
    await update.callback_query.answer("done")
    await update.callback_query.edit_message_text("gone")


async def _ptb_photo(update: telegram.Update, _context: Context) -> None:
    assert update.message
    file = await update.message.photo[-1].get_file()
    await update.message.reply_text(f"{len(await file.download_as_bytearray())} bytes")


async def _ptb_location(update: telegram.Update, _context: Context) -> None:
    assert update.message
    assert update.message.location
    place = update.message.location
    await update.message.reply_venue(place.latitude, place.longitude, "Station", "Here")


async def _ptb_edited(update: telegram.Update, _context: Context) -> None:
    assert update.edited_message
    await update.edited_message.reply_text(f"now {update.edited_message.text}")


async def _ptb_inline(update: telegram.Update, _context: Context) -> None:
    assert update.inline_query
    content = telegram.InputTextMessageContent(update.inline_query.query)
    await update.inline_query.answer([telegram.InlineQueryResultArticle("1", "Station", content)])


@asynccontextmanager
async def _ptb(driver: Driver) -> AsyncIterator[Any]:
    url = driver.sandbox.url
    builder = Application.builder().token(TOKEN).base_url(f"{url}/bot").base_file_url(f"{url}/file/bot")
    application = builder.build()
    application.add_handler(MessageHandler(filters.UpdateType.EDITED_MESSAGE, _ptb_edited))
    application.add_handler(CommandHandler("start", _ptb_start))
    application.add_handler(CallbackQueryHandler(_ptb_go, "go"))
    application.add_handler(MessageHandler(filters.PHOTO, _ptb_photo))
    application.add_handler(MessageHandler(filters.LOCATION, _ptb_location))
    application.add_handler(InlineQueryHandler(_ptb_inline))
    async with application:
        yield application


async def test_python_telegram_bot(driver: Driver) -> None:
    async with _ptb(driver) as application:
        await application.updater.start_polling(timeout=2, allowed_updates=telegram.Update.ALL_TYPES)
        await application.start()
        await _people_talk(driver)
        await application.updater.stop()
        await application.stop()


@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
async def test_python_telegram_bot_names_the_errors(strict: Driver) -> None:
    who = await strict.started()
    old = await strict.group(who, kind="group")
    new = (await strict.client("chats", id=old, type="supergroup"))["id"]
    async with _ptb(strict) as application:
        bot: telegram.Bot = application.bot
        with pytest.raises(telegram.error.ChatMigrated) as migrated:
            await bot.send_message(old, "x")
        assert migrated.value.new_chat_id == new
        with pytest.raises(telegram.error.RetryAfter):
            for _ in range(PRIVATE_BURST + 1):
                await bot.send_message(who, "x")
        strict.sandbox.stage.floods.mode = "off"
        await bot.edit_message_text("y", who, 2)
        with pytest.raises(telegram.error.BadRequest, match="Message is not modified"):
            await bot.edit_message_text("y", who, 2)
        await strict.client("blocks", user=who, blocked=True)
        with pytest.raises(telegram.error.Forbidden, match="bot was blocked by the user"):
            await bot.send_message(who, "x")


@pytest.fixture(scope="session")
def grammy(pytestconfig: pytest.Config) -> Path:
    """A folder with grammY and the bot; installed from npm once, skipped where that is not possible."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("grammY is not tested: there is no Node.js with npm here")
    assert pytestconfig.cache is not None
    folder = pytestconfig.cache.mkdir("grammy")
    for name in ("package.json", "bot.mjs"):
        shutil.copy(GRAMMY / name, folder / name)
    if not (folder / "node_modules" / "grammy").is_dir():
        options = ["--no-audit", "--no-fund", "--no-package-lock", "--fetch-retries=0"]
        with suppress(subprocess.TimeoutExpired):
            subprocess.run(
                ["npm", "install", *options],
                cwd=folder,
                capture_output=True,
                timeout=INSTALL_SECONDS,
                check=False,
            )
    if not (folder / "node_modules" / "grammy").is_dir():
        pytest.skip("grammY is not tested: npm could not install it")
    return folder


async def test_grammy(driver: Driver, grammy: Path) -> None:
    await driver.bot("getMe")
    process = await asyncio.create_subprocess_exec(
        "node",
        "bot.mjs",
        driver.sandbox.url,
        TOKEN,
        cwd=grammy,
        stdin=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        await _people_talk(driver)
    finally:
        process.terminate()
        _, complaints = await process.communicate()
    assert complaints == b""
