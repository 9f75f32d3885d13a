"""An appeal's evidence as one ZIP: a page to read, the same as JSON, the files, and what proves them.

`index.json` is `{"appeal", "made_at", "said", "files", "history"}`; a file's `sha256` is that of the bytes in
`files/`, and `sha256sum -c SHA256SUMS` checks all of them. Moments are in ISO 8601 with their zone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from html import escape
from typing import Final
from zoneinfo import ZoneInfo

import orjson

from bot.i18n import _, current_locale
from bot.services import archives, attachments, files
from bot.services.appeals.kinds import Rulebook
from bot.services.appeals.model import Appeal, Event, Side, Words
from bot.services.appeals.register import Register
from bot.store.work import Work

INDEX: Final = "index.html"
JSON_INDEX: Final = "index.json"
SUMS: Final = "SHA256SUMS"

_FEN: Final = 100


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A file of the evidence: when it was sent and when its bytes were kept and hashed."""

    name: str
    content: bytes
    sent_at: datetime
    kept_at: datetime | None

    @property
    def sha256(self) -> str:
        """The hash of its bytes, in hexadecimal."""
        return files.hash_of(self.content)


@dataclass(frozen=True, slots=True)
class Saying:
    """Something that was said with an appeal, and what came with it."""

    words: Words
    exhibits: tuple[Exhibit, ...]


@dataclass(frozen=True, slots=True)
class Bundle:
    """All that is packed. `left_out` names what was too large, is not fetched yet, or was refused."""

    appeal: Appeal
    kind: str
    said: tuple[Saying, ...]
    history: tuple[Event, ...]
    left_out: tuple[str, ...] = ()


async def collect(register: Register, appeal: Appeal) -> Bundle:
    """What belongs to an appeal. Who may have it is for the caller to ask."""
    said: list[Saying] = []
    left_out: list[str] = []
    room = archives.MOST_BYTES
    count = 0
    for words in await register.words(appeal):
        # What desks tell each other is not said to the author.
        if words.side is Side.HELPER:
            continue
        exhibits: list[Exhibit] = []
        for sent in await attachments.read(register.work, words.attachments):
            count += 1
            name = f"{count:02d}-{archives.safe_name(sent.name)}"
            exhibit = await _exhibit(register.work, sent, name)
            if exhibit is None or len(exhibit.content) > room:
                left_out.append(name)
                continue
            room -= len(exhibit.content)
            exhibits.append(exhibit)
        said.append(Saying(words, tuple(exhibits)))
    history = tuple(await register.history(appeal))
    return Bundle(appeal, _kind_name(register.book, appeal), tuple(said), history, tuple(left_out))


def pack(bundle: Bundle, now: datetime, zone: ZoneInfo) -> bytes:
    """The ZIP, worded in the language of the moment; on the page times are those of `zone`."""
    exhibits = [exhibit for saying in bundle.said for exhibit in saying.exhibits]
    written = [
        (INDEX, _page(bundle, now, zone).encode()),
        (JSON_INDEX, _json(bundle, now)),
        *((_place(exhibit), exhibit.content) for exhibit in exhibits),
    ]
    sums = "".join(f"{files.hash_of(content)}  {name}\n" for name, content in written)
    return archives.pack([*written, (SUMS, sums.encode())], now)


async def _exhibit(work: Work, sent: attachments.Attachment, name: str) -> Exhibit | None:
    if sent.key is None:
        return None
    try:
        kept = await files.read(work, sent.key)
    except files.FileGone:
        return None
    return Exhibit(name, kept.content, sent.made_at, sent.fetched_at)


def _kind_name(book: Rulebook, appeal: Appeal) -> str:
    kind = book.kind(appeal.kind)
    return kind.name(current_locale()) if kind else appeal.kind


def _place(exhibit: Exhibit) -> str:
    return f"files/{exhibit.name}"


# -- For machines ----------------------------------------------------------------------


