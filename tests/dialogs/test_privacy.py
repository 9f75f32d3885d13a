"""Somebody uses everything, and is forgotten: no table holds them any more, and no log ever did."""

from __future__ import annotations

import hashlib
import io
import logging
import zipfile
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from bot.dialogs import everything
from bot.dialogs.privacy_words import consent_words
from bot.i18n import speaking
from bot.services import files, outbox
from bot.services.incoming import Command, Incoming, Press, What
from bot.services.privacy.consents import VERSIONS
from bot.services.stations.board import StationBoard
from bot.store.database import Database, sqlite_url
from bot.store.sealing import Key, Seal
from bot.store.tables import metadata, people
from bot.store.tables import outbox as outbox_table
from bot.talk import hears
from tests.conftest import BOT
from tests.transcript import Player

WHO = 555_000_777
# What they type, send and share. The text of each tells where it was put in.
CANARIES = (
    *("canaryreminder", "canaryflag", "canarystory", "canarycontact", "canarywish", "canarysearch"),
    *("canaryphoto", "canaryvoice", "canaryfile", "canaryname", "canarycommand", "canaryvenue"),
    *(
        "canaryplea",
        "canaryaddition",
        "canaryhazard",
        "canarytreat",
        "canaryidea",
        "canaryrank",
        "canarycalled",
    ),
    *("canarybuddy", "canaryplace", "canaryanswer"),
    *("13912345678", "500113199001011234", "29.47381", "106.54862"),
)
KEPT = (
    *("canaryreminder", "canaryflag", "canarystory", "canaryphoto", "canaryname", "canarycontact"),
    *("canaryaddition", "canaryhazard", "canarytreat", "canaryidea", "canaryrank"),
    *("canarycalled", "canarybuddy", "canaryplace", "canarywish", "canaryanswer"),
)
"""Those that must have been in a table, or the test would prove nothing."""


class Journey(Player):
    """Somebody who sends all that a channel can bring."""

    async def send(self, what: What, tapped: int | None = None) -> None:
        """One update of theirs."""
        incoming = Incoming(next(self._updates), WHO, WHO, what, True, "en", tapped)
        await self._intake.play([incoming])
        await self._deliver_notices()

    async def tap(self, label: str) -> None:
        """Tap the newest button with this label."""
        what, tapped = self.terminal.read(f"[{label}]")
        assert tapped is not None, f"{label} is not shown:\n" + "\n".join(self.lines[-12:])
        await self.send(what, tapped)


@pytest.fixture
async def journey(sqlite_path: object, board: StationBoard, now: datetime) -> Journey:
    """A person in a sealed database."""
    database = Database(sqlite_url(sqlite_path), Seal(BOT, [Key("test", bytes(32))]))  # type: ignore[arg-type]
    made = Journey(database, everything(), board, now, language="en", chat=WHO, account=WHO)
    await made.play("# branches\n# operator invites desk east-1\n# operator invites member east-1")
    return made


async def _use_everything(one: Journey) -> None:
    await one.send(Command("start", "canarycommand"))
    await one.send(hears.Location(29.47381, 106.54862, "canaryvenue"))
    await one.tap("1")
    await one.tap("⚠ Something is wrong")
    await one.tap("🔌 Something is broken")
    await one.send(hears.Photo("canaryphoto", "canaryflag 13912345678"))
    await one.send(hears.Text("canarysearch 500113199001011234"))
    await one.send(hears.Text("tomorrow at 8 remind me to canaryreminder"))
    await one.tap("✓ Right")
    await one.send(Command("start", "join_token1"))
    await one.tap("I'm in")
    await one.send(hears.Text("canaryname"))
    await one.send(Command("appeal"))
    await one.send(hears.Text("1"))
    await one.send(hears.Text("canarystory 13912345678 " * 3))
    await one.send(hears.Photo("canaryphoto"))
    await one.send(hears.File("canaryfile", "canaryfile.pdf"))
    await one.send(hears.Voice("canaryvoice", 3))
    await one.send(Command("appeal"))
    await one.send(hears.Text("canarywish"))
    await _help_the_neighbours(one)
    await _file_an_appeal(one)
    await _give_names(one)
    await _answer_the_office(one)
    await one.send(Command("canarycommand", "canarysearch"))
    await one.send(Command("learn"))
    await one.send(Command("mydata"))
    await one._do_what_is_due()


