"""Keeping the short copies of results that groups are read from; each is worked out from the stored answers."""

from __future__ import annotations

from sqlmodel import Session

from bot.core.attempt import Attempt, AttemptId
from bot.core.check import checked
from bot.core.person import Role
from bot.core.profile import profile
from bot.core.reading import Reading, read
from bot.store import attempts
from bot.store import readings as store
from bot.usecases.library import Library

AT_ONCE = 200


def renew(session: Session, *, after: Attempt, library: Library) -> None:
    """Write the reading anew that an attempt bears on, once it has ended; a sitting under way costs nothing."""
    if after.is_active:
        return
    sitting = attempts.last_with_result(session, after.person_id) if after.is_check else after
    if sitting is not None and sitting.has_result and sitting.form == Role.OWNER:
        store.save(session, work_out(session, sitting=sitting, library=library))


def work_out(session: Session, *, sitting: Attempt, library: Library) -> Reading:
    """Read an owner's sitting with a result from its answers and from the checks made until the next sitting."""
    release = library.pinned(session, sitting.release_id)
    checks = [checked(c, library.pinned(session, c.release_id)) for c in attempts.checks_since(session, sitting)]
    return read(sitting, profile(sitting, release, checks), release)


def catch_up(session: Session, *, library: Library) -> int:
    """Write readings that are missing, a bounded number at once; return how many were."""
    missing: list[AttemptId] = store.unread(session, AT_ONCE)
    for attempt_id in missing:
        sitting = attempts.one(session, attempt_id)
        assert sitting is not None
        store.save(session, work_out(session, sitting=sitting, library=library))
    return len(missing)


def forget_item(session: Session, *, item_code: str) -> None:
    """Throw away the readings that a question bears on, for it counts otherwise from now on."""
    store.forget(session, [item_code])
