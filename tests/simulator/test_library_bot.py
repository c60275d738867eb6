"""The real library against the stand-in: main methods, and each error text as the class the library raises."""

from __future__ import annotations

import asyncio
import json
import time

import httpx
import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    MenuButtonCommands,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.simulator.methods.profile import commands_for
from bot.simulator.rates import RateRules, Rates
from tests.simulator.support import JOKO, SARI, keyboard, library_bot, png, send, started_api, with_bot


def test_library_sends_edits_and_answers() -> None:
    api = started_api()

    async def scenario(bot: Bot) -> None:
        sent = await bot.send_message(SARI, "<b>Soal 1</b>", parse_mode="HTML", reply_markup=keyboard("a", "b"))
        api.person_taps(SARI, sent.message_id, "b")
        (update,) = await bot.get_updates(timeout=1)
        query = update.callback_query
        assert query is not None
        await query.answer("Tersimpan")
        await query.edit_message_text("Jawaban: <b>B</b>", parse_mode="HTML")

    with_bot(api, scenario)

    assert [message.text for message in api.messages(SARI)] == ["/start", "Jawaban: B"]
    assert [toast.text for toast in api.toasts(SARI)] == ["Tersimpan"]
    assert [call.method for call in api.calls] == [
        "getMe",
        "sendMessage",
        "getUpdates",
        "answerCallbackQuery",
        "editMessageText",
    ]


def test_library_uploads_and_downloads_files() -> None:
    api = started_api()
    content = b"a;b\r\n--x\r\n\x00\xff"

    async def scenario(bot: Bot) -> None:
        document = (await bot.send_document(SARI, content, filename="hasil.csv", caption="Hasil")).document
        photo = await bot.send_photo(SARI, png(), caption="Tangga")
        assert document is not None
        again = await bot.send_document(SARI, document.file_id)
        file = await document.get_file()
        assert bytes(await file.download_as_bytearray()) == content
        assert (document.file_name, document.mime_type, photo.photo[0].width) == ("hasil.csv", "text/csv", 4)
        assert again.document == document

    with_bot(api, scenario)

    assert [m.document.data for m in api.messages(SARI) if m.document] == [content, content]


def test_library_sets_up_the_bots_card() -> None:
    api = started_api()
    start, resume = BotCommand("start", "Mulai"), BotCommand("lanjut", "Lanjutkan")

    async def scenario(bot: Bot) -> None:
        await bot.set_my_commands([start], scope=BotCommandScopeAllPrivateChats(), language_code="id")
        await bot.set_my_commands([start, resume], scope=BotCommandScopeChat(JOKO))
        assert await bot.get_my_commands(BotCommandScopeChat(JOKO)) == (start, resume)
        await bot.set_my_name("Tangga")
        await bot.set_my_description("Halo", language_code="id")
        await bot.set_my_short_description("Hai")
        await bot.set_chat_menu_button(menu_button=MenuButtonCommands())
        assert (await bot.get_my_description("id")).description == "Halo"
        assert (await bot.get_me()).first_name == "Tangga"

    with_bot(api, scenario)

    assert [commands_for(api, user, "id") for user in (SARI, JOKO)] == [
        [("start", "Mulai")],
        [("start", "Mulai"), ("lanjut", "Lanjutkan")],
    ]
    assert commands_for(api, SARI, "en") == []


BAD_KEY = InlineKeyboardMarkup([[InlineKeyboardButton("a", callback_data="x" * 65)]])
NO_TEXT = InlineKeyboardMarkup([[InlineKeyboardButton(" ", callback_data="x")]])


