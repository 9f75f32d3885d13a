"""QR codes as pictures and as SVG show the same modules."""

from __future__ import annotations

import io
import re

import segno
from PIL import Image

from bot.services.qr import PIXELS, QUIET_ZONE, png, svg

LINK = "https://t.me/wayside_bot?start=in_ss1_0123456789abcdef"


def _expected() -> set[tuple[int, int]]:
    matrix = segno.make_qr(LINK, error="m").matrix
    return {
        (x + QUIET_ZONE, y + QUIET_ZONE) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark
    }


def test_the_svg_fills_a_square_for_every_dark_module() -> None:
    """A path of strokes was filled by the browser: between the strokes stood triangles."""
    drawn = svg(LINK)
    assert {(int(x), int(y)) for x, y in re.findall(r"M(\d+),(\d+)h1v1h-1z", drawn)} == _expected()
    assert "stroke" not in drawn


def test_the_picture_shows_the_same() -> None:
    picture = Image.open(io.BytesIO(png(LINK))).convert("L")
    side = picture.width // PIXELS
    dark = {
        (x, y)
        for x in range(side)
        for y in range(side)
        if picture.getpixel((x * PIXELS + PIXELS // 2, y * PIXELS + PIXELS // 2)) == 0
    }
    assert dark == _expected()
