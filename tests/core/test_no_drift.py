"""A result is worked out from raw answers alone: stored and read again, in any order, it comes out the same.

SITTINGS sets how many random sittings are tried (20,000 by default).
"""

from __future__ import annotations

import os
import random
from dataclasses import replace
from datetime import timedelta

from bot.core.ability import estimate
from bot.core.answer import decode, encode
from bot.core.attempt import Attempt, AttemptId, AttemptStatus, Confidence, Response, answered_items
from bot.core.item import OWNER_DIMENSIONS, Format
from bot.core.person import PersonId
from bot.core.profile import profile
from bot.core.selection import Course
from tests.core.builders import NOW, TODAY, item, possible_answers, real_release

SITTINGS = int(os.environ.get("SITTINGS", "20000"))
NEW = (Format.PICTURE, Format.CONVERSATION, Format.ORDER)
REAL = real_release()
RELEASE = replace(REAL, items=(*REAL.items, *(item(f"O{n}-99{n}", NEW[n % len(NEW)]) for n in range(1, 9))))


def test_profiles_of_random_sittings_come_out_the_same_from_stored_answers() -> None:
    rng = random.Random(20261124)

    drifted = [number for number in range(SITTINGS) if not _is_the_same_again(_random_sitting(rng), rng)]

    assert drifted == []


def _random_sitting(rng: random.Random) -> Attempt:
    asked = rng.sample(RELEASE.items, rng.randrange(1, 31))
    responses = tuple(
        Response(
            slot,
            item.code,
            rng.choice(possible_answers(item)),
            NOW + timedelta(seconds=slot),
            rng.choice([None, *Confidence]),
        )
        for slot, item in enumerate(asked, start=1)
    )
    return Attempt(
        AttemptId(1), PersonId(1), RELEASE.id, AttemptStatus.FINISHED, NOW, None, Course(1, TODAY), responses, NOW
    )


def _is_the_same_again(attempt: Attempt, rng: random.Random) -> bool:
    stored = [(r.slot, r.item_code, encode(r.answer), r.confidence) for r in attempt.responses]
    read = tuple(
        Response(slot, code, decode(answer), NOW + timedelta(seconds=slot), confidence)
        for slot, code, answer, confidence in stored
    )
    again = profile(replace(attempt, responses=read), RELEASE)
    shuffled = answered_items(attempt, RELEASE)
    rng.shuffle(shuffled)
    in_any_order = estimate(shuffled, RELEASE.model)
    same_order = all(again.abilities.dimensions[d] == in_any_order.dimensions[d] for d in OWNER_DIMENSIONS)
    return again == profile(attempt, RELEASE) and same_order and again.abilities.overall == in_any_order.overall
