"""Queries about people, their consent and their place in the conversation."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Select, Table, bindparam, func, or_, select, update
from sqlmodel import Session

from bot.core.person import (
    Business,
    Channel,
    Consent,
    Context,
    OpeningHours,
    Person,
    PersonId,
    PhoneHolder,
    Role,
    Zone,
)
from bot.store import turns
from bot.store.prepared import Prepared
from bot.store.tables import ConsentRow, PersonRow, ThreadRow

_PERSON: Table = PersonRow.__table__  # type: ignore[attr-defined]
_LOCKED = Prepared(
    select(_PERSON).where(_PERSON.c.telegram_id == bindparam("telegram_id")).with_for_update(key_share=True)
)
"""Others may go on to refer to the person: two who owe each other a message while both are locked would wait for each
other."""
_KEEP_THREAD = Prepared(
    update(_PERSON)
    .where(_PERSON.c.id == bindparam("kept"))
    .values({name: bindparam(name) for name in ("live_message_id", "last_typed_id", "sending")})
)


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a person's chat stands with the bot last written to: the message that holds the live keyboard, the latest
    typed message taken, what the next one is meant to be, the number of the screen that is being sent as a new message,
    and whether that bot can write to the person; and the first day of the month in which the person did anything last.
    """

    live_message_id: int | None
    last_typed_id: int
    awaits: str | None = None
    sending: int | None = None
    is_reachable: bool = True
    used_on: date | None = None


def locked(session: Session, telegram_id: int) -> tuple[Person, Thread] | None:
    """Return a consented person with the chat's state, locked until the transaction ends; None for a stranger."""
    row = _LOCKED.first(session, telegram_id=telegram_id)
    if row is None and turns.one_stranger(session, telegram_id):
        row = _LOCKED.first(session, telegram_id=telegram_id)
    if row is None:
        return None
    thread = Thread(row.live_message_id, row.last_typed_id, row.awaits, row.sending, row.reachable, row.used_on)
    return _person(row), thread


def nobody_is_there(session: Session) -> bool:
    """Tell whether nobody has joined yet."""
    return session.execute(select(_PERSON.c.id).limit(1)).first() is None


def by_id(session: Session, owner: PersonId) -> Person | None:
    """Return a person, not locked; None once erased."""
    row = session.execute(select(_PERSON).where(_PERSON.c.id == owner)).first()
    return None if row is None else _person(row)


def by_telegram_ids(session: Session, wanted: Collection[int]) -> dict[int, Person]:
    """Return people by their Telegram ids, not locked; who has not joined is left out."""
    rows = session.execute(select(_PERSON).where(_PERSON.c.telegram_id.in_(list(wanted))))
    return {row.telegram_id: _person(row) for row in rows}


def admins(session: Session, named: Collection[int], *, lock: bool = False) -> list[Person]:
    """Return all admins who have joined: those granted, and those named in the settings by their Telegram ids.

    With `lock` nobody else changes them until the transaction ends.
    """
    either = _PERSON.c.is_admin | _PERSON.c.telegram_id.in_(list(named))
    statement = select(_PERSON).where(either).order_by(_PERSON.c.id)
    return [_person(row) for row in session.execute(statement.with_for_update() if lock else statement)]


def coaches(session: Session, called: str, *, limit: int, offset: int = 0) -> list[Person]:
    """Return who coaches and whose name holds this, by name."""
    found = _coaches(called).order_by(func.lower(_PERSON.c.first_name), _PERSON.c.id).limit(limit).offset(offset)
    return [_person(row) for row in session.execute(found)]


def count_coaches(session: Session, called: str) -> int:
    """Count who coaches and whose name holds this."""
    return int(session.execute(select(func.count()).select_from(_coaches(called).subquery())).scalar_one())


def _coaches(called: str) -> Select[Any]:
    named = func.lower(_PERSON.c.first_name).contains(called.lower(), autoescape=True)
    return select(_PERSON).where(_PERSON.c.role == Role.COACH, named)


def set_admin(session: Session, person: PersonId, *, is_admin: bool) -> None:
    """Note whether somebody is an admin by another admin's grant."""
    session.execute(update(_PERSON).where(_PERSON.c.id == person).values(is_admin=is_admin))


def several(session: Session, wanted: Collection[PersonId]) -> dict[PersonId, Person]:
    """Return people by their ids, not locked; who was erased is left out."""
    rows = session.execute(select(_PERSON).where(_PERSON.c.id.in_(list(wanted))))
    return {PersonId(row.id): _person(row) for row in rows}


