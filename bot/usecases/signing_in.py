"""Signing in on the web: by a link from the chat that works once, or by the data of a Telegram Mini App.

Clock and randomness are handed in; only SHA-256 of a secret is stored. Only people who consented can sign in; what they
may see is asked again at every page.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from init_data_py import InitData, validate_by_hash
from init_data_py.errors import InvalidInitDataError
from sqlmodel import Session

from bot.core.delivery import Delivery, Kind
from bot.core.person import Person
from bot.store import deliveries, people, sign_ins
from bot.store.sign_ins import WebSession

NewToken = Callable[[int], str]
"""Returns so many random bytes as text for an address."""
SECRET_BYTES = 32

LINK_LASTS = timedelta(minutes=10)
IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
MINI_LASTS = timedelta(minutes=15)
SEEN_EVERY = timedelta(minutes=1)
"""A session's last use is written down so often at most: reading a page should not write."""
INIT_DATA_FRESH = timedelta(hours=1)
CLOCKS_DIFFER = timedelta(seconds=60)
LONGEST_INIT_DATA = 4096
LINE_BREAK = re.compile("\n|%0a", re.IGNORECASE)
"""What stands between fields where they are signed, so that in a value it would let two fields pass for one."""


class Channel(StrEnum):
    """How a browser was signed in: by link, then a cookie holds the secret; as a Mini App, then the page's memory."""

    LINK = "tautan"
    MINI = "mini"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session just opened; `secret` is told to the browser and kept nowhere else."""

    person: Person
    secret: str
    session: WebSession


def issue_link(session: Session, *, owner: Person, new_token: NewToken, now: datetime) -> str:
    """Return the token of a link that signs the owner in once, within ten minutes; the link before it is void."""
    token = new_token(SECRET_BYTES)
    sign_ins.save_link(session, owner.id, token_hash=_hash(token), ends_at=now + LINK_LASTS, now=now)
    return token


def redeem(session: Session, *, token: str, new_token: NewToken, now: datetime) -> SignedIn | None:
    """Spend a link: open a session and owe its person the news; None where the link is unknown, old or spent."""
    owner_id = sign_ins.spend_link(session, _hash(token), now=now)
    owner = None if owner_id is None else people.by_id(session, owner_id)
    if owner is None:
        return None
    opened = open_session(session, owner=owner, channel=Channel.LINK, new_token=new_token, now=now)
    news = Delivery(owner.id, f"{Kind.SIGNED_IN}:{opened.session.id_hash[:16]}", Kind.SIGNED_IN, due_at=now)
    deliveries.owe(session, [news], now)
    return opened


def redeem_init_data(
    session: Session, *, init_data: str, bot_tokens: Sequence[str], new_token: NewToken, now: datetime
) -> SignedIn | None:
    """Open a session for who opened the Mini App; None where the data is not Telegram's for one of these bots, older
    than an hour, from the future by more than a minute, used before, or of somebody who has not consented.
    """
    proven = _proven(init_data, bot_tokens, now)
    if proven is None or proven.user is None or proven.user.is_bot:
        return None
    known = people.locked(session, proven.user.id)
    if known is None:
        return None
    if not sign_ins.spend_init_data(session, _hash(proven.hash), now=now, old=now - 2 * INIT_DATA_FRESH):
        return None
    return open_session(session, owner=known[0], channel=Channel.MINI, new_token=new_token, now=now)


def _proven(init_data: str, bot_tokens: Sequence[str], now: datetime) -> InitData | None:
    """Return what Telegram signed for one of these bots; each is tried, so that the time taken tells nothing."""
    if len(init_data) > LONGEST_INIT_DATA or LINE_BREAK.search(init_data):
        return None
    found = [proven for token in bot_tokens if (proven := _proven_for(init_data, token, now)) is not None]
    return found[0] if found else None


def _proven_for(init_data: str, bot_token: str, now: datetime) -> InitData | None:
    """Return what Telegram signed, if it did and lately; the library checks all but a date in the future."""
    try:
        proven = validate_by_hash(init_data, bot_token, expires_in=INIT_DATA_FRESH, now=now)
    except (InvalidInitDataError, UnicodeError, RecursionError):
        return None
    return proven if proven.issued_at <= now + CLOCKS_DIFFER else None


def open_session(session: Session, *, owner: Person, channel: Channel, new_token: NewToken, now: datetime) -> SignedIn:
    """Sign the owner in: by link for twelve hours at most, as a Mini App for fifteen minutes."""
    secret = new_token(SECRET_BYTES)
    lasts = ABSOLUTE if channel is Channel.LINK else MINI_LASTS
    opened = WebSession(_hash(secret), owner.id, channel, now, now, now + lasts)
    sign_ins.open_session(session, opened, idle_since=now - IDLE, now=now)
    return SignedIn(owner, secret, opened)


def session_of(session: Session, *, secret: str, channel: Channel, now: datetime) -> tuple[Person, WebSession] | None:
    """Return who is signed in with this secret, and the session; None where it has ended or came another way."""
    opened = sign_ins.found(session, _hash(secret))
    if opened is None or opened.channel != channel or now >= opened.ends_at or now >= opened.seen_at + IDLE:
        return None
    owner = people.by_id(session, opened.person_id)
    if owner is None:
        return None
    if now - opened.seen_at >= SEEN_EVERY:
        sign_ins.touch(session, opened.id_hash, now=now)
        opened = replace(opened, seen_at=now)
    return owner, opened


def sign_out(session: Session, *, secret: str) -> None:
    """End the session of this secret, if there is one."""
    sign_ins.close(session, _hash(secret))


def sign_out_everywhere(session: Session, *, owner: Person) -> int:
    """End every session of the owner and void the link; return how many sessions ended."""
    return sign_ins.close_all(session, owner.id)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
