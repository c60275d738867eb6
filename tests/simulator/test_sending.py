"""Sending: what arrives, what is refused, and in which words."""

from __future__ import annotations

import json

import pytest

from bot.simulator.rates import RateRules, Rates
from bot.texts.markup import Entity
from tests.simulator.support import JOKO, SARI, call, keyboard, png, refusal, send, started_api


def test_send_message_with_html_and_buttons() -> None:
    api = started_api()

    message_id = send(api, " <b>Halo</b> ", parse_mode="HTML", reply_markup=keyboard("a", "b").to_json())

    message = api.messages(SARI)[-1]
    assert (message.message_id, message.text, message.from_bot) == (message_id, "Halo", True)
    assert message.entities == (Entity("bold", 0, 4),)
    assert [[button.data for button in row] for row in message.keyboard] == [["a"], ["b"]]


def test_send_message_recognises_commands_and_addresses_outside_code() -> None:
    api = started_api()

    send(api, "Ketik /lanjut atau buka https://contoh.id/a. <code>/bukan</code> 1/2", parse_mode="HTML")

    found = [(e.type, e.offset, e.length) for e in api.messages(SARI)[-1].entities]
    assert found == [("bot_command", 6, 7), ("url", 24, 19), ("code", 45, 6)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "message text is empty"),
        (" \n ", "text must be non-empty"),
        ("<b> </b>", "text must be non-empty"),
        ("x" * 4097, "message is too long"),
        ("<br>", 'can\'t parse entities: Unsupported start tag "br" at byte offset 0'),
    ],
)
def test_send_message_bad_texts(text: str, reason: str) -> None:
    api = started_api()

    answer = refusal(api, "sendMessage", chat_id=SARI, text=text, parse_mode="HTML")

    assert answer == (400, f"Bad Request: {reason}")


def test_send_message_limit_counts_code_points_after_parsing() -> None:
    api = started_api()

    send(api, "<b>" + "\U0001f3df" * 4096 + "</b>", parse_mode="HTML")

    assert len(api.messages(SARI)[-1].text) == 4096


def _rows(*buttons: object) -> str:
    return json.dumps({"inline_keyboard": [list(buttons)]})


@pytest.mark.parametrize(
    ("markup", "reason"),
    [
        ("{", "can't parse reply keyboard markup JSON object"),
        ("[]", "object expected as reply keyboard markup"),
        ('{"x": 1}', "object expected as reply markup"),
        ('{"inline_keyboard": 1}', 'field "inline_keyboard" must be of type Array'),
        (_rows("x"), "inline keyboard button must be an Object"),
        (_rows({"text": " ", "callback_data": "a"}), "inline keyboard button text must be non-empty"),
        (_rows({"text": "a"}), "text buttons are unallowed in the inline keyboard"),
        (_rows({"text": "a", "callback_data": ""}), "BUTTON_DATA_INVALID"),
        (_rows({"text": "a", "callback_data": "é" * 33}), "BUTTON_DATA_INVALID"),
        (_rows({"text": "a", "url": "bukan alamat"}), "BUTTON_URL_INVALID"),
        (
            _rows({"text": "a", "web_app": {"url": "http://contoh.id"}}),
            "inline keyboard button Web App URL 'http://contoh.id' is invalid: Only HTTPS links are allowed",
        ),
        (_rows(*[{"text": "a", "callback_data": "a"}] * 9), "reply markup is too long"),
        (json.dumps({"inline_keyboard": [[{"text": "a", "callback_data": "a"}]] * 101}), "reply markup is too long"),
    ],
)
def test_send_message_bad_keyboards(markup: str, reason: str) -> None:
    api = started_api()

    answer = refusal(api, "sendMessage", chat_id=SARI, text="x", reply_markup=markup)

    assert answer == (400, f"Bad Request: {reason}")


@pytest.mark.parametrize("chat_id", [JOKO, 404, "@sari_warung", "--5", "²"])
def test_send_message_to_an_unknown_chat(chat_id: object) -> None:
    assert refusal(started_api(), "sendMessage", chat_id=chat_id, text="x") == (400, "Bad Request: chat not found")


def test_send_message_to_somebody_who_blocked() -> None:
    api = started_api()
    api.person_blocks(SARI)

    answer = refusal(api, "sendMessage", chat_id=SARI, text="x")

    assert answer == (403, "Forbidden: bot was blocked by the user")


def test_send_message_replying_to_nothing() -> None:
    api = started_api()
    missing = {"message_id": 999}

    answer = refusal(api, "sendMessage", chat_id=SARI, text="x", reply_parameters=missing)
    send(api, "y", reply_parameters=missing | {"allow_sending_without_reply": True})

    assert answer == (400, "Bad Request: message to be replied not found")
    assert api.messages(SARI)[-1].reply_to is None


def test_send_photo_again_by_file_id_costs_no_data() -> None:
    api = started_api()
    picture = png(30, 20)
    api.handle(api.token, "sendPhoto", {"chat_id": SARI, "caption": "Tangga"}, {"photo": ("a.png", picture)})
    photo = api.messages(SARI)[-1].photo
    assert photo is not None
    first = api.bytes_sent(SARI)

    call(api, "sendPhoto", chat_id=SARI, photo=photo.file_id)

    assert (photo.width, photo.height, photo.data) == (30, 20, picture)
    assert first == len(picture) + len("Tangga")
    assert api.bytes_sent(SARI) == first
    assert api.messages(SARI)[-1].photo == photo


def test_send_photo_and_document_refusals() -> None:
    api = started_api()
    broken = api.handle(api.token, "sendPhoto", {"chat_id": SARI}, {"photo": ("a.png", b"x")})
    api.handle(api.token, "sendDocument", {"chat_id": SARI}, {"document": ("a.csv", b"x")})
    document = api.messages(SARI)[-1].document
    assert document is not None

    assert broken.body["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
    for params, reason in (
        ({"photo": "AgACxx"}, "wrong file identifier/HTTP URL specified"),
        ({"photo": "https://contoh.id/a.png"}, "failed to get HTTP URL content"),
        ({"photo": document.file_id}, "can't use file of type Document as Photo"),
        ({"photo": "x", "caption": "x" * 1025}, "message caption is too long"),
    ):
        assert refusal(api, "sendPhoto", chat_id=SARI, **params) == (400, f"Bad Request: {reason}")


def test_rates_refuse_the_second_message_in_a_second() -> None:
    api = started_api()
    api.rates = Rates(RateRules(per_chat=1, retry_after=3))
    send(api)

    reply = api.handle(api.token, "sendMessage", {"chat_id": SARI, "text": "lagi"})

    assert reply.status == 429
    assert reply.body == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    }


def test_handle_unknown_method_and_token() -> None:
    api = started_api()

    assert refusal(api, "sendPigeon") == (404, "Not Found: method not found")
    assert api.handle("1:salah", "getMe", {}).body["description"] == "Unauthorized"
    assert api.handle("rusak", "getMe", {}).status == 404
    assert api.handle(api.token, "GETME", {}).status == 200


def test_calls_keep_a_log_with_the_real_name() -> None:
    api = started_api()
    call(api, "sendmessage", chat_id=SARI, text="x")
    refusal(api, "sendMessage", chat_id=5, text="x")

    assert [(c.method, c.params["chat_id"], c.ok, c.description) for c in api.calls] == [
        ("sendMessage", SARI, True, ""),
        ("sendMessage", 5, False, "Bad Request: chat not found"),
    ]
