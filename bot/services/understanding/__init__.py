"""What people mean by what they write: an intent, what was said along with it, and how sure that is."""

from bot.services.understanding.mind import Mind
from bot.services.understanding.model import INTENTS, NONE, Understood

__all__ = ["INTENTS", "NONE", "Mind", "Understood"]
