"""Telegram out: messages leave the outbox through python-telegram-bot, under the flood limits."""
