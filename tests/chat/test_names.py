"""Any name in any sentence that holds one: the sentence stays, the bold stays where it was, and no link is added.

`NAMES=100000` makes it the size of the promise.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.texts import engine
from bot.texts.engine import shown_name
from bot.texts.markup import Formatted, parse
from tests.faults.mutations import NAUGHTY

NAMES = int(os.environ.get("NAMES", "400"))
PLAIN = "Sari"
HOSTILE = (
    "<b>Sari",
    "</b><a href='https://jahat.contoh'>Sari</a>",
    '"><a href="tg://user?id=1">x',
    "&lt;a href=1&gt;",
    "&#60;b&#62;",
    "[Sari](https://jahat.contoh)",
    "*Sari* _x_ `y`",
    "{{ group }}{% raw %}",
    "%(group)s %s {0}",
    "<tg-spoiler>",
    "\u202e</b>",
)
ANY_NAME = st.one_of(
    st.text(max_size=80),
    st.sampled_from((*HOSTILE, *NAUGHTY)),
    st.lists(st.sampled_from((*HOSTILE, "<", ">", "&", "'", '"', "\n", " ", "😀", "ا", "Sari")), max_size=6).map(
        "".join
    ),
)
Values = Callable[[str], dict[str, object]]


def _group(name: str) -> SimpleNamespace:
    return SimpleNamespace(name=name)


SCREENS: dict[str, Values] = {
    "owed_nudge": lambda name: {"sender": name, "group": name, "minutes": 7, "has_begun": True},
    "owed_coach": lambda name: {"sender": name, "group": name, "is_coach": True},
    "owed_new_coach": lambda name: {"sender": name, "group": name},
    "owed_admitted": lambda name: {"group": name},
    "chat_linked": lambda name: {"group": name},
    "invited": lambda name: {"coaches": [SimpleNamespace(first_name=name)] * 2, "group": _group(name)},
    "offer": lambda name: {"hands_over": True, "group": _group(name), "link": "https://t.me/bot?start=x"},
    "my_groups": lambda name: {"groups": [SimpleNamespace(group_name=name, waits=False, shares=True)] * 3},
    "coaches": lambda name: {"group": _group(name), "coaches": [SimpleNamespace(first_name=name, leads=True)]},
    "group_list": lambda name: {"lines": [SimpleNamespace(group=_group(name), members=3, waiting=1)]},
}


def _drawn(screen: str, name: str) -> Formatted:
    return parse(engine.render("bot.chat", f"{screen}.html.j2", "id", SCREENS[screen](name)))


def _parts(drawn: Formatted) -> list[tuple[str, str | None, str]]:
    """Return each entity with its address and the words it stands over."""
    units = drawn.text.encode("utf-16-le")
    return [
        (one.type, one.url, units[2 * one.offset : 2 * (one.offset + one.length)].decode("utf-16-le"))
        for one in drawn.entities
    ]


@pytest.mark.parametrize("screen", SCREENS)
@settings(
    deadline=None, max_examples=max(1, NAMES // len(SCREENS)), suppress_health_check=[HealthCheck.filter_too_much]
)
@given(ANY_NAME.filter(shown_name))
def test_any_name_leaves_its_sentence_as_it_was(screen: str, name: str) -> None:
    shown = parse(shown_name(name)).text

    drawn, plain = _drawn(screen, name), _drawn(screen, PLAIN)

    assert drawn.text == plain.text.replace(PLAIN, shown)
    assert _parts(drawn) == [(kind, url, words.replace(PLAIN, shown)) for kind, url, words in _parts(plain)]


def test_name_of_which_nothing_is_seen_leaves_valid_text() -> None:
    drawn = [_drawn(screen, name).text for screen in SCREENS for name in ("", " \n", "\u200b\u202e", "\0")]

    assert [text for text in drawn if not text] == []
