"""A question as a form: nothing of it is lost on the way there and back."""

from __future__ import annotations

import json

import pytest

from bot.content.parts import part_problems
from bot.core.item import Format
from bot.web.item_fields import (
    blank,
    entries,
    fields_of,
    own_fields,
    payload_of,
    with_one_less,
    with_one_more,
)
from tests.usecases.world import CONTENT, START, document

REAL = {entry.code: json.loads(entry.model_dump_json()) for entry in document().items}


@pytest.mark.parametrize("code", REAL)
def test_every_question_of_the_bank_survives_its_form(code: str) -> None:
    payload = REAL[code]

    again = payload_of(fields_of(payload), code=code, format=Format(payload["format"]))

    assert again == payload
    assert list(again) == list(payload)


def test_bank_holds_every_format() -> None:
    assert {payload["format"] for payload in REAL.values()} == set(Format)
