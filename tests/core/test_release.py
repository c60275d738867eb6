"""What a release keeps beside its content, so that a tap need not work it out."""

from __future__ import annotations

from datetime import timedelta

from bot.core.release import KEPT_DAYS, Release
from bot.core.response_model import parameters
from tests.core.builders import TODAY, real_release


def fresh(pinned: Release, days: int) -> list[str]:
    today = TODAY + timedelta(days)
    return sorted(item.code for item in pinned.scored if item.is_servable(today))


def test_servable_items_are_those_of_the_day_also_after_days_were_forgotten() -> None:
    pinned = real_release()
    days = [*range(0, 40 * KEPT_DAYS, 40), 0, 40, 41]

    found = [pinned.servable(TODAY + timedelta(day)) for day in days]

    assert [sorted(i.code for items in each.values() for i in items) for each in found] == [
        fresh(pinned, day) for day in days
    ]
    assert len({len(fresh(pinned, day)) for day in days}) > 1
    assert {item.dimension for items in found[0].values() for item in items} == set(found[0])


def test_parameters_are_kept_for_every_scored_item() -> None:
    pinned = real_release()

    assert pinned.parameters == {item.code: parameters(item, pinned.model) for item in pinned.scored}