async def _file_an_appeal(one: Journey) -> None:
    """What was told goes to its desk, with a place, a wish, a way to reach them and an addition."""
    await one.send(Command("appeal"))
    await one.tap("✓ That's all")
    await one.send(hears.Text("canaryplace"))
    await one.tap("Skip")
    await one.tap("Skip")
    await one.tap("＋ Wish")
    await one.send(hears.Text("canarywish"))
    await one.tap("＋ How to reach me")
    await one.send(hears.Text("canarycontact"))
    await one.tap("✓ Send it")
    await one.tap("☰ My appeals")
    await one.tap("1")
    await one.tap("✍️ Add something")
    await one.send(hears.Text("canaryaddition"))
    await one.tap("✓ That's all")


async def _help_the_neighbours(one: Journey) -> None:
    """A hazard, whose place stays, a wish and a suggestion."""
    await one.send(Command("hazard"))
    await one.send(hears.Photo("canaryphoto", "canaryhazard"))
    await one.send(hears.Location(29.4745, 106.549))
    await one.tap("🕳 manhole")
    await one.send(Command("wishes"))
    await one.tap("➕ Make a wish")
    await one.send(hears.Text("canarytreat"))
    await one.send(hears.Text("Duhe Square"))
    await one.send(Command("ideas"))
    await one.tap("➕ Suggest something")
    await one.send(hears.Text("canaryidea for everybody"))


async def _give_names(one: Journey) -> None:
    """In the ranking, beside answers, to a buddy."""
    await one.send(Command("points"))
    await one.tap("🏆 Ranking")
    await one.tap("Show me, too")
    await one.send(hears.Text("canaryrank"))
    await one.send(Command("checkins"))
    await one.tap("🪪 My name")
    await one.send(hears.Text("canarycalled"))
    await one.send(Command("checkins"))
    await one.tap("🛟 If I miss one")
    await one.tap("Yes, look for me")
    await one.send(hears.Text("canarybuddy"))


OFFICE = f"""
# serves 1002 organizer east Wang
# private {WHO}
> /start join_token2
> [Join]
> [Skip]
# private 1002
> /rounds
> [➕ New check-in or survey]
> [✏️ Words]
> What is missing?
> [👥 Everybody there]
> [🪪 With names]
> [▶ Now]
> [1 day]
> [Not at all]
> [✓ Ask now]
> /events
> [➕ Announce an event]
> [🩺 Health check]
> Free health check
> [Saturday at 9:00]
> Lijiatuo
> [Skip]
> [Skip]
> [👥 Everybody there]
> [📣 Announce it]
# private {WHO}
"""


async def _answer_the_office(one: Journey) -> None:
    """A check-in in words, with their name, and a place at an event."""
    await one.play(OFFICE)
    await one._wait_until(one.now + timedelta(minutes=1))
    await one.tap("✓ I'm coming")
    await one.tap("✏️ Answer")
    await one.send(hears.Text("canaryanswer"))


async def _forget(one: Journey) -> None:
    await one.send(Command("forget"))
    await one.tap("🗑 Forget me…")
    await one.tap("🗑 Yes, forget me")
    async with one.database.work(BOT, one.now) as work:
        rows = await work.fetch(sa.select(outbox_table.c.id).where(outbox_table.c.settled_at.is_(None)))
        await outbox.settle(work, [outbox.Settled(row.id, outbox.SENT) for row in rows])
    await one._wait_until(one.now + timedelta(hours=1))


async def _dump(one: Journey) -> dict[str, str]:
    async with one.database.work(BOT, one.now) as work:
        return {
            f"{table.name}.{column.name}": str([row[0] for row in await work.fetch(sa.select(column))])
            for table in metadata.sorted_tables
            for column in table.c
        }


