"""The way from the chat to the web: a link that works once, the Mini App, and the word "not me"."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from bot.chat.callback_data import pack
from bot.chat.request import Request, spoken
from bot.chat.screen import Button, Reply, Row, Screen, Style
from bot.core.person import Person
from bot.texts import engine
from bot.texts.catalogue import translate
from bot.texts.engine import long_moment
from bot.usecases import signing_in

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def open_dashboard(request: Request) -> Reply:
    """Hand out a fresh link for the laptop and the Mini App, where the web has a safe address."""
    return open_at(request, "/")


def open_at(request: Request, path: str, *, back: str = "cu") -> Reply:
    """Hand out a fresh link that leads on to one page of the web; `back` is the button's verb that leads back here."""
    row_back = (Button(request.t("Kembali"), pack(back)),)
    if not _is_safe(request.house.web_url):
        return Reply(Screen(request.show("dashboard", is_there=False), (row_back,)), fresh=True)
    token = signing_in.issue_link(
        request.session, owner=request.owner, new_token=request.house.new_token, now=request.now
    )
    onward = "" if path == "/" else f"&ke={path}"
    rows: tuple[Row, ...] = (
        (Button(request.t("Buka di laptop"), url=f"{request.house.web_url}/masuk#t={token}{onward}", style=Style.GO),),
        (Button(request.t("Buka di sini"), web_app=f"{request.house.web_url}/mini"),),
        row_back,
    )
    return Reply(Screen(request.show("dashboard", is_there=True), rows), fresh=True)


def _is_safe(web_url: str) -> bool:
    """Tell whether a secret may travel to this address: encrypted, or never leaving the machine."""
    parts = urlsplit(web_url)
    return parts.scheme == "https" or parts.hostname in LOOPBACK


def not_me(request: Request) -> Reply:
    """End every session on the web, and void the link."""
    signing_in.sign_out_everywhere(request.session, owner=request.owner)
    return Reply(Screen(request.show("signed_out"), ((Button(request.t("Kembali"), pack("cu")),),)))


def news(person: Person, at: datetime) -> Screen:
    """Tell a person that a browser was signed in by their link, with the way to end it."""
    language = spoken(person, None)
    moment = long_moment(at, person.context.clock, language)
    text = engine.render("bot.chat", "signed_in.html.j2", language, {"moment": moment})
    return Screen(text, ((Button(translate("Bukan saya", language), pack("bk"), Style.DANGER),),))
