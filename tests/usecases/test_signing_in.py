"""Signing in: once per link and per opening of the Mini App, for so long and no longer, and by nobody else."""

from __future__ import annotations

import hmac
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from init_data_py import InitData
from sqlmodel import select

from bot.core.delivery import Kind
from bot.core.person import Person
from bot.simulator.mini_app import check
from bot.store.tables import DeliveryRow
from bot.usecases import privacy, signing_in
from bot.usecases.signing_in import Channel, SignedIn
from tests import databases
from tests.usecases.world import World

TOKEN = "7123456789:contoh-token-hanya-untuk-uji-0000000"
VECTOR = (
    "user=%7B%22id%22%3A1001%2C%22first_name%22%3A%22Sari%22%2C%22last_name%22%3A%22%22%2C%22username%22%3A"
    "%22sari_warung%22%2C%22language_code%22%3A%22id%22%2C%22allows_write_to_pm%22%3Atrue%2C%22photo_url%22%3A"
    "%22https%3A%5C%2F%5C%2Ft.me%5C%2Fi%5C%2Fuserpic%5C%2F320%5C%2Fsari.svg%22%7D&chat_instance=8428209589180549439"
    "&chat_type=sender&query_id=AAHpAwAAAAAAAOkDAAA&auth_date=1795489200&signature=Zx3pQ9-kq0_7uV2m1n8bYc5dFgHjKlPo"
    "IuYtReWqAsDfGhJkLzXcVbNm1234567890QwErTyUiOpAsDfGhJkLg"
    "&hash=205d1c7c353aa88e35fb04d1be062f8f64c28b193271aa88f38b7fd6234b1599"
)
"""Bu Sari's data of 24 November 2026, 03.00 UTC; its hash was worked out with openssl."""
MADE_AT = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
_numbers = count(1)


def new_token(size: int) -> str:
    """Return the next of a row of tokens, long enough and easy to find again."""
    return f"rahasia-{next(_numbers):04d}-".ljust(size * 4 // 3 + 1, "x")


def link(world: World, owner: Person) -> str:
    return world.do(lambda s: signing_in.issue_link(s, owner=owner, new_token=new_token, now=world.now))


def redeems(world: World, token: str) -> SignedIn | None:
    return world.do(lambda s: signing_in.redeem(s, token=token, new_token=new_token, now=world.now))


def opens_mini(world: World, init_data: str, *tokens: str) -> SignedIn | None:
    return world.do(
        lambda s: signing_in.redeem_init_data(
            s, init_data=init_data, bot_tokens=tokens or (TOKEN,), new_token=new_token, now=world.now
        )
    )


def whose(world: World, secret: str, channel: Channel = Channel.LINK) -> Person | None:
    found = world.do(lambda s: signing_in.session_of(s, secret=secret, channel=channel, now=world.now))
    return found[0] if found else None


def signed_in(world: World, owner: Person, channel: Channel = Channel.LINK) -> str:
    opened = world.do(
        lambda s: signing_in.open_session(s, owner=owner, channel=channel, new_token=new_token, now=world.now)
    )
    return opened.secret


def rows(world: World, table: str) -> int:
    found: int = databases.rows(world.database, f"SELECT count(*) FROM {table}")[0][0]
    return found


def test_link_signs_its_person_in_once(world: World, sari: Person, joko: Person) -> None:
    token = link(world, joko)
    link(world, sari)

    first, second = redeems(world, token), redeems(world, token)

    assert first is not None
    assert (first.person, second) == (joko, None)
    assert whose(world, first.secret) == joko


def test_link_is_good_for_ten_minutes(world: World, joko: Person) -> None:
    token = link(world, joko)
    world.now += timedelta(minutes=10)
    late = redeems(world, token)
    token = link(world, joko)
    world.now += timedelta(minutes=9, seconds=59)

    assert late is None
    assert redeems(world, token) is not None


def test_newer_link_makes_the_older_one_void(world: World, joko: Person) -> None:
    older, newer = link(world, joko), link(world, joko)

    assert redeems(world, older) is None
    assert redeems(world, newer) is not None


def test_unknown_tokens_open_nothing(world: World, joko: Person) -> None:
    token = link(world, joko)

    assert [redeems(world, wrong) for wrong in ("", token[:-1], token.upper(), "\ud800", "x" * 9000)] == [None] * 5
    assert rows(world, "web_session") == 0


def test_many_at_once_spend_a_link_once(world: World, joko: Person, tmp_path: Path) -> None:
    token = link(world, joko)
    others = [World.open(tmp_path / "bot.db") for _ in range(8)]
    for other in others:
        other.now = world.now

    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda n: redeems(others[n % 8], token), range(100)))
    for other in others:
        other.database.close()

    assert len([one for one in opened if one is not None]) == 1
    assert (rows(world, "web_session"), rows(world, "login"), rows(world, "delivery")) == (1, 0, 1)


