"""The shadow customer: send a chat, take the reply, and say how the owner answers. Nobody else ever sees it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlmodel import Session

from bot.core.delivery import DeliveryId
from bot.core.item import Option
from bot.core.person import Person
from bot.core.probe import Answering, Probe, SentProbe, answering, next_probe
from bot.store import probes
from bot.usecases.library import Library


@dataclass(frozen=True, slots=True)
class Chat:
    """A probe as it was sent, with the release's words."""

    sent: SentProbe
    probe: Probe

    @property
    def reply(self) -> Option | None:
        """Return the reply chosen, None while the customer waits."""
        return None if self.sent.choice is None else self.probe.replies[self.sent.choice]


@dataclass(frozen=True, slots=True)
class Record:
    """How many probes were sent and answered, the one that waits, and how they were answered once they are enough."""

    sent: int
    answered: int
    waiting: Chat | None
    answering: Answering | None


def send(session: Session, *, owner: Person, library: Library, seed: int, now: datetime, after: int) -> Chat | None:
    """Send a shadow customer, or return the one that waits for its reply.

    `after` says how many had been sent when this one was asked for, so that the same tap never sends two. None where
    more were sent since, or where the release has none for this business.
    """
    before = probes.owned(session, owner.id)
    waiting = _waiting(session, before, library)
    if waiting is not None:
        return waiting
    if after != len(before):
        return None
    return _sent_next(session, owner, before, library, seed=seed, now=now)


def send_owed(
    session: Session, *, owner: Person, library: Library, delivery_id: DeliveryId, now: datetime
) -> Chat | None:
    """Send the shadow customer of an owed message, or the same one again where the line fell silent before.

    The minutes count from now. None where one waits for its reply already, where this one has it, or where the release
    has none for this business.
    """
    tried = probes.of_delivery(session, delivery_id)
    if tried is not None:
        again = replace(tried, sent_at=now)
        if tried.choice is not None:
            return None
        probes.save(session, again)
        return _chat(session, again, library)
    before = probes.owned(session, owner.id)
    if _waiting(session, before, library) is not None:
        return None
    return _sent_next(session, owner, before, library, seed=delivery_id, now=now, delivery_id=delivery_id)


def _sent_next(
    session: Session,
    owner: Person,
    before: list[SentProbe],
    library: Library,
    *,
    seed: int,
    now: datetime,
    delivery_id: DeliveryId | None = None,
) -> Chat | None:
    release = library.current(session)
    business = owner.context.business.value if owner.context.business else None
    probe = next_probe(release.probes, business=business, sent=[sent.code for sent in before], seed=seed)
    if probe is None:
        return None
    return Chat(probes.add(session, owner.id, SentProbe(0, probe.code, release.id, now), delivery_id), probe)


def _waiting(session: Session, sent: list[SentProbe], library: Library) -> Chat | None:
    return next((_chat(session, one, library) for one in sent if one.choice is None), None)


def _chat(session: Session, sent: SentProbe, library: Library) -> Chat:
    pinned = library.pinned(session, sent.release_id)
    return Chat(sent, next(probe for probe in pinned.probes if probe.code == sent.code))


def answer(
    session: Session, *, owner: Person, probe_id: int, choice: int, library: Library, now: datetime
) -> Chat | None:
    """Store the reply to one of the owner's probes; the first one stays. None where there is no such probe or reply."""
    found = probes.one(session, owner.id, probe_id)
    if found is None:
        return None
    chat = _chat(session, found, library)
    if choice >= len(chat.probe.replies):
        return None
    if chat.sent.choice is None:
        chat = replace(chat, sent=replace(chat.sent, choice=choice, answered_at=now))
        probes.save(session, chat.sent)
    return chat


def record(session: Session, *, owner: Person, library: Library) -> Record:
    """Return how the owner answers shadow customers."""
    sent = probes.owned(session, owner.id)
    chats = [_chat(session, one, library) for one in sent if one.choice is not None]
    return Record(
        sent=len(sent),
        answered=len(chats),
        waiting=_waiting(session, sent, library),
        answering=answering([(chat.sent, chat.reply.score) for chat in chats if chat.reply is not None]),
    )
