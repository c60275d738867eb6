"""What holds for every page: nothing stands out of it to the side, a thumb hits what it must, no rule is broken."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from playwright.sync_api import BrowserContext, Page

from tests.e2e.test_phone import SHOTS

WIDTHS = (360, 1280)
"""Pixels of a phone and of a laptop."""
LEAST_TARGET = 44
HEIGHTS = "all => all.map(e => [e.innerText || e.name, e.getBoundingClientRect().height])"


def complaints(context: BrowserContext) -> list[str]:
    """Collect what the browser complains of on any page of a window: a refused script or style, a script that breaks,
    a page that is not there.
    """
    found: list[str] = []
    context.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    context.on("weberror", lambda error: found.append(str(error.error)))
    return found


def misfits(page: Page, name: str, targets: str = "") -> list[tuple[str, object]]:
    """Take a picture of an open page on a phone and on a laptop; return what is too wide, or too small for a thumb."""
    return [odd for width in WIDTHS for odd in _misfits(page, name, targets, width)]


def _misfits(page: Page, name: str, targets: str, width: int) -> list[tuple[str, object]]:
    page.set_viewport_size({"width": width, "height": 800})
    SHOTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=SHOTS / f"{name}-{width}.png", full_page=True)
    found: list[tuple[str, object]] = []
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append((f"{name}-{width}", "too wide"))
    heights = page.eval_on_selector_all(targets, HEIGHTS) if targets else []
    # What is only for those who listen is a pixel high at most.
    return found + [(f"{name}-{width}", words) for words, height in heights if 1 < height < LEAST_TARGET]


def oddities(
    enters: Callable[[int], BrowserContext], url: str, pages: Mapping[str, str], targets: str
) -> list[tuple[str, object]]:
    """Open every page on a phone and on a laptop; return what does not fit, and of what the browser complains."""
    found: list[tuple[str, object]] = []
    for width in WIDTHS:
        context = enters(width)
        heard = complaints(context)
        page = context.new_page()
        for name, path in pages.items():
            page.goto(url + path)
            found += _misfits(page, name, targets, width)
        found += [("complaint", said) for said in heard]
    return found
