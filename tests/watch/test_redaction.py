"""Secrets by their form and by their value; what only looks alike stays."""

from __future__ import annotations

import pytest

from bot.watch.redaction import Redaction

TOKEN = "8123456789:AAkenari_yang-tidak-boleh-tampak_123456"
DRAWN = "Zk3vQ9xTt0aB7yLmN2pRsW"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (f"https://api.telegram.org/bot{TOKEN}/getMe", "https://api.telegram.org/bot<token>/getMe"),
        (f"bot{TOKEN.replace(':', '%3A')}/x", "bot<token>/x"),
        ("Authorization: Bearer abc.def", "Authorization: <hidden>"),
        ("{'authorization': 'Basic YWxhZGRpbg=='}", "{'authorization': <hidden>"),
        ("said Bearer abc.def, then", "said Bearer <hidden>, then"),
        ("X-Telegram-Bot-Api-Secret-Token: rahasia", "X-Telegram-Bot-Api-Secret-Token: <hidden>"),
        (f"https://tangga.id/masuk#t={DRAWN}", "https://tangga.id/masuk#t=<hidden>"),
        ("https://t.me/tangga_bot?start=g_abc-123", "https://t.me/tangga_bot?start=<hidden>"),
        ("tgWebAppData=query_id%3DAAE&hash=ab12", "tgWebAppData=<hidden>&hash=<hidden>"),
        ("user=%7B%22id%22%3A42%7D&auth_date=1", "user=<hidden>&auth_date=1"),
        ('{"initData": "query_id=1"}', '{"initData": "<hidden>"}'),
        ("postgresql://tangga:sandi@db/tangga", "postgresql://<hidden>@db/tangga"),
        ("code 7K3QX-9M2TZ used", "code <code> used"),
        ("code 7K3QX9M2TZ used", "code <code> used"),
        (f"drawn {DRAWN}", "drawn <token>"),
    ],
)
def test_secret_is_known_by_its_form(text: str, clean: str) -> None:
    assert Redaction().clean(text) == clean


@pytest.mark.parametrize(
    "text",
    [
        "update quarantined as 1f2e3d4c: ZeroDivisionError",
        "released as scheduled: 4d0b7f3c52aa0c1d9be2",
        '  File "/srv/Tangga-Digital-2026-Produksi/bot/tg/desk.py", line 120, in _answer',
        "message 1234567 was given up: KeyError",
        "the database is unavailable: database is locked",
        "check owed: a message of lane 0 is due for 120 seconds",
        "OperationalError('connection to server at \"db\" (10.0.0.5), port 5432 failed')",
    ],
)
def test_what_only_looks_alike_stays(text: str) -> None:
    assert Redaction().clean(text) == text


def test_configured_secret_is_hidden_wherever_it_stands() -> None:
    redaction = Redaction(("rahasia_-1", "rahasia_-1-lebih-panjang", "pendek"[:3]))

    assert redaction.clean("a rahasia_-1-lebih-panjang b rahasia_-1 pen") == "a <hidden> b <hidden> pen"


def test_line_shows_what_would_end_it_or_steer_a_terminal() -> None:
    assert Redaction().line("a\nb\r\x1b[31mc\u2028d\u202ee é") == "a\\nb\\r\\x1b[31mc\\u2028d\\u202ee é"
