"""Hostile files: whatever stands in the content, or in a table that somebody brings, nothing raises."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.services import brand, danger
from bot.services.appeals import check as appeals
from bot.services.branches.files import HEADER as BRANCH_HEADER
from bot.services.branches.files import read_branches
from bot.services.departments import files as departments
from bot.services.departments.files import HEADER as DEPARTMENT_HEADER
from bot.services.departments.files import read_departments
from bot.services.hazards import kinds as hazards
from bot.services.lessons import check as lessons
from bot.services.points import rules as points
from bot.services.stations import check as stations
from bot.services.understanding import content as understanding
from bot.services.understanding import danger_ear
from bot.settings import ROOT

Check = Callable[[Path], Iterable[object]]

# Which check reads a file of the content, by where it stands.
CHECKS: dict[str, Check] = {
    "brand.yaml": brand.problems,
    "services.yaml": stations.problems,
    "station_kinds.yaml": stations.problems,
    "places.csv": stations.problems,
    "stations": stations.problems,
    "lessons": lessons.problems,
    "guides": lessons.problems,
    "hotlines.yaml": lessons.problems,
    "appeals.yaml": appeals.problems,
    "danger.yaml": danger.problems,
    "danger": danger_ear.problems,
    "hazards.yaml": hazards.problems,
    "departments.csv": departments.problems,
    "branches.csv": departments.problems,
    "points.yaml": points.problems,
    "intents": understanding.problems,
}
WRITTEN = (".yaml", ".md", ".csv", ".geojson", ".txt")
FILES = sorted(
    path.relative_to(ROOT / "content").as_posix()
    for path in (ROOT / "content").rglob("*")
    if path.suffix in WRITTEN and path.relative_to(ROOT / "content").parts[0] in CHECKS
)
# What was ever wrong in a file: YAML's own signs, a bomb of references, formulas, half emoji, odd numbers.
JUNK = st.sampled_from(
    [
        *(": ", "- ", "[", "]", "{", "}", "&a", "*a", "!!python/object:os.system", "<<: *a", "|", ">", "\t"),
        *("null", "true", "1e999", "-1", "0x7f", "2026-13-45", "99999999999999999999", ".nan", "~", "\ufeff"),
        *("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", "key: 1\nkey: 2\n", "---\n---\n", "# \n"),
        *(
            "{name}",
            "{0}",
            "%s",
            "[x](javascript:1)",
            "**",
            "](",
            "```",
            "<script>",
            "=1+1",
            '"',
            "'",
            ",,,,",
        ),
        *("\u202e", "\U0001f9d1", "\x00", "一" * 300, "x" * 5000, "\r", "\r\n"),
    ]
) | st.text(max_size=20)


@st.composite
def harm(draw: st.DrawFn) -> Callable[[str], str]:
    """Something that happens to a text: a part goes, comes twice, or junk stands in its place."""
    begins, ends, junk = draw(st.floats(0, 1)), draw(st.floats(0, 0.05)), draw(JUNK)
    what = draw(st.sampled_from(["drop", "double", "put", "replace", "cut", "all"]))

    def harmed(text: str) -> str:
        first = int(begins * len(text))
        last = min(len(text), first + int(ends * len(text)))
        piece = text[first:last]
        middle = {"drop": "", "double": piece * 2, "put": junk + piece, "replace": junk}.get(what)
        if middle is None:
            return junk if what == "all" else text[:first]
        return text[:first] + middle + text[last:]

    return harmed


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The content, to be harmed."""
    return Path(shutil.copytree(ROOT / "content", tmp_path_factory.mktemp("harmed") / "content"))


@given(file=st.sampled_from(FILES), harms=st.lists(harm(), min_size=1, max_size=3))
@settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
def test_content_with_any_mistake_is_a_list_of_sentences(
    copied: Path, file: str, harms: list[Callable[[str], str]]
) -> None:
    path = copied / file
    whole = path.read_bytes()
    text = whole.decode()
    for one in harms:
        text = one(text)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    try:
        found = [*CHECKS[Path(file).parts[0]](copied)]
    finally:
        path.write_bytes(whole)
    assert all(str(problem) for problem in found)


def test_every_file_of_the_content_is_among_them() -> None:
    """Content that comes to be has to be harmed here, too."""
    assert {path.name for path in (ROOT / "content").iterdir()} - {"fonts"} == CHECKS.keys()
    assert {Path(file).parts[0] for file in FILES} == CHECKS.keys()


CELLS = st.sampled_from(
    ["", "a", "bn", "支部", "branch", "group", "=1+1", "123", "13800138000", "x" * 400]
) | (st.text(max_size=12))


def _table(headers: Sequence[str]) -> st.SearchStrategy[bytes]:
    """A table with most of these columns, in some encoding, or bytes that only look like one."""
    columns = st.lists(st.sampled_from(headers), min_size=1, max_size=len(headers)).map(",".join) | CELLS
    rows = st.lists(st.lists(CELLS, max_size=8).map(",".join), max_size=12)
    texts = st.builds(
        lambda first, rest: "\n".join([first, *rest]), st.just(",".join(headers)) | columns, rows
    )
    encoded = st.builds(
        lambda text, encoding: text.encode(encoding, "replace"),
        texts,
        st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16", "latin-1"]),
    )
    return encoded | st.binary(max_size=200)


@given(table=_table(list(BRANCH_HEADER.headers)))
@settings(max_examples=60)
def test_any_table_of_branches_is_read_or_refused_in_sentences(
    tmp_path_factory: pytest.TempPathFactory, table: bytes
) -> None:
    path = tmp_path_factory.mktemp("tables") / "branches.csv"
    path.write_bytes(table)
    reading = read_branches(path)
    assert reading.branches or reading.problems
    ids = [branch.id for branch in reading.branches]
    assert len(set(ids)) == len(ids)


@given(table=_table(list(DEPARTMENT_HEADER.headers)))
@settings(max_examples=60)
def test_any_table_of_departments_is_read_or_refused_in_sentences(
    tmp_path_factory: pytest.TempPathFactory, table: bytes
) -> None:
    path = tmp_path_factory.mktemp("tables") / "departments.csv"
    path.write_bytes(table)
    reading = read_departments(path)
    ids = [one.id for one in reading.departments]
    assert len(set(ids)) == len(ids)
    assert all(str(problem) for problem in reading.problems)
