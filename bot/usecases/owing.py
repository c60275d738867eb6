"""Messages owed to people at the moment of sending: who may send which, what they say, and how each one ended."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlmodel import Session

from bot.core.announcement import Announcement
from bot.core.delivery import (
    ABOUT_ROLES,
    BY_WISH,
    COUNTED,
    TO_CHATS,
    WAITS_FOR_MORNING,
    WEEK,
    Delivery,
    DeliveryId,
    Kind,
    Outcome,
    after_a_full_week,
    after_quiet_hours,
    retry_wait,
)
from bot.core.grant import GrantId
from bot.core.group import GroupId
from bot.core.person import Person
from bot.core.release import Module
from bot.store import announcements, deliveries, leases, people
from bot.store.leases import Lease, Leased
from bot.usecases import granting, posting, relevance, wished
from bot.usecases.granting import Line
from bot.usecases.library import Library
from bot.usecases.posting import Post
from bot.usecases.relevance import Matter
from bot.usecases.wished import Drawn, Later

RATHER_TWICE = {**dict.fromkeys((Kind.SIGNED_IN, *ABOUT_ROLES, Kind.BREACH), 10), Kind.PROBE: 3}
"""Kinds that are sent again where Telegram leaves open whether they arrived, and up to which of their tries: a shadow
customer who never came must not seem to wait for a reply, and a warning must not be missed, so that its tries go on for
a working day. More often the same is a nuisance, for most of such messages did arrive.
"""
LEASE = timedelta(seconds=8)
"""For how long a message is kept for who sends it, who lengthens that while it lives: so short that what a machine
takes with it is soon found again, and so long that one which stands still for a moment loses nothing.
"""


@dataclass(frozen=True, slots=True)
class Owed:
    """A message to send now, with all that it says; `tries` names the lease under which it is sent.

    `minutes` is what the module or, without one, the assessment takes; `has_begun` tells whether a sitting is under
    way, `is_coach` whether the reader coaches the group; `news` is the text of an announcement, as it was typed;
    `grant` is the change of roles that the message is about, `drawn` what a message of a wish says,
    `post` what a chat of several people is told.
    """

    id: DeliveryId
    kind: Kind
    person: Person
    owed_at: datetime
    sender_name: str
    group_id: GroupId | None
    group_name: str
    minutes: int
    has_begun: bool
    is_coach: bool
    module: Module | None
    news: str = ""
    grant: Line | None = None
    tries: int = 1
    drawn: Drawn | None = None
    post: Post | None = None

    @property
    def bot_id(self) -> int | None:
        """Return the bot through which it goes, None where that is not known."""
        return self.post.chat.bot_id if self.post else self.person.bot_id

    @property
    def chat_id(self) -> int:
        """Return the chat to which it goes."""
        return self.post.chat.chat_id if self.post else self.person.telegram_id


def lease(
    session: Session,
    *,
    now: datetime,
    most: int,
    batch: int = 1,
    bots: Sequence[int] = (0,),
    kept: Collection[Lease] = (),
) -> list[Leased]:
    """Lease due messages to the caller, what somebody waits for first, so that each bot has at most so many at once,
    in whole batches while more are due.

    Leases that are `kept` hold on, whatever the clock says.
    """
    return leases.lease(session, now=now, until=now + LEASE, most=most, batch=batch, bots=bots, kept=kept)


def keep(session: Session, *, held: Collection[Lease], now: datetime) -> None:
    """Lengthen leases under which messages are still to be sent."""
    leases.keep(session, held, at_least=now + LEASE, until=now + LEASE)


def give_back(session: Session, *, kept: Collection[Lease]) -> int:
    """Give back what nobody sends who is still there, all but what is `kept`; return how many messages that are."""
    return leases.give_back(session, kept=kept)


def prepare(
    session: Session,
    *,
    library: Library,
    delivery_id: DeliveryId,
    tries: int,
    now: datetime,
    bots: Sequence[int] = (0,),
) -> Owed | None:
    """Return a leased message as it is to be sent now; None where it is not to be sent, or not by this lease.

    One that nobody needs any more, or whose reader cannot be reached, ends here; what can wait waits for the morning
    and for a week that is not full; where its bot must rest the lease is given back.
    """
    one = leases.hold(session, delivery_id, tries, at_least=now + LEASE / 2, until=now + LEASE)
    if one is None:
        return None
    reader = people.several(session, {one.person_id})[one.person_id]
    if (reader.bot_id if reader.bot_id in bots else bots[0]) in leases.resting(session, now):
        leases.release(session, one.id, tries)
        return None
    library.refresh(session, now=now)
    matter = _matter(session, one, reader, library)
    ended = relevance.ended(matter, now=now)
    if ended is not None:
        deliveries.settle(session, one.id, ended, now)
        return None
    comes_at = _comes_at(session, one, reader, now)
    if comes_at > now:
        leases.release(session, one.id, tries, comes_at)
        return None
    if one.kind in TO_CHATS:
        return _posted(session, matter, tries, now)
    return _wished(session, matter, tries, library, now) if one.kind in BY_WISH else _owed(matter, tries)


def _posted(session: Session, matter: Matter, tries: int, now: datetime) -> Owed | None:
    """Return what a chat of several people is told now; None where there is nothing to tell, or no chat any more."""
    post = posting.post(session, owed=matter.owed, release=matter.release, now=now)
    if post is None:
        deliveries.settle(session, matter.owed.id, Outcome.SUPERSEDED, now)
        return None
    return replace(_owed(matter, tries), post=post)


def _wished(session: Session, matter: Matter, tries: int, library: Library, now: datetime) -> Owed | None:
    """Return what was wished for with what it says now; None where nobody wants it any more, or not yet."""
    one = matter.owed
    match wished.draw(session, owed=one, reader=matter.reader, library=library, now=now):
        case Drawn() as drawn:
            return _owed(matter, tries, drawn)
        case Later(until):
            leases.release(session, one.id, tries, until)
        case None:
            deliveries.settle(session, one.id, Outcome.SUPERSEDED, now)
    return None


def _matter(session: Session, one: Delivery, reader: Person, library: Library) -> Matter:
    """Return a message with all that its making sense hangs on."""
    return Matter(
        owed=one,
        reader=reader,
        here=deliveries.circumstances(session, [one.id])[one.id],
        release=library.current(session).under(reader.form),
        news=_news(session, one),
        change=_change(session, one),
    )


def _news(session: Session, one: Delivery) -> Announcement | None:
    if one.announcement_id is None:
        return None
    return announcements.several(session, {one.announcement_id}).get(one.announcement_id)


def _change(session: Session, one: Delivery) -> Line | None:
    """Return the change of roles that a message is about; the key of such a message ends in the change's number."""
    if one.kind not in ABOUT_ROLES:
        return None
    grant = GrantId(int(one.key.rpartition(":")[2]))
    return granting.lines(session, wanted=[grant]).get(grant)


