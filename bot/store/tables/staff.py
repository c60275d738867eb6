"""Who is trusted with more, and what is told to many."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Text
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import NEVER_REUSE_IDS, UtcDateTime


class GrantRow(SQLModel, table=True):
    """A role that an admin gives or takes: by Telegram id, or by the hash of an invitation until somebody takes it up.

    It holds once the admin has said so a second time in the chat (`confirmed_at`). With `group_id` a coach gets a group
    that nobody looks after.
    """

    __tablename__ = "role_grant"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    telegram_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    token_hash: str | None = Field(default=None, unique=True)
    role: str
    takes: bool = False
    group_id: int | None = None
    asked_by: int
    asked_at: datetime = Field(sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime)


class AnnouncementRow(SQLModel, table=True):
    """Something told to a group, a programme, a province or everyone who allowed it.

    `reached` is the last person whom a delivery was owed to, so that a restart goes on from there.
    """

    __tablename__ = "announcement"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    text: str = Field(sa_type=Text)
    scope: str
    target: str | None = None
    created_by: int
    created_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    reached: int = 0
    spread_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
