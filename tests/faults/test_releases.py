"""Random edits, releases and roll-backs while people answer: nobody's sitting changes under them, and every old result
can be worked out again from its raw answers.
"""

from __future__ import annotations

import hashlib
import os
import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from sqlmodel import Session

from bot.content.parts import JSON
from bot.core.attempt import AttemptId, Confidence
from bot.core.item import Item
from bot.core.person import Person
from bot.core.profile import Profile
from bot.store import attempts, releases
from bot.usecases import results
from bot.usecases.editing import Refused, Saved
from bot.usecases.library import Library
from bot.usecases.releasing import Proposed, Released
from bot.usecases.taking import Standing, Taken
from tests.core.builders import mixed
from tests.usecases.editors import Editors, bring_in
from tests.usecases.world import World

SITTINGS = int(os.environ.get("RELEASED_SITTINGS", "60"))
RELEASES = int(os.environ.get("RELEASES", "60"))
SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
TAKERS = 3
KEPT_TO_GO_BACK = 12


@dataclass(frozen=True, slots=True)
class Kept:
    """What a person was asked and told: the release at the beginning, every question as shown, and the result."""

    owner: Person
    attempt_id: AttemptId
    release_id: str
    asked: tuple[Item, ...]
    told: Profile


@dataclass(slots=True)
class Run:
    """What the threads share."""

    world: World
    editors: Editors
    kept: list[Kept] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    broke: list[BaseException] = field(default_factory=list)
    left: int = SITTINGS
    turn: threading.Lock = field(default_factory=threading.Lock)

    def next_sitting(self) -> int | None:
        with self.turn:
            self.left -= 1
            return self.left if self.left >= 0 else None


def test_sittings_and_results_stand_while_editors_release(tmp_path: Path) -> None:
    world = World.open(tmp_path / "bot.db")
    run = Run(world, bring_in(world))
    works: list[Callable[[Run], None]] = [_edit, *[_take] * TAKERS]
    threads = [threading.Thread(target=_guarded, args=(run, work)) for work in works]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    print(
        f"\nseed {SEED}: {len(run.kept)} sittings over {len({k.release_id for k in run.kept})} releases; {run.outcomes}"
    )
    assert run.broke == []
    assert run.moved == []
    assert len(run.kept) == SITTINGS
    assert run.outcomes["released"] + run.outcomes["back"] >= RELEASES // 2
    assert [kept.attempt_id for kept in run.kept if not _stands(world, kept)] == []
    assert _changed_releases(world) == []
    world.database.close()


def _guarded(run: Run, work: Callable[[Run], None]) -> None:
    try:
        work(run)
    except BaseException as error:
        run.broke.append(error)


# Who answers


def _take(run: Run) -> None:
    while (number := run.next_sitting()) is not None:
        owner = run.world.joins(50_000 + number, f"Orang {number}")
        run.kept.append(_sitting(run, owner, random.Random(SEED * 10_007 + number)))


def _sitting(run: Run, owner: Person, chance: random.Random) -> Kept:
    world, choose = run.world, mixed(chance.randrange(10**6))
    standing = world.begins(owner, seed=chance.randrange(1, 10**6))
    release_id, asked = standing.attempt.release_id, list[Item]()
    while standing.attempt.is_active:
        if standing.attempt.release_id != release_id:
            run.moved.append(f"{owner.id}: {release_id} became {standing.attempt.release_id}")
        standing = _step(world, owner, standing, choose, asked)
    found = world.result(owner)
    assert found is not None
    return Kept(owner, standing.attempt.id, release_id, tuple(asked), found.profile)


def _step(
    world: World, owner: Person, standing: Standing, choose: Callable[[Item], object], asked: list[Item]
) -> Standing:
    attempt = standing.attempt
    if standing.awaiting is not None:
        outcome = world.says(owner, attempt.id, standing.awaiting.slot, Confidence.FAIRLY)
    else:
        assert standing.item is not None
        asked.append(standing.item)
        outcome = world.answers(owner, attempt.id, attempt.slot, choose(standing.item))  # type: ignore[arg-type]
    assert isinstance(outcome, Taken)
    return outcome.standing


# Who edits