def _comes_at(session: Session, one: Delivery, reader: Person, now: datetime) -> datetime:
    """Return now, or the first moment at which a message that can wait disturbs nobody."""
    if one.kind not in WAITS_FOR_MORNING:
        return now
    had = leases.received(session, reader.id, COUNTED, now - WEEK) if one.kind in COUNTED else ()
    return after_quiet_hours(after_a_full_week(now, had), reader.context.zone)


def _owed(matter: Matter, tries: int, drawn: Drawn | None = None) -> Owed:
    one, here = matter.owed, matter.here
    module = drawn.module if drawn else relevance.module(one, release=matter.release)
    return Owed(
        id=one.id,
        kind=one.kind,
        person=matter.reader,
        owed_at=here.owed_at,
        sender_name=one.sender_name,
        group_id=one.group_id,
        group_name=here.group_name or "",
        minutes=module.minutes if module else matter.release.form.minutes,
        has_begun=here.is_sitting,
        is_coach=here.is_coach,
        module=module,
        news=matter.news.wording.text if matter.news else "",
        grant=matter.change,
        tries=tries,
        drawn=drawn,
    )


def settle(session: Session, *, delivery_id: DeliveryId, outcome: Outcome, now: datetime) -> None:
    """Note how a message ended; the first word stays."""
    deliveries.settle(session, delivery_id, outcome, now)


def lose(session: Session, *, owed: Owed, now: datetime) -> None:
    """Note that the reader cannot be reached: the message failed, and nothing else is owed any more, unless they turned
    to another bot meanwhile.
    """
    deliveries.settle(session, owed.id, Outcome.FAILED, now)
    if owed.post is not None:
        posting.leave(session, bot_id=owed.post.chat.bot_id, chat_id=owed.chat_id)
        return
    if people.set_reachable(session, owed.person.telegram_id, bot_id=owed.person.bot_id, reachable=False):
        leases.call_off(session, owed.person.id, now)


def follow(session: Session, *, owed: Owed, to: int) -> Owed:
    """Follow the chat of a message to its new id; return the message as it goes there."""
    assert owed.post is not None
    posting.follow(session, bot_id=owed.post.chat.bot_id, chat_id=owed.chat_id, to=to)
    return replace(owed, post=replace(owed.post, chat=replace(owed.post.chat, chat_id=to)))


def is_sent_again(owed: Owed) -> bool:
    """Tell whether a message that may have arrived, or may not, is sent once more."""
    return owed.tries < RATHER_TWICE.get(owed.kind, 0)


def try_again(session: Session, *, delivery_id: DeliveryId, tries: int, now: datetime) -> Outcome | None:
    """Let a message that could not be sent be due again, later each time; after a week of that it failed."""
    wait = retry_wait(tries)
    if wait is None:
        deliveries.settle(session, delivery_id, Outcome.FAILED, now)
        return Outcome.FAILED
    leases.release(session, delivery_id, tries, now + wait)
    return None


def release(session: Session, *, delivery_id: DeliveryId, tries: int) -> None:
    """Give a lease back unused."""
    leases.release(session, delivery_id, tries)


def rest(session: Session, *, bot_id: int, until: datetime) -> None:
    """Let a bot send nothing of what is owed until a moment."""
    leases.rest(session, bot_id, until)
