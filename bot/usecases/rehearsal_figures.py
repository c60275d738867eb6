"""The dry run of a document that is not released yet, worked out in a process beside the bot."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from pydantic import TypeAdapter

from bot.content.release import thaw
from bot.core.item_figures import Progress
from bot.core.person import Role
from bot.core.rehearsal import FormFigures, FormPair, Moves, Rehearsal, reread
from bot.core.release import Release
from bot.core.rescoring import effect
from bot.core.response_model import Parameters, parameters
from bot.store import attempts, item_notes
from bot.store.session import Database
from bot.usecases.choosers import adaptive
from bot.usecases.library import Library
from bot.usecases.simulating import Taken, take

SEED = 6
NOISE = 0.6
"""Error of the experts' difficulties, in logits, as in `simulate`."""
LATEST = 2000
"""Stored results that are read anew."""
REHEARSAL = TypeAdapter(Rehearsal)


def rehearse(database: Database, *, values: Mapping[str, Any], progress: Progress) -> Any:
    """Let synthetic people take both releases, and read the latest stored results by the proposed one."""
    began = time.monotonic()
    library, today = Library(), date.fromisoformat(values["today"])
    proposed = thaw(values["digest"], values["payload"])
    with database.snapshot() as session:
        neutral = item_notes.neutral(session)
        current = library.pinned(session, values["base_id"]).without(neutral)
        found = attempts.latest_results(session, latest=LATEST)
        sittings = [(attempt, library.release_of(session, attempt)) for attempt in found]
    proposed = proposed.without(neutral)
    people = values["people"]
    roles = [role for role in Role if role in current.forms and role in proposed.forms]
    steps = 2 * people * len(roles)
    forms = tuple(
        _pair(role, current, proposed, people, today, _from(2 * people * at, lambda done: progress(done, steps)))
        for at, role in enumerate(roles)
    )
    moved = effect(sittings, lambda release: reread(release.without(neutral), proposed))
    rehearsal = Rehearsal(
        digest=proposed.id,
        base_id=current.id,
        people=people,
        forms=forms,
        sittings=moved.sittings,
        moves=tuple((before, after, count) for (before, after), count in sorted(moved.moved.items())),
        seconds=round(time.monotonic() - began, 1),
    )
    return REHEARSAL.dump_python(rehearsal, mode="json")


def _from(start: int, progress: Callable[[int], None]) -> Callable[[int], None]:
    return lambda done: progress(start + done)


def _pair(
    role: Role, current: Release, proposed: Release, people: int, today: date, progress: Callable[[int], None]
) -> FormPair:
    before, after = current.under(role), proposed.under(role)
    truths = truth_of_both(before, after=after)
    taken = [
        take(
            release,
            owners=people,
            seed=SEED,
            truth=truth,
            choose=adaptive(today),
            progress=_from(people * at, progress),
        )
        for at, (release, truth) in enumerate(zip((before, after), truths, strict=True))
    ]
    return FormPair(role, _figures(taken[0]), _figures(taken[1]), _moves(taken))


def truth_of_both(before: Release, *, after: Release) -> tuple[Mapping[str, Parameters], Mapping[str, Parameters]]:
    """Draw each item's true parameters for both releases.

    A question that is the same in both has the same truth, around the middle of what the two think of it, so that
    neither is favoured; the error of an item is its own, whatever other items there are.
    """
    known = [{item.code: (item.fingerprint, parameters(item, r.model)) for item in r.scored} for r in (before, after)]
    middle = {
        code: (one[1].b + known[1][code][1].b) / 2
        for code, one in known[0].items()
        if code in known[1] and known[1][code][0] == one[0]
    }

    def truth(own: Mapping[str, tuple[str, Parameters]]) -> Mapping[str, Parameters]:
        return {
            code: replace(here, b=middle.get(code, here.b) + random.Random(f"{SEED} {code}").gauss(0, NOISE))
            for code, (_, here) in own.items()
        }

    return truth(known[0]), truth(known[1])


def _figures(found: Taken) -> FormFigures:
    top = max(found.asked, key=lambda code: (found.asked[code], code))
    report = found.report
    return FormFigures(report.reliability, report.by_area, report.mean_items, top, report.top_exposure)


def _moves(taken: Sequence[Taken]) -> Moves:
    pairs = Counter(pair for pair in zip(taken[0].levels, taken[1].levels, strict=True) if pair[0] != pair[1])
    return tuple((before, after, count) for (before, after), count in sorted(pairs.items()))
