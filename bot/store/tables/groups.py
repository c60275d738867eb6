"""Groups, who coaches and who belongs to them, and what is shared."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import NEVER_REUSE_IDS, UtcDateTime


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


class GroupChatRow(SQLModel, table=True):
    """A chat of several people in Telegram that gets the sums of a coach's group, as a coach of it asked there.

    The name of the bot is for the link below them.
    """

    __tablename__ = "group_chat"

    bot_id: int = Field(sa_type=BigInteger, primary_key=True)
    chat_id: int = Field(sa_type=BigInteger, primary_key=True)
    group_id: int = Field(foreign_key="coach_group.id", index=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    bot_name: str = ""
    linked_at: datetime = Field(sa_type=UtcDateTime)
    next_at: datetime = Field(sa_type=UtcDateTime, index=True)


class ChatOfferRow(SQLModel, table=True):
    """A link by which one coach adds the bot to a chat that gets a group's sums; only its hash is kept."""

    __tablename__ = "chat_offer"

    token_hash: str = Field(primary_key=True)
    group_id: int = Field(foreign_key="coach_group.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    ends_at: datetime = Field(sa_type=UtcDateTime)


class CodeGuessRow(SQLModel, table=True):
    """A typed code that opened nothing; too many of them and the person must wait."""

    __tablename__ = "code_guess"

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    guessed_at: datetime = Field(sa_type=UtcDateTime, index=True)
