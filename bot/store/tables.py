"""Rows as they lie in the database. They carry no rules; constraints that protect the truth stand here."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Index, Text, TypeDecorator, UniqueConstraint, text
from sqlmodel import Field, SQLModel


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


NEVER_REUSE_IDS = {"sqlite_autoincrement": True}
"""An old button may name an erased attempt: its id must never mean another one."""


class PersonRow(SQLModel, table=True):
    """A consented participant and where the conversation stands.

    Its one live keyboard, its latest typed message, and what the next one is meant to be (`awaits`), if it is.
    """

    __tablename__ = "person"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    telegram_id: int = Field(sa_type=BigInteger, unique=True)
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
    reachable: bool = True
    created_at: datetime = Field(sa_type=UtcDateTime)


class ConsentRow(SQLModel, table=True):
    """Proof of consent: which text (version and hash), when, and whether as an adult or with a guardian."""

    __tablename__ = "consent"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    version: str
    text_hash: str
    standing: str
    given_at: datetime = Field(sa_type=UtcDateTime)


class ReleaseRow(SQLModel, table=True):
    """An immutable content release under its digest; the one published last is current."""

    __tablename__ = "release"

    id: str = Field(primary_key=True)
    payload: str = Field(sa_type=Text)
    published_at: datetime = Field(sa_type=UtcDateTime, index=True)


class AttemptRow(SQLModel, table=True):
    """One sitting, or a short check (`focus`, a dimension; `lesson`, what it follows); a person has at most one active.

    Seed, business, avoid and keep (codes of the last sitting), focus, confirm_from and started_at are what replaying
    its selection needs.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        Index(
            "one_active_attempt",
            "person_id",
            unique=True,
            sqlite_where=text("status = 'active'"),
            postgresql_where=text("status = 'active'"),
        ),
        NEVER_REUSE_IDS,
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    release_id: str = Field(foreign_key="release.id")
    form: str = "pemilik"
    seed: int = Field(sa_type=BigInteger)
    status: str
    started_at: datetime = Field(sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    current_item: str | None = None
    business: str | None = None
    avoid: str = ""
    keep: str = ""
    focus: str | None = None
    lesson: str | None = None
    confirm_from: int | None = None


class ResponseRow(SQLModel, table=True):
    """What was chosen in a slot: inserted once, never changed but for the certainty said after it."""

    __tablename__ = "response"
    __table_args__ = (UniqueConstraint("attempt_id", "item_code"),)

    attempt_id: int = Field(foreign_key="attempt.id", primary_key=True)
    slot: int = Field(primary_key=True)
    item_code: str
    answer: str
    answered_at: datetime = Field(sa_type=UtcDateTime)
    confidence: str | None = None


class ReportRow(SQLModel, table=True):
    """A question that someone found confusing while answering it."""

    __tablename__ = "report"

    attempt_id: int = Field(foreign_key="attempt.id", primary_key=True)
    slot: int = Field(primary_key=True)
    item_code: str = Field(index=True)
    reported_at: datetime = Field(sa_type=UtcDateTime)


class NeutralRow(SQLModel, table=True):
    """A log, never changed: which question (code and fingerprint) counts for nothing from now on, or counts again."""

    __tablename__ = "neutral"

    id: int | None = Field(default=None, primary_key=True)
    item_code: str
    fingerprint: str
    is_neutral: bool
    reason: str
    decided_at: datetime = Field(sa_type=UtcDateTime)


class LessonRow(SQLModel, table=True):
    """How far one person is in one module; it pins the release whose cards are shown."""

    __tablename__ = "lesson"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    module_code: str = Field(primary_key=True)
    release_id: str = Field(foreign_key="release.id")
    opened_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class PracticeNumberRow(SQLModel, table=True):
    """The latest number that a person told of the own shop, under its name (core.practice.Quantity)."""

    __tablename__ = "practice_number"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    name: str = Field(primary_key=True)
    value: int
    changed_at: datetime = Field(sa_type=UtcDateTime)


class PracticeRow(SQLModel, table=True):
    """The calculation a person is at: the number that waits to be typed, None where its result is on screen."""

    __tablename__ = "practice"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    kind: str
    step: str | None = None
    since: datetime = Field(sa_type=UtcDateTime)


class BigOrderRow(SQLModel, table=True):
    """A practice order of a thousand, with the numbers of the shop as they stood, and the first answer to it."""

    __tablename__ = "big_order"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    stock: int
    made: int
    running: int
    safety: int
    days: int
    week: int
    asked_on: date
    choice: str | None = None
    chosen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ProbeRow(SQLModel, table=True):
    """A shadow customer's chat: when it was sent and, once only, which reply was chosen when."""

    __tablename__ = "probe"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    code: str
    sent_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    choice: int | None = None
    release_id: str = Field(foreign_key="release.id")


class ReadingRow(SQLModel, table=True):
    """What an owner's whole sitting said when it was last scored, so that a group of thousands is read in one query.

    A copy that may be thrown away and worked out again from the responses; never the truth. `overall` and its error are
    in population standard deviations, the dimensions in scale points; `person_id` repeats the attempt's.
    """

    __tablename__ = "reading"

    attempt_id: int = Field(foreign_key="attempt.id", primary_key=True)
    person_id: int = Field(index=True)
    finished_at: datetime = Field(sa_type=UtcDateTime)
    level: int
    overall: float
    overall_error: float
    o1: float
    o2: float
    o3: float
    o4: float
    o5: float
    o6: float
    o7: float
    o8: float
    gate: str
    missing: str
    contradicts: str
    scam_risk: bool


class GroupRow(SQLModel, table=True):
    """A coach's group: where it is, for which programme, and its one invitation (link token and typed code)."""

    __tablename__ = "coach_group"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    name: str
    programme: str | None = Field(default=None, index=True)
    province: str | None = None
    regency: str | None = Field(default=None, index=True)
    approves: bool = False
    member_limit: int
    token: str = Field(unique=True)
    code: str = Field(unique=True)
    invitation_ends_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class GroupCoachRow(SQLModel, table=True):
    """Who looks after a group; one of them leads it."""

    __tablename__ = "group_coach"

    group_id: int = Field(foreign_key="coach_group.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    leads: bool
    added_at: datetime = Field(sa_type=UtcDateTime)


class CoachOfferRow(SQLModel, table=True):
    """A link that makes another coach the second one of a group, or hands the group over; only its hash is kept."""

    __tablename__ = "coach_offer"

    token_hash: str = Field(primary_key=True)
    group_id: int = Field(foreign_key="coach_group.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    hands_over: bool
    ends_at: datetime = Field(sa_type=UtcDateTime)


class InvitedRow(SQLModel, table=True):
    """A person who opened a group's invitation and has not decided yet; the latest one counts."""

    __tablename__ = "invited"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    group_id: int = Field(foreign_key="coach_group.id", index=True)
    opened_at: datetime = Field(sa_type=UtcDateTime)


class MembershipRow(SQLModel, table=True):
    """An owner in a group: whether name and result are shared, whether a coach must still agree, whether reminders are
    unwelcome.
    """

    __tablename__ = "membership"

    group_id: int = Field(foreign_key="coach_group.id", primary_key=True)
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True)
    shares: bool
    waits: bool
    muted: bool = False
    joined_at: datetime = Field(sa_type=UtcDateTime)


class SharingRow(SQLModel, table=True):
    """A log, never changed: what a person agreed to share with which group, or took back, and which text was read."""

    __tablename__ = "sharing"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    group_id: int
    scope: str
    version: str
    text_hash: str
    decided_at: datetime = Field(sa_type=UtcDateTime)


class CodeGuessRow(SQLModel, table=True):
    """A typed code that opened nothing; too many of them and the person must wait."""

    __tablename__ = "code_guess"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    guessed_at: datetime = Field(sa_type=UtcDateTime, index=True)


class DeliveryRow(SQLModel, table=True):
    """A message owed to a person: what, from which group and coach, when it is due, and how it ended.

    The key says what it is about, so that the same message is never owed twice.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        Index(
            "deliveries_due",
            "due_at",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        NEVER_REUSE_IDS,
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    key: str = Field(unique=True)
    kind: str
    group_id: int | None = Field(default=None, index=True)
    sender_name: str = ""
    module_code: str | None = None
    due_at: datetime = Field(sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str | None = None


class LoginRow(SQLModel, table=True):
    """A link that signs one person in once; only its hash is kept, and a person has one at most."""

    __tablename__ = "login"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    token_hash: str = Field(unique=True)
    ends_at: datetime = Field(sa_type=UtcDateTime)


class WebSessionRow(SQLModel, table=True):
    """A browser that is signed in; only the hash of its secret is kept. `channel` is `tautan` or `mini`."""

    __tablename__ = "web_session"

    id_hash: str = Field(primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    channel: str
    created_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime, index=True)


class SpentInitDataRow(SQLModel, table=True):
    """The digest of Mini App data that has opened a session already; kept until it would be too old anyway."""

    __tablename__ = "spent_init_data"

    digest: str = Field(primary_key=True)
    spent_at: datetime = Field(sa_type=UtcDateTime, index=True)


class PictureRow(SQLModel, table=True):
    """The file id of a result's picture that Telegram already holds, so that it is uploaded once."""

    __tablename__ = "picture"

    attempt_id: int = Field(foreign_key="attempt.id", primary_key=True)
    language: str = Field(primary_key=True)
    file_id: str


class SharedPictureRow(SQLModel, table=True):
    """The file id of a picture of the content, the same for everybody, by the digest of its source."""

    __tablename__ = "shared_picture"

    digest: str = Field(primary_key=True)
    file_id: str


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
