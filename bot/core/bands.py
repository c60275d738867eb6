"""The bands of the scale: which one holds an estimate, and how probable that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.ability import Abilities, Estimate
from bot.core.release import Level, Release, ZoneBand


@dataclass(frozen=True, slots=True)
class LevelCall:
    """The level of the estimate, with the probability that the true ability lies in it."""

    level: Level
    probability: float


@dataclass(frozen=True, slots=True)
class ZoneCall:
    """The coarse zone of one dimension, with its probability.

    `lifted` tells that a check after a lesson moved the zone up by one; the estimate is what the assessment said.
    """

    band: ZoneBand
    probability: float
    estimate: Estimate
    lifted: bool = False

    @property
    def scale_score(self) -> float:
        """Return where the dimension stands on the scale; a lifted zone stands at its beginning at least."""
        return max(self.estimate.scale_score, self.band.cut_score) if self.lifted else self.estimate.scale_score

    def probability_below(self, cut_score: float) -> float:
        """Return the probability that the dimension is below a cut; a passed check speaks for the lifted zone."""
        if self.lifted and self.band.cut_score >= cut_score:
            return 0.0
        return self.estimate.probability_below(cut_score)


def call_level(overall: Estimate, levels: Sequence[Level]) -> LevelCall:
    """Return the level that holds the overall ability."""
    index, probability = _within(overall, [level.cut_score for level in levels])
    return LevelCall(levels[index], probability)


def call_zone(estimate: Estimate, bands: Sequence[ZoneBand]) -> ZoneCall:
    """Return the zone that holds a dimension's ability."""
    index, probability = _within(estimate, [band.cut_score for band in bands])
    return ZoneCall(bands[index], probability, estimate)


def lift(call: ZoneCall, bands: Sequence[ZoneBand]) -> ZoneCall:
    """Return the zone one higher; the highest stays."""
    higher = bands[min(bands.index(call.band) + 1, len(bands) - 1)]
    return replace(call, band=higher, lifted=True)


def is_settled(abilities: Abilities, release: Release) -> bool:
    """Tell whether the level and every zone are certain enough not to ask more."""
    level = call_level(abilities.overall, release.levels)
    if level.probability < release.rules.level_probability:
        return False
    zones = (call_zone(abilities.of(area.dimension), release.zones) for area in release.form.areas)
    return all(zone.probability >= release.rules.zone_probability for zone in zones)


def _within(estimate: Estimate, cuts: Sequence[float]) -> tuple[int, float]:
    """Return the index of the band that holds the scale score, and the probability of that band; cuts[0] is open
    below.
    """
    index = max(i for i, cut in enumerate(cuts) if i == 0 or estimate.scale_score >= cut)
    below = 0.0 if index == 0 else estimate.probability_below(cuts[index])
    up_to = 1.0 if index == len(cuts) - 1 else estimate.probability_below(cuts[index + 1])
    return index, up_to - below
