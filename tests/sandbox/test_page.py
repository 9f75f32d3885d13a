"""The chat page in a real browser, against a real sandbox and a small bot that speaks plain Bot API."""

import asyncio
import contextlib
import functools
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, FilePayload, Page, async_playwright, expect

from bot.sandbox import RunningSandbox, SandboxSettings, start_sandbox
from tests.sandbox.browsing import (
    CHROMIUM,
    DESKTOP,
    FLAGS,
    LANDMARKS,
    PHONE,
    TinyBot,
    newcomer,
    opened,
    post,
    say,
    start,
    theirs,
)

Visit = Callable[..., AbstractAsyncContextManager[Page]]

HOSTILE = (
    '<img src=x onerror="window.owned=1"><b>[x](javascript:owned)</b> \u202egnp.exe \u0000&lt; javascript:1'
)

if CHROMIUM is None:
    pytest.skip("no Chromium or Chrome on this machine: the page is not tested", allow_module_level=True)

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """One browser for all tests of the page."""
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        await started.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def sandbox(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningSandbox]:
    """One sandbox with two places on its map and the bot at work; every test brings its own people."""
    places = tmp_path_factory.mktemp("page") / "landmarks.csv"
    places.write_text("\n".join(LANDMARKS), encoding="utf-8")
    running = await start_sandbox(SandboxSettings(port=0, flood="off", landmarks=places))
    async with aiohttp.ClientSession() as session:
        bot = TinyBot(session, running.url)
        await bot.call("getMe")
        await bot.call("setMyCommands", commands=[{"command": "start", "description": "Begin anew"}])
        work = asyncio.create_task(bot.run())
        yield running
        work.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await work
    await running.close()


@pytest_asyncio.fixture(loop_scope="module")
async def courier(sandbox: RunningSandbox) -> int:
    """The id of somebody new, who has not talked to the bot yet."""
    return await newcomer(sandbox, "Courier One")


@pytest.fixture
def visit(browser: Browser, sandbox: RunningSandbox, courier: int) -> Visit:
    """Open the page as the courier: `async with visit(phone=True) as page`."""
    return functools.partial(opened, browser, sandbox, courier)


async def test_a_newcomer_starts_and_is_answered(visit: Visit) -> None:
    async with visit() as page:
        await expect(page.locator(".welcome")).to_contain_text("Courier One")
        await expect(page.locator(".demo")).to_be_visible()
        await start(page)
        await say(page, "any rest here?")
        await expect(theirs(page)).to_contain_text("You said: any rest here?")
        await expect(page.locator("#input")).to_have_value("")
        await expect(page.locator(".message.mine").last.locator(".icon-ticks")).to_be_visible()


async def test_every_person_has_their_own_chat(visit: Visit, sandbox: RunningSandbox, courier: int) -> None:
    rider = await newcomer(sandbox, "Rider Two")
    async with visit() as page:
        await start(page)
        await page.locator(f".person[data-user='{rider}']").click()
        await expect(page.locator(".welcome")).to_contain_text("Rider Two")
        await expect(page.locator(".message")).to_have_count(0)
        await page.locator(f".person[data-user='{courier}']").click()
        await expect(theirs(page)).to_contain_text("Hello there")


async def test_a_press_shows_the_answer_as_toast_or_alert(visit: Visit) -> None:
    async with visit() as page:
        await start(page)
        await say(page, "buttons")
        await page.get_by_role("button", name="🔋 Charge").click()
        await expect(page.locator(".toast")).to_have_text("Charged!")
        await page.get_by_role("button", name="🍱 Hot meal").click()
        await expect(page.get_by_role("dialog")).to_contain_text("Charged!")
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)


async def test_an_edit_replaces_the_message_in_place(visit: Visit) -> None:
    async with visit() as page:
        await start(page)
        await say(page, "buttons")
        await page.get_by_role("button", name="Other").click()
        await expect(theirs(page)).to_contain_text("Now it is different")
        await expect(theirs(page).locator(".edited")).to_have_text("edited")
        await expect(page.locator(".key", has_text="Other")).to_have_count(0)


