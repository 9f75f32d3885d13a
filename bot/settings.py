"""Settings, from the environment (prefix WAYSIDE_) or an .env file."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.i18n import DEFAULT_LOCALE, LOCALES
from bot.services.floods import OF_ALL, OF_PERSON
from bot.store.database import file_of

ROOT = Path(__file__).resolve().parent.parent
# Telegram allows one bot about 30 messages a second in all (core.telegram.org/bots/faq).
MESSAGES_PER_SECOND = 30.0
# The kinds of updates that Wayside takes, by their names in the Bot API.
UPDATES = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")


class Settings(BaseSettings):
    """How one Wayside is set up. Every field is an environment variable, such as WAYSIDE_TOKEN."""

    model_config = SettingsConfigDict(env_prefix="WAYSIDE_", env_file=".env", extra="ignore")

    token: SecretStr = SecretStr("")
    """The bot's token, as BotFather gives it."""
    bots_file: Path | None = None
    """Where several bots are listed (bot/fleet.py says how); without it there is one."""
    database_url: str = "sqlite:///data/wayside.sqlite"
    """`sqlite:///path` or `postgresql://…`."""
    content: Path = ROOT / "content"
    cache: Path = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "wayside"
    """Where is kept what can be made anew: what was learnt from content/intents."""
    api_url: str = "https://api.telegram.org"
    """Where the Bot API is; a sandbox, or one's own Bot API server."""
    webhook_url: str = ""
    """The public https address of the webhook. Without it the bot polls."""
    webhook_secret: SecretStr = SecretStr("")
    """What Telegram sends along with every update. Made of the token where none is set."""
    webhook_host: str = "127.0.0.1"
    webhook_port: int = 8443
    messages_per_second: float = MESSAGES_PER_SECOND
    """Telegram's limit for the whole bot; 0 for none, against a server of one's own."""
    approval_above: int = 200
    """A broadcast to more people and groups than this needs a second organizer's approval."""
    keys_file: Path | None = None
    """Where the keys of sealed columns are, a line each; on another disk than the data, if you can."""
    keys: SecretStr = SecretStr("")
    """The same lines, for those who keep secrets in the environment."""
    forgotten_file: Path | None = None
    """Where it is written down who was forgotten, for a backup that is restored; apart from the data."""
    person_updates_per_second: float = OF_PERSON.per_second
    """Whoever sends more for long is not heard for a while; 0 for no limit."""
    updates_per_second: float = OF_ALL.per_second
    """From all together, to one process; what is more comes again later. 0 for no limit."""
    default_locale: str = DEFAULT_LOCALE
    """For people whose app does not tell their language."""
    log_json: bool = False
    watch_host: str = "127.0.0.1"
    watch_port: int = 0
    """Where /metrics, /healthz and /readyz answer; 0 for nowhere. Not for the open internet."""

    @field_validator("default_locale")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in LOCALES:
            raise ValueError(f"must be one of {', '.join(LOCALES)}")
        return value

    @property
    def bot(self) -> int:
        """The bot's id, the number before the colon of its token; ValueError where there is no token."""
        number, _colon, secret = self.token.get_secret_value().partition(":")
        if not (number.isdigit() and secret):
            raise ValueError("set WAYSIDE_TOKEN to the bot's token (BotFather gives it: 123456:ABC…)")
        return int(number)

    @property
    def forgotten(self) -> Path | None:
        """The file of those who were forgotten: as set, else beside a database that is a file."""
        data = file_of(self.database_url)
        return self.forgotten_file or (data and data.with_name(f"{data.name}.forgotten"))

    @property
    def is_local(self) -> bool:
        """Whether the Bot API is on this very machine, as a sandbox is."""
        return urlsplit(self.api_url).hostname in ("127.0.0.1", "::1", "localhost")

    @property
    def webhook_path(self) -> str:
        """The path of the webhook's address."""
        return urlsplit(self.webhook_url).path or "/"
