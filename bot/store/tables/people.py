"""Who takes part, what was agreed to, and what the bot owes or keeps about the conversation."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, Index, Text, text
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import NEVER_REUSE_IDS, UtcDateTime

_OPEN = text("done_at IS NULL")
_COMES = text("next_at IS NOT NULL")


class PersonRow(SQLModel, table=True):
    """A consented participant and where the conversation stands with the bot last written to (`bot_id`).

    Its one live keyboard, its latest typed message, what the next one is meant to be (`awaits`), if it is, and the
    number of the screen that is being sent as a new message (`sending`), until it is there. Of when somebody did
    anything last only the month is kept (`used_on`, its first day).
    """

    __tablename__ = "person"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    telegram_id: int = Field(sa_type=BigInteger, unique=True)
    bot_id: int | None = Field(default=None, sa_type=BigInteger)
    first_name: str
    language: str | None = None
    role: str | None = None
    business: str | None = None
    phone_holder: str | None = None
    channel: str | None = None
    opens: int | None = None
    closes: int | None = None
    zone: str | None = None
    live_message_id: int | None = Field(default=None, sa_type=BigInteger)
    last_typed_id: int = Field(default=0, sa_type=BigInteger)
    awaits: str | None = None
    sending: int | None = Field(default=None, sa_type=BigInteger)
    reachable: bool = True
    is_admin: bool = False
    wants_news: bool = False
    used_on: date | None = None
    created_at: datetime = Field(sa_type=UtcDateTime)


class ThreadRow(SQLModel, table=True):
    """Where the conversation stands with a bot that somebody left for another one of this deployment."""

    __tablename__ = "thread"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    bot_id: int = Field(sa_type=BigInteger, primary_key=True)
    live_message_id: int | None = Field(default=None, sa_type=BigInteger)
    last_typed_id: int = Field(default=0, sa_type=BigInteger)


class ConsentRow(SQLModel, table=True):
    """Proof of consent: which text (version and hash), when, and whether as an adult or with a guardian."""

    __tablename__ = "consent"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    version: str
    text_hash: str
    standing: str
    given_at: datetime = Field(sa_type=UtcDateTime)


class DeliveryRow(SQLModel, table=True):
    """A message owed to a person: what, from which group and coach, when it is due, and how it ended.

    The key says what it is about, so that the same message is never owed twice. Who sends it holds it until
    `leased_until`; after that it is found again.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "deliveries_due",
            "kind",
            "due_at",
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("deliveries_leased", "leased_until", sqlite_where=_OPEN, postgresql_where=_OPEN),
        NEVER_REUSE_IDS,
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    key: str = Field(unique=True)
    kind: str
    group_id: int | None = Field(default=None, index=True)
    sender_name: str = ""
    module_code: str | None = None
    announcement_id: int | None = Field(default=None, index=True)
    due_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str | None = None
    tries: int = 0
    leased_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


class WishRow(SQLModel, table=True):
    """What somebody wants to get by itself, or does not want any more: when it was said, and to which words.

    `hour` is that of the reader's own day; at `next_at` the timetable looks what to send next.
    """

    __tablename__ = "wish"
    __table_args__ = (Index("wishes_next", "next_at", sqlite_where=_COMES, postgresql_where=_COMES),)

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    what: str = Field(primary_key=True)
    wanted: bool
    hour: int | None = None
    decided_at: datetime = Field(sa_type=UtcDateTime)
    text_hash: str = ""
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PauseRow(SQLModel, table=True):
    """Until when Telegram told a bot to send nothing; every process keeps to it."""

    __tablename__ = "pause"

    bot_id: int = Field(sa_type=BigInteger, primary_key=True)
    until: datetime = Field(sa_type=UtcDateTime)


class QuarantineRow(SQLModel, table=True):
    """An update that could not be handled, kept so that nothing is lost while the person's next one goes on."""

    __tablename__ = "quarantine"

    id: int | None = Field(default=None, primary_key=True)
    update_id: int = Field(sa_type=BigInteger)
    telegram_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    payload: str = Field(sa_type=Text)
    error: str
    error_id: str
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)


class RegistrationRow(SQLModel, table=True):
    """What was last told to Telegram about commands and descriptions, so that a start repeats nothing."""

    __tablename__ = "registration"

    bot_id: int = Field(sa_type=BigInteger, primary_key=True)
    digest: str