async def test_the_keyboard_focus_stays_on_a_button_that_redraws(visit: Visit) -> None:
    """An edit makes the buttons anew; the focus must not fall back to the top of the page."""
    async with visit() as page:
        await start(page)
        await say(page, "buttons")
        more = page.get_by_role("button", name="More", exact=True)
        await more.focus()
        await page.keyboard.press("Enter")
        await expect(theirs(page)).to_contain_text("Next five")
        await expect(more).to_be_focused()


async def test_a_deleted_message_disappears(visit: Visit) -> None:
    async with visit() as page:
        await start(page)
        await say(page, "buttons")
        await page.get_by_role("button", name="Drop").click()
        await expect(page.locator("#messages")).not_to_contain_text("Five stations")


async def test_typing_shows(visit: Visit) -> None:
    async with visit() as page:
        await start(page)
        await say(page, "think")
        await expect(page.locator(".typing")).to_be_visible()


async def test_a_forced_reply_is_prepared(visit: Visit) -> None:
    async with visit() as page:
        await start(page)
        await say(page, "name?")
        await expect(page.locator("#context")).to_contain_text("Your name?")
        await say(page, "Nova")
        await expect(page.locator(".message.mine .reply")).to_contain_text("Your name?")


async def test_what_was_typed_waits_in_its_chat(visit: Visit, sandbox: RunningSandbox, courier: int) -> None:
    await post(sandbox, "chats", {"type": "group", "title": "Crew", "members": [courier]})
    async with visit() as page:
        await start(page)
        await page.locator("#input").fill("half a thou")
        await page.locator(".chat", has_text="Crew").click()
        await expect(page.locator("#input")).to_have_value("")
        await page.locator(f".chat[data-chat='{courier}']").click()
        await expect(page.locator("#input")).to_have_value("half a thou")


async def test_the_location_key_opens_the_map_and_sends_the_pin(visit: Visit) -> None:
    async with visit() as page:
        await start(page)
        await expect(page.locator("#input")).to_have_attribute("placeholder", "A place or a service")
        await page.get_by_role("button", name="Where I am").click()
        await page.get_by_role("searchbox").fill("South")
        await page.get_by_role("button", name=re.compile("South Gate")).click()
        await page.get_by_role("button", name="Send this location").click()
        await expect(theirs(page)).to_contain_text("at 29.4200 106.5300")
        await expect(page.locator(".message.mine .place")).to_have_count(1)


async def test_a_tap_on_the_map_moves_the_pin_and_is_remembered(visit: Visit) -> None:
    async with visit() as page:
        await start(page)
        await page.locator("#attach").click()
        await page.get_by_role("menuitem", name="Location").click()
        before = await page.locator(".where").text_content()
        await page.locator(".map-frame .map").click(position={"x": 120, "y": 160})
        await expect(page.locator(".where")).not_to_have_text(before or "")
        chosen = await page.locator(".where").text_content()
        await page.get_by_role("button", name="Send this location").click()
        await expect(theirs(page)).to_contain_text("at 29.")
        await page.get_by_role("button", name="Where I am").click()
        await expect(page.locator(".where")).to_have_text(chosen or "")


async def test_a_reply_keyboard_speaks_and_goes_away(visit: Visit) -> None:
    async with visit() as page:
        await start(page)
        await page.get_by_role("button", name="plain key").click()
        await expect(theirs(page)).to_contain_text("You said: plain key")
        await say(page, "away")
        await expect(page.locator("#keyboard")).to_be_hidden()
        await expect(page.locator("#keys-button")).to_be_hidden()


