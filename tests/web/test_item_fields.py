"""A question as a form: nothing of it is lost on the way there and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.parts import JSON, part_problems, split
from bot.core.item import Format
from bot.web.item_fields import (
    EXTENTS,
    KEY,
    MOST_ENTRIES,
    blank,
    entries,
    fields_of,
    own_fields,
    payload_of,
    with_one_less,
    with_one_more,
)
from bot.web.item_sketch import MISSING, sketch
from tests.core.builders import CALM, TODAY, real_release
from tests.usecases.world import document

REAL: dict[str, JSON] = {
    part.removeprefix("item:"): payload for part, payload in split(document()).items() if part.startswith("item:")
}
PICTURES = document().pictures


def of_format(format: Format) -> JSON:
    return next(payload for payload in REAL.values() if payload["format"] == format)


def again(payload: JSON) -> JSON:
    return payload_of(fields_of(payload), code=payload["code"], format=Format(payload["format"]))


@pytest.mark.parametrize("code", REAL)
def test_every_question_survives_its_form(code: str) -> None:
    assert again(REAL[code]) == REAL[code]


def test_bank_tries_every_format() -> None:
    assert {payload["format"] for payload in REAL.values()} == set(Format)


def test_what_the_bank_happens_to_lack_survives_too() -> None:
    payload = of_format(Format.CHOICE) | {"suits": ["jasa", "warung"], "calibrated": -0.4375, "anchor": True}

    assert again(payload) == payload


@pytest.mark.parametrize("code", REAL)
def test_question_is_sketched_as_it_is_released(code: str) -> None:
    released = real_release().item_by_code[code]

    drawn = sketch(REAL[code], PICTURES)

    shown = ("code", "format", "dimension", "stem", "options", "numeric", "turns", "drawing", "sources", "suits")
    assert {name: getattr(drawn, name) for name in shown} == {name: getattr(released, name) for name in shown}
    assert (drawn.feedback_right, drawn.feedback_wrong) == (released.feedback_right, released.feedback_wrong)


@pytest.mark.parametrize("format", Format)
def test_empty_form_has_what_the_schema_asks_for(format: Format) -> None:
    code = "H-900" if format is Format.HABIT else "O6-900"

    payload = payload_of(blank(code, format), code=code, format=format)

    wanted = REAL[next(c for c, real in REAL.items() if real["format"] == format)]
    assert payload.keys() == wanted.keys()
    counts = {name: len(payload[name]) for name in EXTENTS[format]}
    assert counts == {name: extent.least for name, extent in EXTENTS[format].items()}
    assert {problem.field for problem in part_problems(f"item:{code}", payload, today=TODAY)} >= {"stem"}


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("14000", 14000),
        ("14.000", 14000),
        ("Rp14.000", 14000),
        ("14rb", 14000),
        ("", None),
        ("dua", "dua"),
        ("1e9", "1e9"),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, read: int | str | None) -> None:
    fields = fields_of(of_format(Format.NUMBER)) | {"answer.value": [typed]}

    assert payload_of(fields, code="O7-001", format=Format.NUMBER)["answer"]["value"] == read


def test_number_that_is_none_stays_as_typed_for_its_problem() -> None:
    payload = of_format(Format.SITUATION)
    fields = fields_of(payload) | {"difficulty": ["lima"], "options.2.score": ["9"]}

    typed = payload_of(fields, code=payload["code"], format=Format.SITUATION)
    problems = part_problems(f"item:{payload['code']}", typed, today=TODAY)

    assert (typed["difficulty"], typed["options"][2]["score"]) == ("lima", 9)
    assert {problem.field for problem in problems} == {"difficulty", "options.2.score"}


def test_text_comes_on_one_line() -> None:
    fields = fields_of(of_format(Format.CHOICE)) | {"stem": ["  Satu \r\n\r\n dua\u00a0tiga  "]}

    assert payload_of(fields, code="O1-001", format=Format.CHOICE)["stem"] == "Satu dua\u00a0tiga"


def test_right_option_is_chosen_once() -> None:
    payload = of_format(Format.CHOICE)

    scores = {
        said: [
            o["score"]
            for o in payload_of(fields_of(payload) | {KEY: [said]}, code="O1-001", format=Format.CHOICE)["options"]
        ]
        for said in ("0", "3", "", "x", "99")
    }

    assert scores == {"0": [1, 0, 0, 0], "3": [0, 0, 0, 1], "": [0] * 4, "x": [0] * 4, "99": [0] * 4}


def test_turn_goes_and_those_behind_move_up() -> None:
    payload = next(real for real in REAL.values() if real["format"] == "percakapan" and len(real["turns"]) == 3)

    less = with_one_less(fields_of(payload), "turns", 1)
    more = with_one_more(less, Format.CONVERSATION, "turns")

    left = payload_of(less, code=payload["code"], format=Format.CONVERSATION)["turns"]
    assert left == [payload["turns"][0], payload["turns"][2]]
    assert entries(more, "turns") == [0, 1, 2]
    assert more["turns.2.customer"] == [""]


def test_source_is_added_to_none() -> None:
    payload = of_format(Format.CHOICE) | {"sources": []}

    more = with_one_more(fields_of(payload), Format.CHOICE, "sources")

    assert payload_of(more, code="O1-001", format=Format.CHOICE)["sources"] == [
        {"title": "", "url": "", "true_on": "", "review_by": ""}
    ]


NAMES = st.sampled_from(
    (
        *("stem", "options", "options.0", "options.0.text", "options.x", "options.99.text", "turns.0.options.9.text"),
        *("steps.-1.text", "answer.value", "suits", "sources.0.true_on", "options.key", "status", "__class__", "a.b"),
    )
)
TYPED = st.dictionaries(NAMES, st.lists(st.text(max_size=12), max_size=3), max_size=9)


@CALM
@given(TYPED, st.sampled_from(Format))
def test_any_form_is_told_its_problems_and_can_be_looked_at(typed: dict[str, list[str]], format: Format) -> None:
    fields = dict(own_fields(typed))
    code = "H-900" if format is Format.HABIT else "O6-900"

    payload = payload_of(fields, code=code, format=format)
    drawn = sketch(payload, PICTURES)

    assert part_problems(f"item:{code}", payload, today=TODAY)
    assert drawn.stem
    assert all(option.text for option in drawn.options)


def test_entries_end_at_a_gap_and_at_a_limit() -> None:
    gap = {f"options.{n}.text": ["x"] for n in (0, 1, 3)}
    many = {f"options.{n}.text": ["x"] for n in range(500)}

    assert entries(gap, "options") == [0, 1]
    assert len(entries(many, "options")) == MOST_ENTRIES


def test_only_fields_of_a_question_are_taken() -> None:
    sent = {"stem": ["a"], "tanda": ["b"], "options.0.text": ["c"], "code": ["O1-002"], "stem;drop": ["d"], "": ["e"]}

    assert dict(own_fields(sent)) == {"stem": ["a"], "options.0.text": ["c"]}


def test_what_is_not_written_yet_is_left_open() -> None:
    drawn = sketch(payload_of(blank("O6-900", Format.CHOICE), code="O6-900", format=Format.CHOICE), {})

    assert [drawn.stem, *(option.text for option in drawn.options)] == [MISSING] * 5
