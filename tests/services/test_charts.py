"""Pictures of figures: whatever is in the texts, a PNG that fits a phone, without boxes for letters."""

from __future__ import annotations

import io
import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.i18n import LOCALES_DIR
from bot.services import charts
from bot.services.charts import Bar, Line
from bot.settings import ROOT

HAN = re.compile(r"[\u3001-\u301f\u4e00-\u9fff\uff01-\uff5e]")


def size(png: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(png)) as picture:
        picture.verify()
        assert picture.format == "PNG"
        return picture.size


def test_all_three_fit_a_phone() -> None:
    drawn = [
        charts.bars(
            "诉求", [Bar("停车", 3, "3 件"), Bar("充电", None, "不足 5 件")], note="不足 5 件的不单列"
        ),
        charts.lines("近两周", ["上周", "本周"], [Line("收到", [3, None]), Line("解决", [1, 2])]),
        charts.table("按种类", ["种类", "件数"], [["停车", "12"]]),
    ]
    assert {size(png)[0] for png in drawn} == {round(charts.WIDTH * charts.DOTS_PER_INCH)}
    assert all(len(png) < 100_000 for png in drawn)


def test_the_same_figures_make_the_same_bytes() -> None:
    rows = [Bar("停车", 3, "3")]
    assert charts.bars("诉求", rows) == charts.bars("诉求", rows)


@given(st.text(max_size=60), st.none() | st.floats(allow_nan=False, allow_infinity=False, width=16))
@settings(max_examples=20)
def test_no_text_breaks_a_picture(text: str, value: float | None) -> None:
    assert size(charts.bars(text, [Bar(text, value, text), Bar("$\\frac{", 1, "$x$")], note=text))


def test_nothing_at_all_is_a_picture_too() -> None:
    assert size(charts.bars("诉求", []))
    assert size(charts.lines("诉求", [], []))
    assert size(charts.table("诉求", ["a", "b"], []))


def test_too_many_rows_are_left_out() -> None:
    rows = [Bar(str(number), number, "") for number in range(500)]
    assert size(charts.bars("", rows)) == size(charts.bars("", rows[: charts.MOST_ROWS]))


@pytest.mark.parametrize("rows", [[["1"]], [["1", "2", "3"]]])
def test_a_row_that_does_not_fit_is_refused(rows: list[list[str]]) -> None:
    with pytest.raises(ValueError, match="a cell for each column"):
        charts.table("", ["a", "b"], rows)


def test_a_line_needs_a_value_for_each_point() -> None:
    with pytest.raises(ValueError, match="for each point"):
        charts.lines("", ["a", "b"], [Line("x", [1.0])])


def test_the_font_has_every_chinese_character_that_we_write() -> None:
    """What the catalog, the kinds of appeals and the names of branches say may all come into a picture."""
    files = [
        LOCALES_DIR / "zh_CN" / "LC_MESSAGES" / "wayside.po",
        ROOT / "content" / "appeals.yaml",
        ROOT / "content" / "branches.csv",
    ]
    written = set(HAN.findall("".join(path.read_text(encoding="utf-8") for path in files)))
    assert written - set(charts.drawable("".join(sorted(written)))) == set()


def test_what_the_font_lacks_is_left_out() -> None:
    assert charts.drawable("💰 欠薪\n欠运费 🚚 – 3") == "欠薪 欠运费 - 3"


def test_who_draws_nothing_loads_nothing() -> None:
    code = "import sys; import bot.services.charts; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0