async def test_the_keyboard_of_one_chat_stays_out_of_another(
    visit: Visit, sandbox: RunningSandbox, courier: int
) -> None:
    """The private chat's keys once stayed below the composer when a group was opened."""
    await post(sandbox, "chats", {"type": "group", "title": "Crew", "members": [courier]})
    async with visit() as page:
        await start(page)
        await expect(page.locator("#keyboard")).to_be_visible()
        await page.locator(".chat", has_text="Crew").click()
        await expect(page.locator("#keyboard")).to_be_hidden()


async def test_a_quiz_shows_whether_one_was_right(visit: Visit) -> None:
    async with visit() as page:
        await start(page)
        await say(page, "quiz")
        await page.get_by_role("button", name="About double").click()
        await expect(page.locator(".toast")).to_contain_text("Right!")
        await expect(page.locator(".outcome.right")).to_contain_text("About double")
        await expect(page.locator(".explanation")).to_have_text("Wet roads grip less")


async def test_hostile_text_is_only_text(visit: Visit, sandbox: RunningSandbox, courier: int) -> None:
    await newcomer(sandbox, HOSTILE[:60])
    await post(sandbox, "chats", {"type": "group", "title": HOSTILE[:100], "members": [courier]})
    for text in (HOSTILE, "x" * 4000):
        await post(sandbox, "messages", {"from": courier, "chat": courier, "text": text})
    async with visit() as page:
        await expect(page.locator(".message.mine").first).to_contain_text(
            '<img src=x onerror="window.owned=1">'
        )
        assert await page.locator("#messages img, #messages b, #side img").count() == 0
        assert await page.evaluate("window.owned") is None
        assert await page.evaluate("document.documentElement.scrollWidth") == DESKTOP["width"]


async def test_a_spoiler_hides_until_tapped(visit: Visit) -> None:
    async with visit() as page:
        await start(page)
        await say(page, "hidden")
        await expect(theirs(page).locator("strong")).to_have_text("bold")
        spoiler = theirs(page).locator(".spoiler")
        await expect(spoiler.locator("span")).to_have_css("opacity", "0")
        await spoiler.click()
        await expect(spoiler.locator("span")).to_have_css("opacity", "1")


async def test_a_deep_link_speaks_to_the_bot_instead_of_leaving(
    visit: Visit, sandbox: RunningSandbox
) -> None:
    async with visit() as page:
        await start(page)
        await say(page, "link")
        await theirs(page).get_by_role("button", name="t.me/").click()
        await expect(theirs(page)).to_contain_text("This is station 7")
        assert page.url.startswith(sandbox.url)


LINKS = {
    "https://t.me/wayside_bot?start=st_1": "start",
    "t.me/wayside_bot": "start",
    "tg://resolve?domain=wayside_bot&start=x": "start",
    "https://t.me/wayside_bot?startgroup=x": "startgroup",
    "https://t.me/share/url?url=https://example.org": "share",
    "tg://user?id=7": "user",
    "https://example.org/a": "web",
    "javascript:alert(1)": "none",
    "data:text/html,x": "none",
    "https://": "none",
}


async def test_links_are_sorted(visit: Visit) -> None:
    async with visit() as page:
        sort = (
            "links => import('/page/links.js').then(({classify}) => links.map(link => classify(link).kind))"
        )
        assert await page.evaluate(sort, list(LINKS)) == list(LINKS.values())


READABLE = {
    "https://example.org/%E9%A9%BF%E7%AB%99?to=%2C": "https://example.org/驿站?to=%2C",
    "https://example.org/%E2%80%AEgro": "https://example.org/%E2%80%AEgro",
    "https://example.org/%E9%A9": "https://example.org/%E9%A9",
}


async def test_an_address_is_shown_as_people_read_it(visit: Visit) -> None:
    """Directions to a station asked to open a wall of percent signs. What turns text around stays coded."""
    async with visit() as page:
        read = "links => import('/page/links.js').then(({readable}) => links.map(readable))"
        assert await page.evaluate(read, list(READABLE)) == list(READABLE.values())


