"""Pictures that people sent: what is kept shows the same and tells nothing else."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.services.pictures import LONGEST_SIDE, NoPicture, is_picture, redrawn

ORIENTATION = 0x0112
GPS = 0x8825
TURNED = 6


def picture(width: int, height: int, form: str = "JPEG", exif: Image.Exif | None = None) -> bytes:
    """A red picture."""
    written = io.BytesIO()
    made = Image.new("RGB", (width, height), "red")
    made.save(written, form, **({"exif": exif} if exif else {}))
    return written.getvalue()


def bomb(side: int) -> bytes:
    """A PNG of a few hundred bytes that claims to be `side` pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def test_where_and_when_it_was_taken_is_gone() -> None:
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (29.0, 23.0, 4.0)}
    exif[0x0132] = "2026:05:13 14:20:00"
    kept = redrawn(picture(40, 30, exif=exif))
    assert b"2026:05:13" in picture(40, 30, exif=exif)
    assert b"Exif" not in kept
    with Image.open(io.BytesIO(kept)) as shown:
        assert not shown.getexif()
        assert "exif" not in shown.info


def test_it_is_kept_upright() -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = TURNED
    with Image.open(io.BytesIO(redrawn(picture(40, 30, exif=exif)))) as shown:
        assert shown.size == (30, 40)


def test_a_large_one_is_made_as_small_as_telegram_would() -> None:
    with Image.open(io.BytesIO(redrawn(picture(6000, 3000)))) as shown:
        assert shown.size == (LONGEST_SIDE, LONGEST_SIDE // 2)


def test_see_through_parts_become_white() -> None:
    written = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(written, "PNG")
    with Image.open(io.BytesIO(redrawn(written.getvalue()))) as shown:
        assert shown.getpixel((4, 4)) == (255, 255, 255)


@pytest.mark.parametrize("side", [6_400, 20_000, 60_000])
def test_a_small_file_that_unpacks_to_gigabytes_is_refused(side: int) -> None:
    assert len(bomb(side)) < 1000
    with pytest.raises(NoPicture):
        redrawn(bomb(side))


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_any_bytes_are_a_picture_or_refused(noise: bytes) -> None:
    for content in (noise, picture(16, 16)[: len(noise)], picture(16, 16, "PNG")[:60] + noise):
        try:
            kept = redrawn(content)
        except NoPicture:
            continue
        assert is_picture(kept)
