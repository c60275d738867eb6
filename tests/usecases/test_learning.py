"""Lessons: which are open, the cards a lesson was begun with, and the act that is done once."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot.content.schema import ContentDocument, ModuleEntry
from bot.core.person import Person
from bot.store import lessons
from bot.usecases import learning
from bot.usecases.learning import ModuleBeingRenewed, ModuleNotOpen, OpenLesson, Shelf
from tests.core.builders import best, worst
from tests.usecases.world import World, document, later_document

PROMOTION = next(module.code for module in document().modules if module.promotion)
SAFETY = "M-O2-cek-mutasi"


def _open(world: World, owner: Person, code: str) -> OpenLesson:
    return world.do(
        lambda s: learning.open_module(s, owner=owner, module_code=code, library=world.library, now=world.now)
    )


def _shelf(world: World, owner: Person) -> Shelf:
    return world.do(lambda s: learning.shelf(s, owner=owner, library=world.library, now=world.now))


def _codes(shelf: Shelf) -> dict[str, set[str]]:
    return {
        "advised": {module.code for module, _ in shelf.advised},
        "others": {module.code for module in shelf.others},
        "done": {module.code for module in shelf.done},
        "waiting": {module.code for module in shelf.waiting},
        "renewing": {module.code for module in shelf.renewing},
    }


EVERY = {module.code for module in document().modules if module.dimension.startswith("O")}


def test_shelf_without_a_result_holds_back_promotion_only(world: World, sari: Person) -> None:
    promotion = {module.code for module in document().modules if module.promotion}

    found = _codes(_shelf(world, sari))

    assert found == {
        "advised": set(),
        "others": EVERY - promotion,
        "done": set(),
        "waiting": promotion,
        "renewing": set(),
    }


def test_shelf_after_a_weak_result_advises_and_holds_back_promotion(world: World, sari: Person) -> None:
    world.finishes(sari, worst)

    found = _codes(_shelf(world, sari))

    assert len(found["advised"]) == 2
    assert PROMOTION in found["waiting"]
    assert sorted(code for codes in found.values() for code in codes) == sorted(EVERY)


def test_promotion_is_refused_while_it_waits_and_opened_after_a_green_gate(
    world: World, sari: Person, joko: Person
) -> None:
    with pytest.raises(ModuleNotOpen):
        _open(world, sari, PROMOTION)
    world.finishes(sari, worst)
    with pytest.raises(ModuleNotOpen):
        _open(world, sari, PROMOTION)

    world.finishes(joko, best)

    assert _open(world, joko, PROMOTION).module.code == PROMOTION
    assert world.do(lambda s: lessons.owned(s, sari.id)) == []


@pytest.mark.parametrize("code", ["", "M-O9-tidak-ada", "cek-mutasi", "M-O2-cek-mutasi "])
def test_unknown_module_is_refused(world: World, sari: Person, code: str) -> None:
    with pytest.raises(ModuleNotOpen):
        _open(world, sari, code)


def _reviewed(content: ContentDocument, until: date, mark: str = "Baru") -> ContentDocument:
    """Return the content as read again: every fact of a lesson true until then."""
    modules = tuple(
        module.model_copy(
            update={
                "sources": tuple(fact.model_copy(update={"review_by": until}) for fact in module.sources),
                "cards": tuple(f"{mark}: {card}" for card in module.cards),
            }
        )
        for module in content.modules
    )
    return content.model_copy(update={"modules": modules})


DATED = {module.code for module in document().modules if module.sources and module.dimension.startswith("O")}
YEARS = timedelta(days=365 * 20)


def test_lessons_whose_facts_are_past_review_are_said_to_be_renewed(world: World, sari: Person) -> None:
    world.now += YEARS

    found = _codes(_shelf(world, sari))

    promotion = {module.code for module in document().modules if module.promotion}
    assert SAFETY in found["renewing"]
    assert found["renewing"] == DATED - promotion
    assert found["others"].isdisjoint(DATED)


def test_lesson_whose_facts_are_past_review_is_not_opened(world: World, sari: Person) -> None:
    world.now += YEARS

    with pytest.raises(ModuleBeingRenewed):
        _open(world, sari, SAFETY)

    assert world.do(lambda s: lessons.owned(s, sari.id)) == []


def test_lesson_is_taught_on_the_last_day_of_its_facts_and_not_after_it(world: World, sari: Person) -> None:
    last_day = min(fact.review_by for fact in _module(SAFETY).sources)
    world.now = world.now.replace(year=last_day.year, month=last_day.month, day=last_day.day)
    opened = _open(world, sari, SAFETY)

    world.now += timedelta(days=1)

    assert opened.module.code == SAFETY
    with pytest.raises(ModuleBeingRenewed):
        _open(world, sari, SAFETY)


def _module(code: str) -> ModuleEntry:
    return next(module for module in document().modules if module.code == code)


def test_opened_lesson_whose_facts_are_past_review_goes_on_with_fresh_cards(world: World, sari: Person) -> None:
    before = _open(world, sari, SAFETY)
    world.now += YEARS

    new = world.publish(_reviewed(document(), world.now.date()))
    after = _open(world, sari, SAFETY)

    assert (before.lesson.release_id, after.lesson.release_id) == (world.publish(document()), new)
    assert after.module.cards == tuple(f"Baru: {card}" for card in before.module.cards)
    assert after.lesson.opened_at == before.lesson.opened_at
    assert world.do(lambda s: lessons.one(s, sari.id, SAFETY)) == after.lesson


def test_opened_lesson_withdrawn_before_its_facts_were_renewed_is_not_taught(world: World, sari: Person) -> None:
    _open(world, sari, SAFETY)
    without = tuple(module for module in document().modules if module.code != SAFETY)
    world.publish(document().model_copy(update={"modules": without}))
    world.now += YEARS

    with pytest.raises(ModuleBeingRenewed):
        _open(world, sari, SAFETY)


def test_opened_lesson_keeps_its_cards_after_a_new_release(world: World, sari: Person, joko: Person) -> None:
    before = _open(world, sari, SAFETY)
    world.now += timedelta(hours=1)

    world.publish(later_document())

    hers, his = _open(world, sari, SAFETY), _open(world, joko, SAFETY)
    assert (hers.module, hers.lesson) == (before.module, before.lesson)
    assert his.module.cards == tuple(f"Baru: {card}" for card in before.module.cards)


def test_opened_lesson_stays_open_when_its_module_is_withdrawn(world: World, sari: Person, joko: Person) -> None:
    before = _open(world, sari, SAFETY)
    world.now += timedelta(hours=1)
    without = tuple(module for module in document().modules if module.code != SAFETY)

    world.publish(document().model_copy(update={"modules": without}))

    assert _open(world, sari, SAFETY).module == before.module
    with pytest.raises(ModuleNotOpen):
        _open(world, joko, SAFETY)


def test_act_is_done_once_and_the_first_time_stays(world: World, sari: Person) -> None:
    _open(world, sari, SAFETY)
    first = world.now + timedelta(hours=1)

    def done_at(now: datetime) -> bool:
        return world.do(lambda s: learning.mark_done(s, owner=sari, module_code=SAFETY, now=now))

    done = [done_at(first), done_at(first + timedelta(hours=1))]

    lesson = world.do(lambda s: lessons.one(s, sari.id, SAFETY))
    assert lesson is not None
    assert (done, lesson.done_at) == ([True, True], first)
    assert _codes(_shelf(world, sari))["done"] == {SAFETY}


def test_act_of_a_lesson_never_opened_is_not_done(world: World, sari: Person, joko: Person) -> None:
    _open(world, joko, SAFETY)

    assert not world.do(lambda s: learning.mark_done(s, owner=sari, module_code=SAFETY, now=world.now))
    assert world.do(lambda s: lessons.owned(s, sari.id)) == []


def test_lesson_shows_at_most_two_of_ones_own_misses_of_its_dimension(world: World, sari: Person, joko: Person) -> None:
    world.finishes(sari, worst)
    world.finishes(joko, best)

    hers, his = _open(world, sari, SAFETY), _open(world, joko, SAFETY)

    assert {item.dimension for item, _ in hers.misses} == {hers.module.dimension}
    assert (len(hers.misses), his.misses) == (2, ())


def test_owner_is_offered_no_lesson_of_coaches_and_opens_none(world: World, sari: Person) -> None:
    found = world.do(lambda s: learning.shelf(s, owner=sari, library=world.library, now=world.now))
    coaches = next(m.code for m in world.do(world.library.current).modules if m.dimension.startswith("C"))

    assert {m.dimension[0] for m in (*found.others, *found.waiting, *found.renewing)} == {"O"}
    with pytest.raises(ModuleNotOpen):
        world.reads(sari, coaches)