def _edit(run: Run) -> None:
    chance = random.Random(SEED)
    past = [run.editors.current()]
    for number in range(RELEASES):
        if number % 10 == 9:
            outcome = run.editors.rolls_back(chance.choice(past))
            run.outcomes["back" if isinstance(outcome, Released) else "stayed"] += 1
            continue
        for _ in range(chance.randint(1, 3)):
            _change(run.editors, chance, number)
        run.outcomes[_release(run.editors, past)] += 1


def _change(editors: Editors, chance: random.Random, number: int) -> None:
    parts = editors.copy().parts
    kinds = {"item": 6, "module": 1, "levels": 1, "exposure": 1}
    kind = chance.choices(list(kinds), list(kinds.values()))[0]
    part = chance.choice([name for name in parts if name.partition(":")[0] == kind])
    view = editors.opens(part)
    outcome = editors.saves(_changed(view.payload, kind, chance, number), part=part, version=view.version)
    assert isinstance(outcome, Saved | Refused)


def _changed(payload: JSON, kind: str, chance: random.Random, number: int) -> JSON:
    if kind == "levels":
        step = chance.uniform(-0.5, 0.5)
        return payload | {
            "zones": [z | {"cut_score": z["cut_score"] + step if z["cut_score"] else 0} for z in payload["zones"]]
        }
    if kind == "exposure":
        return {"admitted": payload["admitted"] | {chance.choice(["O1-001", "O2-004"]): chance.uniform(0.3, 0.9)}}
    if kind == "module":
        return payload | {"cards": [*payload["cards"][:-1], f"{payload['cards'][-1].rstrip('.0123456789 ')} {number}."]}
    if "difficulty" in payload and chance.random() < 0.5:
        return payload | {"difficulty": min(5, max(1, payload["difficulty"] + chance.choice((-1, 1))))}
    if chance.random() < 0.3:
        return payload | {"status": "pantau" if payload["status"] == "aktif" else "aktif"}
    return payload | {"stem": f"{payload['stem'].rstrip('?0123456789 ')} {number}?"}


def _release(editors: Editors, past: list[str]) -> str:
    """Release what was changed; take back what keeps it from a release."""
    proposed = editors.proposes("Acak")
    if not isinstance(proposed, Proposed):
        for part in editors.copy().drafts:
            editors.saves(editors.opens(part).original, part=part)
        return type(proposed).__name__
    released = editors.publishes(proposed.proposal_id)
    assert isinstance(released, Released)
    past[:] = [*past, released.release_id][-KEPT_TO_GO_BACK:]
    return "released"


# What stands afterwards


def _stands(world: World, kept: Kept) -> bool:
    """Tell whether a sitting still pins its release, shows its questions, and gives the result that was told."""
    library = Library()  # as a process that has just begun

    def look(session: Session) -> tuple[str, tuple[Item, ...], Profile]:
        stored = attempts.owned(session, kept.owner.id, kept.attempt_id)
        assert stored is not None
        pinned = library.pinned(session, kept.release_id)
        shown = tuple(pinned.item_by_code[response.item_code] for response in stored.responses)
        found = results.latest(session, owner=kept.owner, library=library, now=world.now)
        assert found is not None
        return stored.release_id, shown, found.profile

    return world.do(look) == (kept.release_id, kept.asked, kept.told)


def _changed_releases(world: World) -> list[str]:
    """Return the releases whose content is not that of their name any more."""

    def look(session: Session) -> list[str]:
        every = [release.id for release in releases.listed(session, limit=10**6)]
        return [i for i in every if hashlib.sha256(releases.payload(session, i).encode()).hexdigest()[:16] != i]

    return world.do(look)


def test_check_notices_a_sitting_that_moved(tmp_path: Path) -> None:
    world = World.open(tmp_path / "bot.db")
    run = Run(world, bring_in(world))
    owner = world.joins(50_000, "Orang")
    kept = _sitting(run, owner, random.Random(1))
    run.editors.releases(lambda item: item | {"difficulty": 5}, part="item:O3-001")

    moved = Kept(kept.owner, kept.attempt_id, run.editors.current(), kept.asked, kept.told)

    assert (_stands(world, kept), _stands(world, moved)) == (True, False)
    world.database.close()
