"""The coach's plan of thirty minutes in the chat: whole, in order, and never more than one message."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pytest

from bot.content.session_rules import SCRIPT_LIMIT
from bot.core.item import Dimension
from bot.core.release import SessionScript
from bot.texts import engine
from bot.texts.catalogue import LANGUAGES
from bot.texts.markup import MESSAGE_LIMIT, parse, visible_length
from bot.usecases.coaching import PlanTopic
from tests.core.builders import real_release
from tests.session_plans import PAIRS, values


def shown(values: dict[str, object], language: str = "id") -> str:
    return engine.render("bot.chat", "session_plan.html.j2", language, values)


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_every_pair_of_topics_fits_into_one_message(language: str) -> None:
    longest = max(visible_length(shown(values(pair), language)) for pair in PAIRS)

    assert (longest <= MESSAGE_LIMIT, len(PAIRS)) == (True, 28)


def test_longest_scripts_that_the_check_lets_through_fit_into_one_message() -> None:
    planned = values((Dimension.SAFETY, Dimension.CAPACITY))
    pairs = planned["topics"]
    assert isinstance(pairs, list)
    planned["topics"] = [
        (replace(one, script=_of_length(SCRIPT_LIMIT, str(n))), name) for n, (one, name) in enumerate(pairs)
    ]

    assert visible_length(shown(planned)) <= MESSAGE_LIMIT


def _of_length(length: int, mark: str) -> SessionScript:
    lines = [mark + "a" * (length // 15 - 1)] * 15
    return SessionScript(
        bring=(mark, f"{mark}{mark}", lines[0] + lines[1] + lines[2][:-3]),
        ask=lines[3],
        show=tuple(lines[4:8]),
        practise=tuple(lines[8:12]),
        agree=lines[12],
        watch=lines[13],
        split=lines[14],
    )


def test_meeting_takes_thirty_minutes_with_two_topics_and_with_one() -> None:
    two, one = (parse(shown(values(them))).text for them in (PAIRS[0], [Dimension.RESPONSE]))

    assert _minutes(two) == [3, 12, 2, 3, 6, 1, 12, 2, 3, 6, 1, 3]
    assert _minutes(one) == [3, 24, 4, 6, 12, 2, 3]


def _minutes(text: str) -> list[int]:
    """Return the minutes of the parts, without those of lessons."""
    return [int(n) for n in re.findall(r"^(?!Pelajarannya)[^.“”\n]*, (\d+) menit$", text, flags=re.M)]


def test_topic_is_told_in_the_order_of_teaching() -> None:
    script = real_release().sessions[Dimension.RESPONSE]

    text = parse(shown(values([Dimension.RESPONSE], parts=(), together=False))).text

    order = (*script.bring, script.ask, *script.show, *script.practise, script.agree, script.watch, script.split)
    assert [line for line in map(_without_mark, text.splitlines()) if line in order] == list(order)


def _without_mark(line: str) -> str:
    return re.sub(r"^(•|\d\.) ", "", line)


def test_what_two_topics_both_need_is_brought_once() -> None:
    paper = "Kertas kecil dan pulpen untuk semua"
    scripts = real_release().sessions

    text = parse(shown(values((Dimension.SAFETY, Dimension.RESPONSE)))).text

    assert [scripts[d].bring.count(paper) for d in (Dimension.SAFETY, Dimension.RESPONSE)] == [1, 1]
    assert text.count(paper) == 1


def test_topic_without_script_or_lesson_still_says_why() -> None:
    planned = values([Dimension.RESPONSE], parts=(), together=False)
    planned["topics"] = _bare(planned["topics"])

    text = parse(shown(planned)).text

    assert "59 persen anggota belum sampai batas" in text
    assert [word for word in ("Siapkan", "Tanya\n", "Pelajarannya") if word in text] == []


def _bare(topics: object) -> Sequence[tuple[PlanTopic, str]]:
    assert isinstance(topics, list)
    return [(replace(one, module=None, script=None), name) for one, name in topics]
