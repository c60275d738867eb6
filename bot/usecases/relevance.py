"""Whether a message that was owed still makes sense at the moment of sending: one rule for each kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.core.announcement import Announcement
from bot.core.delivery import ABOUT_ROLES, BY_WISH, TO_CHATS, Delivery, Kind, Outcome
from bot.core.person import Person, Role
from bot.core.profile import GateColour
from bot.core.release import Module, Release
from bot.store.deliveries import Circumstances
from bot.usecases.granting import Line


@dataclass(frozen=True, slots=True)
class Matter:
    """A message with all that its making sense hangs on; `change` is the change of roles that it is about."""

    owed: Delivery
    reader: Person
    here: Circumstances
    release: Release
    news: Announcement | None = None
    change: Line | None = None


def ended(matter: Matter, *, now: datetime) -> Outcome | None:
    """Return how a message ended before it was sent; None where it is still wanted."""
    if not matter.here.is_reachable and matter.owed.kind not in TO_CHATS:
        return Outcome.FAILED
    return None if _is_wanted(matter, now) else Outcome.SUPERSEDED


def module(owed: Delivery, *, release: Release) -> Module | None:
    """Return the lesson that a message is about, None where it is about none that there is."""
    return release.module_by_code.get(owed.module_code) if owed.module_code else None


def _is_wanted(matter: Matter, now: datetime) -> bool:
    kind = matter.owed.kind
    if kind is Kind.SIGNED_IN:
        return True
    if kind in (Kind.NEWS, Kind.BREACH):
        return _is_news_wanted(matter)
    if kind in ABOUT_ROLES:
        return _is_change_wanted(matter, now)
    if kind in BY_WISH:
        return True  # whether it still is said where it is drawn (usecases.wished)
    return matter.here.group_name is not None and _is_wanted_of_group(matter, now)


def _is_wanted_of_group(matter: Matter, now: datetime) -> bool:
    """Tell whether a message from a group that stands still makes sense."""
    here = matter.here
    match matter.owed.kind:
        case Kind.NUDGE:
            return here.is_member and not here.is_muted and not here.has_result
        case Kind.LESSON:
            return here.is_member and not here.is_muted and _opens(matter, now)
        case Kind.ADMITTED | Kind.NEW_COACH:
            return here.is_member
        case Kind.REQUEST:
            return here.is_coach and matter.reader.role is Role.COACH and here.is_waited_for
        case Kind.LEADS:
            return here.is_coach
        case _:
            return True


def _is_news_wanted(matter: Matter) -> bool:
    """Tell whether an announcement still comes: to who allows it, and from a group to who is in it; by law to all."""
    news, here = matter.news, matter.here
    if news is None or news.stopped_at is not None:
        return False
    if matter.owed.kind is Kind.BREACH:
        return True
    if not matter.reader.wants_news:
        return False
    return matter.owed.group_id is None or (here.group_name is not None and (here.is_member or here.is_coach))


def _is_change_wanted(matter: Matter, now: datetime) -> bool:
    """Tell whether a change of roles is still there, and still to be confirmed where that is asked."""
    change = matter.change
    return change is not None and (matter.owed.kind is not Kind.GRANT_ASKED or change.grant.awaits_word(now))


def _opens(matter: Matter, now: datetime) -> bool:
    """Tell whether the reader could open a lesson now: nothing stale, and nothing on selling before its time."""
    lesson = module(matter.owed, release=matter.release)
    if lesson is None or not lesson.is_current(now.date()):
        return False
    return not lesson.promotion or matter.here.gate is GateColour.GREEN
