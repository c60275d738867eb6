"""The editors' working copy, its way to a release, and the log of who changed what.

People stand here as numbers only: who is erased leaves a number that means nobody.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import NEVER_REUSE_IDS, UtcDateTime


class DraftRow(SQLModel, table=True):
    """One part of the content as editors left it, over the release it was begun on; None as payload takes it out.

    `part` names it (`item:O1-001`, `module:M-O2-cek-mutasi`, `form`); `version` counts its saves. A digest of what the
    part says keeps two editors from overwriting each other unseen.
    """

    __tablename__ = "draft"

    part: str = Field(primary_key=True)
    payload: str | None = Field(default=None, sa_type=Text)
    version: int
    changed_by: int
    changed_at: datetime = Field(sa_type=UtcDateTime)


class ProposalRow(SQLModel, table=True):
    """A document that someone wants released: its digest, the note, who read it a second time, when it is due, and how
    it ended.
    """

    __tablename__ = "proposal"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    digest: str = Field(index=True)
    payload: str = Field(sa_type=Text)
    note: str
    proposed_by: int
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    approved_by: int | None = None
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str | None = None


class AuditRow(SQLModel, table=True):
    """A log that only grows: who did what to which thing when, and how it was before and after.

    `actor` is the number of a person, 0 for the machine; names are looked up while there is one.
    """

    __tablename__ = "audit"
    __table_args__ = NEVER_REUSE_IDS

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    actor: int
    act: str = Field(index=True)
    thing: str = Field(index=True)
    before: str | None = Field(default=None, sa_type=Text)
    after: str | None = Field(default=None, sa_type=Text)
