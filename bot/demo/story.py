"""What the people of the demo did in the last weeks: played through the real use cases, so that nothing is made up that
the bot could not have worked out itself.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from functools import partial

from sqlmodel import Session

from bot.chat.handlers.agreeing import hashed, words
from bot.chat.handlers.joining import SHARING_VERSION
from bot.chat.handlers.welcome import CONSENT_VERSION
from bot.core.access import Viewer
from bot.core.group import Group
from bot.core.item import OWNER_DIMENSIONS, Dimension
from bot.core.person import Business, Channel, Consent, OpeningHours, Person, PhoneHolder, Role, Zone
from bot.demo.cast import CIRCLES, COACHES, JOKO, RANI, Circle, Coach, Owner, Way
from bot.demo.mind import Mind
from bot.simulator.cast import ADMIN
from bot.texts import engine
from bot.usecases import accounts, checking, grouping, joining, learning, taking, wishing
from bot.usecases.joining import Sharing
from bot.usecases.library import Library
from bot.usecases.taking import Standing, Taken
from bot.usecases.wishing import OFFERED

SEED = 5
SPREAD, OWN = 0.65, 0.55
"""How far owners lie apart as a whole, and how far one owner's dimensions lie apart."""
GROWN, TAUGHT = 0.35, 0.5
"""By how much a later sitting is better, and a dimension just learned; in population standard deviations."""
TILT = {
    Dimension.DEVICES: 0.7,
    Dimension.SAFETY: 0.3,
    Dimension.ETHICS: 0.1,
    Dimension.PAYMENT: 0.6,
    Dimension.SHOP: 0.1,
    Dimension.RESPONSE: -0.6,
    Dimension.CAPACITY: -0.8,
    Dimension.PROMOTION: -0.4,
}
"""Where owners are at home and where not: many answer late, and promise more than they have."""
MOST = 1000
"""More questions than any sitting has."""
RENEWED_BEFORE = (68, 56, 44, 33, 21, 10, 2)
"""So many days ago coaches renewed their invitations."""
FALLIBLE = 1.4
"""By how much less those who never doubt know about scams."""
READ_LESSON = frozenset({Way.READ, Way.ACTED, Way.CHECKED, Way.RETESTED})
DID_ACT = READ_LESSON - {Way.READ}
HOURS = {Business.SHOP: (5, 21), Business.CULINARY: (8, 21), Business.FARMING: (5, 12)}
"""When shops are open; the others from 8 to 17."""


def fill(session: Session, *, library: Library, new_token: Callable[[int], str], now: datetime) -> None:
    """Let the demo's people join, answer and learn, in the weeks before `now`.

    For a database in which none of them is; all but the invitations' tokens is the same each time.
    """
    town = Town(session, library, new_token)
    for at, _, deed in sorted(_deeds(town, now), key=lambda one: one[:2]):
        deed(at)


Deed = Callable[[datetime], None]


def _deeds(town: Town, now: datetime) -> list[tuple[datetime, int, Deed]]:
    """Return all that happens, each with its time; `now` is when all of it is over."""
    found: list[tuple[datetime, int, Deed]] = []

    def add(days: float, hour: float, zone: Zone, deed: Deed) -> None:
        found.append((_at(now, days, hour, zone), len(found), deed))

    add(90, 9, Zone.WIB, town.admin_joins)
    for coach in COACHES:
        add(88, 9, Zone.WIB, partial(town.coach_joins, coach))
    add(87, 13, Zone.WIB, partial(town.coach_is_assessed, JOKO))
    add(86, 13, Zone.WIB, partial(town.coach_is_assessed, RANI))
    for circle in CIRCLES:
        add(circle.age, 8, circle.zone, partial(town.opens, circle))
        for renewed in RENEWED_BEFORE:
            if renewed < circle.age and not circle.archived:
                add(renewed, 8, circle.zone, partial(town.renews, circle))
        for owner in circle.owners:
            for days, hour, deed in _life(town, circle, owner):
                add(days, hour, circle.zone, deed)
        if circle.archived:
            add(50, 17, circle.zone, partial(town.archives, circle))
    return found


