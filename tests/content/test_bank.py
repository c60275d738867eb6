"""What must hold for the real content as a whole, whatever editors change in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

import pytest

from bot.content.load import load
from bot.core.answer import Unknown, feedback, score
from bot.core.item import Dimension, Format, Item, Status
from bot.texts.markup import parse, visible_length
from tests.core.builders import CONTENT, real_release

REAL = real_release()
LETTERED = [one for one in REAL.scored if one.format in (Format.CHOICE, Format.SITUATION)]


def key(of: Item) -> int:
    return max(range(len(of.options)), key=lambda index: of.options[index].score)


def item_texts() -> Iterator[tuple[str, str]]:
    for one in REAL.items:
        for text in one.texts:
            yield one.code, text


def test_codes_are_unique() -> None:
    codes = Counter([*(one.code for one in REAL.items), *(module.code for module in REAL.modules)])

    assert [code for code, count in codes.items() if count > 1] == []


@pytest.mark.parametrize("dimension", list(Dimension))
def test_dimension_has_items_to_spare_an_easy_start_and_a_lesson(dimension: Dimension) -> None:
    here = [one for one in REAL.scored if one.dimension is dimension and one.status is Status.ACTIVE]

    assert len(here) >= max(5, REAL.form.plan(dimension).questions + 1)
    assert min(one.difficulty for one in here) <= 2
    assert max(one.difficulty for one in here) >= 4
    assert len({one.format for one in here}) >= 3
    assert [module.dimension for module in REAL.modules if module.dimension is dimension]


def test_first_release_asks_24_scored_and_six_habits() -> None:
    assert (REAL.form.scored_count, len(REAL.habits)) == (24, 6)


def test_difficulties_are_spread() -> None:
    share = {n: count / len(REAL.scored) for n, count in Counter(one.difficulty for one in REAL.scored).items()}

    assert 0.15 <= share[1] + share[2] <= 0.35
    assert 0.35 <= share[3] <= 0.55
    assert 0.10 <= share[4] <= 0.30
    assert 0.05 <= share[5] <= 0.20


def test_anchors_are_enough_for_a_retest() -> None:
    assert sum(one.anchor for one in REAL.scored) >= 8


def test_no_letter_holds_the_key_too_often() -> None:
    letters = Counter(key(one) for one in LETTERED)

    assert sorted(letters) == [0, 1, 2, 3]
    assert [index for index, count in letters.items() if count / len(LETTERED) > 0.4] == []


@pytest.mark.parametrize("dimension", list(Dimension))
def test_no_letter_holds_most_keys_of_a_dimension(dimension: Dimension) -> None:
    letters = Counter(key(one) for one in LETTERED if one.dimension is dimension)

    assert max(letters.values()) <= sum(letters.values()) / 2


@pytest.mark.parametrize("format", [Format.CHOICE, Format.SITUATION])
def test_key_is_not_given_away_by_its_length(format: Format) -> None:
    items = [one for one in LETTERED if one.format is format]
    longest = [one.code for one in items if len(one.options[key(one)].text) >= max(len(o.text) for o in one.options)]

    assert len(longest) / len(items) <= 0.35


def test_options_of_an_item_differ() -> None:
    doubled = [one.code for one in REAL.items if len({o.text.casefold() for o in one.options}) < len(one.options)]

    assert doubled == []


def test_stems_differ() -> None:
    assert len({one.stem for one in REAL.items}) == len(REAL.items)


def test_texts_keep_their_lengths_and_stand_on_one_line() -> None:
    spoiled = [(code, text) for code, text in item_texts() if "\n" in text or text != text.strip()]

    assert spoiled == []


def test_items_hold_no_markup_and_no_unfilled_places() -> None:
    marked = re.compile(r"[<>]|&\w+;|\*\*|__|\{\{|TODO|\.\.\.\.|xxx", re.IGNORECASE)

    assert [(code, text) for code, text in item_texts() if marked.search(text)] == []


def test_owner_is_never_called_kamu_nor_told_that_an_answer_is_salah() -> None:
    texts = [*item_texts(), *((m.code, card) for m in REAL.modules for card in m.cards)]
    unkind = re.compile(r"\b(kamu|gagal|bodoh|jawaban (anda|ini) salah)\b", re.IGNORECASE)

    assert [(code, found.group()) for code, text in texts if (found := unkind.search(text))] == []


def test_every_answer_of_a_scored_item_is_told_something() -> None:
    for one in REAL.scored:
        assert [o.text for o in one.options if not o.feedback.strip()] == []
        assert feedback(one, Unknown()).strip() != ""
        assert score(one, Unknown()) == 0


def test_habits_go_from_best_to_rarest_and_support_a_dimension() -> None:
    for one in REAL.habits:
        assert [o.score for o in one.options] == [3, 2, 1, 0]
        assert one.supports is not None

    assert {Dimension.RESPONSE, Dimension.CAPACITY} <= {one.supports for one in REAL.habits}


def test_question_to_tick_says_so() -> None:
    several = [one for one in REAL.scored if one.format is Format.MULTIPLE]

    assert [one.code for one in several if "Pilih semua yang" not in one.stem] == []


def test_sum_gives_numbers_and_a_narrow_band() -> None:
    for one in REAL.scored:
        if one.numeric is None:
            continue
        assert re.search(r"\d", one.stem)
        assert one.numeric.low <= one.numeric.value <= one.numeric.high
        assert one.numeric.high - one.numeric.low <= max(2, abs(one.numeric.value) * 0.1)


def facts() -> Iterator[tuple[str, str, str, date, date]]:
    sourced = [*((one.code, one.sources) for one in REAL.items), *((m.code, m.sources) for m in REAL.modules)]
    for code, sources in sourced:
        for fact in sources:
            yield code, fact.title, fact.url, fact.true_on, fact.review_by


def test_every_fact_is_dated_and_read_again_within_thirteen_months_of_the_release() -> None:
    undue = [
        (code, title) for code, title, _, true_on, review_by in facts() if not true_on < review_by <= date(2027, 12, 31)
    ]

    assert undue == []
    assert [code for code, _, url, _, _ in facts() if not url.startswith("https://")] == []


def test_facts_come_from_somewhere() -> None:
    assert sum(bool(one.sources) for one in REAL.scored) >= 10
    assert {one.dimension for one in REAL.scored if one.sources} >= {Dimension.SAFETY, Dimension.ETHICS}


def test_legal_terms_stand_only_on_a_dated_fact() -> None:
    law = re.compile(r"\b(UU|UUPK|Pasal|PP Nomor|Permen\w*|pajak|PPh|PPN|sertifikat halal|NIB)\b")
    free = [
        one.code
        for one in REAL.scored
        if not one.sources and law.search(" ".join((one.stem, *(o.text + o.feedback for o in one.options))))
    ]

    assert free == []


def test_lessons_lead_upwards_and_promotion_waits_for_the_gate() -> None:
    assert [m.code for m in REAL.modules if m.steps_to <= m.steps_from] == []
    assert [m.code for m in REAL.modules if m.dimension is Dimension.PROMOTION and not m.promotion] == []
    assert REAL.module_by_code[REAL.rules.safety_module].dimension is Dimension.SAFETY


def test_cards_open_with_a_bold_title() -> None:
    untitled = [(m.code, n) for m in REAL.modules for n, card in enumerate(m.cards, 1) if not card.startswith("<b>")]

    assert untitled == []


def test_lessons_titles_and_acts_are_plain_and_short() -> None:
    for module in REAL.modules:
        assert visible_length(module.title) == len(module.title) <= 60
        assert parse(module.act).entities == ()
        assert len(module.act) <= 160


def test_content_names_no_file_outside_its_folders() -> None:
    owners = {path.stem for path in (CONTENT / "items" / "owner").glob("*.yaml")}

    assert len(owners) == len(Dimension) + 1
    assert len(load(CONTENT).items) == len(REAL.items)
