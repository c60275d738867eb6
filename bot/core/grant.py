"""Roles that admins give and take: what was asked for, how long an admin may think it over, and when it held."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType

from bot.core.group import GroupId
from bot.core.person import PersonId

GrantId = NewType("GrantId", int)

CONFIRM_WITHIN = timedelta(minutes=30)
INVITATION_LASTS = timedelta(days=3)
ASKED_MOST = 5
"""Changes that one admin may have open at once, so that nobody floods the chat with questions."""


class Trust(StrEnum):
    """What someone is trusted with by an admin."""

    COACH = "pembina"
    ADMIN = "admin"


class Deed(StrEnum):
    """What a grant does once it holds."""

    GIVE = "beri"
    TAKE = "cabut"
    INVITE = "undang"
    HAND_OVER = "serah"


@dataclass(frozen=True, slots=True)
class Grant:
    """A change of someone's role: asked for, then confirmed by who asked, then in force.

    With a `telegram_id` it is about that person; without, whoever takes the invitation up. A `group_id` names the group
    without a coach that the person gets.
    """

    id: GrantId
    trust: Trust
    takes: bool
    asked_by: PersonId
    asked_at: datetime
    ends_at: datetime
    telegram_id: int | None = None
    group_id: GroupId | None = None
    is_invitation: bool = False
    confirmed_at: datetime | None = None
    used_at: datetime | None = None

    @property
    def deed(self) -> Deed:
        """Return what it does: an invitation stays one when somebody has taken it up."""
        if self.takes:
            return Deed.TAKE
        if self.group_id is not None:
            return Deed.HAND_OVER
        return Deed.INVITE if self.is_invitation or self.telegram_id is None else Deed.GIVE

    def awaits_word(self, now: datetime) -> bool:
        """Tell whether the admin who asked may still confirm it."""
        return self.confirmed_at is None and now < self.ends_at

    def is_open(self, now: datetime) -> bool:
        """Tell whether it is an invitation that somebody may still take up."""
        return self.is_invitation and self.confirmed_at is not None and self.used_at is None and now < self.ends_at
