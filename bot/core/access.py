"""Who may do what, as two tables of small words; what is not listed is denied."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.person import Person, Role


class Audience(StrEnum):
    """Whom a command or button is for."""

    ANYONE = "anyone"
    JOINED = "joined"
    SETTLED = "settled"
    COACH = "coach"
    STAFF = "staff"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks at something: a consented person, and whether they are an admin."""

    person: Person
    is_admin: bool = False

    @property
    def is_coach(self) -> bool:
        return self.person.role is Role.COACH


def may_use(audience: Audience, viewer: Viewer | None) -> bool:
    """Tell whether someone may use what is meant for an audience: anyone; who consented; who also chose a role; who
    coaches; who coaches or is an admin; an admin.
    """
    match audience:
        case Audience.ANYONE:
            return True
        case Audience.JOINED:
            return viewer is not None
        case Audience.SETTLED:
            return viewer is not None and viewer.person.role is not None
        case Audience.COACH:
            return viewer is not None and viewer.is_coach
        case Audience.STAFF:
            return viewer is not None and viewer.person.role is not None and (viewer.is_coach or viewer.is_admin)
        case Audience.ADMIN:  # pragma: no branch: there is no other audience
            return viewer is not None and viewer.person.role is not None and viewer.is_admin


def viewer_of(person: Person, admins: frozenset[int]) -> Viewer:
    """Return a person as who looks: an admin by the settings (Telegram ids), or by another admin's grant."""
    return Viewer(person, person.is_admin or person.telegram_id in admins)


class Relation(StrEnum):
    """How a person stands to one group. Who coached it once is an outsider like any other coach."""

    LEAD = "lead"
    COACH = "coach"
    MEMBER = "member"
    WAITING = "waiting"
    ADMIN = "admin"
    OUTSIDER = "outsider"


class Act(StrEnum):
    """What can be done with a group."""

    SEE_SUMS = "see_sums"
    SEE_MEMBERS = "see_members"
    RUN = "run"
    LEAD = "lead"


MAY: Mapping[Act, frozenset[Relation]] = {
    Act.SEE_SUMS: frozenset({Relation.LEAD, Relation.COACH, Relation.ADMIN}),
    Act.SEE_MEMBERS: frozenset({Relation.LEAD, Relation.COACH}),
    Act.RUN: frozenset({Relation.LEAD, Relation.COACH}),
    Act.LEAD: frozenset({Relation.LEAD}),
}
"""Sums are funnel and means; members are names and results of those who share; to run a group is to invite, approve,
remind and send; to lead it is to hand it over, share it with a second coach, or archive it.
"""


def may(act: Act, relation: Relation) -> bool:
    """Tell whether who stands so to a group may do this with it."""
    return relation in MAY[act]


def may_see_programmes(viewer: Viewer) -> bool:
    """Tell whether someone sees sums over all groups: admins only."""
    return viewer.is_admin


def may_edit(viewer: Viewer) -> bool:
    """Tell whether someone may change content, people's roles and announcements, and read the log: admins only."""
    return viewer.is_admin
