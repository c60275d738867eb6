"""Releases, sittings, answers, and what is said about questions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import NEVER_REUSE_IDS, UtcDateTime


class ReleaseRow(SQLModel, table=True):
    """An immutable content release under its digest; the one published last is current.

    `origin` tells who made it current last: the files (`berkas`) or editors (`editor`).
    """

    __tablename__ = "release"

    id: str = Field(primary_key=True)
    payload: str = Field(sa_type=Text)
    published_at: datetime = Field(sa_type=UtcDateTime, index=True)
    origin: str = "berkas"


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


class PictureRow(SQLModel, table=True):
    """The file id of a result's picture that Telegram already holds for a bot, so that it is uploaded once."""

    __tablename__ = "picture"

    attempt_id: int = Field(foreign_key="attempt.id", primary_key=True)
    language: str = Field(primary_key=True)
    file_id: str
    bot_id: int = Field(default=0, sa_type=BigInteger)


class SharedPictureRow(SQLModel, table=True):
    """The file id of a picture of the content, the same for everybody, by its bot and the digest of its source."""

    __tablename__ = "shared_picture"

    bot_id: int = Field(default=0, sa_type=BigInteger, primary_key=True)
    digest: str = Field(primary_key=True)
    file_id: str
