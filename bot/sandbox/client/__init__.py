"""The sandbox's other side: JSON calls that play the people.

The table in the project's design is the contract. Beyond it, for the chat page and for tests:

- `POST /client/users` takes `deactivated`; an existing id changes that person.
- `POST /client/chats` with the id of a group and the type supergroup upgrades it to a new id.
- `POST /client/messages` takes `edit` (the id of one's own message: the bots get edited_message),
  `inline_result` (a result of `POST /client/inline`, as it was) and, in multipart, several files: an album.
- `GET /client/chats/{id}/messages` takes `changed`, the version in the last X-Changes: messages
  edited since then come too, X-Deleted names those that are gone, and `wait` ends with either.
- `GET /client/chats/{id}/actions` tells what the bot is doing: {"action": "typing" or null}.
- Every call takes `bot` (an id) where several bots are at work; without it the first one is meant.
- `POST /client/faults` takes the method `*` for all.

A refusal is a 400 with {"error": "what to send instead"}.
"""