async def test_one_begins_where_the_hint_says_to_try_it(visit: Visit) -> None:
    """The hint said Lijiatuo, and the map opened in another province."""
    far = {"name": "赣州", "name_en": "Ganzhou", "lat": "25.85", "lon": "114.93"}
    near = {"name": "李家沱", "name_en": "Lijiatuo", "lat": "29.47", "lon": "106.54"}
    listed = [far] * 5 + [near | {"name": f"李家沱{number}"} for number in range(3)] + [near]
    async with visit() as page:
        await page.route("**/page/landmarks.json", lambda route: route.fulfill(json=listed))
        begin = """async (people) => {
            const places = await import("/page/places.js");
            await places.loadLandmarks();
            return people.map((person) => places.lastPlace(person).latitude);
        }"""
        assert await page.evaluate(begin, [1, 2, 3, 4]) == [29.47] * 4


async def test_inline_results_are_offered_and_sent(visit: Visit) -> None:
    async with visit() as page:
        await start(page)
        await page.locator("#input").fill("@wayside_bot river")
        await page.get_by_role("button", name="Riverside").click()
        await expect(page.locator(".message.mine").last).to_contain_text("Station river")
        await expect(page.locator(".message.mine").last).to_contain_text("via @wayside_bot")


async def test_the_slash_lists_the_commands(visit: Visit) -> None:
    async with visit() as page:
        await start(page)
        await page.locator("#input").press_sequentially("/st")
        await page.get_by_role("button", name="/start Begin anew").click()
        await expect(page.locator(".message.mine")).to_have_count(2)


async def test_the_commands_give_way_to_the_messages_and_to_files(visit: Visit) -> None:
    """The list stayed over half of a phone while somebody tapped buttons above it."""
    async with visit(phone=True) as page:
        await page.locator(".chat").first.click()
        await start(page)
        suggestions = page.locator("#suggestions")
        for elsewhere in (theirs(page), page.locator("#attach")):
            await page.locator("#input").press_sequentially("/")
            await expect(suggestions).to_be_visible()
            await elsewhere.click()
            await expect(suggestions).to_be_hidden()
            await page.locator("#input").fill("")


async def test_pictures_become_an_album(visit: Visit) -> None:
    async with visit() as page:
        await start(page)
        await page.locator("#attach").click()
        async with page.expect_file_chooser() as chooser:
            await page.get_by_role("menuitem", name="Photos").click()
        pixels = await page.screenshot()
        pictures: list[FilePayload] = [
            {"name": name, "mimeType": "image/png", "buffer": pixels} for name in ("p.png", "q.png")
        ]
        await (await chooser.value).set_files(pictures)
        await expect(page.locator(".message.mine .album img")).to_have_count(2)


