"""The browser of every test that opens pages."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture
def browser() -> Iterator[Browser]:
    # Where Chromium is missing, importing this would skip before any test could say so itself.
    from playwright.sync_api import sync_playwright

    from tests.e2e.test_phone import BROWSER, QUIET

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=BROWSER, args=QUIET)
        yield opened
        opened.close()
