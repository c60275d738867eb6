"""A dry run of content that is not released yet: how well it would measure beside the current release, and whether that
is good enough.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.core.item import Dimension
from bot.core.person import Role
from bot.core.release import Release

WORSE = 0.02
"""An item may be asked oftener than the bound where it was so before; this much more is told."""
Moves = tuple[tuple[str, str, int], ...]
"""From level to level: how many."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a release may fall behind the one before it, and how often its most asked item may be asked.

    `owners` is how many synthetic people of each form take the assessment.
    """

    owners: int
    reliability_loss: float
    dimension_loss: float
    most_asked: Mapping[Role, float]


@dataclass(frozen=True, slots=True)
class FormFigures:
    """What synthetic people said of one form: reliabilities, questions of a sitting, the item met most often."""

    reliability: float
    by_area: Mapping[Dimension, float]
    mean_items: float
    top_item: str
    top_exposure: float


@dataclass(frozen=True, slots=True)
class FormPair:
    """One form as it is and as it would be, taken by the same people; `moves` are those told another level."""

    form: Role
    before: FormFigures
    after: FormFigures
    moves: Moves


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A dry run of the document `digest` over the release `base_id`.

    Of the latest `sittings` with a result, `moves` would have another level by the new difficulties and cuts.
    """

    digest: str
    base_id: str
    people: int
    forms: tuple[FormPair, ...]
    sittings: int
    moves: Moves
    seconds: float


class Doubt(StrEnum):
    """Why a dry run speaks against a release."""

    RELIABILITY = "reliability"
    DIMENSION = "dimension"
    MOST_ASKED = "most_asked"


@dataclass(frozen=True, slots=True)
class Objection:
    """One bound that is not kept: in which form, of which area or item, what it was and would be, and the bound."""

    doubt: Doubt
    form: Role
    of: str
    before: float
    after: float
    bound: float


def objections(found: Rehearsal, bounds: Bounds) -> tuple[Objection, ...]:
    """Return every bound that a dry run does not keep."""
    return tuple(objection for pair in found.forms for objection in _objections(pair, bounds))


def _objections(pair: FormPair, bounds: Bounds) -> Iterator[Objection]:
    before, after = pair.before, pair.after
    if before.reliability - after.reliability > bounds.reliability_loss:
        yield Objection(
            Doubt.RELIABILITY, pair.form, "", before.reliability, after.reliability, bounds.reliability_loss
        )
    for area, value in after.by_area.items():
        if area in before.by_area and before.by_area[area] - value > bounds.dimension_loss:
            yield Objection(Doubt.DIMENSION, pair.form, area, before.by_area[area], value, bounds.dimension_loss)
    most = bounds.most_asked.get(pair.form, 1.0)
    if after.top_exposure > max(most, before.top_exposure + WORSE):
        yield Objection(Doubt.MOST_ASKED, pair.form, after.top_item, before.top_exposure, after.top_exposure, most)


def reread(release: Release, proposed: Release) -> Release:
    """Return a release, seen under one form, as its answers would be read by what is proposed: the difficulties of the
    questions that stay the same, the model, levels, zones and rules. A form that is given up is read as it was.
    """
    form = next((role for role, own in release.forms.items() if own.form == release.form), None)
    if form is None or form not in proposed.forms:
        return release
    own, known = proposed.forms[form], proposed.item_by_code
    items = []
    for item in release.items:
        now = known.get(item.code)
        same = now is not None and (now is item or now.fingerprint == item.fingerprint)
        items.append(replace(item, difficulty=now.difficulty, calibrated=now.calibrated) if now and same else item)
    return replace(
        release, items=tuple(items), model=own.model, levels=own.levels, zones=proposed.zones, rules=proposed.rules
    )
