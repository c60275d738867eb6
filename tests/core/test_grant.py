"""What a change of roles does, and for how long it waits for a word or for somebody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.core.grant import Deed, Grant, GrantId, Trust
from bot.core.group import GroupId
from bot.core.person import PersonId

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=30)
GIVEN = Grant(GrantId(1), Trust.COACH, False, PersonId(9), NOW, LATER, telegram_id=1001)
INVITED = replace(GIVEN, telegram_id=None, is_invitation=True)


@pytest.mark.parametrize(
    ("grant", "deed"),
    [
        (GIVEN, Deed.GIVE),
        (replace(GIVEN, takes=True, group_id=GroupId(1)), Deed.TAKE),
        (replace(GIVEN, group_id=GroupId(1)), Deed.HAND_OVER),
        (INVITED, Deed.INVITE),
        (replace(INVITED, telegram_id=1001), Deed.INVITE),
        (replace(GIVEN, telegram_id=None), Deed.INVITE),
    ],
)
def test_deed_is_what_a_grant_does(grant: Grant, deed: Deed) -> None:
    assert grant.deed is deed


@pytest.mark.parametrize(
    ("confirmed_at", "now", "awaits"), [(None, NOW, True), (NOW, NOW, False), (None, LATER, False)]
)
def test_word_is_awaited_until_it_is_said_or_too_late(
    confirmed_at: datetime | None, now: datetime, awaits: bool
) -> None:
    assert replace(GIVEN, confirmed_at=confirmed_at).awaits_word(now) == awaits


@pytest.mark.parametrize(
    ("grant", "now", "is_open"),
    [
        (replace(INVITED, confirmed_at=NOW), NOW, True),
        (replace(INVITED, confirmed_at=NOW), LATER, False),
        (replace(INVITED, confirmed_at=NOW, used_at=NOW), NOW, False),
        (INVITED, NOW, False),
        (replace(GIVEN, confirmed_at=NOW), NOW, False),
    ],
)
def test_invitation_is_open_from_the_word_to_its_end_or_use(grant: Grant, now: datetime, is_open: bool) -> None:
    assert grant.is_open(now) == is_open
