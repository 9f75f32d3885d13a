"""Group chats: what each is bound to and wants, where the bot stands in it, and word of changes."""
