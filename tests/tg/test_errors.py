"""Telegram's errors as one closed table: its real answers, through the library's own mapping, to our verdict."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.tg.errors import DESCRIPTIONS, LineBroken, NeverLeft, Verdict, described, judge, may_have_arrived
from tests.tg.support import Fixed, answer

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TABLE: tuple[tuple[int, str, type[TelegramError], Verdict], ...] = (
    (400, NOT_MODIFIED, BadRequest, Verdict.DONE),
    (
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
        BadRequest,
        Verdict.DONE,
    ),
    (400, "Bad Request: QUERY_ID_INVALID", BadRequest, Verdict.DONE),
    (400, "Bad Request: message to edit not found", BadRequest, Verdict.RESEND),
    (400, "Bad Request: message can't be edited", BadRequest, Verdict.RESEND),
    (400, "Bad Request: there is no text in the message to edit", BadRequest, Verdict.RESEND),
    (400, "Bad Request: there is no caption in the message to edit", BadRequest, Verdict.RESEND),
    (400, "Bad Request: message to delete not found", BadRequest, Verdict.DONE),
    (400, "Bad Request: message can't be deleted", BadRequest, Verdict.DONE),
    (400, "Bad Request: message can't be deleted for everyone", BadRequest, Verdict.DONE),
    (400, "Bad Request: message to be replied not found", BadRequest, Verdict.RESEND),
    (400, "Bad Request: chat not found", BadRequest, Verdict.GONE),
    (400, 'Bad Request: can\'t parse entities: Unsupported start tag "x" at byte offset 3', BadRequest, Verdict.PLAIN),
    (
        400,
        "Bad Request: can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        BadRequest,
        Verdict.PLAIN,
    ),
    (
        400,
        'Bad Request: can\'t parse entities: Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
        BadRequest,
        Verdict.PLAIN,
    ),
    (400, "Bad Request: message is too long", BadRequest, Verdict.BUG),
    (400, "Bad Request: message caption is too long", BadRequest, Verdict.BUG),
    (400, "Bad Request: message text is empty", BadRequest, Verdict.BUG),
    (400, "Bad Request: text must be non-empty", BadRequest, Verdict.BUG),
    (400, "Bad Request: BUTTON_DATA_INVALID", BadRequest, Verdict.BUG),
    (400, "Bad Request: BUTTON_URL_INVALID", BadRequest, Verdict.BUG),
    (400, "Bad Request: reply markup is too long", BadRequest, Verdict.BUG),
    (400, "Bad Request: inline keyboard button text must be non-empty", BadRequest, Verdict.BUG),
    (400, "Bad Request: text buttons are unallowed in the inline keyboard", BadRequest, Verdict.BUG),
    (400, "Bad Request: wrong file identifier/HTTP URL specified", BadRequest, Verdict.RESEND),
    (400, "Bad Request: MESSAGE_ID_INVALID", BadRequest, Verdict.RESEND),
    (400, "Bad Request: file is too big", BadRequest, Verdict.BUG),
    (400, "Bad Request: poll question length must not exceed 300", BadRequest, Verdict.BUG),
    (401, "Unauthorized", InvalidToken, Verdict.STOP),
    (403, "Forbidden: bot was blocked by the user", Forbidden, Verdict.GONE),
    (403, "Forbidden: user is deactivated", Forbidden, Verdict.GONE),
    (403, "Forbidden: bot can't initiate conversation with a user", Forbidden, Verdict.GONE),
    (403, "Forbidden: bot was kicked from the group chat", Forbidden, Verdict.GONE),
    (403, "Forbidden: bot is not a member of the supergroup chat", Forbidden, Verdict.GONE),
    (404, "Not Found", InvalidToken, Verdict.STOP),
    (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        Conflict,
        Verdict.BUG,
    ),
    (
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
        Conflict,
        Verdict.BUG,
    ),
    (409, "Conflict: terminated by setWebhook request", Conflict, Verdict.BUG),
    (500, "Internal Server Error: sent data is invalid", NetworkError, Verdict.LATER),
    (500, "Internal Server Error: restart", NetworkError, Verdict.LATER),
)


def _raised(status: int, payload: bytes) -> TelegramError:
    """Return what the library makes of an answer."""
    with pytest.raises(TelegramError) as raised:
        asyncio.run(Fixed(status, payload).post("https://telegram.invalid/bot1:a/getMe"))
    return raised.value


@pytest.mark.parametrize(("status", "description", "kind", "verdict"), TABLE, ids=[row[1][:60] for row in TABLE])
def test_verdict_of_telegrams_answer(
    status: int, description: str, kind: type[TelegramError], verdict: Verdict
) -> None:
    error = _raised(*answer(status, description))

    ruling = judge(error)

    assert (type(error), ruling.verdict, ruling.wait) == (kind, verdict, 0.0)


def test_every_description_of_our_table_is_tried_here() -> None:
    tried = [description.lower() for _, description, _, _ in TABLE]

    assert [part for part, _ in DESCRIPTIONS if not any(part in text for text in tried)] == []


@pytest.mark.parametrize("page", [b"<html>502 Bad Gateway</html>", b"", b"\xff"])
def test_verdict_of_a_proxys_page(page: bytes, caplog: pytest.LogCaptureFixture) -> None:
    error = _raised(502, page)

    assert (type(error), judge(error).verdict) == (NetworkError, Verdict.LATER)


def test_verdict_of_a_chat_that_moved() -> None:
    description = "Bad Request: group chat was upgraded to a supergroup chat"

    error = _raised(*answer(400, description, migrate_to_chat_id=-100123))

    assert (type(error), judge(error).verdict) == (ChatMigrated, Verdict.GONE)


@pytest.mark.parametrize("as_timedelta", ["0", "1"])
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_verdict_of_too_many_requests_names_the_wait(as_timedelta: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", as_timedelta)

    error = _raised(*answer(429, "Too Many Requests: retry after 7", 7))

    assert isinstance(error, RetryAfter)
    assert type(error.retry_after) is (timedelta if as_timedelta == "1" else int)
    assert (judge(error).verdict, judge(error).wait) == (Verdict.LATER, 7)


def test_verdict_of_a_bad_request_is_not_that_of_a_network_error() -> None:
    assert issubclass(BadRequest, NetworkError)
    assert judge(BadRequest("message is too long")).verdict is Verdict.BUG
    assert judge(NetworkError("message is too long")).verdict is Verdict.LATER


@pytest.mark.parametrize(
    ("error", "verdict"),
    [
        (TimedOut(), Verdict.LATER),
        (EndPointNotFound("method not found"), Verdict.BUG),
        (TelegramError("something new"), Verdict.BUG),
        (BadRequest("something new"), Verdict.BUG),
    ],
)
def test_verdict_of_the_librarys_own_errors(error: TelegramError, verdict: Verdict) -> None:
    assert judge(error).verdict is verdict


def test_verdict_of_an_answer_that_is_no_json() -> None:
    with pytest.raises(TelegramError) as raised:
        Fixed.parse_json_payload(b"<html>Masuk ke Wi-Fi</html>")

    assert judge(raised.value).verdict is Verdict.LATER


@pytest.mark.parametrize(
    ("error", "cause", "perhaps"),
    [
        (TimedOut(), None, True),
        (TimedOut(), LineBroken("SocketTimeoutError"), True),
        (TimedOut(), NeverLeft("pool"), False),
        (NetworkError("the line"), LineBroken("ServerDisconnectedError"), True),
        (NetworkError("the line"), NeverLeft("ClientConnectorError"), False),
        (NetworkError("Internal Server Error"), None, False),
        (NetworkError("Bad Gateway (502)"), TelegramError("Invalid server response"), False),
        (BadRequest("chat not found"), None, False),
    ],
)
def test_call_may_have_arrived_unless_it_never_left_or_was_answered(
    error: TelegramError, cause: Exception | None, perhaps: bool
) -> None:
    error.__cause__ = cause

    assert may_have_arrived(error) is perhaps


@pytest.mark.parametrize(
    ("description", "said"),
    [
        ("Bad Request: message is too long", "Message is too long"),
        (
            'Bad Request: can\'t parse entities: Unsupported start tag "nasi" at byte offset 3',
            "Can't parse entities: unsupported start tag … at byte offset 3",
        ),
        ('Bad Request: it is cut in "nasi uduk', "It is cut in …"),
        ("Bad Request: " + "x" * 300, "X" + "x" * 199),
    ],
)
def test_description_is_told_without_what_it_quotes(description: str, said: str) -> None:
    assert described(BadRequest(description)) == said
