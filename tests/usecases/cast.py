"""The cast of every test about groups, and rows that no query about the group may count.

Bu Sari shares name and result, Bu Dewi only counts, Pak Budi waits. Pak Joko leads the group, Bu Putu is its second
coach, Pak Agus was one; Mbak Rani leads another group, of Pak Wayan. Bu Tini is a stranger to both; Bu Maya an admin.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import insert
from sqlmodel import Session, select

from bot.core.ability import Estimate
from bot.core.access import Viewer
from bot.core.attempt import AttemptId
from bot.core.delivery import Delivery
from bot.core.group import Group, GroupId
from bot.core.item import OWNER_DIMENSIONS, Dimension
from bot.core.person import Person, Role
from bot.core.profile import GateColour
from bot.core.reading import Reading
from bot.store import deliveries, readings
from bot.store.members import Membership
from bot.store.tables import AttemptRow, DeliveryRow
from bot.usecases import accounts, grouping, joining
from bot.usecases.grouping import NotForYou
from bot.usecases.joining import Sharing
from tests import databases
from tests.usecases.world import World

VERSION, TEXT = "2026-11", "Pembina melihat nama dan hasil Anda."


@dataclass(slots=True)
class Tokens:
    """Tokens that a test can foretell: the first is t00…1."""

    made: int = 0

    def __call__(self, size: int) -> str:
        assert size == 16
        self.made += 1
        return f"t{self.made:021}"


class Undone(Exception):
    """What was tried is taken back."""


@dataclass(slots=True)
class Cast:
    """The people, their two groups, and short ways to let them do things."""

    world: World
    sari: Person
    dewi: Person
    budi: Person
    tini: Person
    wayan: Person
    joko: Viewer
    putu: Viewer
    agus: Viewer
    rani: Viewer
    maya: Viewer
    group: Group
    other: Group
    tokens: Tokens

    @property
    def id(self) -> GroupId:
        return self.group.id

    @property
    def everybody(self) -> dict[str, Viewer]:
        """Return who may try to do something with the group, by how they stand to it."""
        return {
            "lead": self.joko,
            "second coach": self.putu,
            "removed coach": self.agus,
            "other coach": self.rani,
            "coach no more": Viewer(replace(self.joko.person, role=Role.OWNER)),
            "member": Viewer(self.sari),
            "nameless": Viewer(self.dewi),
            "waiting": Viewer(self.budi),
            "admin": self.maya,
            "stranger": Viewer(self.tini),
        }

    def may(self, work: Callable[[Session, Viewer, GroupId], object], group_id: GroupId) -> set[str]:
        """Return who may do something with a group; each tries it in the same world."""
        return {who for who, viewer in self.everybody.items() if self._is_let(work, viewer, group_id)}

    def _is_let(self, work: Callable[[Session, Viewer, GroupId], object], viewer: Viewer, group_id: GroupId) -> bool:
        try:
            with self.world.database.transaction() as session:
                work(session, viewer, group_id)
                raise Undone
        except Undone:
            return True
        except NotForYou:
            return False

    def enters(
        self, owner: Person, group: Group | None = None, sharing: Sharing = Sharing.NAME, *, text: str = TEXT
    ) -> Membership:
        """Let an owner open a group's link and agree."""
        into = group or self.group

        def enter(session: Session) -> Membership:
            now = self.world.now
            joining.open_link(session, owner=owner, token=into.invitation.token, now=now)
            return joining.join(
                session, owner=owner, group_id=into.id, sharing=sharing, version=VERSION, text=text, now=now
            )

        return self.world.do(enter)

    def joins(self, first: int, count: int, sharing: Sharing = Sharing.NAME) -> list[Person]:
        """Bring in members of the group, without a result."""
        people = [self.world.joins(first + n, f"Anggota {first + n}") for n in range(count)]
        for person in people:
            self.enters(person, sharing=sharing)
        return people

    def has_result(
        self,
        owner: Person,
        *,
        scores: float = 40.0,
        at: datetime | None = None,
        level: int = 2,
        theta: float = 0.0,
        gate: GateColour = GateColour.RED,
        missing: frozenset[Dimension] = frozenset(),
        scam_risk: bool = False,
    ) -> None:
        """Store a finished sitting and its reading without playing it."""
        moment = at or self.world.now

        def store(session: Session) -> None:
            release = self.world.library.current(session)
            values = {"person_id": owner.id, "release_id": release.id, "form": "pemilik", "seed": 1}
            times = {"started_at": moment, "finished_at": moment, "status": "finished", "avoid": "", "keep": ""}
            table = AttemptRow.__table__  # type: ignore[attr-defined]
            made = session.execute(insert(table).values(**values, **times).returning(table.c.id)).scalar_one()
            readings.save(
                session,
                Reading(
                    attempt_id=AttemptId(made),
                    person_id=owner.id,
                    finished_at=moment,
                    level=level,
                    overall=Estimate(theta, 0.4),
                    scores=dict.fromkeys(OWNER_DIMENSIONS, scores),
                    gate=gate,
                    missing=missing,
                    contradicts=frozenset(),
                    scam_risk=scam_risk,
                ),
            )

        self.world.do(store)

    def is_owed(self, delivery: Delivery) -> None:
        """Store a message that is owed."""
        self.world.do(lambda s: deliveries.owe(s, [delivery], self.world.now))

    def owed(self, kind: str | None = None) -> list[DeliveryRow]:
        """Return all messages owed or sent, of one kind or all, the oldest first."""
        rows = self.world.do(lambda s: list(s.exec(select(DeliveryRow).order_by(DeliveryRow.id))))  # type: ignore[arg-type]
        return [row for row in rows if kind in (None, row.kind)]


