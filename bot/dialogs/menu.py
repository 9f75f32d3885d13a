"""The first screen, and the one to come back to: what Wayside can do, each one tap away."""

from __future__ import annotations

from collections.abc import Sequence

from bot.dialogs.lesson_screens import Rows, title_of
from bot.dialogs.station_words import label_of
from bot.i18n import _, current_locale
from bot.services.brand import Brand
from bot.services.checkins.desk import CheckinDesk
from bot.services.drafts import Drafts
from bot.services.lessons.desk import LessonDesk
from bot.services.lessons.model import Lesson
from bot.services.parking import RESUME
from bot.services.stations.desk import StationDesk
from bot.talk import says
from bot.talk.dialog import Answerer, Aside, MenuButton

# What people need most often between two orders.
FIRST_SERVICES = ("phone_charge", "heat_meal", "toilet", "water", "rest", "battery_swap")
COLUMNS = 3
MORE = "more"
# From the rest one comes back to where one was.
AGAIN = "again"


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


async def menu(
    aside: Aside,
    argument: str,
    stations: StationDesk,
    lessons: LessonDesk,
    checkins: CheckinDesk,
    drafts: Drafts,
) -> None:
    """What one needs between two orders; the rest is one tap further."""
    rows: Rows = [
        *_asked(await checkins.waiting()),
        *_services(stations),
        *_begun(await lessons.waiting(), await drafts.latest()),
        [says.Action(_("📮 Appeals"), "appeals"), says.Action(_("❓ Questions"), "guide")],
        [says.Action(_("⏰ Reminders"), "reminders"), says.Action(_("☰ More"), MORE)],
    ]
    text = _("What do you need? Tap, or type it with a place: “Lijiatuo hot meal”. 📍 shares where you are.")
    screen = says.Text(text, rows)
    if argument == AGAIN:
        aside.redraw(screen)
    else:
        aside.say(screen)


async def more(aside: Aside, _argument: str) -> None:
    """The rest."""
    rows: Rows = [
        [
            says.Action(_("⚠️ Hazard"), "hazard"),
            says.Action(_("🌱 Wishes"), "wishes"),
            says.Action(_("🗓 Events"), "event"),
        ],
        # Three of a row are cut off on a phone where one of them is long in either language.
        [says.Action(_("💡 Suggestions"), "ideas"), says.Action(_("📋 Check-ins"), "checkins")],
        [says.Action(_("📚 Today's lesson"), "learn"), says.Action(_("⭐ Favourites"), "favourites")],
        [says.Action(_("⭐ My points"), "points"), says.Action(_("👤 Me"), "me")],
        [says.Action(_("🌐 Language"), "language"), says.Action(_("‹ Back"), "menu", AGAIN)],
    ]
    aside.redraw(says.Text(_("What else I can do:"), rows))


def _asked(waiting: int) -> Rows:
    """Somebody waits for an answer."""
    return [[says.Action(_("📋 Check-ins ({n})").format(n=waiting), "checkins")]] if waiting else []


def _services(stations: StationDesk) -> Rows:
    services = [stations.catalogue.service(name) for name in FIRST_SERVICES]
    buttons: list[says.Button] = [
        says.Action(label_of(service), "find", service.id) for service in services if service is not None
    ]
    return [buttons[start : start + COLUMNS] for start in range(0, len(buttons), COLUMNS)]


def _begun(lesson: Lesson | None, draft: str | None) -> Rows:
    """What waits to be gone on with."""
    rows: Rows = []
    if lesson is not None:
        rows.append([says.Action(_("▶ Go on: {title}").format(title=title_of(lesson)), "lesson", lesson.id)])
    if draft is not None:
        rows.append([says.Action(_("▶ Go on where I stopped writing"), RESUME, draft)])
    return rows


COMMANDS = (
    Answerer("start", start),
    Answerer("menu", menu, lambda: _("What I can do")),
    Answerer("help", menu),
)
ACTIONS = (Answerer("menu", menu), Answerer(MORE, more))
LINKS = (Answerer("menu", menu),)
