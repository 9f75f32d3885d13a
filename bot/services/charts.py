"""Pictures of figures, for a phone: bars, lines, tables, each as the bytes of a PNG.

Every text comes worded and every number comes written, in the reader's language. Characters that the font of
the content does not have (emoji, rare ones) are left out rather than drawn as boxes.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

FONT: Final = Path(__file__).resolve().parents[2] / "content" / "fonts" / "NotoSansSC-subset.otf"

WIDTH: Final = 7.2
"""In inches; with DOTS_PER_INCH as wide as a phone shows without scaling up."""
DOTS_PER_INCH: Final = 150
MOST_ROWS: Final = 30
"""More bars or lines of a table than that are no picture any more; the rest is left out."""
MOST_POINTS: Final = 120
MOST_LINES: Final = 6
LONGEST_LABEL: Final = 11
"""In Chinese characters; a Latin letter takes about half of one."""

# A dark blue, an orange and so on that stay apart for the colour-blind and on a bright screen outdoors.
_COLOURS: Final = ("#1f5f8b", "#d9702b", "#3a8f5c", "#8a4f9e", "#b3392f", "#6b6b6b")
# The font is cut down to one dash.
_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2012\u2013\u2014\u2212"), "-")
_INK, _FAINT, _RULE, _STRIPE = "#1d2733", "#66717d", "#d5dbe1", "#f3f6f8"
_MARGIN: Final = 0.03  # of the width
_LINES_HEIGHT: Final = 8  # rows
_LAST_NARROW: Final = 0x2E7F  # Chinese characters and punctuation begin behind it
_TITLE_SIZE, _TEXT_SIZE, _NOTE_SIZE = 15, 11.5, 9
_TOP, _BOTTOM, _ROW = 0.75, 0.45, 0.42  # inches: above, below, and for each row


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: what it is of, how long it is (None where that is not told), and its value as written."""

    label: str
    value: float | None
    shown: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its name, and a value for each point (None leaves a gap)."""

    name: str
    values: Sequence[float | None]


def bars(title: str, rows: Sequence[Bar], *, most: float | None = None, note: str = "") -> bytes:
    """Bars from the left, one under another, the first on top. `most` is the value of a whole width."""
    rows = rows[:MOST_ROWS]
    figure, axes = _canvas(title, len(rows), note)
    longest = max([most or 0.0, *(bar.value or 0.0 for bar in rows)]) or 1.0
    axes.set_xlim(0, longest * 1.18)  # so that the longest bar's value fits behind it
    axes.set_ylim(max(1, len(rows)) - 0.5, -0.5)
    for place, bar in enumerate(rows):
        value = max(0.0, bar.value or 0.0)
        axes.barh(place, value, height=0.62, color=_COLOURS[0])
        axes.text(
            value + longest * 0.015,
            place,
            drawable(bar.shown),
            va="center",
            color=_INK,
            fontproperties=_font(),
        )
    axes.set_yticks(range(len(rows)), [_label(bar.label) for bar in rows], fontproperties=_font())
    axes.set_xticks([])
    axes.tick_params(length=0, labelcolor=_INK)
    return _png(figure)


def lines(title: str, points: Sequence[str], rows: Sequence[Line], *, note: str = "") -> bytes:
    """Lines over points named from left to right (days, weeks). ValueError where a line has other points."""
    if any(len(line.values) != len(points) for line in rows):
        raise ValueError("a line needs a value or None for each point")
    points, rows = points[:MOST_POINTS], rows[:MOST_LINES]
    figure, axes = _canvas(title, _LINES_HEIGHT, note, left=0.08)
    for line, colour in zip(rows, _COLOURS, strict=False):
        values = [float("nan") if value is None else value for value in line.values[:MOST_POINTS]]
        axes.plot(range(len(points)), values, color=colour, linewidth=2.2, marker="o", markersize=4)
        _name_line(axes, line, colour)
    axes.set_xlim(-0.3, max(1.0, len(points) * 1.16))
    axes.set_ylim(bottom=0)
    step = max(1, len(points) // 6)
    axes.set_xticks(
        range(0, len(points), step), [_label(one) for one in points[::step]], fontproperties=_font()
    )
    for number in axes.get_yticklabels():
        number.set_fontproperties(_font())
    axes.grid(axis="y", color=_RULE, linewidth=0.8)
    axes.tick_params(length=0, labelcolor=_FAINT)
    return _png(figure)


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]], *, note: str = "") -> bytes:
    """A table, the first column on the left, the others on the right. ValueError where a row does not fit."""
    if any(len(row) != len(columns) for row in rows):
        raise ValueError("each row needs a cell for each column")
    rows = rows[:MOST_ROWS]
    figure, axes = _canvas(title, len(rows) + 1, note, left=_MARGIN)
    axes.set_xlim(0, 1)
    axes.set_ylim(len(rows) + 0.5, -0.5)
    first = 0.34 if len(columns) > 2 else 0.6
    places = [
        0.01,
        *(first + (0.99 - first) * number / (len(columns) - 1) for number in range(1, len(columns))),
    ]
    for place, row in enumerate([columns, *rows]):
        if place % 2 == 0:
            axes.axhspan(place - 0.5, place + 0.5, color=_STRIPE, linewidth=0)
        for at, cell in zip(places, row, strict=True):
            side = "left" if at == places[0] else "right"
            colour = _FAINT if place == 0 else _INK
            axes.text(at, place, _label(cell), ha=side, va="center", color=colour, fontproperties=_font())
    axes.set_xticks([])
    axes.set_yticks([])
    return _png(figure)


def drawable(text: str) -> str:
    """A text on one line without the characters that the font does not have."""
    known = _characters()
    text = text.translate(_DASHES)
    return " ".join("".join(each for each in text if ord(each) in known or each.isspace()).split())


# -- How they are drawn ----------------------------------------------------------------


@cache
def _matplotlib() -> Any:
    """Loaded when the first picture is drawn: it takes half a second and 40 MB."""
    import matplotlib as mpl

    mpl.use("Agg")
    mpl.rcParams["text.parse_math"] = False  # a dollar sign in a name is a dollar sign
    mpl.rcParams["axes.unicode_minus"] = False
    return mpl


@cache
def _font(size: float = _TEXT_SIZE) -> Any:
    _matplotlib()
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(FONT), size=size)


@cache
def _characters() -> frozenset[int]:
    _matplotlib()
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(FONT)).get_charmap())


def _canvas(title: str, rows: int, note: str, left: float = 0.27) -> tuple[Any, Any]:
    """A figure with its title and note, and axes between them that are `rows` rows high."""
    _matplotlib()
    from matplotlib.figure import Figure

    height = _TOP + _BOTTOM + _ROW * max(2, rows)
    figure = Figure(figsize=(WIDTH, height), dpi=DOTS_PER_INCH, facecolor="white")
    axes = figure.add_axes((left, _BOTTOM / height, 1 - _MARGIN - left, 1 - (_TOP + _BOTTOM) / height))
    for spine in axes.spines.values():
        spine.set_visible(False)
    title_font, note_font = _font(_TITLE_SIZE), _font(_NOTE_SIZE)
    figure.text(
        _MARGIN, 1 - 0.38 / height, drawable(title), va="center", color=_INK, fontproperties=title_font
    )
    figure.text(_MARGIN, 0.2 / height, drawable(note), va="center", color=_FAINT, fontproperties=note_font)
    return figure, axes


def _name_line(axes: Any, line: Line, colour: str) -> None:
    """The name behind the last value, in the colour of the line: no legend to look up."""
    known = [(place, value) for place, value in enumerate(line.values[:MOST_POINTS]) if value is not None]
    if not known:
        return
    place, value = known[-1]
    axes.annotate(
        _label(line.name),
        (place, value),
        (8, 0),
        textcoords="offset points",
        va="center",
        color=colour,
        fontproperties=_font(),
    )


def _label(text: str) -> str:
    text = drawable(text)
    width = 0.0
    for place, character in enumerate(text):
        width += 1 if ord(character) > _LAST_NARROW else 0.55
        if width > LONGEST_LABEL:
            return text[: place - 1] + "…"
    return text


def _png(figure: Any) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    out = io.BytesIO()
    # Nothing of the machine goes into the file, and the same figures make the same bytes.
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(out, metadata={"Software": None})
    return out.getvalue()