def test_sign_in_by_link_owes_its_person_the_news_at_once(world: World, joko: Person) -> None:
    opened = redeems(world, link(world, joko))

    owed = world.do(lambda s: s.exec(select(DeliveryRow)).all())

    assert opened is not None
    assert [(one.person_id, one.kind, one.due_at) for one in owed] == [(joko.id, Kind.SIGNED_IN, world.now)]
    assert owed[0].key == f"masuk:{opened.session.id_hash[:16]}"


def test_secrets_are_stored_as_hashes_only(world: World, joko: Person) -> None:
    waiting = link(world, joko)
    opened = redeems(world, waiting)
    waiting_too = link(world, joko)
    assert opened is not None

    written = databases.dump(world.database)

    assert [secret in written for secret in (waiting, waiting_too, opened.secret)] == [False] * 3
    assert opened.session.id_hash in written


@pytest.mark.parametrize(("pauses", "stays"), [([119], True), ([120], False), ([100] * 7, True), ([100] * 8, False)])
def test_cookie_session_ends_two_hours_idle_or_after_twelve(
    world: World, joko: Person, pauses: list[int], stays: bool
) -> None:
    secret = signed_in(world, joko)

    for minutes in pauses:
        world.now += timedelta(minutes=minutes)
        found = whose(world, secret)

    assert (found is not None) is stays


def test_mini_app_session_ends_after_fifteen_minutes_however_busy(world: World, joko: Person) -> None:
    secret = signed_in(world, joko, Channel.MINI)
    seen = []
    for _ in range(15):
        seen.append(whose(world, secret, Channel.MINI))
        world.now += timedelta(minutes=1)

    assert seen == [joko] * 15
    assert whose(world, secret, Channel.MINI) is None


def test_secret_counts_only_on_the_road_it_was_given_for(world: World, joko: Person) -> None:
    cookie, bearer = signed_in(world, joko), signed_in(world, joko, Channel.MINI)

    assert whose(world, cookie, Channel.MINI) is None
    assert whose(world, bearer, Channel.LINK) is None


def test_reading_within_a_minute_writes_nothing(world: World, joko: Person) -> None:
    secret = signed_in(world, joko)
    world.now += timedelta(seconds=59)

    before = world.do(lambda s: signing_in.session_of(s, secret=secret, channel=Channel.LINK, now=world.now))
    world.now += timedelta(seconds=1)
    after = world.do(lambda s: signing_in.session_of(s, secret=secret, channel=Channel.LINK, now=world.now))

    assert before is not None and after is not None
    assert (before[1].seen_at, after[1].seen_at) == (MADE_AT, MADE_AT + timedelta(minutes=1))


def test_signing_out_ends_one_session_and_not_me_ends_all(world: World, sari: Person, joko: Person) -> None:
    one, two, mini, other = (
        signed_in(world, joko),
        signed_in(world, joko),
        signed_in(world, joko, Channel.MINI),
        signed_in(world, sari),
    )
    unused = link(world, joko)

    world.do(lambda s: signing_in.sign_out(s, secret=one))
    after_one = [whose(world, one), whose(world, two)]
    ended = world.do(lambda s: signing_in.sign_out_everywhere(s, owner=joko))

    assert after_one == [None, joko]
    assert ended == 2
    assert [whose(world, two), whose(world, mini, Channel.MINI), redeems(world, unused)] == [None] * 3
    assert whose(world, other) == sari


def test_erased_person_has_no_session_and_no_link(world: World, joko: Person) -> None:
    secret, unused = signed_in(world, joko), link(world, joko)

    world.do(lambda s: privacy.erase(s, owner=joko))

    assert (whose(world, secret), redeems(world, unused)) == (None, None)
    assert [rows(world, table) for table in ("web_session", "login")] == [0, 0]


def test_old_rows_go_when_new_ones_come(world: World, sari: Person, joko: Person) -> None:
    signed_in(world, sari)
    link(world, sari)
    world.joins(1001, "Sari")
    opens_mini(world, VECTOR)
    world.now += timedelta(hours=13)

    signed_in(world, joko)
    link(world, joko)
    opens_mini(world, fresh(world, joko.telegram_id))

    assert [rows(world, table) for table in ("web_session", "login", "spent_init_data")] == [2, 1, 1]


def fresh(world: World, telegram_id: int, **changed: str) -> str:
    """Return data that Telegram would make now for a person, with some fields otherwise but rightly signed."""
    fields = dict(parse_qsl(VECTOR, keep_blank_values=True))
    del fields["hash"]
    fields |= {"user": f'{{"id":{telegram_id},"first_name":"X"}}', "auth_date": str(int(world.now.timestamp()))}
    fields |= changed
    return urlencode(fields | {"hash": check(fields, TOKEN)}, quote_via=quote)


def test_known_data_opens_a_session_once(world: World, sari: Person) -> None:
    opened = opens_mini(world, VECTOR)

    assert opened is not None
    assert (opened.person, whose(world, opened.secret, Channel.MINI)) == (sari, sari)
    assert opens_mini(world, VECTOR) is None
    assert rows(world, "delivery") == 0


