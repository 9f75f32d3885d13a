"""Files packed into one ZIP for people to keep, and the page in it that they read."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Final

from bot.i18n import current_locale

MOST_BYTES: Final = 40 * 1024 * 1024
"""Of what is packed; bots may send 50 MB in one file (core.telegram.org/bots/api)."""

_STYLE: Final = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;margin:0 0 1rem}td{border:1px solid #ccc;padding:.3rem .5rem;"
    "vertical-align:top;overflow-wrap:anywhere}td:first-child{width:11rem;color:#555}"
    "img{max-width:100%}code{font-size:.8rem}"
)


def pack(files: Iterable[tuple[str, bytes]], made_at: datetime) -> bytes:
    """A ZIP of files by name, all of them dated to one moment: the same files make the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(zipfile.ZipInfo(name, made_at.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def safe_name(name: str) -> str:
    """A file's name without ways out of its folder."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(char if char.isalnum() or char in ".-_" else "_" for char in last).lstrip(".") or "file"


def page(title: str, body: str) -> str:
    """An HTML page in the language of the moment; the title is text, the body HTML."""
    return (
        f'<!doctype html><html lang="{current_locale().replace("_", "-")}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style><h1>{escape(title)}</h1>{body}</html>"
    )


def table(rows: Iterable[tuple[str, str]]) -> str:
    """Labels and values, all of them text, as an HTML table; empty where there are none."""
    cells = "".join(f"<tr><td>{escape(label)}</td><td>{escape(value)}</td></tr>" for label, value in rows)
    return f"<table>{cells}</table>" if cells else ""


def folded(label: str, body: str) -> str:
    """HTML that opens by a tap on its label, which is text."""
    return f"<details><summary>{escape(label)}</summary>{body}</details>"