async def test_why_a_picture_was_not_sent_is_said_in_the_language_of_the_page(visit: Visit) -> None:
    async with visit(locale="zh-CN") as page:
        await page.get_by_role("button", name="开始", exact=True).click()
        await page.locator("#attach").click()
        async with page.expect_file_chooser() as chooser:
            await page.get_by_role("menuitem", name="图片").click()
        broken: FilePayload = {"name": "p.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
        await (await chooser.value).set_files([broken])
        await expect(page.get_by_text("没发出去：这不是图片")).to_be_visible()


async def test_blocking_takes_the_composer_away(visit: Visit) -> None:
    async with visit() as page:
        await start(page)
        await page.locator("#chat-menu").click()
        await page.get_by_role("menuitem", name="Block the bot").click()
        await expect(page.locator("#composer")).to_be_hidden()
        await page.get_by_role("button", name="Unblock the bot").click()
        await expect(page.locator("#composer")).to_be_visible()


async def test_own_messages_can_be_edited_and_answered(visit: Visit) -> None:
    async with visit() as page:
        await start(page)
        await say(page, "frist")
        await expect(theirs(page)).to_contain_text("You said: frist")
        await page.locator(".message.mine .bubble").last.click(button="right")
        await page.get_by_role("menuitem", name="Edit").click()
        await expect(page.locator("#input")).to_have_value("frist")
        await say(page, "first")
        await expect(page.locator(".message.mine").last).to_contain_text("first")
        await theirs(page).locator(".bubble").click(button="right")
        await page.get_by_role("menuitem", name="Reply").click()
        await say(page, "thanks")
        await expect(page.locator(".message.mine .reply").last).to_contain_text("You said: frist")


async def test_new_people_and_groups(visit: Visit) -> None:
    async with visit() as page:
        await page.locator("#new-person").click()
        await page.get_by_label("Name", exact=True).fill("Nova")
        await page.get_by_role("button", name="Create").click()
        await expect(page.locator(".welcome")).to_contain_text("Nova")
        await page.locator("#new-group").click()
        await page.get_by_label("Group name").fill("Night shift")
        await page.get_by_role("button", name="Create").click()
        await expect(page.locator("#chat-who")).to_contain_text("Night shift")
        await expect(page.locator(".pill.service").last).to_contain_text("Wayside joined")


async def test_a_group_that_moves_is_followed(visit: Visit, sandbox: RunningSandbox, courier: int) -> None:
    group = await post(sandbox, "chats", {"type": "group", "title": "Crew", "members": [courier]})
    async with visit() as page:
        await page.locator(f".chat[data-chat='{group['id']}']").click()
        moved = await post(sandbox, "chats", {"id": group["id"], "type": "supergroup"})
        await expect(page).to_have_url(re.compile(f"{moved['id']}$"))
        await expect(page.locator(".pill.service").last).to_have_text("The group became a supergroup")


async def test_a_phone_shows_one_pane_without_sideways_scrolling(visit: Visit) -> None:
    async with visit(phone=True) as page:
        await expect(page.locator("#talk")).to_be_hidden()
        await page.locator(".chat").first.click()
        await start(page)
        await say(page, "buttons")
        await expect(theirs(page)).to_contain_text("Five stations")
        assert await page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
        for key in await page.locator(".key, #composer .round:visible").all():
            box = await key.bounding_box()
            assert box is not None
            assert box["height"] >= 44
        await expect(page.locator(".key", has_text="Other")).to_be_in_viewport()
        await page.go_back()
        await expect(page.locator("#side")).to_be_visible()


async def test_the_language_switches_and_is_remembered(visit: Visit) -> None:
    async with visit(locale="zh-CN") as page:
        await expect(page.locator("#playing")).to_contain_text("你现在是 Courier One")
        await page.locator("#language").click()
        await expect(page.locator("#playing")).to_contain_text("You are Courier One")
        await expect(page.get_by_role("button", name="Start", exact=True)).to_be_visible()
        await page.reload()
        await expect(page.locator("#playing")).to_contain_text("You are Courier One")


async def test_both_languages_say_everything(visit: Visit) -> None:
    async with visit() as page:
        words = "import('/page/words.js').then(({WORDS}) => WORDS)"
        both = await page.evaluate(words)
        assert sorted(both["en"]) == sorted(both["zh"])


async def test_dark_follows_the_system_and_can_be_switched(visit: Visit) -> None:
    async with visit(dark=True) as page:
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        await page.locator("#theme").click()
        await expect(page.locator("html")).to_have_attribute("data-theme", "light")
        await page.reload()
        await expect(page.locator("html")).to_have_attribute("data-theme", "light")


async def test_the_page_waits_for_a_restarted_sandbox(browser: Browser) -> None:
    first = await start_sandbox(SandboxSettings(port=0))
    person = await newcomer(first, "Courier One")
    async with opened(browser, first, person) as page:
        await expect(page.locator("#playing")).to_contain_text("You are Courier One")
        await first.close()
        await expect(page.locator("#banner")).to_be_visible()
        second = await start_sandbox(SandboxSettings(port=first.port))
        await newcomer(second, "Courier Anew")
        await expect(page.locator("#banner")).to_be_hidden()
        await expect(page.locator("#playing")).to_contain_text("You are Courier Anew")
    await second.close()
