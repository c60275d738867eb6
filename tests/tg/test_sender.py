"""Screens as calls: in which order, and what follows each of Telegram's refusals."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut

from bot.chat.arrival import Arrival, Pushed
from bot.chat.screen import Button, Document, Picture, Reply, ResultPicture, Screen, SharedPicture, Style
from bot.tg import sender
from bot.tg.errors import LineBroken, NeverLeft
from bot.tg.sender import PersonGone, Sender, Sent, TelegramUnavailable, TokenRefused
from tests.simulator.support import png
from tests.stage import JOKO, SARI
from tests.tg.support import OTHER, SCREEN, TYPED, Fixed, Line, Trouble, tap

BROKEN = Screen("Harga <b>Rp5.000 &amp; naik", ((Button("A", "1.cu"),),))
PICTURE = Picture("Hasil", key=ResultPicture(4, "id"), draw=png)


def _caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


def _never() -> bytes:
    raise AssertionError("a picture that Telegram holds need not be drawn")


@pytest.fixture(autouse=True)
def durations_as_timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the library give durations without its warning."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


def test_typed_message_gets_a_new_screen() -> None:
    line = Line()

    sent = line.delivers(TYPED, Reply(SCREEN))

    message = line.api.messages(SARI)[-1]
    assert sent == Sent(live_message_id=message.message_id)
    assert (message.text, [e.type for e in message.entities]) == ("Layar satu", ["bold"])
    assert [(b.text, b.data) for row in message.keyboard for b in row] == [("A", "1.cu")]


def test_tap_edits_the_message_and_answers_the_callback() -> None:
    line = Line()
    shown = line.shows(SCREEN)
    query = line.api.person_taps(SARI, shown, "1.cu")

    sent = line.delivers(tap(shown), Reply(OTHER, toast="Tersimpan"), callback_id=query)

    assert sent == Sent(shown)
    assert line.texts() == ["Layar dua"]
    assert [toast.text for toast in line.api.toasts(SARI)] == ["Tersimpan"]
    assert sorted(line.calls()) == ["answerCallbackQuery", "editMessageText"]


def test_tap_with_a_fresh_reply_sends_a_new_message() -> None:
    line = Line()
    shown = line.shows(SCREEN)

    sent = line.delivers(tap(shown), Reply(OTHER, fresh=True, retired=(shown,)))

    assert line.texts() == ["Layar satu", "Layar dua"]
    assert [m.message_id for m in line.api.messages(SARI) if m.keyboard] == [sent.live_message_id]


def test_same_screen_again_is_no_failure() -> None:
    line = Line()
    shown = line.shows(SCREEN)

    sent = line.delivers(tap(shown), Reply(SCREEN))

    assert (sent, line.texts(), line.calls()) == (Sent(shown), ["Layar satu"], [])


def test_lost_message_is_sent_anew() -> None:
    line = Line()

    sent = line.delivers(tap(999), Reply(SCREEN))

    assert line.texts() == ["Layar satu"]
    assert sent.live_message_id == line.api.messages(SARI)[-1].message_id


def test_message_without_text_is_answered_by_a_new_one() -> None:
    line = Line()
    line.delivers(TYPED, Reply(picture=PICTURE))
    picture = line.api.messages(SARI)[-1].message_id

    line.delivers(tap(picture), Reply(SCREEN))

    assert line.texts() == ["Hasil", "Layar satu"]


def test_broken_markup_is_sent_plain_with_its_buttons() -> None:
    line = Line()

    line.delivers(TYPED, Reply(BROKEN))

    message = line.api.messages(SARI)[-1]
    assert (message.entities, len(message.keyboard)) == ((), 1)
    assert "Rp5.000" in message.text
    assert line.calls() == ["sendMessage"]


def test_broken_markup_is_edited_in_plain() -> None:
    line = Line()
    shown = line.shows(SCREEN)

    line.delivers(tap(shown), Reply(BROKEN))

    assert [("Rp5.000" in text) for text in line.texts()] == [True]


def test_broken_markup_is_read_without_its_tags() -> None:
    line = Line()

    line.delivers(TYPED, Reply(BROKEN))

    assert line.texts() == ["Harga Rp5.000 & naik"]


def test_person_who_blocked_is_gone() -> None:
    line = Line()
    line.api.person_blocks(SARI)

    with pytest.raises(PersonGone):
        line.delivers(TYPED, Reply(SCREEN))


def test_refused_token_stops() -> None:
    line = Line(Trouble("sendMessage", 401, "Unauthorized"))

    with pytest.raises(TokenRefused):
        line.delivers(TYPED, Reply(SCREEN))


def test_short_wait_is_waited_exactly() -> None:
    line = Line(Trouble("sendMessage", 429, "Too Many Requests: retry after 3", retry_after=3))

    line.delivers(TYPED, Reply(SCREEN))

    assert (line.pauses, line.texts()) == ([3.0], ["Layar satu"])


def test_long_wait_is_left_to_the_next_delivery() -> None:
    line = Line(Trouble("sendMessage", 429, "Too Many Requests: retry after 21", retry_after=21))

    with pytest.raises(TelegramUnavailable):
        line.delivers(TYPED, Reply(SCREEN))

    assert (line.pauses, line.transport.tried) == ([], ["sendMessage"])


def test_chat_for_which_telegram_names_a_long_wait_is_left_alone_until_it_is_over() -> None:
    line = Line(Trouble("sendMessage", 429, "Too Many Requests: retry after 21", retry_after=21))
    line.api.person_sends(JOKO, "/start")
    with pytest.raises(TelegramUnavailable):
        line.delivers(TYPED, Reply(SCREEN))

    line.seconds = 20.9
    with pytest.raises(TelegramUnavailable):
        line.delivers(tap(7), Reply(SCREEN), callback_id="1")
    meanwhile = list(line.transport.tried)
    line.delivers(replace(TYPED, telegram_id=JOKO), Reply(SCREEN))
    line.seconds = 21.0
    line.delivers(TYPED, Reply(SCREEN))

    assert (meanwhile, line.transport.tried) == (["sendMessage"], ["sendMessage"] * 3)
    assert line.texts() == ["Layar satu"]


@pytest.mark.parametrize(
    "trouble", [Trouble("sendMessage", 502, times=3), Trouble("sendMessage", error=TimedOut(), times=3)]
)
def test_trouble_three_times_is_left_to_the_next_delivery(trouble: Trouble) -> None:
    line = Line(trouble)

    with pytest.raises(TelegramUnavailable):
        line.delivers(TYPED, Reply(SCREEN))

    assert (line.pauses, line.transport.tried) == ([0.3, 0.6], ["sendMessage"] * 3)


def test_trouble_twice_is_overcome() -> None:
    line = Line(Trouble("sendMessage", 500, times=2))

    line.delivers(TYPED, Reply(SCREEN))

    assert (len(line.pauses), line.texts()) == (2, ["Layar satu"])


def test_refusal_of_our_own_making_is_not_tried_again() -> None:
    line = Line()

    with pytest.raises(BadRequest):
        line.delivers(TYPED, Reply(Screen("x" * 4097)))

    assert line.transport.tried == ["sendMessage"]


def test_calls_keep_their_order() -> None:
    line = Line()
    shown = line.shows(SCREEN)
    reply = Reply(
        OTHER,
        before=("Catatan satu", "Catatan dua"),
        documents=(Document("a.txt", b"isi", "Untuk dibaca"), Document("a.json", b"{}", "Untuk mesin")),
        picture=PICTURE,
        retired=(shown,),
    )

    line.delivers(TYPED, reply)

    assert line.calls() == [
        "sendMessage",
        "sendMessage",
        "sendDocument",
        "sendDocument",
        "sendPhoto",
        "sendMessage",
        "editMessageReplyMarkup",
    ]
    assert line.texts() == [
        "Layar satu",
        "Catatan satu",
        "Catatan dua",
        "Untuk dibaca",
        "Untuk mesin",
        "Hasil",
        "Layar dua",
    ]
    documents = [m.document for m in line.api.messages(SARI) if m.document]
    assert [(d.name, d.data) for d in documents] == [("a.txt", b"isi"), ("a.json", b"{}")]


def test_picture_is_uploaded_once_then_sent_by_its_file_id() -> None:
    line = Line()
    first = line.delivers(TYPED, Reply(picture=PICTURE))
    assert first.picture_file_id is not None
    known = Picture("Hasil", key=ResultPicture(4, "id"), draw=_never, file_id=first.picture_file_id)

    again = line.delivers(TYPED, Reply(picture=known))

    one, two = (m.photo for m in line.api.messages(SARI) if m.photo)
    assert one == two
    assert (first.picture, again.picture_file_id) == (PICTURE, None)


def test_picture_whose_file_id_is_refused_is_uploaded_anew() -> None:
    line = Line()
    stale = Picture("Hasil", key=ResultPicture(4, "id"), draw=png, file_id="AgACAgQAAx0-of-another-bot")

    sent = line.delivers(TYPED, Reply(SCREEN, picture=stale))

    assert line.texts() == ["Hasil", "Layar satu"]
    assert sent.picture_file_id is not None


def _broken() -> bytes:
    raise ValueError("no picture in it")


@pytest.mark.parametrize(
    "description", ["Bad Request: IMAGE_PROCESS_FAILED", "Bad Request: not enough rights to send photos to the chat"]
)
def test_refused_picture_whose_caption_suffices_becomes_a_text(description: str) -> None:
    line = Line(Trouble("sendPhoto", 400, description))
    picture = Picture("Harga < 5 & > 3", key=SharedPicture("x"), draw=png, caption_suffices=True)

    sent = line.delivers(TYPED, Reply(SCREEN, picture=picture))

    assert line.texts() == ["Harga < 5 & > 3", "Layar satu"]
    assert (sent.picture_file_id, sent.live_message_id) == (None, line.api.messages(SARI)[-1].message_id)


def test_picture_that_cannot_be_drawn_and_whose_caption_suffices_becomes_a_text() -> None:
    line = Line()

    line.delivers(TYPED, Reply(SCREEN, picture=Picture("Kata", SharedPicture("x"), _broken, caption_suffices=True)))

    assert line.texts() == ["Kata", "Layar satu"]


def test_refused_picture_that_was_asked_for_is_a_failure() -> None:
    line = Line(Trouble("sendPhoto", 400, "Bad Request: IMAGE_PROCESS_FAILED"))

    with pytest.raises(BadRequest):
        line.delivers(TYPED, Reply(SCREEN, picture=PICTURE))


def test_person_who_blocked_gets_no_caption_either() -> None:
    line = Line()
    line.api.person_blocks(SARI)

    with pytest.raises(PersonGone):
        line.delivers(TYPED, Reply(picture=Picture("Kata", SharedPicture("x"), png, caption_suffices=True)))


@pytest.mark.parametrize(("key", "drawings"), [(SharedPicture("x"), 1), (ResultPicture(4, "id"), 3)])
def test_picture_that_many_see_is_drawn_and_uploaded_once(key: SharedPicture | ResultPicture, drawings: int) -> None:
    line = Line()
    drawn: list[bytes] = []

    def draw() -> bytes:
        drawn.append(png())
        return drawn[-1]

    async def all_at_once() -> list[Sent]:
        reply = Reply(picture=Picture("Gambar", key, draw))
        return await asyncio.gather(*(line.sender.deliver(TYPED, reply, callback_id=None) for _ in range(3)))

    sent = asyncio.run(all_at_once())

    assert (len(drawn), line.texts()) == (drawings, ["Gambar"] * 3)
    assert [each.picture_file_id is not None for each in sent].count(True) == drawings


def test_many_pictures_that_take_long_leave_room_for_other_work_beside_the_loop() -> None:
    line = Line()
    done = threading.Event()

    def draw() -> bytes:
        done.wait(20)
        return png()

    async def beside_a_crowd() -> str:
        reply = Reply(picture=Picture("Hasil", ResultPicture(4, "id"), draw))
        crowd = [asyncio.create_task(line.sender.deliver(TYPED, reply, callback_id=None)) for _ in range(40)]
        await asyncio.sleep(0.05)
        try:
            async with asyncio.timeout(5):
                return await asyncio.to_thread(lambda: "looked up")
        finally:
            done.set()
            await asyncio.gather(*crowd)

    assert asyncio.run(beside_a_crowd()) == "looked up"


def test_pictures_of_which_there_are_ever_more_are_forgotten_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "PICTURES_KNOWN", 2)
    line = Line()

    for number in range(4):
        line.delivers(TYPED, Reply(picture=Picture("Gambar", SharedPicture(str(number)), png)))

    assert (list(line.sender._uploaded), line.sender._turns) == ([SharedPicture("2"), SharedPicture("3")], {})


def test_shared_picture_whose_file_telegram_forgot_is_uploaded_again() -> None:
    line = Line()
    reply = Reply(picture=Picture("Gambar", SharedPicture("x"), png))
    line.delivers(TYPED, reply)
    line.transport.troubles.append(Trouble("sendPhoto", 400, "Bad Request: wrong file identifier", times=2))

    again = line.delivers(TYPED, reply)
    after = line.delivers(TYPED, reply)

    assert (again.picture_file_id is not None, after.picture_file_id) == (True, None)
    assert line.texts() == ["Gambar"] * 3


def test_screen_may_stand_at_another_message_than_the_tapped() -> None:
    line = Line()
    tapped = line.shows(SCREEN)
    other = line.shows(SCREEN)

    sent = line.delivers(tap(tapped), Reply(OTHER, at=other))

    assert (sent, line.texts()) == (Sent(other), ["Layar satu", "Layar dua"])


def test_screen_at_a_message_that_is_gone_comes_anew() -> None:
    line = Line()
    tapped = line.shows(SCREEN)

    sent = line.delivers(tap(tapped), Reply(OTHER, at=999))

    assert line.texts() == ["Layar satu", "Layar dua"]
    assert sent.live_message_id is not None


def test_retired_keyboard_is_taken_off() -> None:
    line = Line()
    shown = line.shows(SCREEN)

    sent = line.delivers(TYPED, Reply(OTHER, retired=(shown,)))

    assert [m.message_id for m in line.api.messages(SARI) if m.keyboard] == [sent.live_message_id]


@pytest.mark.parametrize(
    "description", ["Bad Request: message to edit not found", "Bad Request: message can't be edited"]
)
def test_retired_keyboard_that_is_gone_is_no_failure(description: str) -> None:
    line = Line(Trouble("editMessageReplyMarkup", 400, description))

    sent = line.delivers(TYPED, Reply(SCREEN, retired=(5,)))

    assert sent.live_message_id is not None


@pytest.mark.parametrize(
    "trouble",
    [
        pytest.param(
            Trouble("editMessageReplyMarkup", 500, times=3),
        ),
        Trouble("editMessageReplyMarkup", 400, "Bad Request: MESSAGE_ID_INVALID"),
    ],
    ids=["unavailable", "message_id_invalid"],
)
def test_retired_keyboard_in_trouble_is_no_failure(trouble: Trouble) -> None:
    line = Line(trouble)

    sent = line.delivers(TYPED, Reply(SCREEN, retired=(5,)))

    assert sent.live_message_id is not None


def test_toast_is_cut_to_what_telegram_takes() -> None:
    line = Line()
    shown = line.shows(SCREEN)
    query = line.api.person_taps(SARI, shown, "1.cu")

    line.delivers(tap(shown), Reply(OTHER, toast="é" * 300), callback_id=query)

    assert [toast.text for toast in line.api.toasts(SARI)] == ["é" * 200]


@pytest.mark.parametrize(
    "trouble",
    [
        Trouble("answerCallbackQuery", 400, "Bad Request: QUERY_ID_INVALID"),
        Trouble("answerCallbackQuery", 500, times=3),
        Trouble("answerCallbackQuery", 400, "Bad Request: something new"),
        Trouble("answerCallbackQuery", 429, "Too Many Requests: retry after 60", retry_after=60),
    ],
)
def test_toast_in_trouble_never_hinders_the_screen(trouble: Trouble) -> None:
    line = Line(trouble)
    shown = line.shows(SCREEN)

    line.delivers(tap(shown), Reply(OTHER, toast="Tersimpan"), callback_id="1")

    assert line.texts() == ["Layar dua"]


def test_buttons_have_the_colours_of_their_styles() -> None:
    line = Line()
    rows = tuple((Button(style.name, "1.cu", style),) for style in Style)

    line.delivers(TYPED, Reply(Screen("x", (*rows, ()))))

    shown = [button for row in line.api.messages(SARI)[-1].keyboard for button in row]
    assert [(b.text, b.style) for b in shown] == [("PLAIN", None), ("GO", "success"), ("DANGER", "danger")]


def test_reply_without_anything_makes_no_call() -> None:
    line = Line()

    assert line.delivers(TYPED, Reply()) == Sent()
    assert line.transport.tried == []


def test_error_leaves_as_one_of_the_named_ones() -> None:
    line = Line(Trouble("editMessageText", 400, "Bad Request: chat not found"))

    with pytest.raises(PersonGone):
        line.delivers(tap(5), Reply(SCREEN))

    assert not issubclass(PersonGone, TelegramError)


def test_push_sends_a_new_message_in_one_try() -> None:
    line = Line()

    pushed = asyncio.run(line.sender.push(SARI, SCREEN))

    assert pushed == Pushed(Arrival.THERE)
    assert (line.texts(), line.transport.tried, line.pauses) == (["Layar satu"], ["sendMessage"], [])


def test_push_with_refused_markup_comes_without_it() -> None:
    line = Line()

    pushed = asyncio.run(line.sender.push(SARI, BROKEN))

    assert pushed == Pushed(Arrival.THERE)
    assert line.texts() == ["Harga Rp5.000 & naik"]


@pytest.mark.parametrize(
    ("trouble", "pushed"),
    [
        (Trouble("sendMessage", 429, "Too Many Requests: retry after 37", retry_after=37), Pushed(Arrival.LATER, 37.0)),
        (Trouble("sendMessage", 500), Pushed(Arrival.LATER)),
        (Trouble("sendMessage", 502, "Bad Gateway"), Pushed(Arrival.LATER)),
        (Trouble("sendMessage", 401, "Unauthorized"), Pushed(Arrival.LATER)),
        (Trouble("sendMessage", 403, "Forbidden: bot was blocked by the user"), Pushed(Arrival.GONE)),
        (Trouble("sendMessage", 400, "Bad Request: chat not found"), Pushed(Arrival.GONE)),
        (Trouble("sendMessage", 400, "Bad Request: message is too long"), Pushed(Arrival.REFUSED)),
        (Trouble("sendMessage", error=TimedOut(), also=True), Pushed(Arrival.UNKNOWN)),
        (
            Trouble("sendMessage", error=_caused(NetworkError("reset"), LineBroken("reset")), also=True),
            Pushed(Arrival.UNKNOWN),
        ),
        (Trouble("sendMessage", error=_caused(TimedOut(), NeverLeft("pool"))), Pushed(Arrival.LATER)),
        (
            Trouble("sendMessage", error=_caused(NetworkError("nobody there"), NeverLeft("refused"))),
            Pushed(Arrival.LATER),
        ),
    ],
    ids=lambda value: "" if isinstance(value, Pushed) else str(value.error or value.description),
)
def test_push_says_what_became_of_it_and_is_not_repeated(trouble: Trouble, pushed: Pushed) -> None:
    line = Line(trouble)

    assert asyncio.run(line.sender.push(SARI, SCREEN)) == pushed
    assert (line.transport.tried, line.pauses) == (["sendMessage"], [])


def test_buttons_open_pages_in_the_browser_and_inside_telegram() -> None:
    line = Line()
    rows = ((Button("Laptop", url="https://x.id/masuk#t=a"),), (Button("Di sini", web_app="http://127.0.0.1:1/mini"),))

    line.shows(Screen("Dasbor", rows))

    shown = line.api.messages(SARI)[-1].keyboard
    assert [(b.text, b.url, b.web_app, b.data) for row in shown for b in row] == [
        ("Laptop", "https://x.id/masuk#t=a", None, None),
        ("Di sini", None, "http://127.0.0.1:1/mini", None),
    ]


def test_telegram_itself_is_not_asked_to_open_plain_http() -> None:
    rows = ((Button("Di sini", web_app="http://127.0.0.1:1/mini"),), (Button("Kembali", "1.cu"),))
    bots = (Bot("1:x", request=Fixed(200, b"")), Bot("1:x", base_url="http://127.0.0.1:1/bot", request=Fixed(200, b"")))

    shown = [Sender(bot)._keyboard(Screen("Dasbor", rows)) for bot in bots]

    here = {"text": "Di sini", "web_app": {"url": "http://127.0.0.1:1/mini"}}
    back = {"text": "Kembali", "callback_data": "1.cu"}
    assert shown == [{"inline_keyboard": [[back]]}, {"inline_keyboard": [[here], [back]]}]
