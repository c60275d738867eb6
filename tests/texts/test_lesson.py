"""The walls around lesson cards: what is refused, what is let through, and how it renders."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.texts.lesson import FILTERS, NAMES, SOURCE_LIMIT, LessonRefused, check_card, render_card

MISS = {"soal": "Bukti <transfer>", "jawaban": "Kirim & tunggu", "saran": "Cek mutasi"}
VALUES: dict[str, object] = {
    "nama": "Sari <b>",
    "usaha": "kuliner",
    "kanal": "toko",
    "pemegang": "sendiri",
    "jam_buka": "08.00",
    "jam_tutup": "17.00",
    "zona_waktu": "WIB",
    "tingkat": 2,
    "nama_tingkat": "Tunas",
    "keliru": [MISS, {**MISS, "soal": "Kedua"}],
}

REFUSED = {
    "class of a value": "{{ nama.__class__ }}",
    "class of a literal": "{{ ''.__class__.__mro__ }}",
    "class of a list": "{{ [].__class__.__base__.__subclasses__() }}",
    "class by subscript": "{{ nama['__class__'] }}",
    "class by filter": "{{ nama | attr('__class__') }}",
    "class in a loop": "{% for k in keliru %}{{ k.__class__ }}{% endfor %}",
    "class of a field": "{% for k in keliru %}{{ k.soal.__class__ }}{% endfor %}",
    "globals of a name": "{{ cycler.__init__.__globals__ }}",
    "config": "{{ config }}",
    "self": "{{ self }}",
    "self attribute": "{{ self._TemplateReference__context }}",
    "request": "{{ request.application }}",
    "namespace": "{{ namespace() }}",
    "builtins": "{{ __builtins__ }}",
    "dunder import": "{{ __import__('os') }}",
    "method call": "{{ nama.upper() }}",
    "method without call": "{{ nama.upper }}",
    "format call": "{{ '{0.__class__}'.format(nama) }}",
    "function call": "{{ range(9) }}",
    "lipsum": "{{ lipsum(5) }}",
    "dict call": "{{ dict(a=1) }}",
    "gettext call": "{{ _('halo') }}",
    "loop call": "{% for k in keliru %}{{ loop(keliru) }}{% endfor %}",
    "loop variable": "{% for k in keliru %}{{ loop.index }}{% endfor %}",
    "super": "{{ super() }}",
    "subscript": "{{ nama[0] }}",
    "slice": "{{ nama[0:2] }}",
    "field by subscript": "{% for k in keliru %}{{ k['soal'] }}{% endfor %}",
    "list subscript": "{{ keliru[0] }}",
    "unknown field": "{% for k in keliru %}{{ k.kode }}{% endfor %}",
    "dict method": "{% for k in keliru %}{{ k.items }}{% endfor %}",
    "field outside the loop": "{% for k in keliru %}x{% endfor %}{{ k.soal }}",
    "unknown variable": "{{ telegram_id }}",
    "unknown variable in a test": "{% if admin %}x{% endif %}",
    "capital letters": "{{ Nama }}",
    "filter safe": "{{ nama | safe }}",
    "filter e": "{{ nama | e }}",
    "filter upper": "{{ nama | upper }}",
    "filter map": "{{ keliru | map(attribute='soal') }}",
    "filter join": "{{ keliru | join }}",
    "filter replace": "{{ nama | replace('a', 'b') }}",
    "filter center": "{{ nama | center(999999999) }}",
    "filter default": "{{ nama | default('x') }}",
    "filter unknown": "{{ nama | tidakada }}",
    "filter with argument": "{{ 14000 | rupiah(1) }}",
    "filter with keyword": "{{ 14000 | rupiah(value=1) }}",
    "filter in a chain": "{{ nama | length | string }}",
    "filter block": "{% filter upper %}x{% endfilter %}",
    "set": "{% set x = 1 %}",
    "set of a known name": "{% set nama = 'x' %}",
    "set block": "{% set x %}a{% endset %}",
    "with": "{% with x = 1 %}{{ x }}{% endwith %}",
    "macro": "{% macro m() %}x{% endmacro %}",
    "call block": "{% call nama() %}x{% endcall %}",
    "include": "{% include 'x.html' %}",
    "import": "{% import 'x.html' as x %}",
    "from import": "{% from 'x.html' import y %}",
    "extends": "{% extends 'x.html' %}",
    "block": "{% block b %}x{% endblock %}",
    "autoescape off": "{% autoescape false %}{{ nama }}{% endautoescape %}",
    "do": "{% do keliru.append(1) %}",
    "trans": "{% trans %}x{% endtrans %}",
    "debug": "{% debug %}",
    "break": "{% for k in keliru %}{% break %}{% endfor %}",
    "loop in a loop": "{% for k in keliru %}{% for j in keliru %}x{% endfor %}{% endfor %}",
    "loop far in a loop": "{% for k in keliru %}{% if k %}{% for j in keliru %}x{% endfor %}{% endif %}{% endfor %}",
    "loop over a literal": "{% for k in [1, 2, 3] %}x{% endfor %}",
    "loop over a text": "{% for k in nama %}x{% endfor %}",
    "loop over a range": "{% for k in range(10**9) %}x{% endfor %}",
    "loop over a filter": "{% for k in keliru | list %}x{% endfor %}",
    "loop over a field": "{% for k in keliru.soal %}x{% endfor %}",
    "loop that unpacks": "{% for a, b in keliru %}x{% endfor %}",
    "loop that recurses": "{% for k in keliru recursive %}x{% endfor %}",
    "loop that hides a name": "{% for nama in keliru %}{{ nama.soal }}{% endfor %}",
    "loop that hides its list": "{% for keliru in keliru %}x{% endfor %}",
    "addition": "{{ tingkat + 1 }}",
    "product": "{{ 'x' * 999999999 }}",
    "power": "{{ 9 ** 9 ** 9 }}",
    "division": "{{ 1 / 0 }}",
    "remainder": "{{ '%s' % nama }}",
    "minus": "{{ -tingkat }}",
    "joining": "{{ nama ~ usaha }}",
    "short condition": "{{ nama if nama else 'x' }}",
    "test": "{{ nama is defined }}",
    "test with argument": "{% if tingkat is divisibleby 2 %}x{% endif %}",
    "mapping": "{{ {'a': 1} }}",
    "unclosed condition": "{% if nama %}x",
    "unclosed braces": "{{ nama ",
    "unclosed comment": "{# catatan",
    "stray end": "{% endif %}",
    "unknown tag": "{% jalankan %}",
    "empty braces": "{{ }}",
    "bad string": "{{ 'x }}",
    "too long": "x" * (SOURCE_LIMIT + 1),
    "deep brackets": "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}",
    "deep lists": "{{ " + "[" * 3000 + "]" * 3000 + " }}",
    "deep negation": "{{ " + "not " * 4000 + "nama }}",
    "deep sign": "{{ " + "-" * 5000 + "1 }}",
    "deep conditions": "{% if nama %}" * 50 + "{% endif %}" * 50,
    "long chain of and": "{% if " + "nama and " * 100 + "nama %}x{% endif %}",
    "long chain of filters": "{{ nama" + " | length" * 100 + " }}",
}


@pytest.mark.parametrize("source", REFUSED.values(), ids=REFUSED.keys())
def test_card_outside_the_walls_is_refused_before_and_while_rendering(source: str) -> None:
    with pytest.raises(LessonRefused):
        check_card(source)
    with pytest.raises(LessonRefused):
        render_card(source, VALUES)


def test_card_refused_in_only_one_branch_is_refused_whole() -> None:
    with pytest.raises(LessonRefused, match=r"if di dalam \{\{ \}\} tidak bisa dipakai dalam kartu"):
        render_card("{% if tingkat == 9 %}{{ 1 if nama else 2 }}{% endif %}", VALUES)


ACCEPTED = {
    "plain text": ("Halo <b>semua</b>", "Halo <b>semua</b>"),
    "longest": ("x" * SOURCE_LIMIT, "x" * SOURCE_LIMIT),
    "empty": ("", ""),
    "value, escaped": ("Halo {{ nama }}", "Halo Sari &lt;b&gt;"),
    "literal, escaped": ("{{ '<i>' }}", "&lt;i&gt;"),
    "comment": ("a{# catatan #}b", "ab"),
    "raw": ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
    "rupiah": ("{{ 14000 | rupiah }}", "Rp14.000"),
    "length": ("{{ keliru | length }}", "2"),
    "condition": ("{% if usaha == 'kuliner' %}a{% elif usaha == 'jasa' %}b{% else %}c{% endif %}", "a"),
    "in": ("{% if usaha in ['warung', 'kuliner'] %}a{% endif %}", "a"),
    "not in": ("{% if usaha not in ('warung', 'jasa') %}a{% endif %}", "a"),
    "and, or, not": ("{% if nama and not (kanal == 'toko' or tingkat > 3) %}a{% else %}b{% endif %}", "b"),
    "order": ("{% if 1 <= tingkat < 3 %}a{% endif %}", "a"),
    "unequal": ("{% if zona_waktu != 'WIT' %}{{ jam_buka }}–{{ jam_tutup }}{% endif %}", "08.00–17.00"),
    "loop": (
        "{% for k in keliru %}{{ k.soal }}: {{ k.jawaban }} → {{ k.saran }}.{% endfor %}",
        "Bukti &lt;transfer&gt;: Kirim &amp; tunggu → Cek mutasi.Kedua: Kirim &amp; tunggu → Cek mutasi.",
    ),
    "loop with else": ("{% for k in keliru %}x{% else %}y{% endfor %}", "xx"),
    "loop with condition": ("{% for k in keliru if k.soal == 'Kedua' %}{{ k.soal }}{% endfor %}", "Kedua"),
    "two loops": ("{% for k in keliru %}a{% endfor %}{% for k in keliru %}b{% endfor %}", "aabb"),
    "condition in a loop": (
        "{% for k in keliru %}{% if nama %}{{ k.saran }} {% endif %}{% endfor %}",
        "Cek mutasi Cek mutasi",
    ),
    "white space": ("\n  {% if nama %}\n  a\n  {% endif %}\n\n", "a"),
}


@pytest.mark.parametrize(("source", "text"), ACCEPTED.values(), ids=ACCEPTED.keys())
def test_card_within_the_walls_is_rendered(source: str, text: str) -> None:
    check_card(source)

    assert render_card(source, VALUES) == text


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_allowed_name_has_a_value_in_these_tests_and_renders(name: str) -> None:
    assert render_card(f"{{% if {name} %}}ada{{% endif %}}", VALUES) == "ada"


def test_value_that_was_not_given_is_refused_instead_of_left_empty() -> None:
    with pytest.raises(LessonRefused):
        render_card("{{ nama }}", {})


def test_values_are_never_read_as_template() -> None:
    assert render_card("{{ nama }}", {"nama": "{{ 7 * 7 }}{% set x %}"}) == "{{ 7 * 7 }}{% set x %}"


def test_only_two_filters_exist() -> None:
    assert sorted(FILTERS) == ["length", "rupiah"]


PIECES = [
    "{{",
    "}}",
    "{%",
    "%}",
    " nama ",
    " k ",
    "|",
    "length",
    "for",
    "in",
    "keliru",
    "if",
    "endif",
    "endfor",
    ".soal",
    "(",
    ")",
]


@settings(deadline=None, max_examples=200)
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=14).map(" ".join))
def test_anything_typed_is_accepted_or_refused(source: str) -> None:
    try:
        check_card(source)
    except LessonRefused:
        with pytest.raises(LessonRefused):
            render_card(source, VALUES)


MISTYPED = {
    "rupiah of a text": "{{ nama | rupiah }}",
    "rupiah of nothing": "{{ none | rupiah }}",
    "length of a number": "{{ tingkat | length }}",
    "text against number": "{% if nama < tingkat %}a{% endif %}",
    "number in a text": "{% if tingkat in nama %}a{% endif %}",
    "in a number": "{% if nama in tingkat %}a{% endif %}",
    "huge number as rupiah": "{{ " + "9" * 4000 + " | rupiah }}",
}


@pytest.mark.parametrize("source", MISTYPED.values(), ids=MISTYPED.keys())
def test_card_that_mixes_kinds_of_values_is_refused(source: str) -> None:
    with pytest.raises(LessonRefused):
        render_card(source, VALUES)


UNSEEN = {
    "filter with starred argument": "{{ nama | length(*keliru) }}",
    "filter with starred keywords": "{{ nama | length(**keliru) }}",
    "number of 5,000 digits": "{{ " + "9" * 5000 + " }}",
    "loop named loop": "{% for loop in keliru %}{{ loop.soal }}{% endfor %}",
}


@pytest.mark.parametrize("source", UNSEEN.values(), ids=UNSEEN.keys())
def test_card_that_cannot_be_rendered_is_refused_by_the_check(source: str) -> None:
    with pytest.raises(LessonRefused):
        check_card(source)
