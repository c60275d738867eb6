"""Editing, deleting, reacting and answering taps."""

from __future__ import annotations

from datetime import timedelta

from tests.simulator.support import SARI, call, keyboard, png, refusal, send, started_api

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def test_edit_text_replaces_text_and_keyboard() -> None:
    api = started_api()
    message_id = send(api, "satu", reply_markup=keyboard("a").to_json())

    call(api, "editMessageText", chat_id=SARI, message_id=message_id, text="dua")

    message = api.messages(SARI)[-1]
    assert (message.text, message.keyboard, message.edited) == ("dua", (), True)


def test_edit_that_changes_nothing() -> None:
    api = started_api()
    message_id = send(api, "satu")
    target = {"chat_id": SARI, "message_id": message_id}

    assert refusal(api, "editMessageText", **target, text="<b></b>satu ", parse_mode="HTML") == (400, NOT_MODIFIED)
    assert refusal(api, "editMessageReplyMarkup", **target) == (400, NOT_MODIFIED)


def test_edit_refusals() -> None:
    api = started_api()
    own, text = api.messages(SARI)[0].message_id, send(api)
    api.handle(api.token, "sendPhoto", {"chat_id": SARI}, {"photo": ("a.png", png())})
    photo = api.messages(SARI)[-1].message_id

    for method, message_id, reason in (
        ("editMessageText", 999, "message to edit not found"),
        ("editMessageText", own, "message can't be edited"),
        ("editMessageText", photo, "there is no text in the message to edit"),
        ("editMessageCaption", text, "there is no caption in the message to edit"),
        ("editMessageText", "", "message identifier is not specified"),
    ):
        answer = refusal(api, method, chat_id=SARI, message_id=message_id, text="x", caption="x")
        assert answer == (400, f"Bad Request: {reason}")


def test_delete_message_until_it_is_48_hours_old() -> None:
    api = started_api()
    first, second = send(api, "satu"), send(api, "dua")
    call(api, "deleteMessage", chat_id=SARI, message_id=first)
    api.clock.advance(timedelta(hours=48))

    assert first not in [message.message_id for message in api.messages(SARI)]
    assert (
        refusal(api, "deleteMessage", chat_id=SARI, message_id=first)[1] == "Bad Request: message to delete not found"
    )
    assert refusal(api, "deleteMessage", chat_id=SARI, message_id=second)[1] == (
        "Bad Request: message can't be deleted for everyone"
    )


def test_answer_callback_query_once_and_in_time() -> None:
    api = started_api()
    message_id = send(api, reply_markup=keyboard("a").to_json())
    query, late = (api.person_taps(SARI, message_id, "a") for _ in range(2))

    call(api, "answerCallbackQuery", callback_query_id=query, text="Tersimpan", show_alert=True)
    again = refusal(api, "answerCallbackQuery", callback_query_id=query)
    api.clock.advance(timedelta(seconds=150))
    after = refusal(api, "answerCallbackQuery", callback_query_id=late)

    assert [(toast.text, toast.alert) for toast in api.toasts(SARI)] == [("Tersimpan", True)]
    assert again == after == (400, TOO_OLD)
    assert refusal(api, "answerCallbackQuery", callback_query_id="x", text="x" * 201)[0] == 400


def test_set_message_reaction_and_take_it_back() -> None:
    api = started_api()
    message_id = api.messages(SARI)[0].message_id

    call(api, "setMessageReaction", chat_id=SARI, message_id=message_id, reaction=[{"type": "emoji", "emoji": "👍"}])
    shown = api.messages(SARI)[0].reaction
    call(api, "setMessageReaction", chat_id=SARI, message_id=message_id, reaction=[])

    assert (shown, api.messages(SARI)[0].reaction) == ("👍", None)


def test_chat_action_lasts_five_seconds() -> None:
    api = started_api()
    call(api, "sendChatAction", chat_id=SARI, action="typing")

    assert api.chat(SARI).typing_until == api.clock.now() + timedelta(seconds=5)
    assert refusal(api, "sendChatAction", chat_id=SARI, action="tidur")[1] == (
        "Bad Request: wrong parameter action in request"
    )
