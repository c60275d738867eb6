"""Which messages owed are being sent by whom: leases on their rows, and bots that must rest.

A message is leased for a moment to who sends it. Whatever becomes of that process, the lease passes, and the next sweep
finds the row again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CursorResult,
    Integer,
    Row,
    Select,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    text,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from bot.core.delivery import LANES, TO_CHATS, Delivery, DeliveryId, Kind, Outcome
from bot.core.person import PersonId
from bot.store.deliveries import delivery
from bot.store.tables import DeliveryRow, PauseRow, PersonRow

_DELIVERY: Table = DeliveryRow.__table__  # type: ignore[attr-defined]
_PERSON: Table = PersonRow.__table__  # type: ignore[attr-defined]
_PAUSE: Table = PauseRow.__table__  # type: ignore[attr-defined]
_OPEN = _DELIVERY.c.done_at.is_(None)
WAITED_FOR = 3
"""Tries of a message for which the next one of its kind waits, so that a short trouble does not change their order."""
_SWEEP = 5_000_003
"""An arbitrary number that names the lock of a sweep."""

_KINDS_DUE = text(
    """
    WITH RECURSIVE open(kind) AS (
        SELECT min(kind) FROM delivery WHERE done_at IS NULL
        UNION ALL
        SELECT (SELECT min(kind) FROM delivery WHERE done_at IS NULL AND kind > open.kind)
        FROM open WHERE open.kind IS NOT NULL
    )
    SELECT kind FROM open
    WHERE EXISTS (SELECT 1 FROM delivery WHERE kind = open.kind AND done_at IS NULL AND due_at <= :now)
    """
).bindparams(bindparam("now", type_=_DELIVERY.c.due_at.type))
"""Steps from kind to kind through the index, past whatever many there are of each."""


_THIS_LEASE = and_(
    _DELIVERY.c.id == bindparam("one", type_=Integer), _DELIVERY.c.tries == bindparam("its_tries", type_=Integer), _OPEN
)
_HELD = select(_DELIVERY).where(_THIS_LEASE).with_for_update()
_RESTING = select(_PAUSE.c.bot_id).where(_PAUSE.c.until > bindparam("now"))
_RECEIVED = select(_DELIVERY.c.done_at).where(
    _DELIVERY.c.person_id == bindparam("reader"),
    _DELIVERY.c.kind.in_(bindparam("kinds", expanding=True)),
    _DELIVERY.c.done_at > bindparam("since"),
    _DELIVERY.c.outcome.in_((Outcome.SENT, Outcome.AMBIGUOUS)),
)

Lease = tuple[DeliveryId, int]
"""A message with the number that tells this lease of it from all others."""


@dataclass(frozen=True, slots=True)
class Leased:
    """A message that somebody may send now through a bot; `tries` is the number of its lease."""

    id: DeliveryId
    tries: int
    lane: int
    bot_id: int


def lease(
    session: Session,
    *,
    now: datetime,
    until: datetime,
    most: int,
    batch: int = 1,
    bots: Sequence[int] = (0,),
    kept: Collection[Lease] = (),
) -> list[Leased]:
    """Lease due messages, by their lanes and in each the oldest first, so that each bot has at most so many at once,
    and as much room as whole batches fill.

    A person gets one at a time, so that their order is kept; what goes through a bot that must rest waits. Readers
    whose bot is none of these get theirs through the first one. Leases that are `kept` hold on, whatever the hour.
    """
    if not _takes_turn(session):
        return []
    keep(session, kept, at_least=until, until=until)
    through = _through(bots)
    held = session.execute(select(_DELIVERY.c.person_id, through).where(_OPEN, _DELIVERY.c.leased_until > now))
    busy = {row.person_id: row.bot_id for row in held}
    rests, taken = resting(session, now), Counter(busy.values())
    room = {bot: 0 if bot in rests else max(0, most - taken[bot]) // batch * batch for bot in bots}
    if not any(room.values()):
        return []
    chosen: dict[int, tuple[int, int, int]] = {}
    for place, kinds in enumerate(_lanes_with_something(session, now)):
        for row in _fill(session, kinds, now, list(busy), room, through, len(chosen)):
            if row.person_id not in chosen and room[row.bot_id] > 0:
                room[row.bot_id] -= 1
                chosen[row.person_id] = (row.id, place, row.bot_id)
    tries = _take(session, [one for one, _, _ in chosen.values()], until) if chosen else {}
    return [Leased(DeliveryId(one), tries[one], lane, bot) for one, lane, bot in chosen.values() if one in tries]


def _through(bots: Sequence[int]) -> ColumnElement[int]:
    """Say through which bot a message goes."""
    first = literal(bots[0], BigInteger)
    if len(bots) == 1:
        return first.label("bot_id")
    theirs = case((_PERSON.c.bot_id.in_(bots), _PERSON.c.bot_id), else_=first)
    return select(theirs).where(_PERSON.c.id == _DELIVERY.c.person_id).scalar_subquery().label("bot_id")


def _fill(
    session: Session,
    kinds: Sequence[Kind],
    now: datetime,
    busy: list[int],
    room: dict[int, int],
    through: ColumnElement[int],
    beside: int,
) -> Iterator[Row[Any]]:
    """Give what is due of some kinds, the oldest first, and then again without the bots that are full meanwhile: the
    many messages of one bot keep those of no other waiting.
    """
    while kinds and (left := {bot for bot, free in room.items() if free > 0}):
        free = _is_free(now, busy, [bot for bot in room if bot not in left], through)
        limit = sum(room.values()) + beside
        found = [row for kind in kinds for row in session.execute(_due_of(kind, now, free, limit, through))]
        yield from sorted(found, key=lambda row: (row.due_at, row.id))
        if len(found) < limit or all(room[bot] > 0 for bot in left):
            return


def _takes_turn(session: Session) -> bool:
    """Tell whether no other sweep is under way. SQLite has one writer anyway."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.execute(select(func.pg_try_advisory_xact_lock(_SWEEP))).scalar_one())


