"""Cards written to break out or to wear the machine down, in the jail that editors' cards are rendered in."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.texts.cell import MEMORY_BYTES
from bot.texts.jail import CardBroke, Jail, Values, _cpu_seconds
from bot.texts.lesson import LessonRefused, render_card
from bot.texts.markup import parse
from tests.texts.hostile.denials import DENIALS
from tests.texts.hostile.escapes import HARMLESS, REFUSED
from tests.texts.people import HOSTILE, SARI

CARDS = int(os.environ.get("CARDS", "300"))


@pytest.fixture(scope="module")
def jail() -> Iterator[Jail]:
    made = Jail()
    yield made
    made.close()


def test_corpora_are_as_large_as_promised() -> None:
    assert len(set(REFUSED)) >= 300
    assert len(set(DENIALS.values())) >= 120


@pytest.mark.parametrize("source", REFUSED, ids=range(len(REFUSED)))
def test_escape_is_refused(jail: Jail, source: str) -> None:
    assert LessonRefused in {_refusal(jail, source, who) for who in (HOSTILE, SARI | {"nama": "", "keliru": []})}


def _refusal(jail: Jail, source: str, who: Values) -> type[LessonRefused] | None:
    try:
        jail.show(source, who)
    except LessonRefused as refused:
        return type(refused)
    return None


@pytest.mark.parametrize(("source", "text"), HARMLESS.items(), ids=range(len(HARMLESS)))
def test_what_only_looks_like_an_escape_writes_what_it_says(jail: Jail, source: str, text: str) -> None:
    assert jail.show(source, HOSTILE) == text


@pytest.mark.parametrize("source", DENIALS.values(), ids=DENIALS.keys())
def test_costly_card_is_refused_or_harmless_within_a_second(jail: Jail, source: str) -> None:
    jail.check("x")
    process = jail.process_id
    assert process is not None
    before = _cpu_seconds(process)

    try:
        assert len(parse(jail.show(source, SARI)).text) <= 4000
    except CardBroke:
        raise
    except LessonRefused:
        pass

    assert _cpu_seconds(process) - before < 1
    assert jail.process_id == process


def test_cell_stays_small_after_all_of_them(jail: Jail) -> None:
    for source in (*DENIALS.values(), *REFUSED):
        try:
            jail.render(source, [SARI])
        except LessonRefused:
            continue

    said = Path(f"/proc/{jail.process_id}/status").read_text(encoding="ascii")

    peak = re.search(r"VmPeak:\s+(\d+) kB", said)
    assert peak is not None
    assert int(peak[1]) * 1024 <= MEMORY_BYTES


NAMES = st.sampled_from(
    ["nama", "keliru", "tingkat", "usaha", "k", "loop", "self", "range", "lipsum", "x", "__class__"]
)
LITERALS = st.sampled_from(["1", "9999", "'a'", "'<b>'", "true", "none", "1.5", "[]", "()", "{}", "'{0}'"])
FIELDS = st.sampled_from(["soal", "saran", "__class__", "upper", "items", "format", "__globals__"])
FILTERS = st.sampled_from(
    ["length", "rupiah", "safe", "e", "attr('__class__')", "map('upper')", "list", "join", "upper"]
)
OPERATORS = st.sampled_from(["==", "!=", "<", ">=", "in", "not in", "and", "or", "+", "*", "**", "~", "%", "//"])
LEAKS = re.compile(r"__|<class|<function|<bound|built-in|object at|0x[0-9a-f]{6}|Undefined|&lt;(class|function|bound)")


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, FIELDS).map(lambda t: f"{t[0]}.{t[1]}"),
        st.tuples(inner, inner).map(lambda t: f"{t[0]}[{t[1]}]"),
        st.tuples(inner, FILTERS).map(lambda t: f"({t[0]})|{t[1]}"),
        st.tuples(inner, OPERATORS, inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})"),
        st.tuples(inner, st.lists(inner, max_size=2)).map(lambda t: f"{t[0]}({', '.join(t[1])})"),
        st.tuples(inner, inner, inner).map(lambda t: f"({t[0]} if {t[1]} else {t[2]})"),
        st.lists(inner, max_size=3).map(lambda t: f"[{', '.join(t)}]"),
        inner.map(lambda t: f"not {t}"),
        inner.map(lambda t: f"-{t}"),
        inner.map(lambda t: f"({t} is defined)"),
    )


EXPRESSIONS = st.recursive(NAMES | LITERALS, _grown, max_leaves=5)
TAGS = st.sampled_from(["b", "i", "u", "s", "code", "blockquote", "tg-spoiler", "p", "a", "script", "tg-emoji"])
TEXTS = st.sampled_from(["Halo ", "3 &lt; 5 ", "• ", "\n", "<", "&amp;", "{", "}", "👍", "é"])


def _told(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(TAGS, inner).map(lambda t: f"<{t[0]}>{t[1]}</{t[0]}>"),
        st.tuples(EXPRESSIONS, inner).map(lambda t: f'<a href="https://contoh.id/{{{{ {t[0]} }}}}">{t[1]}</a>'),
        inner.map(lambda t: f'<a href="https://contoh.id">{t}</a>'),
        st.tuples(EXPRESSIONS, inner, inner).map(lambda t: f"{{% if {t[0]} %}}{t[1]}{{% else %}}{t[2]}{{% endif %}}"),
        st.tuples(NAMES, EXPRESSIONS, inner).map(lambda t: f"{{% for {t[0]} in {t[1]} %}}{t[2]}{{% endfor %}}"),
        inner.map(lambda t: f"{{% for k in keliru %}}{t}{{% endfor %}}"),
        st.tuples(NAMES, EXPRESSIONS).map(lambda t: f"{{% set {t[0]} = {t[1]} %}}"),
        inner.map(lambda t: f"{{% macro m() %}}{t}{{% endmacro %}}{{{{ m() }}}}"),
        inner.map(lambda t: f"{{% filter upper %}}{t}{{% endfilter %}}"),
        inner.map(lambda t: f"{{% raw %}}{t}{{% endraw %}}"),
        inner.map(lambda t: f"{{# {t} #}}"),
    )


CARD = st.recursive(TEXTS | EXPRESSIONS.map(lambda t: f"{{{{ {t} }}}}"), _told, max_leaves=8)


@settings(deadline=None, max_examples=CARDS, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CARD)
def test_any_card_that_grammar_allows_is_refused_or_harmless(jail: Jail, source: str) -> None:
    try:
        text = jail.show(source, HOSTILE)
    except CardBroke:
        raise
    except LessonRefused:
        return

    if "{% raw %}" not in source:  # there it may say anything, because it is read as a text
        assert not LEAKS.search(text)
    assert {entity.url for entity in parse(text).entities if entity.url} <= {"https://contoh.id/"}
    assert text == render_card(source, HOSTILE)
