"""What must hold for the real content beyond what every editor is told by `content check`."""

from __future__ import annotations

from collections import Counter
from datetime import date

from bot.core.answer import Unknown, feedback, score
from bot.core.item import Dimension, Format
from bot.texts.markup import parse, visible_length
from tests.content.broken import check_real
from tests.core.builders import real_release

REAL = real_release()


def test_real_content_has_no_problems() -> None:
    assert check_real() == []


def test_first_release_asks_24_scored_and_six_habits() -> None:
    assert (REAL.form.scored_count, len(REAL.habits)) == (24, 6)


def test_difficulties_are_spread() -> None:
    share = {n: count / len(REAL.scored) for n, count in Counter(one.difficulty for one in REAL.scored).items()}

    assert 0.15 <= share[1] + share[2] <= 0.35
    assert 0.35 <= share[3] <= 0.55
    assert 0.10 <= share[4] <= 0.30
    assert 0.05 <= share[5] <= 0.20


def test_every_dimension_is_asked_in_several_formats() -> None:
    for dimension in REAL.form.dimensions:
        assert len({one.format for one in REAL.scored if one.dimension is dimension.dimension}) >= 4


def test_every_step_of_every_dimension_has_a_lesson() -> None:
    steps = {(module.dimension, module.steps_from) for module in REAL.modules}

    assert {(plan.dimension, step) for plan in REAL.form.dimensions for step in (1, 2, 3)} <= steps


def test_every_answer_of_a_scored_item_is_told_something() -> None:
    for one in REAL.items:
        if one.is_habit:
            continue
        groups = [one.options, *(turn.options for turn in one.turns)]
        silent = [o.text for group in groups for o in group if not o.feedback.strip()]
        assert silent == [] or one.format is Format.ORDER
        assert feedback(one, Unknown()).strip() != ""
        assert score(one, Unknown()) == 0


def test_habits_support_the_gate() -> None:
    assert {Dimension.RESPONSE, Dimension.CAPACITY} <= {one.supports for one in REAL.habits}


def test_every_fact_is_dated_and_read_again_within_thirteen_months_of_the_release() -> None:
    sourced = [*((one.code, one.sources) for one in REAL.items), *((m.code, m.sources) for m in REAL.modules)]
    undue = [
        (code, fact.title)
        for code, sources in sourced
        for fact in sources
        if not fact.true_on < fact.review_by <= date(2027, 12, 31)
    ]

    assert undue == []


def test_facts_come_from_somewhere() -> None:
    assert sum(bool(one.sources) for one in REAL.scored) >= 10
    assert {one.dimension for one in REAL.scored if one.sources} >= {Dimension.SAFETY, Dimension.ETHICS}


def test_the_safety_lesson_is_about_safety() -> None:
    assert REAL.module_by_code[REAL.rules.safety_module].dimension is Dimension.SAFETY


def test_lessons_titles_and_acts_are_plain_and_short() -> None:
    for module in REAL.modules:
        assert visible_length(module.title) == len(module.title) <= 60
        assert parse(module.act).entities == ()
        assert len(module.act) <= 200