def _is_free(
    now: datetime, busy: list[int], closed: Collection[int], through: ColumnElement[int]
) -> ColumnElement[bool]:
    """Say that nobody holds a message, or another one of its reader, and that its bot may send."""
    free = or_(_DELIVERY.c.leased_until.is_(None), _DELIVERY.c.leased_until <= now)
    if busy:
        free = and_(free, _DELIVERY.c.person_id.not_in(busy))
    return and_(free, through.not_in(closed)) if closed else free


def _lanes_with_something(session: Session, now: datetime) -> list[list[Kind]]:
    """Return the kinds of each lane of which something is due. It costs the same whatever waits."""
    due = set(session.execute(_KINDS_DUE, {"now": now}).scalars())
    return [[kind for kind in kinds if kind in due] for kinds in LANES]


def _due_of(
    kind: Kind, now: datetime, free: ColumnElement[bool], limit: int, through: ColumnElement[int]
) -> Select[Any]:
    """Return the oldest messages of one kind that are due, the first of each person, through the index of kinds."""
    earlier = _DELIVERY.alias()
    it_keeps, this_keeps = (table.c.tries.between(1, WAITED_FOR) for table in (earlier, _DELIVERY))
    is_first = ~exists().where(
        earlier.c.person_id == _DELIVERY.c.person_id,
        earlier.c.kind.concat("") == kind,  # so that the few of one person are looked through, not the many of the kind
        earlier.c.done_at.is_(None),
        # One order of all, or two that wait for each other would wait for good: those tried before, then by their time.
        or_(
            and_(it_keeps, or_(~this_keeps, earlier.c.id < _DELIVERY.c.id)),
            and_(
                ~it_keeps,
                ~this_keeps,
                tuple_(earlier.c.due_at, earlier.c.id) < tuple_(_DELIVERY.c.due_at, _DELIVERY.c.id),
            ),
        ),
    )
    return (
        select(_DELIVERY.c.id, _DELIVERY.c.person_id, _DELIVERY.c.due_at, through)
        .where(_DELIVERY.c.kind == kind, _OPEN, _DELIVERY.c.due_at <= now, free, is_first)
        .order_by(_DELIVERY.c.due_at, _DELIVERY.c.id)
        .limit(limit)
    )


