"""An item's figures as whoever looks after the bank reads them, and what to do about what looks wrong."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.item_figures import FLAGGED_FROM, Choosers, Flag, ItemFigures

FEWEST = 5
"""Answers below which nothing is told of an item, so that nobody is worked out from a sum."""


class Act(StrEnum):
    """What can be done about an item, the most urgent first."""

    CHECK_KEY = "periksa kuncinya"
    REWORD = "tulis lebih jelas"
    REPLACE = "tulis ulang atau arsipkan"
    SHORTEN = "persingkat"
    NEW_OPTION = "ganti pilihan yang tidak dipilih"
    SET_DIFFICULTY = "sesuaikan tingkat sulitnya"
    MORE_ITEMS = "tambah butir lain di bidang ini"
    WAIT = "tunggu jawaban lagi"
    KEEP = "biarkan"


ANSWERS: Mapping[Flag, Act] = {
    Flag.ABLE_CHOOSE_WRONG: Act.CHECK_KEY,
    Flag.CONFUSING: Act.REWORD,
    Flag.WEAK: Act.REPLACE,
    Flag.MISFIT: Act.REPLACE,
    Flag.LEFT_AT: Act.SHORTEN,
    Flag.SLOW: Act.SHORTEN,
    Flag.UNUSED_OPTION: Act.NEW_OPTION,
    Flag.TOO_HARD: Act.REWORD,
    Flag.TOO_EASY: Act.SET_DIFFICULTY,
    Flag.UNLIKE_EXPERT: Act.SET_DIFFICULTY,
    Flag.ASKED_OFTEN: Act.MORE_ITEMS,
}
_URGENCY = {act: place for place, act in enumerate(Act)}


@dataclass(frozen=True, slots=True)
class Checkup:
    """The figures of one item without the item itself, which stands in the release; `fingerprint` tells of which
    question they are true. Difficulty and error are in logits, the other fields are those of `ItemFigures`.
    """

    code: str
    fingerprint: str
    answers: int
    difficulty: float
    error: float
    facility: float
    point_biserial: float
    outfit: float
    infit: float
    seconds: float | None
    reports: int
    exposure: float
    left: int
    chosen: Mapping[str, Choosers]
    groups: tuple[Mapping[str, int], ...]
    flags: tuple[Flag, ...]

    @property
    def is_told(self) -> bool:
        """Tell whether enough people answered for the figures to be shown."""
        return self.answers >= FEWEST

    @property
    def act(self) -> Act:
        """Return the most urgent of what the flags ask for."""
        return Act.WAIT if self.answers < FLAGGED_FROM else suggested(self.flags)

    @property
    def urgency(self) -> int:
        """Return the place of the item among those that want a look, the lowest first."""
        return _URGENCY[self.act]


def suggested(flags: Collection[Flag]) -> Act:
    """Return the most urgent act that one of the flags asks for."""
    return min((ANSWERS[flag] for flag in flags), key=_URGENCY.__getitem__, default=Act.KEEP)


def checkup(found: ItemFigures) -> Checkup:
    """Return the figures of an item to be kept and sent about."""
    return Checkup(
        code=found.item.code,
        fingerprint=found.item.fingerprint,
        answers=found.calibrated.answers,
        difficulty=found.calibrated.difficulty,
        error=found.calibrated.standard_error,
        facility=found.facility,
        point_biserial=found.point_biserial,
        outfit=found.outfit,
        infit=found.infit,
        seconds=found.seconds,
        reports=found.reports,
        exposure=found.exposure,
        left=found.left,
        chosen=found.chosen,
        groups=found.groups,
        flags=found.flags,
    )
