"""What the browser tests ask of every page is really asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e import fitting
from tests.e2e.fitting import oddities

ODD = """data:text/html,<div style="width: 900px">Lebar</div><button style="height: 40px">Ya</button>
<button style="height: 1px; padding: 0; border: 0">Untuk yang mendengar</button><script>throw Error("rusak")</script>"""


def test_what_is_wide_small_or_broken_is_told(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "SHOTS", tmp_path)

    odd = oddities(
        lambda width: browser.new_context(viewport={"width": width, "height": 800}), "", {"odd": ODD}, "button"
    )

    assert odd == [
        ("odd-360", "too wide"),
        ("odd-360", "Ya"),
        ("complaint", "rusak"),
        ("odd-1280", "Ya"),
        ("complaint", "rusak"),
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["odd-1280.png", "odd-360.png"]
