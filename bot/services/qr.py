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
    """The code as SVG to put into a page: a square for each dark module, sharp at any size."""
    matrix = segno.make_qr(text, error="m").matrix
    squares = "".join(
        f"M{x + QUIET_ZONE},{y + QUIET_ZONE}h1v1h-1z"
        for y, row in enumerate(matrix)
        for x, is_dark in enumerate(row)
        if is_dark
    )
    side = len(matrix) + 2 * QUIET_ZONE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" shape-rendering="crispEdges">'
        f'<path d="{squares}"/></svg>'
    )