def _person(row: Any) -> Person:
    hours = None
    if row.opens is not None and row.closes is not None and row.zone is not None:
        hours = OpeningHours(row.opens, row.closes, Zone(row.zone))
    context = Context(
        business=Business(row.business) if row.business else None,
        phone_holder=PhoneHolder(row.phone_holder) if row.phone_holder else None,
        channel=Channel(row.channel) if row.channel else None,
        hours=hours,
        zone=Zone(row.zone) if row.zone else None,
    )
    role = Role(row.role) if row.role else None
    return Person(
        PersonId(row.id),
        row.telegram_id,
        row.first_name,
        role,
        context,
        row.language,
        row.is_admin,
        row.wants_news,
        row.bot_id,
    )


def add(
    session: Session,
    telegram_id: int,
    *,
    first_name: str,
    language: str | None,
    bot_id: int | None,
    consent: Consent,
    now: datetime,
) -> Person:
    """Store a person together with the proof of consent."""
    row = PersonRow(
        telegram_id=telegram_id,
        bot_id=bot_id,
        first_name=first_name,
        language=language,
        used_on=month(now),
        created_at=now,
    )
    session.add(row)
    session.flush()
    assert row.id is not None
    session.add(ConsentRow(person_id=row.id, given_at=now, **asdict(consent)))
    return _person(row)


def save(session: Session, owner: PersonId, person: Person) -> None:
    """Write what a person told about themselves."""
    hours = person.context.hours
    session.execute(
        update(_PERSON)
        .where(_PERSON.c.id == owner)
        .values(
            first_name=person.first_name,
            language=person.language,
            role=person.role,
            business=person.context.business,
            phone_holder=person.context.phone_holder,
            channel=person.context.channel,
            opens=hours.opens if hours else None,
            closes=hours.closes if hours else None,
            zone=hours.zone if hours else person.context.zone,
        )
    )


def turn_to(session: Session, owner: Person, thread: Thread, bot_id: int) -> Thread:
    """Note that the owner now writes to this bot, and return where the chat with it stands.

    The chat with the bot that is left is kept, because message ids are each bot's own; what it awaited is forgotten.
    """
    if owner.bot_id not in (None, bot_id):
        session.merge(
            ThreadRow(
                person_id=owner.id,
                bot_id=owner.bot_id,
                live_message_id=thread.live_message_id,
                last_typed_id=thread.last_typed_id,
            )
        )
        kept = session.get(ThreadRow, (owner.id, bot_id))
        thread = Thread(kept.live_message_id, kept.last_typed_id) if kept else Thread(None, 0)
        if kept:
            session.delete(kept)
        session.flush()
    session.execute(
        update(_PERSON)
        .where(_PERSON.c.id == owner.id)
        .values(
            bot_id=bot_id,
            live_message_id=thread.live_message_id,
            last_typed_id=thread.last_typed_id,
            awaits=thread.awaits,
            sending=thread.sending,
            reachable=True,
        )
    )
    return replace(thread, is_reachable=True)


def month(moment: datetime) -> date:
    """Return the first day of a month."""
    return moment.date().replace(day=1)


def note_used(session: Session, owner: PersonId, now: datetime) -> None:
    """Note the month in which the owner did anything last."""
    session.execute(update(_PERSON).where(_PERSON.c.id == owner).values(used_on=month(now)))


def take_in(session: Session, bot_id: int) -> None:
    """Give everybody who joined before bots were told apart to this one."""
    session.execute(update(_PERSON).where(_PERSON.c.bot_id.is_(None)).values(bot_id=bot_id))


def keep_thread(session: Session, owner: PersonId, thread: Thread) -> None:
    """Note the message that holds the live keyboard, the latest typed message taken, and the screen being sent."""
    _KEEP_THREAD.run(
        session,
        kept=owner,
        live_message_id=thread.live_message_id,
        last_typed_id=thread.last_typed_id,
        sending=thread.sending,
    )


def await_text(session: Session, owner: PersonId, awaits: str | None) -> None:
    """Note what the owner's next text is meant to be, or that it is nothing special."""
    session.execute(update(_PERSON).where(_PERSON.c.id == owner).values(awaits=awaits))


def set_reachable(session: Session, telegram_id: int, *, bot_id: int | None, reachable: bool) -> bool:
    """Note whether the person blocked a bot, and tell whether it is the one last written to; no other one counts."""
    is_theirs = or_(_PERSON.c.bot_id == bot_id, _PERSON.c.bot_id.is_(None))
    statement = update(_PERSON).where(_PERSON.c.telegram_id == telegram_id, is_theirs)
    noted = cast(CursorResult[Any], session.execute(statement.values(reachable=reachable)))
    return noted.rowcount > 0


def zones(session: Session, people: Collection[PersonId]) -> dict[PersonId, Zone]:
    """Return in which time zone these people live, as far as they told."""
    statement = select(_PERSON.c.id, _PERSON.c.zone).where(_PERSON.c.id.in_(list(people)), _PERSON.c.zone.is_not(None))
    return {PersonId(row.id): Zone(row.zone) for row in session.execute(statement)}