def _at(now: datetime, days: float, hour: float, zone: Zone) -> datetime:
    """Return an hour of the day, in the zone, so many days before now."""
    day = (now - timedelta(days=days)).astimezone(UTC).date()
    return datetime.combine(day, time(), zone.tzinfo).astimezone(UTC) + timedelta(hours=hour)


def _life(town: Town, circle: Circle, owner: Owner) -> list[tuple[float, float, Deed]]:
    """Return what one owner does and when: days before now, and hour of the day."""
    chance = random.Random(f"{SEED} life {owner.telegram_id}")
    resident = Resident(owner, circle, random.Random(f"{SEED} mind {owner.telegram_id}"))
    day = _day_of_joining(circle, owner.way, chance)
    deeds: list[tuple[float, float, Deed]] = [(day, _hour(chance), partial(town.joins, resident))]

    def then(least: float, most: float, deed: Deed) -> None:
        nonlocal day
        day -= chance.uniform(least, most)
        deeds.append((day, _hour(chance), deed))

    match owner.way:
        case Way.NEVER:
            return deeds
        case Way.STOPPED:
            answers = chance.randint(5, 14)
            then(1, 2, partial(town.begins, resident, answers))
            return deeds
    then(1, 3, partial(town.is_assessed, resident))
    if owner.asks:
        deeds.append((1, 10, partial(town.asks, resident)))
    if owner.way in READ_LESSON:
        then(2, 4, partial(town.reads, resident))
    if owner.way in DID_ACT:
        then(3, 5, partial(town.acts, resident))
    if owner.way is Way.CHECKED or (owner.way is Way.RETESTED and chance.random() < 0.5):
        then(1, 2, partial(town.is_checked, resident))
    if owner.way in (Way.RETESTED, Way.AGAIN):
        deeds.append((chance.uniform(2, 15), _hour(chance), partial(town.is_assessed_again, resident)))
    return deeds


def _day_of_joining(circle: Circle, way: Way, chance: random.Random) -> float:
    """Return how many days ago somebody joined: those on the way longer, those who have not begun lately."""
    latest = {
        Way.NEVER: 5,
        Way.STOPPED: 7,
        Way.FINISHED: 5,
        Way.READ: 12,
        Way.ACTED: 16,
        Way.CHECKED: 20,
        Way.RETESTED: 34,
        Way.AGAIN: 30,
    }[way]
    if circle.archived:
        return chance.uniform(circle.age - 12, circle.age - 1)
    earliest = {Way.NEVER: 14, Way.STOPPED: 12}.get(way, circle.age - 1)
    return chance.uniform(min(latest, circle.age - 2), max(min(earliest, circle.age - 1), 2))


def _hour(chance: random.Random) -> float:
    return chance.uniform(8.5, 19.5)


@dataclass(slots=True)
class Resident:
    """An owner with true abilities in population standard deviations, and luck of their own."""

    owner: Owner
    circle: Circle
    luck: random.Random
    theta: dict[Dimension, float] = field(default_factory=dict)
    module_code: str = ""

    def __post_init__(self) -> None:
        whole = self.circle.strength + self.luck.gauss(0, SPREAD)
        self.theta = {d: whole + tilt + self.luck.gauss(0, OWN) for d, tilt in TILT.items()}
        if self.owner.sure:
            self.theta[Dimension.SAFETY] -= FALLIBLE

    @property
    def mind(self) -> Mind:
        """Return how the owner answers now."""
        return Mind(self.theta, self.luck, self.owner.sure)

    def grows(self, taught: Dimension | None = None) -> None:
        """Become better: in one dimension, or a little in all."""
        gains = {taught: TAUGHT} if taught else dict.fromkeys(self.theta, GROWN)
        self.theta = {d: theta + gains.get(d, 0.0) for d, theta in self.theta.items()}