def _take(session: Session, wanted: Iterable[int], until: datetime) -> dict[int, int]:
    """Mark messages as leased; return their tries. One that another transaction holds is left for the next sweep."""
    held = select(_DELIVERY.c.id).where(_DELIVERY.c.id.in_(list(wanted)), _OPEN).with_for_update(skip_locked=True)
    statement = (
        update(_DELIVERY)
        .where(_DELIVERY.c.id.in_(held.scalar_subquery()))
        .values(leased_until=until, tries=_DELIVERY.c.tries + 1)
        .returning(_DELIVERY.c.id, _DELIVERY.c.tries)
    )
    return {row.id: row.tries for row in session.execute(statement)}


def hold(
    session: Session, delivery_id: DeliveryId, tries: int, *, at_least: datetime, until: datetime
) -> Delivery | None:
    """Return a leased message, its lease lengthened where it would not last `at_least` so long; None where it ended
    meanwhile or was leased to somebody else.
    """
    row = session.execute(_HELD, {"one": delivery_id, "its_tries": tries}).one_or_none()
    if row is None:
        return None
    if row.leased_until is None or row.leased_until < at_least:
        session.execute(update(_DELIVERY).where(_is_mine(delivery_id, tries)).values(leased_until=until))
    return delivery(row)


def keep(session: Session, held: Collection[Lease], *, at_least: datetime, until: datetime) -> None:
    """Lengthen leases that would not last `at_least` so long, unless they ended, were given back, or are another's."""
    if not held:
        return
    statement = update(_DELIVERY).where(_THIS_LEASE, _DELIVERY.c.leased_until < at_least).values(leased_until=until)
    session.connection().execute(statement, [{"one": id_, "its_tries": number} for id_, number in sorted(held)])


def give_back(session: Session, *, kept: Collection[Lease]) -> int:
    """Give back all leases but those that are `kept`, as nobody else lives; return how many that were."""
    held = session.execute(
        select(_DELIVERY.c.id, _DELIVERY.c.tries).where(_OPEN, _DELIVERY.c.leased_until.is_not(None))
    )
    lost = [row.id for row in held if (row.id, row.tries) not in kept]
    if lost:
        session.execute(update(_DELIVERY).where(_DELIVERY.c.id.in_(lost)).values(leased_until=None))
    return len(lost)


def release(session: Session, delivery_id: DeliveryId, tries: int, due_at: datetime | None = None) -> None:
    """Give a lease back, so that the message can be leased again at once, or once it is due at another moment."""
    values = {"leased_until": None} if due_at is None else {"leased_until": None, "due_at": due_at}
    session.execute(update(_DELIVERY).where(_is_mine(delivery_id, tries)).values(**values))


def _is_mine(delivery_id: DeliveryId, tries: int) -> ColumnElement[bool]:
    return and_(_DELIVERY.c.id == delivery_id, _DELIVERY.c.tries == tries, _OPEN)


def call_off(session: Session, reader: PersonId, now: datetime) -> int:
    """End everything that is still owed to a person, not what goes to a chat in their name, nor what the law wants
    told, which ends by itself as not arrived; return how much.
    """
    theirs = and_(_DELIVERY.c.person_id == reader, _DELIVERY.c.kind.not_in((*TO_CHATS, Kind.BREACH)), _OPEN)
    ended = {"done_at": now, "outcome": Outcome.SUPERSEDED, "sender_name": ""}
    done = session.execute(update(_DELIVERY).where(theirs).values(**ended))
    return cast(CursorResult[Any], done).rowcount


def received(session: Session, reader: PersonId, kinds: Collection[Kind], since: datetime) -> list[datetime]:
    """Return when messages of these kinds reached a person since a moment, or may have."""
    told = {"reader": reader, "kinds": [str(kind) for kind in kinds], "since": since}
    return list(session.execute(_RECEIVED, told).scalars())


def rest(session: Session, bot_id: int, until: datetime) -> None:
    """Let a bot send nothing until a moment, or longer where that was said before."""
    make = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    told = make(_PAUSE).values(bot_id=bot_id, until=until)
    later = case((told.excluded.until > _PAUSE.c.until, told.excluded.until), else_=_PAUSE.c.until)
    session.execute(told.on_conflict_do_update(index_elements=["bot_id"], set_={"until": later}))


def resting(session: Session, now: datetime) -> frozenset[int]:
    """Return the bots that must rest now."""
    return frozenset(session.execute(_RESTING, {"now": now}).scalars())