def _json(bundle: Bundle, now: datetime) -> bytes:
    appeal = bundle.appeal
    told = {
        "appeal": {
            "receipt": appeal.number,
            "kind": appeal.kind,
            "filed_at": appeal.filed_at,
            "state": appeal.state.value,
            "place": appeal.place,
            "since": appeal.since,
            "amount_fen": appeal.amount,
            "wish": appeal.wish,
        },
        "made_at": now,
        "said": [_said(saying) for saying in bundle.said],
        "files": [_file(exhibit) for saying in bundle.said for exhibit in saying.exhibits],
        "left_out": bundle.left_out,
        "history": [_event(event) for event in bundle.history],
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2)


def _said(saying: Saying) -> dict[str, object]:
    words = saying.words
    return {
        "at": words.at,
        "side": words.side.value,
        "kind": words.kind,
        "text": words.text,
        "files": [_place(exhibit) for exhibit in saying.exhibits],
    }


def _file(exhibit: Exhibit) -> dict[str, object]:
    return {
        "name": _place(exhibit),
        "bytes": len(exhibit.content),
        "sha256": exhibit.sha256,
        "sent_at": exhibit.sent_at,
        "kept_at": exhibit.kept_at,
    }


def _event(event: Event) -> dict[str, object]:
    """A hop without who made it: the seal holds their number, and nobody needs their name here."""
    return {
        "number": event.number,
        "at": event.at,
        "move": event.move,
        "side": event.role.value,
        "state": event.state.value,
        "previous": event.previous,
        "hash": event.hash,
    }


# -- For people ------------------------------------------------------------------------


def _page(bundle: Bundle, now: datetime, zone: ZoneInfo) -> str:
    appeal = bundle.appeal
    amount = "" if appeal.amount is None else f"{appeal.amount / _FEN:.2f} CNY"
    facts = [
        (_("Receipt number"), appeal.number),
        (_("About"), bundle.kind),
        (_("Filed"), _time(appeal.filed_at, zone)),
        (_("Where"), appeal.place),
        (_("Since when"), "" if appeal.since is None else appeal.since.isoformat()),
        (_("Amount"), amount),
        (_("Wish"), appeal.wish),
        (_("Packed"), _time(now, zone)),
    ]
    body = archives.table([(label, value) for label, value in facts if value])
    body += "".join(_saying(saying, zone) for saying in bundle.said)
    body += _proof(bundle)
    return archives.page(_("Evidence of appeal {number}").format(number=appeal.number), body)


def _saying(saying: Saying, zone: ZoneInfo) -> str:
    who = _("You wrote") if saying.words.side is Side.AUTHOR else _("The desk wrote")
    head = f"<h2>{escape(who)} · {escape(_time(saying.words.at, zone))}</h2>"
    text = escape(saying.words.text).replace("\n", "<br>")
    return head + f"<p>{text}</p>" + "".join(_shown(exhibit, zone) for exhibit in saying.exhibits)


def _shown(exhibit: Exhibit, zone: ZoneInfo) -> str:
    place = escape(_place(exhibit), quote=True)
    picture = f'<img src="{place}" alt="">' if place.endswith((".jpg", ".png")) else ""
    kept = exhibit.kept_at or exhibit.sent_at
    line = _("sent {sent}, kept {kept}").format(sent=_time(exhibit.sent_at, zone), kept=_time(kept, zone))
    return (
        f'<p><a href="{place}">{escape(exhibit.name)}</a> · {escape(line)}<br>'
        f"<code>SHA-256 {exhibit.sha256}</code></p>{picture}"
    )


def _proof(bundle: Bundle) -> str:
    told = _(
        "Each file has a SHA-256 hash: if one byte changes, the hash changes. "
        "SHA256SUMS lists them all, and index.json holds the sealed history."
    )
    proof = f"<p>{escape(told)}</p>"
    if not bundle.left_out:
        return proof
    missing = _("Not in here (too large, refused, or not fetched yet):")
    names = "".join(f"<li>{escape(name)}</li>" for name in bundle.left_out)
    return f"{proof}<p>{escape(missing)}</p><ul>{names}</ul>"


def _time(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S %z}"
