"""The page of a place: the QR code of this minute, large enough to be scanned across a counter."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from bot.services.checkins import codes
from bot.services.qr import svg

REFRESH_SECONDS: Final = 5
"""The page asks so often: at the turn of a minute the old code is still good."""

_PAGE: Final = """<!doctype html>
<html lang="zh"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
  body {{ margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center;
         justify-content: center; gap: 2vh; font-family: system-ui, sans-serif;
         background: #fff; color: #111 }}
  h1 {{ margin: 0; font-size: 4vh }} p {{ margin: 0; font-size: 2.4vh; color: #555 }}
  #code svg {{ width: min(70vh, 90vw); height: min(70vh, 90vw) }}
  .stale {{ opacity: .1 }}
</style>
<h1>{title}</h1>
<div id="code">{code}</div>
<p id="word">扫码报到 · 每分钟换一次<br>Scan to check in · changes every minute</p>
<script>
  const code = document.getElementById("code");
  async function refresh() {{
    try {{
      const answer = await fetch("code.svg", {{ cache: "no-store" }});
      if (!answer.ok) throw new Error();
      code.innerHTML = await answer.text();
      code.className = "";
    }} catch (error) {{
      code.className = "stale";  // an old code is refused: better none
    }}
  }}
  setInterval(refresh, {seconds} * 1000);
</script>
</html>
"""
_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True, slots=True)
class Door:
    """What a page shows: a place, its key, the bot's name without @, what the place is called."""

    place: str
    key: str
    bot: str
    title: str

    def drawn(self, now: datetime) -> str:
        """The code of this minute, as SVG."""
        code = codes.live_code(self.key, self.place, codes.slot_of(now))
        return svg(codes.link(self.bot, self.place, code))


def page_of(door: Door, clock: Callable[[], datetime]) -> web.Application:
    """The page and its code, by a clock."""

    async def page(_request: web.Request) -> web.Response:
        filled = _PAGE.format(
            title=html.escape(door.title), code=door.drawn(clock()), seconds=REFRESH_SECONDS
        )
        return web.Response(text=filled, content_type="text/html", headers=_HEADERS)

    async def code(_request: web.Request) -> web.Response:
        return web.Response(text=door.drawn(clock()), content_type="image/svg+xml", headers=_HEADERS)

    app = web.Application()
    app.router.add_get("/", page)
    app.router.add_get("/code.svg", code)
    return app


def serve(door: Door, host: str, port: int, clock: Callable[[], datetime]) -> None:
    """Serve the page until it is stopped."""
    web.run_app(page_of(door, clock), host=host, port=port, print=None)
