"""Who may do what, as one table of small predicates; what is not listed is denied."""

from __future__ import annotations

from enum import StrEnum

from bot.core.person import Person


class Audience(StrEnum):
    """Whom a command or button is for."""

    ANYONE = "anyone"
    JOINED = "joined"
    SETTLED = "settled"


def may_use(audience: Audience, person: Person | None) -> bool:
    """Tell whether someone may use what is meant for an audience: anyone, who consented, or who also chose a role."""
    match audience:
        case Audience.ANYONE:
            return True
        case Audience.JOINED:
            return person is not None
        case Audience.SETTLED:  # pragma: no branch: there is no other audience
            return person is not None and person.role is not None