def coach(world: World, telegram_id: int, first_name: str) -> Viewer:
    """Bring in a coach."""
    person = world.joins(telegram_id, first_name)
    return Viewer(world.do(lambda s: accounts.choose_role(s, owner=person, role=Role.COACH)))


_GATHERED: dict[datetime, tuple[Cast, str]] = {}
"""The cast and the database it is in, by the time before."""


def gather(world: World) -> Cast:
    """Bring the cast into a new world."""
    if world.now not in _GATHERED:
        _GATHERED[world.now] = _gathered(world), databases.copy_of(world.database)
    cast, copy = _GATHERED[world.now]
    databases.overwrite(world.database, copy)
    return replace(cast, world=world, tokens=replace(cast.tokens))


def _gathered(world: World) -> Cast:
    """Bring in everybody and make the two groups, with noise in and around them."""
    tokens = Tokens()
    joko, putu, agus, rani = (coach(world, 2001 + n, name) for n, name in enumerate(("Joko", "Putu", "Agus", "Rani")))

    def create(by: Viewer, name: str) -> Group:
        return world.do(lambda s: grouping.create(s, viewer=by, name=name, new_token=tokens, now=world.now))

    group, other = create(joko, "Pasar Baru"), create(rani, "Pasar Lama")

    def bring_in(second: Viewer) -> None:
        token = world.do(
            lambda s: grouping.offer(
                s, viewer=joko, group_id=group.id, hands_over=False, new_token=tokens, now=world.now
            )
        )
        world.do(lambda s: grouping.accept(s, viewer=second, token=token, now=world.now))

    bring_in(putu)
    bring_in(agus)
    world.do(lambda s: grouping.remove_coach(s, viewer=joko, group_id=group.id, person_id=agus.person.id))
    people = {
        name: world.joins(1001 + n, name) for n, name in enumerate(("Sari", "Dewi", "Budi", "Tini", "Wayan", "Maya"))
    }
    cast = Cast(
        world=world,
        sari=people["Sari"],
        dewi=people["Dewi"],
        budi=people["Budi"],
        tini=people["Tini"],
        wayan=people["Wayan"],
        joko=joko,
        putu=putu,
        agus=agus,
        rani=rani,
        maya=Viewer(people["Maya"], is_admin=True),
        group=group,
        other=other,
        tokens=tokens,
    )
    cast.enters(cast.sari)
    cast.enters(cast.dewi, sharing=Sharing.SUMS)
    world.do(lambda s: grouping.set_approval(s, viewer=joko, group_id=group.id, approves=True))
    cast.enters(cast.budi)
    world.do(lambda s: grouping.set_approval(s, viewer=joko, group_id=group.id, approves=False))
    cast.enters(cast.wayan, cast.other)
    for around in (cast.budi, cast.tini, cast.wayan):
        cast.has_result(around, at=world.now - timedelta(days=1), scores=5.0, scam_risk=True)
    return cast
