"""QR codes to hold up: large, black on white, with the quiet zone that scanners want."""

from __future__ import annotations

import io
from typing import Final

import segno

QUIET_ZONE: Final = 4  # modules, ISO/IEC 18004
PIXELS: Final = 12
"""The side of a module: a code of some forty modules fills a phone's screen."""


def png(text: str) -> bytes:
    """A picture of the code."""
    out = io.BytesIO()
    segno.make_qr(text, error="m").save(out, kind="png", scale=PIXELS, border=QUIET_ZONE)
    return out.getvalue()


def svg(text: str) -> str:
    """The code as SVG to put into a page."""
    return str(segno.make_qr(text, error="m").svg_inline(border=QUIET_ZONE, omitsize=True))
