"""A coach with a group, its members, and what is owed to them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import text, update
from sqlmodel import Session

from bot.core.access import Viewer
from bot.core.delivery import Delivery, Kind
from bot.core.group import Group
from bot.core.person import Person, Role
from bot.store import deliveries
from bot.store.tables import DeliveryRow
from bot.usecases import accounts, grouping, joining, owing
from bot.usecases.joining import Sharing
from bot.usecases.owing import Owed
from tests.usecases.world import World


def coach(world: World, telegram_id: int = 2002, first_name: str = "Joko") -> Viewer:
    """Bring in a coach."""
    person = world.joins(telegram_id, first_name)
    return Viewer(world.do(lambda s: accounts.choose_role(s, owner=person, role=Role.COACH)))


def group_of(world: World, viewer: Viewer, name: str = "Warung Ceria", *, approves: bool = False) -> Group:
    """Make a group that the coach leads."""
    made = world.do(
        lambda s: grouping.create(s, viewer=viewer, name=name, new_token=lambda size: f"{name}-{size}", now=world.now)
    )
    return world.do(lambda s: grouping.set_approval(s, viewer=viewer, group_id=made.id, approves=approves))


def enters(world: World, owner: Person, group: Group) -> None:
    """Let an owner join a group, sharing name and result."""
    world.do(lambda s: joining.open_link(s, owner=owner, token=group.invitation.token, now=world.now))
    world.do(
        lambda s: joining.join(
            s, owner=owner, group_id=group.id, sharing=Sharing.NAME, version="1", text="teks", now=world.now
        )
    )


def owes(
    world: World,
    person: Person,
    kind: Kind = Kind.SIGNED_IN,
    group: Group | None = None,
    *,
    key: str = "",
    module_code: str | None = None,
) -> None:
    """Owe a person one message, due now."""
    one = Delivery(
        person_id=person.id,
        key=f"{kind}:{person.id}:{key}",
        kind=kind,
        due_at=world.now,
        group_id=group.id if group else None,
        sender_name="Joko",
        module_code=module_code,
    )
    world.do(lambda s: deliveries.owe(s, [one], world.now))


def outcomes(world: World) -> list[str | None]:
    """Return how every message ended, by the order in which they were owed; None for those still owed."""
    statement = text("SELECT outcome FROM delivery ORDER BY id")
    return world.do(lambda s: list(s.connection().execute(statement).scalars()))


def due(world: World, limit: int = 1000) -> list[Owed]:
    """Return what would be sent now, as it would be sent; what was looked at stays owed as it was."""
    ready: list[Owed] = []

    def look(session: Session) -> None:
        while leased := owing.lease(session, now=world.now, most=limit):
            for one in leased:
                owed = owing.prepare(session, library=world.library, delivery_id=one.id, tries=one.tries, now=world.now)
                if owed is not None:
                    ready.append(owed)
                    _hide(session, one.id, world.now)
        for owed in ready:
            _hide(session, owed.id, None)

    world.do(look)
    return ready[:limit]


def _hide(session: Session, delivery_id: int, done_at: datetime | None) -> None:
    """Let a message look done while the others are looked at."""
    statement = update(DeliveryRow).where(DeliveryRow.id == delivery_id)  # type: ignore[arg-type]
    session.execute(statement.values(done_at=done_at, leased_until=None))
