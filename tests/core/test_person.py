"""People: the order of the context questions, the time zones, and who may use what."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.core.access import Audience, Viewer, may_use
from bot.core.person import (
    Business,
    Channel,
    Context,
    ContextQuestion,
    OpeningHours,
    Person,
    PersonId,
    PhoneHolder,
    Role,
    Zone,
    local,
    next_context_question,
)

HOURS = OpeningHours(8, 17, Zone.WIB)
OWNER = Person(PersonId(1), 11, "Sari", Role.OWNER, Context())
JOINED = Person(PersonId(2), 12, "Joko", None, Context())


@pytest.mark.parametrize(
    ("context", "question"),
    [
        (Context(), ContextQuestion.BUSINESS),
        (Context(Business.SHOP), ContextQuestion.PHONE_HOLDER),
        (Context(Business.SHOP, PhoneHolder.SELF), ContextQuestion.CHANNEL),
        (Context(Business.SHOP, PhoneHolder.SELF, Channel.SOCIAL), ContextQuestion.HOURS),
        (Context(Business.SHOP, PhoneHolder.SELF, Channel.SOCIAL, HOURS), None),
        (Context(None, PhoneHolder.SELF, Channel.SOCIAL, HOURS), ContextQuestion.BUSINESS),
    ],
)
def test_owner_is_asked_the_first_thing_not_told_yet(context: Context, question: ContextQuestion | None) -> None:
    assert next_context_question(Role.OWNER, context) is question


@pytest.mark.parametrize("role", [Role.COACH, None])
def test_coach_and_undecided_are_asked_nothing_about_a_business(role: Role | None) -> None:
    assert next_context_question(role, Context()) is None


def test_zones_lie_seven_eight_and_nine_hours_east() -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)

    assert [local(noon, zone).hour for zone in (*Zone, None)] == [19, 20, 21, 19]
    assert [Context(zone=zone).clock for zone in (*Zone, None)] == [*Zone, Zone.WIB]


@pytest.mark.parametrize(
    ("audience", "stranger", "joined", "owner"),
    [
        (Audience.ANYONE, True, True, True),
        (Audience.JOINED, False, True, True),
        (Audience.SETTLED, False, False, True),
    ],
)
def test_audiences_open_step_by_step(audience: Audience, stranger: bool, joined: bool, owner: bool) -> None:
    viewers = (None, Viewer(JOINED), Viewer(OWNER))

    assert [may_use(audience, who) for who in viewers] == [stranger, joined, owner]


@pytest.mark.parametrize(("role", "form"), [(Role.OWNER, Role.OWNER), (Role.COACH, Role.COACH), (None, Role.OWNER)])
def test_everybody_but_a_coach_takes_the_owners_form(role: Role | None, form: Role) -> None:
    assert Person(PersonId(1), 1, "Joko", role, Context()).form is form
