"""getUpdates and setWebhook: order, confirmation, expiry and conflicts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.simulator.api import BotApi
from tests.simulator.support import SARI, call, keyboard, kinds, refusal, send, started_api


def poll(api: BotApi, **params: object) -> list[dict[str, object]]:
    """Return one batch."""
    result = call(api, "getUpdates", **params)["result"]
    assert isinstance(result, list)
    return result


def ids(updates: list[dict[str, object]]) -> list[int]:
    """Return the update ids."""
    return [int(str(update["update_id"])) for update in updates]


def test_updates_come_again_until_the_offset_confirms_them() -> None:
    api = started_api()
    for text in "abc":
        api.person_sends(SARI, text)

    first = ids(poll(api))
    again = ids(poll(api, offset=first[1]))

    assert first == [first[0], first[0] + 1, first[0] + 2]
    assert again == first[1:]
    assert ids(poll(api)) == first[1:]


def test_batches_are_limited_to_a_hundred() -> None:
    api = started_api()
    for number in range(103):
        api.person_sends(SARI, str(number))

    assert (len(poll(api)), len(poll(api, limit=500)), len(poll(api, limit=2))) == (100, 100, 2)


def test_negative_offset_forgets_all_but_the_last() -> None:
    api = started_api()
    for text in "abc":
        api.person_sends(SARI, text)

    last = ids(poll(api, offset=-1))

    assert len(last) == 1
    assert ids(poll(api)) == last


def test_taps_expire_after_150_seconds_and_messages_after_a_day() -> None:
    api = started_api()
    message_id = send(api, reply_markup=keyboard("a").to_json())
    api.person_taps(SARI, message_id, "a")
    api.person_sends(SARI, "halo")

    api.clock.advance(timedelta(seconds=149))
    at_first = kinds(poll(api))
    api.clock.advance(timedelta(seconds=1))
    later = kinds(poll(api))
    api.clock.advance(timedelta(days=1))

    assert (at_first, later, poll(api)) == (["callback_query", "message"], ["message"], [])


def test_allowed_updates_are_remembered_until_changed() -> None:
    api = started_api()
    poll(api, allowed_updates='["callback_query"]')
    api.person_sends(SARI, "tidak diminta")
    poll(api)
    api.person_sends(SARI, "tetap tidak")
    none = poll(api)
    poll(api, allowed_updates=[])
    api.person_sends(SARI, "diminta lagi")

    assert none == []
    assert kinds(poll(api)) == ["message"]


def test_get_updates_while_a_webhook_is_active() -> None:
    api = started_api()
    call(api, "setWebhook", url="https://contoh.id/tg")

    assert refusal(api, "getUpdates") == (
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )


def test_set_webhook_tells_what_it_did() -> None:
    api = started_api()
    address = {"url": "https://contoh.id/tg", "secret_token": "rahasia", "max_connections": 500}

    said = [call(api, "setWebhook", **address)["description"] for _ in range(2)]
    info = call(api, "getWebhookInfo")["result"]
    said += [call(api, "deleteWebhook")["description"] for _ in range(2)]

    assert said == ["Webhook was set", "Webhook is already set", "Webhook was deleted", "Webhook is already deleted"]
    assert info == {
        "url": "https://contoh.id/tg",
        "has_custom_certificate": False,
        "pending_update_count": 0,
        "max_connections": 100,
    }


@pytest.mark.parametrize(
    ("params", "reason"),
    [
        ({"url": "http://contoh.id"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://a.id", "secret_token": "a b"}, "secret token contains unallowed characters"),
    ],
)
def test_set_webhook_refusals(params: dict[str, str], reason: str) -> None:
    assert refusal(started_api(), "setWebhook", **params) == (400, f"Bad Request: {reason}")


def test_dropping_pending_updates() -> None:
    api = started_api()
    api.person_sends(SARI, "halo")

    call(api, "deleteWebhook", drop_pending_updates=True)

    assert poll(api) == []