async def test_nothing_is_left_of_who_used_everything(
    journey: Journey, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as logs, caplog.at_level(logging.DEBUG):
        await _use_everything(journey)
        before = str(await _dump(journey))
        for canary in (*KEPT, str(WHO)):
            assert canary in before, f"{canary} never got anywhere"
        await _forget(journey)
    for place, values in (await _dump(journey)).items():
        for canary in (*CANARIES, str(WHO)):
            assert canary not in values, f"{place} still holds {canary}"
    assert (await _dump(journey))["files.hash"] == "[]"
    for canary in CANARIES:
        assert canary not in str(logs)
        assert canary not in caplog.text
    await journey.database.close()


async def test_nothing_they_wrote_can_be_read_in_the_file(journey: Journey, sqlite_path: object) -> None:
    await _use_everything(journey)
    await journey.database.close()
    content = open(str(sqlite_path), "rb").read()  # noqa: ASYNC230, SIM115 - the database is closed
    for canary in CANARIES:
        if canary not in ("canaryphoto", "canaryfile", "canaryvoice"):
            assert canary.encode() not in content, canary


async def test_their_data_comes_as_a_file(journey: Journey) -> None:
    await _use_everything(journey)
    async with journey.database.work(BOT, journey.now) as work:
        kept = metadata.tables["files"]
        (row,) = [row for row in await work.fetch(sa.select(kept)) if row.mime == "application/zip"]
        content = (await files.read(work, files.KEPT + row.hash)).content
    packed = zipfile.ZipFile(io.BytesIO(content))
    told = packed.read("mydata.json").decode()
    for canary in KEPT:
        assert canary in told
    assert set(packed.namelist()) >= {"mydata.html", "mydata.json"}
    await journey.database.close()


async def _appeal(one: Journey, kind: str, photo: str) -> None:
    await one.send(Command("appeal"))
    await one.tap(kind)
    if "injury" in kind:
        await one.tap("✓ All right")
    await one.send(hears.Text("the gate fell on my foot"))
    await one.send(hears.Photo(photo))
    for label in ("✓ That's all", "Skip", "Skip", "✓ Send it"):
        await one.tap(label)


async def test_health_taken_back_deletes_what_was_sent_along(journey: Journey) -> None:
    """It did nothing: the medical papers stayed for ninety days."""
    await _appeal(journey, "🩹 injury", "papers")
    await _appeal(journey, "🚪 gate access", "gate")
    await journey.send(Command("privacy"))
    await journey.tap("☑ 🩹 Health")
    await journey.tap("Take it back")
    async with journey.database.work(BOT, journey.now) as work:
        rows = await work.fetch(sa.select(metadata.tables["attachments"].c.channel_file))
    assert [row.channel_file for row in rows] == ["gate"]
    assert "take the appeal back, too?" in "\n".join(journey.lines)
    await journey.database.close()


async def test_who_writes_right_after_is_a_stranger(journey: Journey) -> None:
    """The update that forgets and the next one came together: its row had the number of nobody."""
    await journey.send(hears.Text("tomorrow at 8 remind me to canaryreminder"))
    await journey.send(Command("forget"))
    await journey.tap("🗑 Forget me…")
    what, tapped = journey.terminal.read("[🗑 Yes, forget me]")
    assert isinstance(what, Press)
    both = (
        Incoming(90_001, WHO, WHO, what, True, "en", tapped),
        Incoming(90_002, WHO, WHO, Command("reminders"), True, "en"),
    )
    await journey._intake.play(both)
    async with journey.database.work(BOT, journey.now) as work:
        (person,) = await work.fetch(sa.select(people.c.id, people.c.account))
        talks = await work.fetch(sa.select(metadata.tables["conversations"].c.person))
    assert person.account == WHO
    assert {row.person for row in talks} == {person.id}
    await journey.database.close()


@pytest.mark.parametrize(
    ("purpose", "version", "digest"),
    [
        ("location", "1", "6c33ba73208e"),
        ("health", "1", "74f92391e55f"),
        ("reminders", "1", "aaf5215c4073"),
        ("points", "1", "90e89a9126a8"),
        ("membership", "1", "675e833a3c49"),
    ],
)
def test_words_that_change_raise_their_version(purpose: str, version: str, digest: str) -> None:
    """Changed the words? If their meaning changed, raise the version; then write what it says now here."""
    with speaking("en"):
        words = hashlib.sha256(consent_words()[purpose].encode()).hexdigest()[:12]
    assert (VERSIONS[purpose], words) == (version, digest)
