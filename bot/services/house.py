"""All services for one turn, by the names under which dialogs ask for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from bot.services.appeals.absence import Absences
from bot.services.appeals.cases import Cases
from bot.services.appeals.counter import AppealDesk
from bot.services.appeals.handbook import Handbook
from bot.services.appeals.ledger import Ledger
from bot.services.appeals.mine import MyAppeals
from bot.services.appeals.posting import AppealPost
from bot.services.appeals.rooms import DeskRooms
from bot.services.appeals.solved import SolvedStories
from bot.services.appeals.subscriptions import Subscriptions
from bot.services.appeals.unmasking import Unmasking
from bot.services.attachments import Attachments
from bot.services.branches.desk import BranchDesk
from bot.services.brand import Brand
from bot.services.broadcasts.desk import BroadcastDesk
from bot.services.broadcasts.model import Terms
from bot.services.checkins.desk import CheckinDesk
from bot.services.checkins.organizing import RoundDesk
from bot.services.checkins.presence import PresenceDesk
from bot.services.checkins.profile import ProfileDesk
from bot.services.checkins.safety import SafetyDesk
from bot.services.conversations import Seat
from bot.services.departments.desk import DepartmentDesk
from bot.services.drafts import Drafts
from bot.services.events.desk import EventDesk
from bot.services.groups.desk import GroupDesk
from bot.services.hazards.desk import HazardDesk
from bot.services.hearing import Hearing
from bot.services.ideas.desk import IdeaDesk
from bot.services.incoming import Incoming
from bot.services.invitations import InvitationDesk, Links
from bot.services.lessons.daily import DailyDesk
from bot.services.lessons.desk import LessonDesk
from bot.services.lessons.figures import FigureDesk
from bot.services.lessons.shelf import Shelf
from bot.services.lessons.together import TogetherDesk
from bot.services.notices import Notices
from bot.services.people import People
from bot.services.points.desk import PointDesk
from bot.services.points.minding import PointMinding
from bot.services.points.pickups import PickupDesk
from bot.services.points.rules import PointBook
from bot.services.privacy.consents import Consents
from bot.services.privacy.desk import PrivacyDesk
from bot.services.reminders.desk import ReminderDesk
from bot.services.reminders.offers import OfferDesk
from bot.services.reminders.shift import ShiftDesk
from bot.services.roles.desk import RoleDesk
from bot.services.rosters.desk import RosterDesk
from bot.services.stations.board import StationBoard
from bot.services.stations.desk import StationDesk
from bot.services.stations.flags import FlagDesk
from bot.services.tags.desk import TagDesk
from bot.services.tracks.desk import TrackDesk
from bot.services.understanding import Mind
from bot.services.understanding.desk import Understanding
from bot.services.whereabouts import Whereabouts
from bot.services.wishes.desk import WishDesk
from bot.services.zones import ZoneDesk
from bot.store.sealing import Seal
from bot.store.work import Work


@dataclass(frozen=True, slots=True)
class Stock:
    """What all turns of a bot share: its content, read once, and what it remembers for minutes."""

    board: StationBoard
    whereabouts: Whereabouts
    links: Links
    shelf: Shelf
    mind: Mind
    handbook: Handbook
    brand: Brand
    points: PointBook
    seal: Seal
    terms: Terms = field(default_factory=Terms)


class House:
    """A dialog's parameters are filled from here, such as `stations` and `people`.

    A service is made when a dialog first asks for it: a turn needs two or three of them.
    """

    def __init__(self, stock: Stock, work: Work, seat: Seat, incoming: Incoming) -> None:
        self._stock = stock
        self._work = work
        self._seat = seat
        self._person = seat.person
        self._incoming = incoming

    @property
    def brand(self) -> Brand:
        """What the bot is called."""
        return self._stock.brand

    @cached_property
    def absences(self) -> Absences:
        """Who is away from their desk."""
        return Absences(self._work, self._person, self._stock.handbook.rules)

    @cached_property
    def appeal_desk(self) -> AppealDesk:
        """Appeals where somebody serves."""
        return AppealDesk(self._work, self._person, self._stock.handbook.rules)

    @cached_property
    def appeal_post(self) -> AppealPost:
        """Word of appeals to others."""
        return AppealPost(self._work, self._stock.handbook.rules)

    @cached_property
    def appeals(self) -> MyAppeals:
        """Appeals of one's own."""
        return MyAppeals(self._work, self._person, self._stock.handbook)

    @cached_property
    def attachments(self) -> Attachments:
        """What the person sends along."""
        return Attachments(self._work, self._person)

    @cached_property
    def branches(self) -> BranchDesk:
        """The tree of branches, and who belongs where."""
        return BranchDesk(self._work, self._person)

    @cached_property
    def broadcasts(self) -> BroadcastDesk:
        """What organizers send to many."""
        return BroadcastDesk(self._work, self._person, self._stock.terms, self._stock.shelf.library)

    @cached_property
    def cases(self) -> Cases:
        """Many appeals as one case."""
        return Cases(self._work, self._person, self._stock.handbook)

    @cached_property
    def checkins(self) -> CheckinDesk:
        """Rounds that the person is asked."""
        return CheckinDesk(self._work, self._person, self._stock.links.new_token)

    @cached_property
    def consents(self) -> Consents:
        """What the person agrees to."""
        return Consents(self._work, self._person)

    @cached_property
    def daily(self) -> DailyDesk:
        """The daily lesson."""
        return DailyDesk(self._work, self._person, self._person.zone)

    @cached_property
    def departments(self) -> DepartmentDesk:
        """Who helps with what."""
        return DepartmentDesk(self._work, self._person)

    @cached_property
    def desk_rooms(self) -> DeskRooms:
        """Groups in which desks work together."""
        return DeskRooms(self._work, self._person, self._stock.handbook.rules, self._incoming)

    @cached_property
    def events(self) -> EventDesk:
        """What there is to go to."""
        return EventDesk(self._work, self._person, self._stock.links, self._stock.shelf.library)

    @cached_property
    def figures(self) -> FigureDesk:
        """What people took from lessons."""
        return FigureDesk(self._work, self._person)

    @cached_property
    def drafts(self) -> Drafts:
        """What the person put aside half-written."""
        return Drafts(self._work, self._seat)

    @cached_property
    def flags(self) -> FlagDesk:
        """What people report of stations."""
        stock = self._stock
        return FlagDesk(self._work, self._person, stock.board, stock.handbook.rules, stock.points)

    @cached_property
    def groups(self) -> GroupDesk:
        """The group that is spoken in."""
        return GroupDesk(self._work, self._person, self._incoming)

    @cached_property
    def hazards(self) -> HazardDesk:
        """What is dangerous on the way."""
        handbook = self._stock.handbook
        return HazardDesk(self._work, self._person, handbook.rules, handbook.hazards)

    @cached_property
    def hearing(self) -> Hearing:
        """Which broadcasts come to somebody, and when."""
        return Hearing(self._work, self._person)

    @cached_property
    def ideas(self) -> IdeaDesk:
        """What could be better."""
        return IdeaDesk(self._work, self._person, self._stock.handbook.rules)

    @cached_property
    def invitations(self) -> InvitationDesk:
        """Links that let people in."""
        return InvitationDesk(self._work, self._person, self._stock.links)

    @cached_property
    def ledger(self) -> Ledger:
        """All appeals, for organizers."""
        return Ledger(self._work, self._person, self._stock.handbook.rules)

    @cached_property
    def lessons(self) -> LessonDesk:
        """Lessons and guides."""
        return LessonDesk(self._stock.shelf, self._work, self._person)

    @cached_property
    def minding(self) -> PointMinding:
        """Points, for organizers."""
        return PointMinding(self._work, self._person, self._stock.points)

    @cached_property
    def notices(self) -> Notices:
        """Word to somebody who did not just write."""
        return Notices(self._work)

    @cached_property
    def offers(self) -> OfferDesk:
        """Reminders that are offered."""
        return OfferDesk(self._work, self._person, self._stock.shelf.library)

    @cached_property
    def people(self) -> People:
        """Who is talking."""
        return People(self._work, self._person)

    @cached_property
    def points(self) -> PointDesk:
        """What the person earned, and what it is good for."""
        stock = self._stock
        return PointDesk(self._work, self._person, stock.points, stock.seal, stock.links.randbelow)

    @cached_property
    def pickups(self) -> PickupDesk:
        """Rewards that are given out."""
        stock = self._stock
        return PickupDesk(self._work, self._person, stock.seal, stock.board, stock.handbook.rules)

    @cached_property
    def presence(self) -> PresenceDesk:
        """Who is where."""
        return PresenceDesk(self._work, self._person, self._stock.links, self._stock.board)

    @cached_property
    def privacy(self) -> PrivacyDesk:
        """What is kept of the person."""
        return PrivacyDesk(self._work, self._person, self._stock.whereabouts)

    @cached_property
    def profiles(self) -> ProfileDesk:
        """What people set for check-ins."""
        return ProfileDesk(self._work, self._person, self._stock.links)

    @cached_property
    def reminders(self) -> ReminderDesk:
        """What somebody wants to be told of."""
        return ReminderDesk(self._work, self._person)

    @cached_property
    def roles(self) -> RoleDesk:
        """Who may do what."""
        return RoleDesk(self._work, self._person)

    @cached_property
    def rosters(self) -> RosterDesk:
        """An office's own list of people."""
        return RosterDesk(self._work, self._person, self._stock.links)

    @cached_property
    def rounds(self) -> RoundDesk:
        """Rounds that the person asks others."""
        return RoundDesk(self._work, self._person, self._stock.shelf.library)

    @cached_property
    def safety(self) -> SafetyDesk:
        """Who stayed silent, and whether all is well."""
        return SafetyDesk(self._work, self._person)

    @cached_property
    def shifts(self) -> ShiftDesk:
        """When the person's shift begins."""
        return ShiftDesk(self._work, self._person)

    @cached_property
    def solved_stories(self) -> SolvedStories:
        """What is told of solved appeals."""
        return SolvedStories(self._work, self._person, self._stock.handbook.rules, self._stock.links.username)

    @cached_property
    def stations(self) -> StationDesk:
        """Where to rest, charge and eat."""
        return StationDesk(self._stock.board, self._stock.whereabouts, self._work, self._person)

    @cached_property
    def subscriptions(self) -> Subscriptions:
        """Reports that come by themselves."""
        return Subscriptions(self._work, self._person)

    @cached_property
    def tags(self) -> TagDesk:
        """What organizers call some of their people."""
        return TagDesk(self._work, self._person, self._stock.shelf.library)

    @cached_property
    def together(self) -> TogetherDesk:
        """Lessons that groups take."""
        return TogetherDesk(self._work, self._person, self._stock.links.secret)

    @cached_property
    def tracks(self) -> TrackDesk:
        """Lessons that belong together, and what they earn."""
        return TrackDesk(self._stock.shelf.library, self._work, self._person, self._stock.links)

    @cached_property
    def understanding(self) -> Understanding:
        """What the person means by what they write."""
        return Understanding(self._stock.mind, self._stock.board, self._work, self._person)

    @cached_property
    def unmasking(self) -> Unmasking:
        """Who wrote an appeal, for who may know."""
        return Unmasking(self._work, self._person, self._stock.handbook.rules)

    @cached_property
    def wishes(self) -> WishDesk:
        """Small things that somebody wishes for."""
        randbelow = self._stock.links.randbelow
        return WishDesk(self._work, self._person, self._stock.handbook.rules, randbelow)

    @cached_property
    def zones(self) -> ZoneDesk:
        """Where the person's clock hangs."""
        return ZoneDesk(self._work, self._person)
