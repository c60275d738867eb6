"""The clinic of items: what answers say of each, and putting a faulty one aside, or taking it back.

People are only counted here. The figures are worked out beside the bot and kept for ten minutes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlmodel import Session

from bot.core.access import Viewer, may_edit
from bot.core.clinic import Checkup
from bot.core.item import Item
from bot.core.item_figures import Flag
from bot.core.release import Release
from bot.core.rescoring import Effect
from bot.store import audit, item_notes
from bot.store import readings as kept_readings
from bot.usecases import calibrating, readings
from bot.usecases.clinic_figures import CHECKUPS
from bot.usecases.grouping import NotForYou
from bot.usecases.library import Library
from bot.usecases.reckoning import Busy, Found, Look, Reckoner, Running, Task

FRESH = timedelta(minutes=10)
"""Figures older than this are worked out anew; the old ones are shown meanwhile."""
REASON_LIMIT = 200
NEUTRALISE, RESTORE = "item.neutralise", "item.restore"
"""Acts in the log."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of the items by code, on how many sittings they rest, when they were asked for, and what is under
    way; nothing is known yet where there are none.
    """

    checkups: Mapping[str, Checkup]
    sittings: int
    at: datetime | None
    running: Running | None
    broke: bool


@dataclass(frozen=True, slots=True)
class Ward:
    """All items that are scored, with what is known of them."""

    release: Release
    items: tuple[Item, ...]
    figures: Figures


@dataclass(frozen=True, slots=True)
class Bed:
    """One item: its figures if there are any, the decisions about this question, and how many readings of results wait
    to be written anew.
    """

    release: Release
    item: Item
    checkup: Checkup | None
    figures: Figures
    decisions: tuple[item_notes.Decision, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What a decision would change, or how far the sum is that tells it."""

    effect: Effect | None
    running: Running | None
    broke: bool


class Outcome(StrEnum):
    """How a decision ended."""

    DECIDED = "decided"
    ALREADY_SO = "already_so"
    CHANGED_MEANWHILE = "changed_meanwhile"
    REASON_MISSING = "reason_missing"
    REASON_TOO_LONG = "reason_too_long"


def ward(session: Session, *, viewer: Viewer, library: Library, reckoner: Reckoner, url: str, now: datetime) -> Ward:
    """Return all scored items with their figures; refuses with NotForYou."""
    _admit(viewer)
    library.look_again(session, now=now)
    current = library.current(session)
    figures = _figures(current, reckoner, url, now)
    return Ward(current, tuple(item for item in current.items if not item.is_habit), figures)


def bed(
    session: Session, *, viewer: Viewer, code: str, library: Library, reckoner: Reckoner, url: str, now: datetime
) -> Bed:
    """Return one scored item with its figures; refuses with NotForYou, also where there is no such item."""
    _admit(viewer)
    library.look_again(session, now=now)
    current = library.current(session)
    item = _item(current, code)
    figures = _figures(current, reckoner, url, now)
    found = figures.checkups.get(code)
    return Bed(
        release=current,
        item=item,
        checkup=found if found is not None and found.fingerprint == item.fingerprint else None,
        figures=figures,
        decisions=tuple(item_notes.decisions(session, (code, item.fingerprint))),
        waiting=kept_readings.count_unread(session),
    )


def flags_of(
    session: Session, *, viewer: Viewer, library: Library, reckoner: Reckoner
) -> Mapping[str, tuple[Flag, ...]]:
    """Return by code what looks wrong, of the items of which it is known now; nothing is worked out for it. Refuses
    with NotForYou.
    """
    _admit(viewer)
    found = _read(reckoner.look(_key(library.current(session))))
    return {code: checkup.flags for code, checkup in found.checkups.items() if checkup.flags}


def preview(
    session: Session,
    *,
    viewer: Viewer,
    code: str,
    is_neutral: bool,
    library: Library,
    reckoner: Reckoner,
    url: str,
    now: datetime,
) -> Preview:
    """Return whose level would change, counted, if the question counted for nothing, or again. Refuses with NotForYou,
    also where there is no such item.
    """
    _admit(viewer)
    library.look_again(session, now=now)
    current = library.current(session)
    item = _item(current, code)
    key = f"effect {current.id} {code} {item.fingerprint} {item.neutral} {is_neutral}"
    values = {"code": code, "is_neutral": is_neutral, "now": now.isoformat()}
    look = _fresh(reckoner, Task(key, "effect", values), url, now)
    return Preview(_effect(look.found), look.running, look.broke)


def decide(
    session: Session,
    *,
    viewer: Viewer,
    code: str,
    fingerprint: str,
    is_neutral: bool,
    reason: str,
    library: Library,
    now: datetime,
) -> Outcome:
    """Put a question aside, or let it count again, and note who did and why; the readings that it bears on are thrown
    away, and a job writes them anew. Refuses with NotForYou, also where there is no such item.
    """
    _admit(viewer)
    library.look_again(session, now=now)
    item = _item(library.current(session), code)
    reason = " ".join(reason.split())
    if item.fingerprint != fingerprint:
        return Outcome.CHANGED_MEANWHILE
    if item.neutral == is_neutral:
        return Outcome.ALREADY_SO
    if not reason:
        return Outcome.REASON_MISSING
    if len(reason) > REASON_LIMIT:
        return Outcome.REASON_TOO_LONG
    calibrating.decide(session, item=item, is_neutral=is_neutral, reason=reason, now=now)
    readings.forget_item(session, item_code=code)
    before, after = (_said(fingerprint, neutral) for neutral in (not is_neutral, is_neutral))
    act = NEUTRALISE if is_neutral else RESTORE
    audit.note(session, viewer.person.id, act, f"item:{code}", before=before, after=f"{after}: {reason}", now=now)
    return Outcome.DECIDED


def _said(fingerprint: str, is_neutral: bool) -> str:
    return f"{'tidak dihitung' if is_neutral else 'dihitung'} ({fingerprint})"


def _admit(viewer: Viewer) -> None:
    if not may_edit(viewer):
        raise NotForYou


def _item(current: Release, code: str) -> Item:
    item = current.item_by_code.get(code)
    if item is None or item.is_habit:
        raise NotForYou(code)
    return item


def _key(current: Release) -> str:
    aside = ",".join(item.code for item in current.items if item.neutral)
    return f"clinic {current.id} {aside}"


def _figures(current: Release, reckoner: Reckoner, url: str, now: datetime) -> Figures:
    return _read(_fresh(reckoner, Task(_key(current), "clinic", {"now": now.isoformat()}), url, now))


def _fresh(reckoner: Reckoner, task: Task, url: str, now: datetime) -> Look:
    """Return where a sum stands, and begin it where it is not known, or known for too long. One that broke is begun
    again only when somebody comes back after it was told.
    """
    look = reckoner.look(task.key)
    if look.broke or (look.found is not None and now - look.found.at < FRESH):
        return look
    try:
        reckoner.start(task, url=url, now=now)
    except Busy:
        return Look(look.found, Running(), broke=False)
    return reckoner.look(task.key)


def _read(look: Look) -> Figures:
    if look.found is None:
        return Figures({}, 0, None, look.running, look.broke)
    said: dict[str, Any] = json.loads(look.found.content)
    checkups = {found.code: found for found in CHECKUPS.validate_python(said["checkups"])}
    return Figures(checkups, said["sittings"], look.found.at, look.running, look.broke)


def _effect(found: Found | None) -> Effect | None:
    if found is None:
        return None
    said = json.loads(found.content)
    return Effect(said["sittings"], said["touched"], {(a, b): count for a, b, count in said["moved"]})
