"""What tests of the chat page need: a small bot, a browser's page, and the verbs of a person who uses it."""

import contextlib
import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
from playwright.async_api import Browser, Locator, Page, ViewportSize, expect

from bot.sandbox import RunningSandbox

Json = dict[str, Any]

CHROMIUM = next(
    filter(
        None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))
    ),
    None,
)
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TOKEN = "777000:" + "w" * 35
LANDMARKS = [
    "name,name_en,region,lat,lon",
    "北桥,North Bridge,示例,29.40,106.50",
    "南门,South Gate,示例,29.42,106.53",
]
PATIENCE_MS = 30_000  # for a machine that has much else to do
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}


expect.set_options(timeout=PATIENCE_MS)


@dataclass(slots=True)
class TinyBot:
    """Answers by what it is told; everything else it says back."""

    session: aiohttp.ClientSession
    url: str

    async def call(self, method: str, **parameters: Any) -> Any:
        """One Bot API call; raises AssertionError when it is refused."""
        async with self.session.post(f"{self.url}/bot{TOKEN}/{method}", json=parameters) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def run(self) -> None:
        """Answer updates until cancelled."""
        offset = 0
        while True:
            for update in await self.call("getUpdates", offset=offset, timeout=20):
                offset = update["update_id"] + 1
                if "message" in update:
                    await self.on_message(update["message"])
                elif "callback_query" in update:
                    await self.on_press(update["callback_query"])
                elif "inline_query" in update:
                    await self.on_inline(update["inline_query"])

    async def on_message(self, message: Json) -> None:
        chat = message["chat"]["id"]
        if "location" in message:
            place = message["location"]
            await self.call(
                "sendMessage", chat_id=chat, text=f"at {place['latitude']:.4f} {place['longitude']:.4f}"
            )
            return
        text = message.get("text", "")
        scripted = SCRIPT.get(text)
        if scripted is None:
            await self.call("sendMessage", chat_id=chat, text=f"You said: {text}")
            return
        method, parameters = scripted
        await self.call(method, chat_id=chat, **parameters)

    async def on_press(self, query: Json) -> None:
        message = query["message"]
        place = {"chat_id": message["chat"]["id"], "message_id": message["message_id"]}
        answer: Json = {"callback_query_id": query["id"]}
        match query["data"]:
            case "edit":
                await self.call("editMessageText", **place, text="Now it is different")
            case "page":
                await self.call("editMessageText", **place, text="Next five", reply_markup=BUTTONS)
            case "delete":
                await self.call("deleteMessage", **place)
            case data:
                answer |= {"text": "Charged!", "show_alert": data == "alert"}
        await self.call("answerCallbackQuery", **answer)

    async def on_inline(self, query: Json) -> None:
        content = {"message_text": f"Station {query['query']}"}
        result = {"type": "article", "id": "1", "title": "Riverside", "input_message_content": content}
        await self.call("answerInlineQuery", inline_query_id=query["id"], results=[result])


BUTTONS = {
    "inline_keyboard": [
        [{"text": str(number), "callback_data": "toast"} for number in range(1, 6)],
        [{"text": "🔋 Charge", "callback_data": "toast"}, {"text": "🍱 Hot meal", "callback_data": "alert"}],
        [{"text": "More", "callback_data": "page"}],
        [{"text": "Other", "callback_data": "edit"}, {"text": "Drop", "callback_data": "delete"}],
    ]
}
KEYBOARD = {
    "keyboard": [[{"text": "Where I am", "request_location": True}], [{"text": "plain key"}]],
    "resize_keyboard": True,
    "input_field_placeholder": "A place or a service",
}
SCRIPT: dict[str, tuple[str, Json]] = {
    "/start": ("sendMessage", {"text": "Hello there", "reply_markup": KEYBOARD}),
    "/start st_7": ("sendMessage", {"text": "This is station 7"}),
    "buttons": ("sendMessage", {"text": "Five stations", "reply_markup": BUTTONS}),
    "away": ("sendMessage", {"text": "No keys", "reply_markup": {"remove_keyboard": True}}),
    "name?": ("sendMessage", {"text": "Your name?", "reply_markup": {"force_reply": True}}),
    "think": ("sendChatAction", {"action": "typing"}),
    "link": ("sendMessage", {"text": "https://t.me/wayside_bot?start=st_7"}),
    "hidden": ("sendMessage", {"text": "<b>bold</b> <tg-spoiler>secret</tg-spoiler>", "parse_mode": "HTML"}),
    "quiz": (
        "sendPoll",
        {
            "question": "Braking distance in rain?",
            "options": [{"text": "The same"}, {"text": "About double"}],
            "type": "quiz",
            "correct_option_id": 1,
            "explanation": "Wet roads grip less",
        },
    ),
}


async def newcomer(sandbox: RunningSandbox, name: str) -> int:
    """Create a person. → their id."""
    user = await post(sandbox, "users", {"first_name": name, "language_code": "en"})
    return int(user["id"])


async def post(sandbox: RunningSandbox, path: str, body: Json) -> Json:
    """One /client call; raises AssertionError when it is refused."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{sandbox.url}/client/{path}", json=body) as response,
    ):
        assert response.status == 200, await response.text()
        return dict(await response.json())


@contextlib.asynccontextmanager
async def opened(
    browser: Browser,
    sandbox: RunningSandbox,
    person: int,
    *,
    phone: bool = False,
    dark: bool = False,
    locale: str = "en-GB",
) -> AsyncIterator[Page]:
    """The page in a fresh profile, played as `person`; any error in its scripts fails the test."""
    context = await browser.new_context(
        viewport=PHONE if phone else DESKTOP,
        has_touch=phone,
        is_mobile=phone,
        color_scheme="dark" if dark else "light",
        locale=locale,
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MS)
    errors: list[str] = []
    page = await context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    await page.goto(f"{sandbox.url}/#{person}" if phone else f"{sandbox.url}/#{person}/{person}")
    await page.wait_for_selector("body[data-ready]")
    try:
        yield page
    finally:
        await context.close()
    assert errors == []


async def say(page: Page, text: str) -> None:
    """Type into the composer and send."""
    await page.locator("#input").fill(text)
    await page.keyboard.press("Enter")


def theirs(page: Page) -> Locator:
    """The newest message of others."""
    return page.locator(".message.theirs:not(.typing)").last


async def start(page: Page) -> None:
    """Begin the chat with the bot."""
    await page.get_by_role("button", name=re.compile("^(Start|开始)$")).click()
    await expect(theirs(page)).to_contain_text("Hello there")
