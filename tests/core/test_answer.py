"""Answers: stored form, fit, points and feedback."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.answer import (
    Answer,
    AnswerDoesNotFit,
    Chosen,
    Ordered,
    Replied,
    Ticked,
    Typed,
    Unknown,
    best_answer,
    check_fits,
    decode,
    encode,
    feedback,
    score,
)
from bot.core.item import Format, Item
from tests.core.builders import CALM, habit, item, possible_answers, real_release

LARGEST = 10**15 - 1
ANSWERS: st.SearchStrategy[Answer] = st.one_of(
    st.builds(Chosen, st.integers(0, LARGEST)),
    st.builds(Typed, st.integers(-LARGEST, LARGEST)),
    st.builds(Ticked, st.integers(0, LARGEST)),
    st.builds(Replied, st.lists(st.integers(0, 9), min_size=1, max_size=15).map(tuple)),
    st.builds(Ordered, st.lists(st.integers(0, 9), min_size=1, max_size=15).map(tuple)),
    st.just(Unknown()),
)
CHOICE, SITUATION, NUMBER, MULTIPLE = (
    item(f"O1-00{n}", format)
    for n, format in enumerate((Format.CHOICE, Format.SITUATION, Format.NUMBER, Format.MULTIPLE), start=1)
)
PICTURE, CONVERSATION, ORDER = (
    item(f"O1-01{n}", format) for n, format in enumerate((Format.PICTURE, Format.CONVERSATION, Format.ORDER))
)
LONG_CHAT = replace(CONVERSATION, turns=(*CONVERSATION.turns, CONVERSATION.turns[0]))
THREE_STEPS = replace(ORDER, options=ORDER.options[:3])
HABIT = habit("H-001")


@CALM
@given(ANSWERS)
def test_decode_after_encode_gives_the_answer_back(answer: Answer) -> None:
    assert decode(encode(answer)) == answer


@pytest.mark.parametrize(
    ("answer", "stored"),
    [
        (Chosen(1), "c1"),
        (Typed(14000), "n14000"),
        (Typed(-3), "n-3"),
        (Ticked(5), "t5"),
        (Replied((0, 2)), "p02"),
        (Ordered((2, 0, 1, 3)), "o2013"),
        (Unknown(), "u"),
    ],
)
def test_stored_form_is_short_and_never_changes(answer: Answer, stored: str) -> None:
    assert encode(answer) == stored


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c",
        "n",
        "n-",
        "n--5",
        "c-1",
        "t-1",
        "x1",
        "u1",
        "U",
        "1",
        "c1.0",
        "c 1",
        "n1e3",
        "c１",
        "n" + "9" * 16,
        "c²",
        "p",
        "o",
        "p-1",
        "o0.1",
        "o²",
        "p" + "0" * 16,
    ],
)
def test_decode_refuses_what_was_never_written(text: str) -> None:
    with pytest.raises(AnswerDoesNotFit):
        decode(text)


@CALM
@given(st.text(max_size=8))
def test_decode_reads_or_refuses_but_never_breaks(text: str) -> None:
    try:
        answer = decode(text)
    except AnswerDoesNotFit:
        return

    assert decode(encode(answer)) == answer


def test_every_possible_answer_of_the_real_items_fits_and_survives_storage() -> None:
    for one in real_release().items:
        for answer in possible_answers(one):
            check_fits(one, decode(encode(answer)))

            assert 0 <= score(one, answer) <= (3 if one.is_habit else one.max_score)


@pytest.mark.parametrize(
    ("of", "answer"),
    [
        (CHOICE, Chosen(4)),
        (CHOICE, Typed(1)),
        (CHOICE, Ticked(1)),
        (SITUATION, Chosen(4)),
        (NUMBER, Chosen(0)),
        (NUMBER, Ticked(1)),
        (MULTIPLE, Chosen(0)),
        (MULTIPLE, Ticked(0)),
        (MULTIPLE, Ticked(16)),
        (MULTIPLE, Ticked(-1)),
        (PICTURE, Chosen(4)),
        (PICTURE, Ticked(1)),
        (CONVERSATION, Replied(())),
        (CONVERSATION, Replied((0,))),
        (CONVERSATION, Replied((0, 3))),
        (CONVERSATION, Replied((0, -1))),
        (CONVERSATION, Replied((0, 0, 0))),
        (CONVERSATION, Ordered((0, 1))),
        (CONVERSATION, Chosen(0)),
        (ORDER, Ordered(())),
        (ORDER, Ordered((0, 1, 2))),
        (ORDER, Ordered((0, 1, 2, 2))),
        (ORDER, Ordered((0, 1, 2, 4))),
        (ORDER, Ordered((0, 1, 2, 3, 0))),
        (ORDER, Replied((0, 1, 2, 3))),
        (ORDER, Ticked(15)),
        (CHOICE, Replied((0,))),
        (MULTIPLE, Ordered((0, 1, 2, 3))),
        (HABIT, Unknown()),
        (HABIT, Chosen(4)),
        (HABIT, Typed(3)),
    ],
)
def test_answer_of_another_kind_or_out_of_range_is_refused(of: Item, answer: Answer) -> None:
    with pytest.raises(AnswerDoesNotFit):
        score(of, answer)


@pytest.mark.parametrize(
    ("of", "answer", "points"),
    [
        (CHOICE, Chosen(0), 1),
        (CHOICE, Chosen(3), 0),
        (CHOICE, Unknown(), 0),
        (SITUATION, Chosen(0), 2),
        (SITUATION, Chosen(1), 1),
        (SITUATION, Chosen(2), 0),
        (SITUATION, Unknown(), 0),
        (NUMBER, Typed(94), 0),
        (NUMBER, Typed(95), 1),
        (NUMBER, Typed(105), 1),
        (NUMBER, Typed(106), 0),
        (NUMBER, Typed(-100), 0),
        (NUMBER, Unknown(), 0),
        (MULTIPLE, Ticked(0b0101), 2),
        (MULTIPLE, Ticked(0b0001), 1),
        (MULTIPLE, Ticked(0b0111), 1),
        (MULTIPLE, Ticked(0b0011), 0),
        (MULTIPLE, Ticked(0b1010), 0),
        (MULTIPLE, Ticked(0b1111), 0),
        (MULTIPLE, Unknown(), 0),
        (PICTURE, Chosen(0), 1),
        (PICTURE, Chosen(1), 0),
        (PICTURE, Unknown(), 0),
        (CONVERSATION, Replied((0, 0)), 2),
        (CONVERSATION, Replied((0, 1)), 1),
        (CONVERSATION, Replied((0, 2)), 1),
        (CONVERSATION, Replied((1, 1)), 1),
        (CONVERSATION, Replied((1, 2)), 0),
        (CONVERSATION, Replied((2, 2)), 0),
        (CONVERSATION, Unknown(), 0),
        (LONG_CHAT, Replied((0, 0, 0)), 2),
        (LONG_CHAT, Replied((0, 0, 1)), 1),
        (LONG_CHAT, Replied((1, 1, 1)), 1),
        (LONG_CHAT, Replied((0, 1, 2)), 1),
        (LONG_CHAT, Replied((0, 2, 2)), 0),
        (ORDER, Ordered((2, 0, 1, 3)), 2),
        (ORDER, Ordered((0, 2, 1, 3)), 1),
        (ORDER, Ordered((2, 1, 0, 3)), 1),
        (ORDER, Ordered((2, 0, 3, 1)), 1),
        (ORDER, Ordered((0, 2, 3, 1)), 0),
        (ORDER, Ordered((1, 0, 2, 3)), 0),
        (ORDER, Ordered((3, 1, 0, 2)), 0),
        (ORDER, Unknown(), 0),
        (THREE_STEPS, Ordered((2, 0, 1)), 2),
        (THREE_STEPS, Ordered((0, 2, 1)), 1),
        (THREE_STEPS, Ordered((1, 0, 2)), 0),
        (HABIT, Chosen(0), 3),
        (HABIT, Chosen(3), 0),
    ],
)
def test_points_of_an_answer(of: Item, answer: Answer, points: int) -> None:
    assert score(of, answer) == points


@pytest.mark.parametrize(
    ("of", "answer", "said"),
    [
        (CHOICE, Chosen(2), "saran 2"),
        (CHOICE, Unknown(), "saran 0"),
        (SITUATION, Unknown(), "saran 0"),
        (NUMBER, Typed(95), "betul"),
        (NUMBER, Typed(106), "hitung lagi"),
        (NUMBER, Unknown(), "hitung lagi"),
        (MULTIPLE, Ticked(0b0101), "saran 0"),
        (MULTIPLE, Ticked(0b0001), "saran 2"),
        (MULTIPLE, Ticked(0b0111), "saran 1"),
        (MULTIPLE, Unknown(), "saran 0"),
        (PICTURE, Chosen(2), "saran 2"),
        (PICTURE, Unknown(), "saran 0"),
        (CONVERSATION, Replied((0, 0)), "saran 2"),
        (CONVERSATION, Replied((0, 1)), "saran 1"),
        (CONVERSATION, Replied((2, 1)), "saran 0"),
        (CONVERSATION, Unknown(), "saran 2"),
        (ORDER, Ordered((2, 0, 1, 3)), "betul"),
        (ORDER, Ordered((0, 2, 1, 3)), "hitung lagi"),
        (ORDER, Unknown(), "hitung lagi"),
        (HABIT, Chosen(1), ""),
    ],
)
def test_feedback_speaks_of_the_first_thing_that_differs_or_of_the_best(of: Item, answer: Answer, said: str) -> None:
    assert feedback(of, answer) == said


def test_negative_option_is_refused() -> None:
    with pytest.raises(AnswerDoesNotFit):
        score(CHOICE, Chosen(-1))


@pytest.mark.parametrize(
    ("of", "best"),
    [
        (CHOICE, Chosen(0)),
        (PICTURE, Chosen(0)),
        (NUMBER, Typed(100)),
        (MULTIPLE, Ticked(0b0101)),
        (CONVERSATION, Replied((0, 0))),
        (ORDER, Ordered((2, 0, 1, 3))),
    ],
)
def test_best_answer_earns_all_points(of: Item, best: Answer) -> None:
    assert best_answer(of) == best
    assert score(of, best) == of.max_score


@pytest.mark.parametrize("of", [PICTURE, CONVERSATION, ORDER, LONG_CHAT, THREE_STEPS], ids=lambda of: of.format)
def test_every_possible_answer_is_worth_something_and_is_told_something(of: Item) -> None:
    for answer in possible_answers(of):
        assert decode(encode(answer)) == answer
        assert 0 <= score(of, answer) <= of.max_score
        assert feedback(of, answer)
