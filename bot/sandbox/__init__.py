"""A local Telegram: the Bot API with Telegram's rules, a side that plays the people, a chat page."""

from bot.sandbox.server import RunningSandbox, serve, start_sandbox
from bot.sandbox.settings import SandboxSettings

__all__ = ["RunningSandbox", "SandboxSettings", "serve", "start_sandbox"]
