"""Forms drawn from the schema: a word for every field, and what is drawn reads back as what it was."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from bot.content import schema
from bot.content.part_names import dumped
from bot.content.problems import Problem
from bot.web import fields
from bot.web.explanations import EXPLAINED, Input
from bot.web.fields import Group, Leaf, Node, draw, read, told
from bot.web.page import Form
from tests.usecases.world import document

PARTS: dict[str, type[BaseModel]] = {
    "form": schema.FormEntry,
    "coach": schema.CoachEntry,
    "levels": schema.LevelsEntry,
    "advice": schema.AdviceEntry,
    "glossary": schema.GlossaryEntry,
    "sessions": schema.SessionsEntry,
    "exposure": schema.ExposureEntry,
}
WEIGHTS = ("business_weights",)


def models(root: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Go through a schema and every schema inside it."""
    yield root
    for info in root.model_fields.values():
        pending = [info.annotation]
        while pending:
            kind: Any = pending.pop()
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                yield from models(kind)
            pending += get_args(kind)


KNOWN = {model.__name__: model for root in PARTS.values() for model in models(root)}
NAMES = {f"{name}.{field}" for name, model in KNOWN.items() for field in model.model_fields}


def test_every_field_has_its_words_and_nothing_else_has() -> None:
    assert set(EXPLAINED) == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_field_that_people_fill_in_is_called_and_explained(name: str) -> None:
    words = EXPLAINED[name]

    assert words.input is Input.FIXED or (words.label and words.meaning)
    assert "_" not in words.label + words.meaning


def leaves(nodes: tuple[Node, ...]) -> Iterator[Leaf]:
    for node in nodes:
        if isinstance(node, Group):
            yield from leaves(node.nodes)
        else:
            yield node


def rows(nodes: tuple[Node, ...]) -> Iterator[Group]:
    for node in nodes:
        if isinstance(node, Group):
            yield from [node] if node.is_row else []
            yield from rows(node.nodes)


def sent(nodes: tuple[Node, ...]) -> Form:
    """Return what a browser sends of a form that nobody touched."""
    said = {leaf.name: [leaf.value] for leaf in leaves(nodes) if leaf.value or leaf.input is not Input.TICK}
    return Form(said | {f"{row.name}!ada": ["1"] for row in rows(nodes)})


@pytest.mark.parametrize("part", [part for part in PARTS if part not in ("glossary", "exposure")])
def test_form_that_nobody_touched_says_what_it_was_drawn_from(part: str) -> None:
    payload = dumped(getattr(document(), part))

    said = read(PARTS[part], sent(draw(PARTS[part], payload, leaving_out=WEIGHTS)), leaving_out=WEIGHTS)

    assert said == {name: value for name, value in payload.items() if name not in WEIGHTS}


def test_every_word_of_the_glossary_reads_back() -> None:
    words = [dumped(entry) for entry in document().glossary.words]

    assert [read(schema.WordEntry, sent(draw(schema.WordEntry, word))) for word in words] == words


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (Input.WHOLE, "15", 15),
        (Input.WHOLE, "1,5", "?1,5"),
        (Input.WHOLE, "lima", "?lima"),
        (Input.WHOLE, "", None),
        (Input.NUMBER, "52,5", 52.5),
        (Input.NUMBER, "52.5", 52.5),
        (Input.NUMBER, "-1,8", -1.8),
        (Input.NUMBER, "nan", "?nan"),
        (Input.NUMBER, "1e5", "?1e5"),
        (Input.NUMBER, "1.000.000", "?1.000.000"),
        (Input.PERCENT, "60", 0.6),
        (Input.PERCENT, "33,5", 0.335),
        (Input.PERCENT, "enam puluh", "?enam puluh"),
    ],
)
def test_number_is_read_with_comma_or_point_and_nothing_else(kind: Input, text: str, value: object) -> None:
    assert fields.number(kind, text) == value


@pytest.mark.parametrize(("share", "shown"), [(0.6, "60"), (0.335, "33,5"), (0.07, "7"), (0.25, "25")])
def test_share_is_shown_as_percent(share: float, shown: str) -> None:
    assert fields.leaf("x", EXPLAINED["AdviceEntry.group_below"], Input.PERCENT, share, fields.QUIET).value == shown


def test_what_cannot_be_read_is_shown_as_it_was_typed() -> None:
    nodes = draw(schema.LevelEntry, {"cut_score": "?lima puluh"})

    assert next(leaf.value for leaf in leaves(nodes) if leaf.name == "cut_score") == "lima puluh"


def test_problem_stands_beside_its_field_in_words_and_what_has_no_field_stands_above() -> None:
    found = [
        Problem("levels", 1, "levels.2.cut_score", "paling besar 100"),
        Problem("levels", 1, "levels", "cut_score harus naik dari tingkat ke tingkat"),
        Problem("levels", 1, "elsewhere", "kunci ini tidak dikenal"),
    ]
    said = told(found)
    nodes = draw(schema.LevelsEntry, dumped(document().levels), said=said)

    assert {leaf.name: leaf.problems for leaf in leaves(nodes) if leaf.problems} == {
        "levels.2.cut_score": ("paling besar 100",)
    }
    assert nodes[0].problems == ("mulai nilai harus naik dari tingkat ke tingkat",)
    assert fields.unplaced(nodes, said) == ["elsewhere: kunci ini tidak dikenal"]


def test_problem_of_a_line_stands_beside_the_box_of_all_lines() -> None:
    nodes = draw(
        schema.SessionEntry,
        {"bring": ["a"]},
        said=told([Problem("", 1, "sessions.2.bring.0", "x")], within="sessions.2"),
    )

    assert [leaf.problems for leaf in leaves(nodes) if leaf.name == "bring"] == [("x",)]


def test_row_is_added_and_taken_out() -> None:
    payload = dumped(document().advice)
    grown = sent(draw(schema.AdviceEntry, payload, growing="prerequisites", leaving_out=WEIGHTS))
    shrunk = Form({**grown.fields, "prerequisites.0!hapus": ["1"], "prerequisites.2!hapus": ["1"]})

    assert len(read(schema.AdviceEntry, grown, leaving_out=WEIGHTS)["prerequisites"]) == 3
    assert read(schema.AdviceEntry, shrunk, leaving_out=WEIGHTS)["prerequisites"] == payload["prerequisites"][1:]


def test_rows_of_fixed_lists_neither_come_nor_go() -> None:
    nodes = draw(schema.FormEntry, dumped(document().form), growing="")

    listed = next(node for node in nodes if node.name == "dimensions")
    assert isinstance(listed, Group)
    assert not listed.adds
    assert [node.goes for node in listed.nodes if isinstance(node, Group)] == [False] * 8
