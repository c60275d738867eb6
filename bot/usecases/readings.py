"""Keeping the short copies of results that groups are read from; each is worked out from the stored answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlmodel import Session

from bot.core.attempt import Attempt, AttemptId
from bot.core.check import checked
from bot.core.person import PersonId, Role
from bot.core.profile import Profile, profile
from bot.core.reading import Reading, read
from bot.core.release import Release
from bot.store import attempts, turns
from bot.store import readings as store
from bot.usecases.library import Library


def renew(session: Session, *, after: Attempt, library: Library, now: datetime) -> None:
    """Write the reading anew that an attempt bears on, once it has ended; a sitting under way costs nothing."""
    if after.is_active:
        return
    sitting = attempts.last_with_result(session, after.person_id) if after.is_check else after
    if sitting is not None and sitting.has_result and sitting.form == Role.OWNER:
        _save(session, [sitting], library, now)


def _save(session: Session, sittings: Iterable[Attempt], library: Library, now: datetime) -> None:
    """Write readings by the decisions that hold now: each of a later one throws away what was written before it."""
    turns.no_decision(session)
    library.look_again(session, now=now)
    for sitting in sittings:
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


def catch_up(session: Session, *, missing: Collection[AttemptId], library: Library, now: datetime) -> None:
    """Write readings that are missing; their people wait as long as it takes to work so many profiles out."""
    held = [attempts.one(session, attempt_id) for attempt_id in store.still_unread(session, missing)]
    _save(session, filter(None, held), library, now)  # none of who was erased while we waited for their turn


def forget_item(session: Session, *, item_code: str) -> None:
    """Throw away the readings that a question bears on, for it counts otherwise from now on."""
    store.forget(session, [item_code])
