"""Lessons and practice."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from bot.store.tables.columns import NEVER_REUSE_IDS, UtcDateTime


class LessonRow(SQLModel, table=True):
    """How far one person is in one module; it pins the release whose cards are shown."""

    __tablename__ = "lesson"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    module_code: str = Field(primary_key=True)
    release_id: str = Field(foreign_key="release.id")
    opened_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ActReportRow(SQLModel, table=True):
    """What somebody said of trying the act of a lesson, the latest word."""

    __tablename__ = "act_report"

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    module_code: str = Field(primary_key=True)
    said: str
    said_at: datetime = Field(sa_type=UtcDateTime)


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
    """A shadow customer's chat: when it was sent and, once only, which reply was chosen when.

    `delivery_id` is the owed message that it comes with, None where the owner asked for it at the moment.
    """

    __tablename__ = "probe"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    code: str
    sent_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    choice: int | None = None
    release_id: str = Field(foreign_key="release.id")
    delivery_id: int | None = Field(default=None, index=True)
