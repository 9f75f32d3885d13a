"""The conversation engine. Knows neither Telegram, nor the database, nor stations."""
