"""Signing in on the web."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel

from bot.store.tables.columns import UtcDateTime


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
