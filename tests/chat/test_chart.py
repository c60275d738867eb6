"""The picture of a result: every name whole, in letters that are read on a cheap phone without opening the picture."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from bot.chat import chart
from bot.core.person import Role
from bot.texts import engine
from bot.texts.catalogue import translate
from tests.core.builders import real_release

SVG = "{http://www.w3.org/2000/svg}"
SMALLEST = 14
"""Of a picture 480 wide; a phone of 360 shows it at some two thirds."""


def texts(role: Role, language: str, first_name: str) -> list[tuple[str, float]]:
    """Return every text of the picture with the size of its letters."""
    release = real_release().under(role)
    zones = release.zones
    cuts = [chart.x(cut) for cut in (*(band.cut_score for band in zones), 100)]
    values: dict[str, object] = {
        "rows": [
            {"name": translate(area.short_name, language), "y": 200 + 48 * n, "x": 300, "from": 280, "to": 320}
            for n, area in enumerate(release.form.areas)
        ],
        "bands": [
            {"x": low, "width": high - low, "name": translate(band.name, language)}
            for band, (low, high) in zip(zones, pairwise(cuts), strict=True)
        ],
        "left": chart.LEFT,
        "top": 144,
        "bottom": 600,
        "name": first_name,
        "level": "Pembina Mandiri",
        "scale_score": 44,
        "finished_on": date(2026, 9, 24),
    }
    root = ElementTree.fromstring(engine.render("bot.chat", "result.svg.j2", language, values))
    return [(text.text or "", float(text.get("font-size", "0"))) for text in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("role", list(Role))
def test_names_are_whole_and_large_enough(role: Role, language: str) -> None:
    found = texts(role, language, "Sri <b>Wahyuningsih</b> Kusumaningrum")

    told = " ".join(text for text, _ in found)
    release = real_release().under(role)
    names = [area.short_name for area in release.form.areas] + [band.name for band in release.zones]
    assert [name for name in names if translate(name, language) not in told] == []
    assert [text for text, size in found if size < SMALLEST or "…" in text] == []
