"""What is counted while Wayside runs, for Prometheus. Numbers only: no person, no chat, no text."""

from __future__ import annotations

from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

# A process counts for itself alone; tests make registries of their own.
REGISTRY: Final = CollectorRegistry()

# From a tap that is hardly noticed to one that feels broken.
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)

UPDATES: Final = Counter(
    "wayside_updates_total",
    "Updates by what became of them: taken, put_off (it comes again), skipped (a bug), ignored (of who "
    "floods), malformed.",
    ["bot", "outcome"],
    registry=REGISTRY,
)
UPDATE_SECONDS: Final = Histogram(
    "wayside_update_seconds",
    "From an update's arrival to the commit of what it did.",
    buckets=_SECONDS,
    registry=REGISTRY,
)
REPLY_SECONDS: Final = Histogram(
    "wayside_reply_seconds",
    "From the moment that decided a reply to Telegram's answer that it is sent.",
    buckets=_SECONDS,
    registry=REGISTRY,
)
MESSAGES: Final = Counter(
    "wayside_messages_total",
    "Messages by what became of them: sent, dead, skipped, uncertain.",
    ["bot", "outcome"],
    registry=REGISTRY,
)
FLOOD_WAITS: Final = Counter(
    "wayside_flood_waits_total",
    "How often Telegram asked to wait (429).",
    ["bot"],
    registry=REGISTRY,
)
OUTBOX: Final = Gauge(
    "wayside_outbox_messages", "Messages in the outbox by state.", ["bot", "state"], registry=REGISTRY
)
OUTBOX_AGE: Final = Gauge(
    "wayside_outbox_oldest_seconds",
    "Age of the oldest message that waits and may be sent.",
    ["bot"],
    registry=REGISTRY,
)
DUE_LAG: Final = Gauge(
    "wayside_due_lag_seconds",
    "How late the most overdue thing is.",
    ["bot"],
    registry=REGISTRY,
)
