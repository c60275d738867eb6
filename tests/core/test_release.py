"""What a release keeps beside its content, so that a tap need not work it out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.glossary import Glossary, Word
from bot.core.item import Dimension
from bot.core.release import KEPT_DAYS, Release
from bot.core.response_model import parameters
from tests.core.builders import TODAY, real_release, source


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


def test_form_measures_its_dimensions_and_areas_and_no_others() -> None:
    form = real_release().form
    own = {plan.dimension for plan in form.dimensions} | {area.dimension for area in form.grouped}

    assert {dimension for dimension in Dimension if form.measures(dimension)} == own
    assert own < set(Dimension)


def test_lesson_is_read_in_a_language_or_else_in_indonesian() -> None:
    lesson = replace(real_release().modules[0], cards=("Satu",), translations={"en": ("One",)})

    assert [lesson.cards_in(language) for language in ("en", "id", "jv")] == [("One",), ("Satu",), ("Satu",)]


def test_lesson_is_current_to_the_day_its_first_source_is_reviewed() -> None:
    lesson = replace(real_release().modules[0], sources=(source(TODAY), source(TODAY + timedelta(9))))

    assert [lesson.is_current(TODAY + timedelta(days)) for days in (-1, 0, 1)] == [True, True, False]


def test_questions_that_count_for_nothing_are_named_by_code_and_fingerprint() -> None:
    pinned = real_release()
    first, second = pinned.scored[:2]

    without = pinned.without({(first.code, first.fingerprint), (second.code, "of another wording")})

    assert {item.code for item in without.items if item.neutral} == {first.code}
    assert pinned.without(set()) is pinned


def test_hard_words_are_those_of_the_question_unless_it_asks_for_them() -> None:
    word = Word("QRIS", (), {"id": "kode yang dipindai"})
    pinned = real_release()
    asked = next(item for item in pinned.items if "QRIS" in item.stem.split())

    shown = replace(pinned, glossary=Glossary((word,)))
    hidden = replace(pinned, glossary=Glossary((replace(word, hidden_in=frozenset({asked.code})),)))

    assert [known.hard_words[asked.code] for known in (shown, hidden)] == [(word,), ()]


def test_lessons_are_found_by_code() -> None:
    pinned = real_release()

    assert pinned.module_by_code == {module.code: module for module in pinned.modules}
