"""Keeping the short copies of results that groups are read from; each is worked out from the stored answers."""

from __future__ import annotations

from sqlmodel import Session

from bot.core.attempt import Attempt
from bot.core.check import checked
from bot.core.person import PersonId, Role
from bot.core.profile import Profile, profile
from bot.core.reading import Reading, read
from bot.core.release import Release
from bot.store import attempts
from bot.store import readings as store
from bot.usecases.library import Library

FIRST = PersonId(0)
AT_ONCE = 5
"""So few keep a tap waiting for less than a blink: people wait as long as it takes to work so many profiles out."""


def renew(session: Session, *, after: Attempt, library: Library) -> None:
    """Write the reading anew that an attempt bears on, once it has ended; a sitting under way costs nothing."""
    if after.is_active:
        return
    sitting = attempts.last_with_result(session, after.person_id) if after.is_check else after
    if sitting is not None and sitting.has_result and sitting.form == Role.OWNER:
        store.save(session, work_out(session, sitting=sitting, library=library))


def work_out(session: Session, *, sitting: Attempt, library: Library) -> Reading:
    """Read an owner's sitting with a result from its answers and the checks since."""
    found, release = _profile(session, sitting, library)
    return read(sitting, found, release)


def latest_profile(session: Session, *, owner: PersonId, library: Library, form: Role = Role.OWNER) -> Profile | None:
    """Work the profile of a person's latest sitting of a form out from the answers; None without a result."""
    sitting = attempts.last_with_result(session, owner, form)
    return None if sitting is None else _profile(session, sitting, library)[0]


def _profile(session: Session, sitting: Attempt, library: Library) -> tuple[Profile, Release]:
    release = library.release_of(session, sitting)
    checks = [checked(c, library.release_of(session, c)) for c in attempts.checks_since(session, sitting)]
    return profile(sitting, release, checks), release


def catch_up(session: Session, *, library: Library, since: PersonId = FIRST) -> PersonId | None:
    """Write readings that are missing from one person on, a few at once; return who to go on with, None when no more
    are missing.
    """
    missing = store.unread(session, AT_ONCE, since=since)
    for _, attempt_id in missing:
        sitting = attempts.one(session, attempt_id)
        if sitting is not None:  # else its person was erased while we waited for their turn
            store.save(session, work_out(session, sitting=sitting, library=library))
    return missing[-1][0] if missing else None


def forget_item(session: Session, *, item_code: str) -> None:
    """Throw away the readings that a question bears on, for it counts otherwise from now on."""
    store.forget(session, [item_code])
