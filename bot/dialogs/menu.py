"""The first screen, and the one to come back to: what Wayside can do, each one tap away."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogs.lesson_screens import title_of
from bot.i18n import _, current_locale
from bot.services.brand import Brand
from bot.services.lessons.desk import LessonDesk
from bot.services.stations.desk import StationDesk
from bot.talk import says
from bot.talk.dialog import Answerer, Aside, MenuButton

# What people need most often between two orders.
FIRST_SERVICES = ("phone_charge", "heat_meal", "toilet", "water", "rest", "battery_swap")


def lasting_menu() -> Sequence[Sequence[MenuButton]]:
    """The buttons that stay under the chat."""
    return [
        [MenuButton(_("📍 Stations near me")), MenuButton(_("📚 Today's lesson"), "learn")],
        [MenuButton(_("⭐ Favourites"), "favourites"), MenuButton(_("☰ Menu"), "menu")],
    ]


async def start(aside: Aside, _argument: str, brand: Brand) -> None:
    """Greet with something useful: one tap finds the nearest station."""
    text = _(
        "👋 I'm {brand}. Between two orders I find you a place to rest, charge, or heat your meal.\n\n"
        "📍 Tap **Stations near me** below, or just type: “Lijiatuo charge”.\n\n"
        "Where you are is used for the search and then forgotten."
    )
    aside.say(says.Text(text.format(brand=brand.name(current_locale())), menu=True))


async def menu(aside: Aside, _argument: str, stations: StationDesk, lessons: LessonDesk) -> None:
    """Everything at a glance."""
    services = [stations.catalogue.service(name) for name in FIRST_SERVICES]
    buttons = [
        says.Action(f"{service.emoji} {service.name(current_locale())}", "find", service.id)
        for service in services
        if service is not None
    ]
    rows: list[list[says.Button]] = [list(buttons[start : start + 3]) for start in range(0, len(buttons), 3)]
    waiting = await lessons.waiting()
    if waiting is not None:
        label = _("▶ Go on: {title}").format(title=title_of(waiting))
        rows.append([says.Action(label, "lesson", waiting.id)])
    rows.append(
        [
            says.Action(_("📚 Today's lesson"), "learn"),
            says.Action(_("⏰ Reminders"), "reminders"),
        ]
    )
    rows.append(
        [
            says.Action(_("📮 Appeals"), "appeals"),
            says.Action(_("❓ Questions"), "guide"),
        ]
    )
    rows.append([says.Action(_("📋 Check-ins"), "checkins"), says.Action(_("🗓 Events"), "event")])
    rows.append(
        [
            says.Action(_("⚠️ Hazard"), "hazard"),
            says.Action(_("🌱 Wishes"), "wishes"),
            says.Action(_("💡 Ideas"), "ideas"),
        ]
    )
    rows.append(
        [
            says.Action(_("⭐ Favourites"), "favourites"),
            says.Action(_("👤 Me"), "me"),
            says.Action(_("🌐 Language"), "language"),
        ]
    )
    text = _("What do you need? Tap, or type it with a place: “Lijiatuo hot meal”. 📍 shares where you are.")
    aside.say(says.Text(text, rows))


COMMANDS = (
    Answerer("start", start),
    Answerer("menu", menu, lambda: _("What I can do")),
    Answerer("help", menu),
)
ACTIONS = (Answerer("menu", menu),)
LINKS = (Answerer("menu", menu),)
