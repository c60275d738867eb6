"""People who ask for what comes by itself, and the messages that come of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, select

from bot.core.delivery import Outcome
from bot.core.person import Person
from bot.core.wish import Wanted, Wish
from bot.store.tables import DeliveryRow
from bot.usecases import owing, timetable, wishing
from bot.usecases.owing import Owed
from tests.usecases.world import World

HASH = "f" * 64


def says(world: World, owner: Person, what: Wish, *, wanted: bool = True, hour: int | None = None) -> Wanted:
    """Let somebody say yes or no to a wish."""
    return world.do(
        lambda s: wishing.say(
            s,
            owner=owner,
            what=what,
            wanted=wanted,
            text_hash=HASH,
            library=world.library,
            seed=1,
            now=world.now,
            hour=hour,
        )
    )


def said(world: World, owner: Person) -> dict[Wish, Wanted]:
    """Return what somebody said of each wish."""
    return world.do(lambda s: wishing.of(s, owner=owner))


def advances(world: World, seed: int = 1, limit: int = 100) -> int:
    """Let the timetable look once."""
    return world.do(lambda s: timetable.advance(s, new_seed=lambda: seed, now=world.now, limit=limit))


def comes(world: World, outcome: Outcome = Outcome.SENT) -> list[Owed]:
    """Let the timetable look, and everything that is due be sent and end in this way."""
    advances(world)

    def send(session: Session) -> list[Owed]:
        sent: list[Owed] = []
        while leased := owing.lease(session, now=world.now, most=100):
            for one in leased:
                owed = owing.prepare(session, library=world.library, delivery_id=one.id, tries=one.tries, now=world.now)
                if owed is not None:
                    sent.append(owed)
                    owing.settle(session, delivery_id=owed.id, outcome=outcome, now=world.now)
        return sent

    return world.do(send)


def comes_after(world: World, **by: float) -> list[Owed]:
    """The same after a while."""
    world.now += timedelta(**by)
    return comes(world)


def owed_keys(world: World) -> list[tuple[str, datetime]]:
    """Return the keys of all that is still owed, and when it is due."""
    statement = select(DeliveryRow.key, DeliveryRow.due_at).where(DeliveryRow.done_at == None)  # noqa: E711
    return world.do(lambda s: sorted((key, due_at) for key, due_at in s.exec(statement)))
