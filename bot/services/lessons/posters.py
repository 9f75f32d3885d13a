"""What a lesson looks like on paper: a card to share in a group, and certificates."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from bot.services.charts import FONT, drawable
from bot.services.lettering import fitted, font_of

# The shape in which chats show a picture whole.
CARD: Final = (1200, 800)
# A4 on its side at 150 dots an inch.
PAPER: Final = (1754, 1240)
PAPER_DOTS: Final = 150
MARGIN: Final = 90

_GROUND, _INK, _FAINT, _WHITE = "#0f4c5c", "#1d2733", "#66717d", "#ffffff"
_ACCENT: Final = "#f2a541"
_PALE: Final = "#cfe3e8"
_LEADING: Final = 1.4

Draw = ImageDraw.ImageDraw


@dataclass(frozen=True, slots=True)
class ShareCard:
    """A lesson's card, worded: small line above, title, what it gives, who recommends it, the bot's @name."""

    above: str
    title: str
    summary: str
    by: str
    username: str


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certificate, worded. `called` is the name on it, or empty; `code` is what /verify checks."""

    heading: str
    called: str
    words: str
    what: str
    extent: str
    date: str
    code: str
    check: str


def share_card(card: ShareCard) -> bytes:
    """The card as a PNG."""
    picture = Image.new("RGB", CARD, _GROUND)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 18, CARD[1]), fill=_ACCENT)
    top = _write(draw, MARGIN, card.above, 38, _ACCENT, 1)
    top = _write(draw, top + 30, card.title, 84, _WHITE, 3)
    _write(draw, top + 20, card.summary, 44, _PALE, 4)
    foot = CARD[1] - MARGIN
    draw.text((MARGIN, foot), drawable(card.by), fill=_PALE, font=font_of(FONT, 36), anchor="ls")
    name = f"@{card.username}"
    draw.text((CARD[0] - MARGIN, foot), name, fill=_WHITE, font=font_of(FONT, 40), anchor="rs")
    return _png(picture)


def certificate(paper: Certificate) -> Image.Image:
    """The certificate as a picture of A4 paper on its side."""
    picture = Image.new("RGB", PAPER, _WHITE)
    draw = ImageDraw.Draw(picture)
    for inset, width in ((40, 8), (60, 2)):
        frame = (inset, inset, PAPER[0] - inset, PAPER[1] - inset)
        draw.rectangle(frame, outline=_GROUND, width=width)
    top = _centred(draw, 170, paper.heading, 92, _GROUND)
    if paper.called:
        top = _centred(draw, top + 40, paper.called, 72, _INK)
    top = _centred(draw, top + 30, paper.words, 40, _FAINT)
    top = _centred(draw, top + 20, paper.what, 78, _INK)
    _centred(draw, top + 10, paper.extent, 34, _FAINT)
    foot = PAPER[1] - 150
    draw.text((150, foot), drawable(paper.date), fill=_INK, font=font_of(FONT, 38), anchor="ls")
    draw.text((PAPER[0] - 150, foot), paper.code, fill=_INK, font=font_of(FONT, 44), anchor="rs")
    small = font_of(FONT, 26)
    draw.text((PAPER[0] - 150, foot + 44), drawable(paper.check), fill=_FAINT, font=small, anchor="rs")
    return picture


def as_png(paper: Image.Image) -> bytes:
    """A picture to look at."""
    return _png(paper)


def as_pdf(paper: Image.Image) -> bytes:
    """A page to print."""
    written = io.BytesIO()
    paper.save(written, "PDF", resolution=PAPER_DOTS)
    return written.getvalue()


def _write(draw: Draw, top: int, text: str, size: int, colour: str, most: int) -> int:
    """Lines from the left; gives the height below them."""
    font = font_of(FONT, size)
    for line in fitted(drawable(text), font, CARD[0] - 2 * MARGIN, most):
        draw.text((MARGIN, top), line, fill=colour, font=font, anchor="la")
        top += round(size * _LEADING)
    return top


def _centred(draw: Draw, top: int, text: str, size: int, colour: str) -> int:
    font = font_of(FONT, size)
    for line in fitted(drawable(text), font, PAPER[0] - 4 * MARGIN, 2):
        draw.text((PAPER[0] / 2, top), line, fill=colour, font=font, anchor="ma")
        top += round(size * _LEADING)
    return top


def _png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()
