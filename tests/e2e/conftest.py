"""The browser of every test that opens pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    # Where Chromium is missing, importing this would skip before any test could say so itself.
    from playwright.sync_api import expect, sync_playwright

    from tests.e2e.test_phone import BROWSER, PATIENCE, QUIET

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=BROWSER, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def browser(chromium: Browser) -> Iterator[Browser]:
    """The browser, without a window left open by the test before."""
    yield chromium
    for context in chromium.contexts:
        context.close()
