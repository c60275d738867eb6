"""A session plan prints on one page of A4, whatever two topics it has."""

from __future__ import annotations

import re

from playwright.sync_api import Browser

from bot.texts import engine
from bot.web import assets
from tests.session_plans import PAIRS, values


def test_every_plan_prints_on_one_page(browser: Browser) -> None:
    style = (assets.STATIC / "situs.css").read_text(encoding="utf-8")
    around = (
        "<!doctype html><html lang=id><style>{}</style><body><main><h1>Rencana 30 menit</h1>{}</main></body></html>"
    )
    pages, page = [], browser.new_page()

    for pair in PAIRS:
        page.set_content(around.format(style, engine.render("bot.web", "session_plan.html.j2", "id", values(pair))))
        pages.append(len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(prefer_css_page_size=True))))

    assert pages == [1] * len(PAIRS)
