"""Coming in with consent, and telling who one is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.core.person import Business, Channel, Consent, OpeningHours, Person, PhoneHolder, Role, Zone
from bot.store import people
from bot.store.people import Thread

NO_THREAD = Thread(live_message_id=None, last_typed_id=0)
NAME_LIMIT = 64


def meet(session: Session, *, telegram_id: int) -> tuple[Person | None, Thread]:
    """Return who writes, locked for this transaction; a stranger is None and nothing is stored."""
    return people.locked(session, telegram_id) or (None, NO_THREAD)


def arrive(
    session: Session, *, owner: Person, thread: Thread, bot_id: int | None, now: datetime
) -> tuple[Person, Thread]:
    """Note that the owner writes, if that is news: in a new month, through another bot than before, or after having
    blocked it. Return the owner, and where the chat with this bot stands.
    """
    if thread.used_on is None or thread.used_on < people.month(now):
        people.note_used(session, owner.id, now)
    if bot_id is None or (bot_id == owner.bot_id and thread.is_reachable):
        return owner, thread
    return replace(owner, bot_id=bot_id), people.turn_to(session, owner, thread, bot_id)


def join(
    session: Session,
    *,
    telegram_id: int,
    first_name: str,
    language: str | None,
    consent: Consent,
    now: datetime,
    bot_id: int | None = None,
) -> Person:
    """Store a person with the proof of consent; who has joined already stays as they are."""
    known = people.locked(session, telegram_id)
    if known is not None:
        return known[0]
    name = first_name.replace("\0", "")[:NAME_LIMIT]
    return people.add(session, telegram_id, first_name=name, language=language, bot_id=bot_id, consent=consent, now=now)


def choose_role(session: Session, *, owner: Person, role: Role) -> Person:
    """Note whether the person owns a business or coaches owners."""
    return _save(session, replace(owner, role=role))


def choose_language(session: Session, *, owner: Person, language: str) -> Person:
    """Note the language to speak from now on."""
    return _save(session, replace(owner, language=language))


def tell_context(
    session: Session, *, owner: Person, told: Business | PhoneHolder | Channel | Zone | OpeningHours
) -> Person:
    """Note one answer about the business."""
    match told:
        case Business():
            context = replace(owner.context, business=told)
        case PhoneHolder():
            context = replace(owner.context, phone_holder=told)
        case Channel():
            context = replace(owner.context, channel=told)
        case Zone():
            hours = owner.context.hours
            context = replace(owner.context, zone=told, hours=replace(hours, zone=told) if hours else None)
        case OpeningHours():
            context = replace(owner.context, hours=told, zone=told.zone)
    return _save(session, replace(owner, context=context))


def _save(session: Session, person: Person) -> Person:
    people.save(session, person.id, person)
    return person


def note_sending(
    session: Session, *, owner: Person, thread: Thread, sending: int | None, typed_id: int | None = None
) -> None:
    """Note that a screen goes out as a new message under this number, or that what is on its way as one may be out of
    date (None); and the typed message it answers.
    """
    last_typed_id = max(thread.last_typed_id, typed_id or 0)
    if (sending, last_typed_id) != (thread.sending, thread.last_typed_id):
        people.keep_thread(session, owner.id, replace(thread, sending=sending, last_typed_id=last_typed_id))


@dataclass(frozen=True, slots=True)
class Landed:
    """What there is to do about the messages of a chat once a screen is there: draw `again` the screen that counts, as
    a new message; take the keys off the message `above`.
    """

    again: bool = False
    above: int | None = None


def note_sent(
    session: Session,
    *,
    owner: Person,
    thread: Thread,
    message_id: int,
    has_keys: bool,
    sending: int | None,
    live_before: int | None,
) -> Landed:
    """Note the message that a screen now stands in.

    Several processes may answer one person at the same time: a tap of one and a text of another. Their screens come to
    lie in any order, and the lowest one must show what is stored. Where that is in doubt, the last of those who sent a
    new message sees to it. `sending` is the number it was sent under, None for one changed in place; `live_before` is
    the message that held the keys when the screen was composed.
    """
    live = thread.live_message_id
    is_lowest = live is None or message_id >= live
    is_overtaken = live != live_before if sending is None else thread.sending != sending
    is_passed = is_overtaken and not is_lowest
    kept = replace(thread, live_message_id=message_id) if has_keys and not is_passed else thread
    if sending is not None and is_lowest and not is_overtaken:
        kept = replace(kept, sending=None)
    if kept != thread:
        people.keep_thread(session, owner.id, kept)
    again = is_lowest and thread.sending is None if is_overtaken else not is_lowest
    if is_passed:
        return Landed(again, message_id)
    return Landed(again, live if live not in (live_before, message_id) else None)


def await_text(session: Session, *, owner: Person, awaits: str | None) -> None:
    """Note what the next typed text of the person is meant to be, or that it is nothing special."""
    people.await_text(session, owner.id, awaits)


def note_reachable(session: Session, *, telegram_id: int, reachable: bool, bot_id: int | None = None) -> None:
    """Note that the person blocked a bot, or came back; nothing changes where another one was written to last."""
    people.set_reachable(session, telegram_id, bot_id=bot_id, reachable=reachable)
