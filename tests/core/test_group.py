"""Groups and the invitation that leads into each."""

from __future__ import annotations

import random
import string
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.group import (
    CODE_LENGTH,
    INVITATION_LASTS,
    NAME_LIMIT,
    Group,
    GroupId,
    invitation,
    read_code,
    shown_code,
    tidy_name,
)
from tests.core.builders import CALM, NOW

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SPOKEN = {"0": "0Oo", "1": "1IiLl"}
TOKENS = st.text(string.ascii_letters + string.digits + "-_", min_size=22, max_size=22)


def test_invitation_is_open_for_two_weeks() -> None:
    made = invitation("a" * 22, now=NOW)

    assert made.ends_at == NOW + INVITATION_LASTS == NOW + timedelta(days=14)
    assert [made.is_open(at) for at in (NOW, made.ends_at - timedelta(seconds=1), made.ends_at)] == [True, True, False]


@CALM
@given(TOKENS)
def test_code_is_ten_readable_signs_fixed_by_the_token(token: str) -> None:
    made = invitation(token, now=NOW)

    assert made.code == invitation(token, now=NOW).code
    assert (len(made.code), set(made.code) <= set(CROCKFORD)) == (10, True)


def test_other_tokens_have_other_codes() -> None:
    codes = {invitation(f"{n:022}", now=NOW).code for n in range(5000)}

    assert len(codes) == 5000


def test_codes_use_all_signs_evenly() -> None:
    signs = "".join(invitation(f"{n:022}", now=NOW).code for n in range(3200))

    assert {sign: 850 < signs.count(sign) < 1150 for sign in CROCKFORD} == dict.fromkeys(CROCKFORD, True)


@CALM
@given(st.data())
def test_code_survives_the_ways_in_which_people_type_it(data: st.DataObject) -> None:
    code = invitation(data.draw(TOKENS), now=NOW).code
    gap = st.sampled_from(["", "", " ", "-", " - ", ".", "\n", "\u00a0"])

    typed = data.draw(gap) + "".join(
        data.draw(st.sampled_from(SPOKEN.get(sign, sign + sign.lower()))) + data.draw(gap) for sign in code
    )

    assert read_code(typed) == code
    assert read_code(shown_code(code).lower()) == code


@pytest.mark.parametrize(
    "text", ["", "abc", "0123456789A", "012345678", "012345678U", "०१२३४५६७८९", "²²²²²²²²²²", "halo, apa kabar?"]
)
def test_other_text_is_no_code(text: str) -> None:
    assert read_code(text) is None


@CALM
@given(st.text(max_size=40))
def test_any_text_is_read_as_a_code_or_none(text: str) -> None:
    code = read_code(text)

    assert code is None or (len(code) == CODE_LENGTH and read_code(code) == code)


def test_code_is_shown_in_two_halves() -> None:
    assert shown_code("0123456789") == "01234-56789"


def test_place_is_the_most_exact_that_is_known() -> None:
    def group(province: str | None, regency: str | None) -> Group:
        made = invitation("a" * 22, now=NOW)
        return Group(GroupId(1), "Pasar", None, province, regency, False, 200, made, NOW)

    assert [group(*known).place for known in ((None, None), ("31", None), ("31", "3171"))] == [None, "31", "3171"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Ibu-ibu \n Pasar\tBaru ", "Ibu-ibu Pasar Baru"),
        ("Bu\u200b\u202e\u0000Sari", "Bu Sari"),
        ("cafe\u0301", "caf\u00e9"),
        ("\u3164\u115f\u1160\u2800\uffa0", ""),
        ("\u200b \u2066\ud800", ""),
        ("", ""),
        ("x" * 59 + " yz", "x" * 59),
        ("x" * 99, "x" * NAME_LIMIT),
    ],
)
def test_name_is_tidied(text: str, name: str) -> None:
    assert tidy_name(text) == name


@CALM
@given(st.text(), st.integers(1, 80))
def test_tidy_name_stays_tidy_and_within_its_limit(text: str, limit: int) -> None:
    name = tidy_name(text, limit)

    assert len(name) <= limit
    assert name.isprintable() and name == name.strip()


def test_guessing_a_million_codes_opens_next_to_nothing() -> None:
    live = {invitation(f"{n:022}", now=NOW).code for n in range(1000)}
    rng = random.Random(24)

    guessed = {"".join(rng.choices(CROCKFORD, k=CODE_LENGTH)) for _ in range(50_000)}

    assert guessed & live == set()
    assert 10**6 * len(live) / len(CROCKFORD) ** CODE_LENGTH < 1e-6
