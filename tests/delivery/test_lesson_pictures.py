"""The longest lesson, full of pictures: each tap is one edit, and each picture goes up once."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

from PIL import Image

from bot.dialogs import lesson_screens
from bot.i18n import speaking
from bot.services.lessons import course
from bot.services.lessons.cards import MAX_CARDS
from bot.services.lessons.library import read_library
from bot.services.messages import compose
from bot.services.outbox import Outgoing
from tests.conftest import BOT
from tests.delivery.conftest import Stage
from tests.transcript import small_content

PICTURES = 3
LESSON = "safe"


def long_content(folder: Path) -> Path:
    """A lesson of as many cards as there may be; three of them show a picture of their own."""
    content = Path(shutil.copytree(small_content(), folder / "content"))
    lesson = content / "lessons" / LESSON
    for number in range(PICTURES):
        written = io.BytesIO()
        Image.new("RGB", (60, 40), (80 * number, 20, 20)).save(written, "PNG")
        (lesson / f"p{number}.png").write_bytes(written.getvalue())
    cards = []
    for number in range(MAX_CARDS):
        shows = f"\n\n![Look](p{number // 20}.png)" if number % 20 == 5 else ""
        cards.append(f"## Card {number} {{#card_{number}}}\n\nWords.{shows}")
    for locale in ("en", "zh_CN"):
        path = lesson / f"{locale}.md"
        front = path.read_text(encoding="utf-8").split("\n---\n")[0]
        path.write_text("\n\n".join([f"{front}\n---", *cards]) + "\n", encoding="utf-8")
    return content


async def test_each_tap_is_one_edit_and_each_picture_goes_up_once(stage: Stage, tmp_path: Path) -> None:
    content = long_content(tmp_path)
    library = read_library(content)
    lesson = library.lesson(LESSON)
    assert lesson is not None
    cards = lesson.text("en").cards
    who = await stage.driver.started()
    speaker = stage.speaker(content=content)
    place, target = course.begun(LESSON, cards), None
    for _ in range(MAX_CARDS):
        with speaking("en"):
            body = compose(lesson_screens.draw(place, library).message())
        await stage.say(speaker, [Outgoing(BOT, who, body, target=target)])
        row = (await stage.settled())[-1]
        assert row.state == "sent"
        target = {"edit": row.message_id}
        place = course.moved(place, cards, 1)
    calls = (await stage.driver.look("stats"))["calls"]
    assert (calls["sendPhoto"], calls["editMessageMedia"]) == (1, MAX_CARDS - 1)
    assert calls.get("sendMessage", 0) == 0
    assert len(stage.driver.sandbox.stage.files.by_id) == PICTURES
