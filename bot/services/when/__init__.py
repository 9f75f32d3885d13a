"""Times said freely, in Chinese and English: read into moments, days, recurrences; said back in full."""

from bot.services.when.model import Kind, Reason, When, upcoming
from bot.services.when.reading import read, spoken_time
from bot.services.when.saying import ask, say

__all__ = ["Kind", "Reason", "When", "ask", "read", "say", "spoken_time", "upcoming"]
