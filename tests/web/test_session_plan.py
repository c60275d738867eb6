"""The printed plan says what the plan in the chat says."""

from __future__ import annotations

import re
from html import unescape

import pytest

from bot.core.item import Dimension
from bot.texts import engine
from bot.texts.markup import parse
from tests.session_plans import PAIRS, values


def printed(values: dict[str, object]) -> str:
    return engine.render("bot.web", "session_plan.html.j2", "id", values)


@pytest.mark.parametrize("dimensions", [PAIRS[0], PAIRS[-1], (Dimension.RESPONSE,)])
def test_every_step_of_the_chat_stands_on_paper(dimensions: tuple[Dimension, ...]) -> None:
    planned = values(dimensions)
    chat = parse(engine.render("bot.chat", "session_plan.html.j2", "id", planned)).text
    steps = re.findall(r"^(?:•|\d\.) (.+)$", chat, flags=re.M)

    boxes = [unescape(step) for step in re.findall(r"<li>(.*?)</li>", printed(planned))]

    assert boxes == steps


def test_browser_is_given_nothing_that_it_refuses() -> None:
    assert re.findall(r"style=|<script|<style|on\w+=", printed(values(PAIRS[0]))) == []


def test_names_cannot_become_markup() -> None:
    planned = values(PAIRS[0]) | {"group": "<b>Pasar</b>"}

    assert "&lt;b&gt;Pasar&lt;/b&gt;, 24 November 2026." in printed(planned)