class Town:
    """The people of the demo, as the bot knows them by now."""

    def __init__(self, session: Session, library: Library, new_token: Callable[[int], str]) -> None:
        self._session = session
        self._library = library
        self._new_token = new_token
        self._people: dict[int, Person] = {}
        self._groups: dict[str, Group] = {}
        self._consent_hash = hashlib.sha256(_text("consent").encode()).hexdigest()

    def admin_joins(self, at: datetime) -> None:
        self._comes_in(ADMIN.id, ADMIN.first_name, Role.COACH, at)

    def coach_joins(self, coach: Coach, at: datetime) -> None:
        self._comes_in(coach.telegram_id, coach.phone.first_name, Role.COACH, at)

    def _comes_in(self, telegram_id: int, name: str, role: Role, at: datetime) -> Person:
        consent = Consent(CONSENT_VERSION, self._consent_hash, "dewasa")
        joined = accounts.join(
            self._session, telegram_id=telegram_id, first_name=name, language="id", consent=consent, now=at
        )
        return self._knows(accounts.choose_role(self._session, owner=joined, role=role))

    def _knows(self, person: Person) -> Person:
        self._people[person.telegram_id] = person
        return person

    def coach_is_assessed(self, coach: Coach, at: datetime) -> None:
        """Let a coach take the coaches' assessment: at home in guiding, less so in counting stock."""
        luck = random.Random(f"{SEED} mind {coach.telegram_id}")
        release = self._library.current(self._session).under(Role.COACH)
        theta = {
            d: 0.3 + luck.gauss(0, OWN) - (3.0 if d is Dimension.CAPACITY else 0) for d in release.model.dimensions
        }
        self._takes(coach.telegram_id, Mind(theta, luck), at)

    def opens(self, circle: Circle, at: datetime) -> None:
        """Let a coach make a group."""
        viewer = self._viewer(circle)
        group = grouping.create(self._session, viewer=viewer, name=circle.name, new_token=self._new_token, now=at)
        grouping.place(self._session, viewer=viewer, group_id=group.id, code=circle.place)
        self._groups[circle.name] = grouping.set_programme(
            self._session, viewer=viewer, group_id=group.id, programme=circle.programme
        )

    def _viewer(self, circle: Circle) -> Viewer:
        return Viewer(self._people[circle.coach.telegram_id])

    def renews(self, circle: Circle, at: datetime) -> None:
        """Let a coach renew the invitation, which has ended or soon will."""
        self._groups[circle.name] = grouping.renew_invitation(
            self._session,
            viewer=self._viewer(circle),
            group_id=self._groups[circle.name].id,
            new_token=self._new_token,
            now=at,
        )

    def archives(self, circle: Circle, at: datetime) -> None:
        """Let a coach put a group away."""
        grouping.archive(self._session, viewer=self._viewer(circle), group_id=self._groups[circle.name].id, now=at)

    def joins(self, resident: Resident, at: datetime) -> None:
        """Let an owner agree, tell about the business, and enter the group by its link."""
        owner, circle = resident.owner, resident.circle
        person = self._comes_in(owner.telegram_id, owner.first_name, Role.OWNER, at)
        opens, closes = HOURS.get(owner.business, (8, 17))
        holder = resident.luck.choices((PhoneHolder.SELF, PhoneHolder.FAMILY, PhoneHolder.TURNS), (7, 2, 1))[0]
        for told in (
            owner.business,
            holder,
            resident.luck.choices(tuple(Channel), (3, 5, 1, 2))[0],
            OpeningHours(opens, closes, circle.zone),
        ):
            person = accounts.tell_context(self._session, owner=person, told=told)
        self._knows(person)
        token = self._groups[circle.name].invitation.token
        found = joining.open_link(self._session, owner=person, token=token, now=at)
        joining.join(
            self._session,
            owner=person,
            group_id=found.group.id,
            sharing=Sharing.NAME if owner.shares else Sharing.SUMS,
            version=SHARING_VERSION,
            text=_text("proposal", group=found.group, coaches=found.coaches),
            now=at,
        )

    def begins(self, resident: Resident, answers: int, at: datetime) -> None:
        """Let an owner answer so many questions and put the phone away."""
        self._takes(resident.owner.telegram_id, resident.mind, at, most=answers)

    def is_assessed(self, resident: Resident, at: datetime) -> None:
        """Let an owner take the whole assessment."""
        self._takes(resident.owner.telegram_id, resident.mind, at)

    def is_assessed_again(self, resident: Resident, at: datetime) -> None:
        """Let an owner who has grown take the assessment once more."""
        resident.grows()
        self.is_assessed(resident, at)

    def _takes(self, telegram_id: int, mind: Mind, at: datetime, most: int = MOST) -> None:
        standing = taking.begin(
            self._session,
            owner=self._people[telegram_id],
            library=self._library,
            seed=mind.luck.getrandbits(31),
            now=at,
        )
        self._goes_on(standing, telegram_id, mind, at, most)

    def reads(self, resident: Resident, at: datetime) -> None:
        """Let an owner open the first lesson advised."""
        person = self._people[resident.owner.telegram_id]
        shelf = learning.shelf(self._session, owner=person, library=self._library, now=at)
        offered = [module for module, _ in shelf.advised] + [m for m in shelf.others if m.dimension in OWNER_DIMENSIONS]
        module = offered[0]
        resident.module_code = module.code
        learning.open_module(self._session, owner=person, module_code=module.code, library=self._library, now=at)

    def asks(self, resident: Resident, at: datetime) -> None:
        """Let an owner ask for all that can come by itself."""
        for what in OFFERED[Role.OWNER]:
            wishing.say(
                self._session,
                owner=self._people[resident.owner.telegram_id],
                what=what,
                wanted=True,
                text_hash=hashed(words(what, "id")),
                library=self._library,
                seed=resident.luck.getrandbits(31),
                now=at,
            )

    def acts(self, resident: Resident, at: datetime) -> None:
        """Let an owner do the lesson's act."""
        person = self._people[resident.owner.telegram_id]
        learning.mark_done(self._session, owner=person, module_code=resident.module_code, now=at)
        resident.grows(self._library.current(self._session).module_by_code[resident.module_code].dimension)

    def is_checked(self, resident: Resident, at: datetime) -> None:
        """Let an owner take the check that follows the lesson, where the content holds enough questions for one."""
        owner, person = resident.owner, self._people[resident.owner.telegram_id]
        may_follow = checking.may_follow(
            self._session, owner=person, module_code=resident.module_code, library=self._library, today=at.date()
        )
        if not may_follow:
            return
        standing = checking.begin_after_lesson(
            self._session,
            owner=person,
            module_code=resident.module_code,
            library=self._library,
            seed=resident.luck.getrandbits(31),
            now=at,
        )
        self._goes_on(standing, owner.telegram_id, resident.mind, at, MOST)

    def _goes_on(self, standing: Standing, telegram_id: int, mind: Mind, at: datetime, most: int) -> None:
        """Answer what is left of a sitting, at most so many questions."""
        person, library = self._people[telegram_id], self._library
        while standing.attempt.is_active and (standing.attempt.slot <= most or standing.awaiting):
            at += timedelta(seconds=mind.luck.randint(12, 45))
            attempt = standing.attempt
            if standing.awaiting is not None:
                taken = taking.say_confidence(
                    self._session,
                    owner=person,
                    attempt_id=attempt.id,
                    slot=standing.awaiting.slot,
                    confidence=mind.confidence(standing.awaiting, standing.release),
                    library=library,
                    now=at,
                )
            else:
                assert standing.item is not None
                given = mind.answer(standing.item, standing.release)
                taken = taking.answer_item(
                    self._session,
                    owner=person,
                    attempt_id=attempt.id,
                    slot=attempt.slot,
                    given=given,
                    library=library,
                    now=at,
                )
            assert isinstance(taken, Taken)
            standing = taken.standing


def _text(template: str, **values: object) -> str:
    return engine.render("bot.chat", f"{template}.html.j2", "id", values)
