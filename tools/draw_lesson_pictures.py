"""Draws the pictures of lessons: `python -m tools.draw_lesson_pictures`, whenever their words change."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw

from bot.services.charts import FONT
from bot.services.lettering import fitted, font_of

LESSONS: Final = Path(__file__).resolve().parents[1] / "content" / "lessons"
SIZE: Final = (1200, 760)
EDGE: Final = 36
HEAD: Final = 190  # dots of a panel that its sign and number take

_GROUND, _WHITE, _INK = "#f4f6f7", "#ffffff", "#1d2733"
_GREEN, _ORANGE, _RED, _BLUE = "#2f8f5b", "#d9822b", "#b3392f", "#1f5f8b"


@dataclass(frozen=True, slots=True)
class Panel:
    """One step: its colour, what stands large on top, and what it says below, a line each."""

    colour: str
    sign: str
    title: str
    lines: tuple[str, ...]


PICTURES: Final = {
    "heat_stroke/stages.zh_CN.png": (
        Panel(_GREEN, "1", "先兆", ("口渴、头晕", "出很多汗", "没力气", "→ 停下", "→ 阴凉处喝水")),
        Panel(
            _ORANGE,
            "38 ℃",
            "轻症",
            ("恶心想吐", "脸红发烫", "→ 今天收工", "→ 湿毛巾、扇风", "→ 不好就去医院"),
        ),
        Panel(
            _RED,
            "40 ℃",
            "重症",
            ("糊涂、叫不醒", "皮肤又干又烫", "→ 马上打 120", "→ 边等边降温", "→ 侧躺，别灌水"),
        ),
    ),
    "heat_stroke/stages.en.png": (
        Panel(
            _GREEN, "1", "The signs", ("thirsty, dizzy", "sweating hard", "weak", "→ stop", "→ shade, water")
        ),
        Panel(
            _ORANGE,
            "38 °C",
            "Mild",
            ("feeling sick", "red and hot", "→ go home", "→ wet towel", "→ or a doctor"),
        ),
        Panel(
            _RED,
            "40 °C",
            "Severe",
            ("hard to wake", "skin dry and hot", "→ call 120 now", "→ cool them", "→ on the side"),
        ),
    ),
    "injury_first_hour/steps.zh_CN.png": (
        Panel(
            _RED, "1 分钟", "救人", ("挪到路边", "腰颈疼别动", "→ 重伤打 120", "→ 撞车打 122", "→ 着火打 119")
        ),
        Panel(
            _ORANGE,
            "1 小时",
            "留证",
            ("拍现场、车、伤", "截订单", "→ 去医院", "→ 说明送单受伤", "→ 单据全留着"),
        ),
        Panel(
            _BLUE,
            "当天",
            "报案",
            ("接单 App 里", "找“职业伤害”", "→ 一键报案", "→ 身份证、社保卡", "→ 卡住打 12333"),
        ),
    ),
    "injury_first_hour/steps.en.png": (
        Panel(
            _RED,
            "1 min",
            "Help",
            ("off the road", "stay still if", "the back hurts", "→ bad: 120", "→ a crash: 122"),
        ),
        Panel(
            _ORANGE,
            "1 hour",
            "Proof",
            ("photos, video", "the order", "→ see a doctor", "→ say: at work", "→ keep it all"),
        ),
        Panel(
            _BLUE,
            "Today",
            "Report",
            ("in your app:", "职业伤害", "→ report there", "→ ID, social card", "→ stuck? 12333"),
        ),
    ),
}


def draw(panels: tuple[Panel, ...]) -> Image.Image:
    """Panels side by side, to be read from left to right."""
    picture = Image.new("RGB", SIZE, _GROUND)
    pen = ImageDraw.Draw(picture)
    width = (SIZE[0] - EDGE * (len(panels) + 1)) // len(panels)
    for place, panel in enumerate(panels):
        left = EDGE + place * (width + EDGE)
        _panel(pen, left, width, panel)
    return picture


def _panel(pen: ImageDraw.ImageDraw, left: int, width: int, panel: Panel) -> None:
    bottom = SIZE[1] - EDGE
    pen.rounded_rectangle((left, EDGE, left + width, bottom), 28, fill=_WHITE)
    pen.rounded_rectangle((left, EDGE, left + width, EDGE + HEAD), 28, fill=panel.colour)
    pen.rectangle((left, EDGE + HEAD - 28, left + width, EDGE + HEAD), fill=panel.colour)
    middle = left + width / 2
    pen.text((middle, EDGE + 66), panel.sign, fill=_WHITE, font=font_of(FONT, 78), anchor="mm")
    pen.text((middle, EDGE + 148), panel.title, fill=_WHITE, font=font_of(FONT, 50), anchor="mm")
    font = font_of(FONT, 38)
    top = EDGE + HEAD + 58
    for line in panel.lines:
        colour = panel.colour if line.startswith("→") else _INK
        for piece in fitted(line, font, width - 48, 1):
            pen.text((left + 24, top), piece, fill=colour, font=font, anchor="lm")
        top += 88


def main() -> None:
    """Write all of them into the content."""
    for name, panels in PICTURES.items():
        # 64 colours are plenty for flat areas, and a third of the bytes for a phone on the road.
        draw(panels).quantize(64).save(LESSONS / name, optimize=True)


if __name__ == "__main__":
    main()
