"""What an admin sees of all groups in the chat: the country in a few lines, and the way to the tables on the web."""

from __future__ import annotations

from bot.chat.callback_data import pack
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Row, Screen, Style
from bot.core.item import OWNER_DIMENSIONS
from bot.core.programme import By, Period, Scope, month_of
from bot.usecases import programmes


def show(request: Request) -> Reply:
    """Answer /program."""
    assert request.viewer is not None
    found = programmes.programme_view(
        request.session,
        viewer=request.viewer,
        by=By.PROGRAMME,
        where=Scope(),
        period=Period(None, month_of(request.now)),
        library=request.library,
        now=request.now,
    )
    release = found.release
    names = {d: release.form.plan(d).short_name for d in OWNER_DIMENSIONS}
    text = request.show("programme", total=found.total, fewest=found.fewest, levels=release.levels, names=names)
    rows: tuple[Row, ...] = (
        (Button(request.t("Buka di laptop"), pack("db"), Style.GO),),
        (Button(request.t("Kembali"), pack("cu")),),
    )
    return Reply(Screen(text, rows), fresh=True)