@pytest.mark.parametrize(
    ("method", "params", "kind", "text"),
    [
        ("send_message", {"text": ""}, BadRequest, "Message text is empty"),
        ("send_message", {"text": " "}, BadRequest, "Text must be non-empty"),
        ("send_message", {"text": "x" * 4097}, BadRequest, "Message is too long"),
        ("send_message", {"chat_id": JOKO, "text": "x"}, BadRequest, "Chat not found"),
        ("send_message", {"text": "x", "reply_markup": BAD_KEY}, BadRequest, "Button_data_invalid"),
        (
            "send_message",
            {"text": "x", "reply_markup": NO_TEXT},
            BadRequest,
            "Inline keyboard button text must be non-empty",
        ),
        (
            "send_message",
            {"text": "<b>x", "parse_mode": "HTML"},
            BadRequest,
            "Can't parse entities: can't find end tag corresponding to start tag \"b\"",
        ),
        ("edit_message_text", {"message_id": 999, "text": "x"}, BadRequest, "Message to edit not found"),
        ("edit_message_text", {"message_id": 1, "text": "x"}, BadRequest, "Message can't be edited"),
        ("delete_message", {"message_id": 999}, BadRequest, "Message to delete not found"),
        ("send_photo", {"photo": "AgACx"}, BadRequest, "Wrong file identifier/http url specified"),
        ("send_chat_action", {"action": "tidur"}, BadRequest, "Wrong parameter action in request"),
    ],
)
def test_library_raises_the_class_for_each_text(
    method: str, params: dict[str, object], kind: type[TelegramError], text: str
) -> None:
    async def scenario(bot: Bot) -> None:
        with pytest.raises(kind) as raised:
            await getattr(bot, method)(**{"chat_id": SARI} | params)
        assert type(raised.value) is kind
        assert raised.value.message.lower() == text.lower()

    with_bot(started_api(), scenario)


def test_library_raises_not_modified_and_too_old() -> None:
    api = started_api()
    message_id = send(api, "satu")

    async def scenario(bot: Bot) -> None:
        with pytest.raises(BadRequest, match=r"^Message is not modified: specified new message content"):
            await bot.edit_message_text("satu", SARI, message_id)
        with pytest.raises(BadRequest, match=r"^Query is too old and response timeout expired or query id is invalid$"):
            await bot.answer_callback_query("5")

    with_bot(api, scenario)


def test_library_raises_forbidden_retry_after_and_conflict() -> None:
    api = started_api()
    api.rates = Rates(RateRules(overall=0, retry_after=7))

    async def scenario(bot: Bot) -> None:
        with pytest.raises(RetryAfter) as wait:
            await bot.send_message(SARI, "x")
        assert wait.value._retry_after.total_seconds() == 7
        api.person_blocks(SARI)
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(SARI, "x")
        await bot.set_webhook("https://contoh.id/tg")
        with pytest.raises(Conflict, match="while webhook is active"):
            await bot.get_updates()

    with_bot(api, scenario)


def test_library_raises_invalid_token() -> None:
    api = started_api()

    async def scenario(bot: Bot) -> None:
        api.token = "2:lain"
        with pytest.raises(InvalidToken):
            await bot.get_me()

    with_bot(api, scenario)


def test_long_poll_ends_as_soon_as_somebody_writes() -> None:
    api = started_api()

    async def scenario(bot: Bot) -> None:
        began = time.monotonic()
        poll = asyncio.create_task(bot.get_updates(timeout=20))
        await asyncio.sleep(0.1)
        api.person_sends(SARI, "halo")
        (update,) = await poll
        assert update.message is not None
        assert update.message.text == "halo"
        assert time.monotonic() - began < 2

    with_bot(api, scenario)


def test_second_poller_and_webhook_end_the_first_poll() -> None:
    api = started_api()

    async def scenario(bot: Bot) -> None:
        # A library bot polls over one connection, so the other poller is a bot of its own.
        async with library_bot(api, httpx.URL(bot.base_url).port or 0) as other:
            first = asyncio.create_task(bot.get_updates(timeout=20))
            await asyncio.sleep(0.1)
            second = asyncio.create_task(other.get_updates(timeout=20))
            with pytest.raises(Conflict, match="terminated by other getUpdates request"):
                await first
            await bot.set_webhook("https://contoh.id/tg")
            with pytest.raises(Conflict, match="terminated by setWebhook request"):
                await second

    with_bot(api, scenario)


def test_calls_may_be_json_or_plain_forms() -> None:
    api = started_api()

    async def scenario(bot: Bot) -> None:
        async with httpx.AsyncClient(trust_env=False, verify=False) as browser:
            markup = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}
            url = f"{bot.base_url}/SendMessage"
            await browser.post(url, json={"chat_id": SARI, "text": "satu", "reply_markup": markup})
            await browser.post(url, data={"chat_id": SARI, "text": "dua", "reply_markup": json.dumps(markup)})
            await browser.get(url, params={"chat_id": SARI, "text": "tiga"})
            broken = await browser.post(url, content=b"{", headers={"Content-Type": "application/json"})
            assert broken.status_code == 400

    with_bot(api, scenario)

    assert [(m.text, len(m.keyboard)) for m in api.messages(SARI)[1:]] == [("satu", 1), ("dua", 1), ("tiga", 0)]
