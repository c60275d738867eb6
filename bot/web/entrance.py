"""Coming in and going out: the one-time link, the Mini App, and the first page behind them."""

from __future__ import annotations

import re

from starlette.responses import JSONResponse

from bot.usecases import signing_in
from bot.web import auth
from bot.web.page import Answer, Cookie, Visit

FIRST_SECONDS = 3600
LONGEST_CODE = 2000
LONGEST_PATH = 200
OWN_PATH = re.compile(r"(?:/[A-Za-z0-9][A-Za-z0-9-]*)+")
"""A page of this site as the chat names it: no other host, and nothing after a question mark."""


def sign_in_form(visit: Visit) -> Answer:
    """Show the form; whatever comes with the address stays in the browser, and nothing is spent."""
    return _form(visit, "")


def _form(visit: Visit, trouble: str) -> Answer:
    secret = visit.secret or visit.site.new_token(signing_in.SECRET_BYTES)
    cookies = () if visit.secret else (Cookie(auth.FIRST, secret, FIRST_SECONDS),)
    return visit.marked_by(secret).page(
        "sign_in.html.j2",
        title="Masuk",
        status=400 if trouble else 200,
        cookies=cookies,
        trouble=trouble,
        has_ended="habis" in visit.query,
        bot_names=visit.site.bot_names(),
    )


def sign_in(visit: Visit) -> Answer:
    """Spend the link."""
    typed = visit.form.text("kode")[:LONGEST_CODE]
    token, _, onward = typed.rpartition("t=")[2].partition("&ke=")
    opened = signing_in.redeem(visit.session, token=token, new_token=visit.site.new_token, now=visit.now)
    if opened is None:
        return _form(visit, "spent" if token else "empty")
    return visit.moved(_onward(visit.form.text("ke") or onward), cookies=auth.signed_in_cookies(opened.secret))


def _onward(asked: str) -> str:
    """Return the page that a link leads on to, if it can be one of ours; else the first page."""
    return asked if len(asked) <= LONGEST_PATH and OWN_PATH.fullmatch(asked) else "/"


def sign_out(visit: Visit) -> Answer:
    """End this browser's session."""
    signing_in.sign_out(visit.session, secret=visit.secret)
    return _out(visit)


def sign_out_everywhere(visit: Visit) -> Answer:
    """End every session of this person."""
    signing_in.sign_out_everywhere(visit.session, owner=visit.viewer.person)
    return _out(visit)


def _out(visit: Visit) -> Answer:
    return visit.moved("/masuk", cookies=(Cookie(auth.SESSION, "", 0),))


def mini(visit: Visit) -> Answer:
    """Show the empty Mini App; its script signs in and fills it."""
    return visit.page("mini.html.j2", title="Tangga Digital", bot_names=visit.site.bot_names())


def sign_in_mini(visit: Visit) -> Answer:
    """Open a session for the Mini App that shows Telegram's signature; the page keeps its secret in memory."""
    opened = signing_in.redeem_init_data(
        visit.session,
        init_data=visit.form.text("data"),
        bot_tokens=visit.site.bot_tokens,
        new_token=visit.site.new_token,
        now=visit.now,
    )
    if opened is None:
        return JSONResponse({"error": "not accepted"}, status_code=400)
    seconds = int(signing_in.MINI_LASTS.total_seconds())
    return JSONResponse({"bearer": opened.secret, "seconds": seconds})
