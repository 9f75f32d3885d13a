"""A printable sheet of QR codes: one for each station, to be cut out and put on its door.

Pages are A4 at 300 dots an inch, twelve stations each, black on white.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import segno
from PIL import Image, ImageDraw

from bot.services.lettering import fitted, font_of
from bot.services.stations.catalogue import Catalogue
from bot.services.stations.model import Station

DOTS_PER_INCH: Final = 300
_MM: Final = DOTS_PER_INCH / 25.4  # dots

PAGE: Final = (round(210 * _MM), round(297 * _MM))
MARGIN: Final = round(10 * _MM)
COLUMNS: Final = 3
ROWS: Final = 4
PER_PAGE: Final = COLUMNS * ROWS
CELL: Final = ((PAGE[0] - 2 * MARGIN) // COLUMNS, (PAGE[1] - 2 * MARGIN) // ROWS)
PADDING: Final = round(3 * _MM)
CODE_SIDE: Final = round(36 * _MM)
"""At most; a phone at arm's length reads a code of 25 mm."""
QUIET_ZONE: Final = 4  # modules around a code, ISO/IEC 18004

LINK: Final = "https://t.me/{bot}?start=st_{station}"
_BOT_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{4,31}")

_WHITE, _BLACK = 255, 0


@dataclass(frozen=True, slots=True)
class _Style:
    """Size of a text in points, and the most lines it may take."""

    points: float
    lines: int


_NAME: Final = _Style(10.5, 2)
_DETAIL: Final = _Style(7.5, 2)
_CAPTION: Final = _Style(6.5, 1)


@dataclass(frozen=True, slots=True)
class Sheet:
    """How stations are printed: for which bot (its @name without @), in which language, with what below
    each code; `link` of the bot and a station's id is what the code says."""

    bot: str
    catalogue: Catalogue
    font: Path
    locale: str = "zh_CN"
    caption: str = ""
    link: Callable[[str, str], str] | None = None

    def __post_init__(self) -> None:
        if not _BOT_NAME.fullmatch(self.bot):
            raise ValueError("a bot's name has 5 to 32 letters, digits and _")


def station_link(bot: str, station_id: str) -> str:
    """The link that opens a station in the chat with the bot."""
    return LINK.format(bot=bot, station=station_id)


def write_sheet(
    path: Path, stations: Sequence[Station], sheet: Sheet, progress: Callable[[int], None] | None = None
) -> list[Path]:
    """Writes a PDF, or a PNG for each page (name-1.png, name-2.png … where there are several); gives the
    files.

    `progress` is told the number of pages drawn. Raises ValueError for no stations or another ending."""
    if not stations:
        raise ValueError("there are no stations to print")
    pages = _told(_pages(stations, sheet), progress)
    if path.suffix.lower() == ".pdf":
        first = next(pages)
        first.save(path, "PDF", resolution=DOTS_PER_INCH, save_all=True, append_images=pages)
        return [path]
    if path.suffix.lower() != ".png":
        raise ValueError("a sheet can be written to .pdf or .png")
    several = len(stations) > PER_PAGE
    written = []
    for number, page in enumerate(pages, start=1):
        target = path.with_stem(f"{path.stem}-{number}") if several else path
        page.save(target, "PNG", dpi=(DOTS_PER_INCH, DOTS_PER_INCH), optimize=True)
        written.append(target)
    return written


def _told(pages: Iterator[Image.Image], progress: Callable[[int], None] | None) -> Iterator[Image.Image]:
    for number, page in enumerate(pages, start=1):
        yield page
        if progress is not None:
            progress(number)


def _pages(stations: Sequence[Station], sheet: Sheet) -> Iterator[Image.Image]:
    remaining = iter(stations)
    while chosen := list(islice(remaining, PER_PAGE)):
        page = Image.new("L", PAGE, _WHITE)
        for place, station in enumerate(chosen):
            row, column = divmod(place, COLUMNS)
            corner = (MARGIN + column * CELL[0], MARGIN + row * CELL[1])
            _draw_station(page, corner, station, sheet)
        # Two colours: sharp edges for scanners, and a page of 20 kB.
        yield page.convert("1", dither=Image.Dither.NONE)


def _draw_station(page: Image.Image, corner: tuple[int, int], station: Station, sheet: Sheet) -> None:
    draw = ImageDraw.Draw(page)
    left, top = corner
    draw.rectangle((left, top, left + CELL[0], top + CELL[1]), outline=_BLACK, width=1)
    code = _code((sheet.link or station_link)(sheet.bot, station.id))
    page.paste(code, (left + (CELL[0] - code.width) // 2, top + PADDING // 2))
    below = top + PADDING // 2 + code.height
    services = "  ".join(_service_names(station, sheet))
    texts = (
        (sheet.caption, _CAPTION),
        (_title(station, sheet.locale), _NAME),
        (station.address, _DETAIL),
        (services, _DETAIL),
    )
    for text, style in texts:
        if text:
            below = _write(draw, (left, below), text, style, sheet.font)


def _title(station: Station, locale: str) -> str:
    return station.name if locale.startswith("zh") or not station.name_en else station.name_en


def _service_names(station: Station, sheet: Sheet) -> list[str]:
    offered = (sheet.catalogue.service(service) for service in station.services)
    return [service.name(sheet.locale) for service in offered if service is not None]


def _code(link: str) -> Image.Image:
    """The QR code of a link, as large as fits with whole dots for every module."""
    matrix = [bytes(255 if not dark else 0 for dark in row) for row in segno.make_qr(link, error="m").matrix]
    side = len(matrix)
    modules = Image.frombytes("L", (side, side), b"".join(matrix))
    framed = Image.new("L", (side + 2 * QUIET_ZONE, side + 2 * QUIET_ZONE), _WHITE)
    framed.paste(modules, (QUIET_ZONE, QUIET_ZONE))
    dots = CODE_SIDE // framed.width
    return framed.resize((framed.width * dots, framed.height * dots), Image.Resampling.NEAREST)


def _write(
    draw: ImageDraw.ImageDraw, corner: tuple[int, int], text: str, style: _Style, font_file: Path
) -> int:
    """Writes a text centred in its cell below a height; gives the height below it."""
    font = font_of(font_file, round(style.points / 72 * DOTS_PER_INCH))
    left, top = corner
    height = round(font.size * 1.3)
    for line in fitted(text, font, CELL[0] - 2 * PADDING, style.lines):
        draw.text((left + CELL[0] / 2, top + height / 2), line, fill=_BLACK, font=font, anchor="mm")
        top += height
    return top + round(0.6 * _MM)
