"""Opening a Mini App: what Telegram hands the page, signed, for a button in the own chat only."""

from __future__ import annotations

import asyncio
import json
from urllib.parse import parse_qsl

import httpx

from bot.simulator.app import serve
from bot.simulator.mini_app import check, launch
from tests.simulator.support import JOKO, SARI, call, client, send, started_api

URL = "https://dasbor.contoh.id/mini"
ROWS = json.dumps({"inline_keyboard": [[{"text": "Buka di sini", "web_app": {"url": URL}}]]})


def test_hash_is_the_one_that_openssl_finds() -> None:
    fields = {
        "user": '{"id":1001,"first_name":"Sari","last_name":"","username":"sari_warung","language_code":"id",'
        '"allows_write_to_pm":true,"photo_url":"https:\\/\\/t.me\\/i\\/userpic\\/320\\/sari.svg"}',
        "chat_instance": "8428209589180549439",
        "chat_type": "sender",
        "query_id": "AAHpAwAAAAAAAOkDAAA",
        "auth_date": "1795489200",
        "signature": "Zx3pQ9-kq0_7uV2m1n8bYc5dFgHjKlPoIuYtReWqAsDfGhJkLzXcVbNm1234567890QwErTyUiOpAsDfGhJkLg",
    }

    found = check(fields, "7123456789:contoh-token-hanya-untuk-uji-0000000")

    assert found == "205d1c7c353aa88e35fb04d1be062f8f64c28b193271aa88f38b7fd6234b1599"


def test_address_carries_the_person_and_the_colours() -> None:
    api = started_api()
    message_id = send(api, reply_markup=ROWS)

    url, _, fragment = launch(api, SARI, message_id, URL).partition("#")
    given = dict(parse_qsl(fragment, strict_parsing=True))
    fields = dict(parse_qsl(given["tgWebAppData"], strict_parsing=True, keep_blank_values=True))
    person = json.loads(fields["user"])

    assert url == URL
    assert set(given) == {"tgWebAppData", "tgWebAppVersion", "tgWebAppPlatform", "tgWebAppThemeParams"}
    assert (given["tgWebAppVersion"], json.loads(given["tgWebAppThemeParams"])["bg_color"]) == ("8.0", "#ffffff")
    assert (person["id"], person["first_name"]) == (SARI, "Sari")
    assert "\\/" in fields["user"]
    assert fields["auth_date"] == str(int(api.clock.now().timestamp()))
    assert fields.pop("hash") == check(fields, api.token)


def test_each_opening_is_another() -> None:
    api = started_api()
    message_id = send(api, reply_markup=ROWS)

    assert launch(api, SARI, message_id, URL) != launch(api, SARI, message_id, URL)


def test_phone_leads_to_the_page_and_refuses_other_buttons() -> None:
    api = started_api()
    message_id = send(api, reply_markup=ROWS)

    async def ask(browser: httpx.AsyncClient, person: int, message: object, url: str) -> tuple[int, str]:
        response = await browser.get(f"/phone/{person}/mini", params={"message": str(message), "url": url})
        return response.status_code, response.headers.get("location", "").partition("#")[0]

    async def run() -> None:
        async with serve(api) as port, client(port) as browser:
            assert await ask(browser, SARI, message_id, URL) == (303, URL)
            assert await ask(browser, JOKO, message_id, URL) == (409, "")
            assert await ask(browser, SARI, message_id + 1, URL) == (409, "")
            assert await ask(browser, SARI, message_id, "https://jahat.contoh/") == (409, "")
            assert await ask(browser, 77, message_id, URL) == (409, "")
            assert await ask(browser, SARI, "x", URL) == (400, "")
            call(api, "editMessageReplyMarkup", chat_id=SARI, message_id=message_id)
            assert await ask(browser, SARI, message_id, URL) == (409, "")

    asyncio.run(run())
