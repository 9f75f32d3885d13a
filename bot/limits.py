"""Telegram's limits, as named constants. A module of constants only, importable from every room.

Sources: the Bot API reference (https://core.telegram.org/bots/api), the bots FAQ
(https://core.telegram.org/bots/faq) and the limits page (https://limits.tginfo.me), as of Bot API 10.
"""

from typing import Final

# Texts, in UTF-16 code units after entity parsing (Bot API: sendMessage, sendPhoto).
MESSAGE_TEXT: Final = 4096
CAPTION: Final = 1024
TEXT_BYTES_BEFORE_PARSING: Final = 1 << 15  # the official server refuses longer ones unread
MESSAGE_ENTITIES: Final = 100

# Keyboards (Bot API: InlineKeyboardButton; limits page for the counts).
CALLBACK_DATA_BYTES: Final = 64
COPY_TEXT: Final = 256
KEYBOARD_BUTTONS: Final = 300
INLINE_ROW_BUTTONS: Final = 8
REPLY_ROW_BUTTONS: Final = 12
INLINE_KEYBOARD_ROWS: Final = 100
INPUT_PLACEHOLDER: Final = 64

# Answers to taps and inline queries (Bot API: answerCallbackQuery, answerInlineQuery, InlineQuery).
CALLBACK_ANSWER: Final = 200
CALLBACK_AGE_SECONDS: Final = 150
INLINE_AGE_SECONDS: Final = 150
INLINE_RESULTS: Final = 50
INLINE_QUERY: Final = 256
INLINE_RESULT_ID_BYTES: Final = 64
INLINE_OFFSET_BYTES: Final = 64
START_PARAMETER: Final = 64

# Polls (Bot API: sendPoll).
POLL_QUESTION: Final = 300
POLL_OPTION: Final = 100
POLL_OPTIONS: Final = 12
POLL_EXPLANATION: Final = 200
POLL_EXPLANATION_LINES: Final = 2
POLL_MIN_OPEN_SECONDS: Final = 5
POLL_MAX_OPEN_SECONDS: Final = 2_628_000

# Albums and lists (Bot API: sendMediaGroup, deleteMessages).
ALBUM_MIN: Final = 2
ALBUM_MAX: Final = 10
MESSAGES_PER_CALL: Final = 100

# What a bot says of itself (Bot API: setMyCommands, setMyName, setMyDescription, setMyShortDescription).
COMMANDS: Final = 100
COMMAND_NAME: Final = 32
COMMAND_DESCRIPTION: Final = 256
BOT_NAME: Final = 64
BOT_DESCRIPTION: Final = 512
BOT_SHORT_DESCRIPTION: Final = 120

# Forum topics (Bot API: createForumTopic).
TOPIC_NAME: Final = 128

# Messages that can still be deleted, and updates that are still kept (Bot API: deleteMessage, getUpdates).
DELETE_AGE_SECONDS: Final = 48 * 3600
UPDATE_AGE_SECONDS: Final = 24 * 3600

# Hearing (Bot API: getUpdates, setWebhook).
POLL_UPDATES: Final = 100
LONG_POLL_SECONDS: Final = 50
WEBHOOK_CONNECTIONS_DEFAULT: Final = 40
WEBHOOK_CONNECTIONS_MAX: Final = 100
SECRET_TOKEN: Final = 256

# Files (Bot API: sending files, getFile).
PHOTO_BYTES: Final = 10 * 1024 * 1024
UPLOAD_BYTES: Final = 50 * 1024 * 1024
DOWNLOAD_BYTES: Final = 20 * 1024 * 1024

# Floods (bots FAQ: "My bot is hitting limits").
MESSAGES_PER_SECOND: Final = 30
PAID_MESSAGES_PER_SECOND: Final = 1000
PRIVATE_MESSAGES_PER_SECOND: Final = 1
# "Short bursts" are allowed, without a figure: ten quick taps through a list are one.
PRIVATE_BURST: Final = 10
GROUP_MESSAGES_PER_MINUTE: Final = 20

# Places (Bot API: sendLocation, sendVenue).
LOCATION_ACCURACY_METRES: Final = 1500
LIVE_PERIOD_MIN_SECONDS: Final = 60
LIVE_PERIOD_MAX_SECONDS: Final = 86_400