def test_same_data_written_otherwise_is_the_same_data(world: World, sari: Person) -> None:
    assert opens_mini(world, VECTOR) is not None
    other_order = "&".join(reversed(VECTOR.split("&")))
    shouted = VECTOR[:-64] + VECTOR[-64:].upper()

    assert [opens_mini(world, again) for again in (other_order, shouted, VECTOR.replace("%2C", ","))] == [None] * 3


def test_many_at_once_use_data_once(world: World, sari: Person, tmp_path: Path) -> None:
    others = [World.open(tmp_path / "bot.db") for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        opened = list(pool.map(lambda n: opens_mini(others[n % 4], VECTOR), range(40)))
    for other in others:
        other.database.close()

    assert len([one for one in opened if one is not None]) == 1


@pytest.mark.parametrize(
    ("seconds", "opens"), [(-61, False), (-60, True), (0, True), (3600, True), (3601, False), (-86400, False)]
)
def test_data_is_good_for_an_hour(world: World, sari: Person, seconds: int, opens: bool) -> None:
    world.now = MADE_AT + timedelta(seconds=seconds)

    assert (opens_mini(world, VECTOR) is not None) is opens


def test_data_of_another_bot_is_refused(world: World, sari: Person) -> None:
    assert opens_mini(world, VECTOR, TOKEN[:-1] + "1") is None
    assert opens_mini(world, VECTOR, "") is None


def test_data_signed_for_any_of_several_bots_opens_a_session(world: World, sari: Person) -> None:
    opened = opens_mini(world, VECTOR, "7000000002:lain", TOKEN, "7000000003:lain")

    assert opened is not None and opened.person == sari
    assert opens_mini(world, fresh(world, 1001), "7000000002:lain", "7000000003:lain") is None


def test_data_is_tried_with_every_token_wherever_the_right_one_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []
    real = signing_in._proven_for

    def noted(data: str, token: str, now: datetime) -> InitData | None:
        tried.append(token)
        return real(data, token, now)

    monkeypatch.setattr(signing_in, "_proven_for", noted)
    tokens = [TOKEN, "7000000002:lain"]

    assert signing_in._proven(VECTOR, tokens, MADE_AT) is not None
    assert tried == tokens


def test_data_of_a_stranger_is_refused_and_can_be_used_after_joining(world: World, sari: Person) -> None:
    data = fresh(world, 5001)

    before = opens_mini(world, data)
    alex = world.joins(5001, "Alex")
    after = opens_mini(world, data)

    assert before is None
    assert after is not None and after.person == alex


def test_data_without_a_person_or_of_a_bot_is_refused(world: World, sari: Person) -> None:
    nobody = fresh(world, 1001, user="")
    machine = fresh(world, 1001, user='{"id":1001,"first_name":"Sari","is_bot":true}')

    assert (opens_mini(world, nobody), opens_mini(world, machine)) == (None, None)
    assert opens_mini(world, fresh(world, 1001)) is not None


@pytest.mark.parametrize("name", ["user", "auth_date", "query_id", "signature", "chat_type", "hash"])
def test_data_lacking_repeating_or_changing_a_field_is_refused(world: World, sari: Person, name: str) -> None:
    pairs = parse_qsl(VECTOR, keep_blank_values=True)
    value = dict(pairs)[name]
    lacking = urlencode([pair for pair in pairs if pair[0] != name])
    repeating = urlencode([*pairs, (name, value)])
    changed = urlencode([(key, other + "1" if key == name else other) for key, other in pairs])
    more = urlencode([*pairs, ("can_send_after", "1")])

    assert [opens_mini(world, data) for data in (lacking, repeating, changed, more)] == [None] * 4
    assert opens_mini(world, VECTOR) is not None


@pytest.mark.parametrize(
    "data",
    [
        "",
        "&",
        "=",
        "hash=",
        "a" * 5000,
        "user=" + "[" * 3000,
        "hash=%ff&auth_date=1",
        "auth_date=9" * 300,
        "\0",
        "\ud800",
    ],
)
def test_data_that_is_none_is_refused(world: World, data: str) -> None:
    assert opens_mini(world, data) is None


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(VECTOR) - 1), st.characters(codec="utf-8"))
def test_no_changed_character_is_accepted(place: int, put: str) -> None:
    """Changing one character either changes nothing of what was signed, or is refused."""
    changed = VECTOR[:place] + put + VECTOR[place + 1 :]

    proven = signing_in._proven(changed, [TOKEN], MADE_AT)

    same = parse_qsl(changed, keep_blank_values=True) == parse_qsl(VECTOR, keep_blank_values=True)
    assert (proven is not None) is (same or (changed.lower() == VECTOR.lower() and place >= len(VECTOR) - 64))


def test_hashes_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []
    real = hmac.compare_digest

    def noted(one: str, other: str) -> bool:
        asked.append((one, other))
        return real(one, other)

    monkeypatch.setattr(hmac, "compare_digest", noted)

    assert signing_in._proven(VECTOR, [TOKEN], MADE_AT) is not None
    assert asked == [(VECTOR[-64:], VECTOR[-64:])]
