"""The clinic of questions in the browser of who looks after them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import insert

from bot.core.answer import Answer, Chosen, encode
from bot.core.attempt import AttemptId
from bot.core.item import Format, Item
from bot.core.person import Person
from bot.core.selection import Course
from bot.store import audit, item_notes
from bot.store.audit import Wanted
from bot.store.tables import PersonRow, ResponseRow
from bot.usecases import readings, taking
from tests.core.builders import best, worst
from tests.web.classroom import Classroom, SignedIn

ITEM = "O1-001"
PEOPLE = 40


def question(room: Classroom, code: str = ITEM) -> Item:
    return room.world.do(room.world.library.current).item_by_code[code]


def answered(room: Classroom, choose: dict[str, Answer] | None = None, people: int = PEOPLE) -> list[Person]:
    """Let people answer a whole sitting: the even ones right, the others wrong, but for the answers that are given."""
    world, found = room.world, []
    for number in range(people):
        owner = world.joins(50_000 + number, "Sari")
        able = number % 2 == 0
        given = {code: answer for code, answer in (choose or {}).items()}
        world.finishes(
            owner, lambda item, able=able, given=given: given.get(item.code) or (best if able else worst)(item)
        )
        found.append(owner)
    return found


def figured(room: Classroom, browser: SignedIn) -> None:
    """Ask for the figures and wait for them."""
    browser.get("/isi/klinik")
    room.site.reckoner.wait()


def test_list_counts_first_and_then_names_what_wants_a_look(room: Classroom) -> None:
    answered(room)
    browser = room.signs_in(room.admin)

    first = browser.get("/isi/klinik")
    room.site.reckoner.wait()
    then = browser.get("/isi/klinik?tampil=semua&bidang=O1")

    assert 'hx-trigger="every 2s"' in first.text
    assert "Sedang menghitung angka semua butir." in first.text
    assert 'hx-trigger="every 2s"' not in then.text
    assert "Dari 40 asesmen dan cek ulang terakhir" in then.text
    assert f'<a href="/isi/klinik/{ITEM}">' in then.text
