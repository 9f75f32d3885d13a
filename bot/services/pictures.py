"""Pictures that people sent, drawn anew: nothing but what one sees is kept, no place, no time, no device."""

from __future__ import annotations

import io
import warnings
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

# Telegram itself scales photos to 2560 pixels; enough to read a screenshot's small print.
LONGEST_SIDE: Final = 2560
# A 12 x 9 thousand pixel camera: beyond it a small file could unpack to gigabytes.
MOST_PIXELS: Final = 108_000_000
# The other formats unpack whole, four bytes a pixel; a screenshot has a tenth of this.
MOST_UNPACKED_PIXELS: Final = 40_000_000
QUALITY: Final = 88
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
MIME: Final = "image/jpeg"


class NoPicture(Exception):
    """These bytes are no picture that can be shown, or one that is too large to unpack."""


def is_picture(content: bytes) -> bool:
    """Whether bytes begin as a picture does."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS):
            return True
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return False


def redrawn(content: bytes) -> bytes:
    """The picture as a JPEG of at most 2560 pixels a side, upright, with nothing written into it.

    Raises NoPicture for what is none, is broken, or would unpack to more than a camera makes.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            return _redrawn(content)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise NoPicture from None


def _redrawn(content: bytes) -> bytes:
    with Image.open(io.BytesIO(content), formats=FORMATS) as opened:
        most = MOST_PIXELS if opened.format == "JPEG" else MOST_UNPACKED_PIXELS
        if opened.width * opened.height > most:
            raise NoPicture
        # A JPEG unpacks straight to about the size that is wanted.
        opened.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        picture = ImageOps.exif_transpose(opened)
        picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        plain = Image.new("RGB", picture.size, "white")
        layer = picture.convert("RGBA")
        plain.paste(layer, mask=layer.getchannel("A"))
    written = io.BytesIO()
    plain.save(written, "JPEG", quality=QUALITY)
    return written.getvalue()
