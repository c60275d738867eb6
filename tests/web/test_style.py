"""The style: colours that can be read by everybody, in light and in dark."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from bot.web.assets import STATIC

CSS = (STATIC / "situs.css").read_text()
TEXT, SHAPE = 4.5, 3.0
"""WCAG 2.2 AA: contrast of text, and of what must be seen to be understood."""
PAIRS = (
    *(("ink", on, TEXT) for on in ("paper", "card", "ground")),
    *(("soft", on, TEXT) for on in ("paper", "card")),
    *(("link", on, TEXT) for on in ("paper", "card")),
    ("go-ink", "go", TEXT),
    ("brand-ink", "brand", TEXT),
    *(("on-heat", on, TEXT) for on in ("dulu", "cukup", "kuat")),
    *(("on-note", on, TEXT) for on in ("good", "calm", "warn")),
    *(("focus", on, SHAPE) for on in ("paper", "card")),
    *(("soft", on, SHAPE) for on in ("paper", "card")),
    ("fill", "ground", SHAPE),
    ("fill", "card", SHAPE),
    ("go", "ground", SHAPE),
)


def colours(selector: str) -> dict[str, str]:
    block = CSS.partition(selector + " {")[2].partition("}")[0]
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block))


LIGHT = colours(":root")
DARK = LIGHT | colours(":root[data-theme=dark]")


def luminance(colour: str) -> float:
    """Return the relative luminance of WCAG 2.2."""
    digits = colour[1:] if len(colour) == 7 else "".join(ch * 2 for ch in colour[1:])
    parts = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast("#000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#fff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_can_be_read(theme: dict[str, str]) -> None:
    found = {(one, other, least): contrast(theme[one], theme[other]) for one, other, least in PAIRS}

    assert {pair: round(shown, 2) for pair, shown in found.items() if shown < pair[2]} == {}


@pytest.mark.parametrize("zone", ["dulu", "cukup", "kuat"])
def test_text_on_every_stripe_of_the_map_can_be_read(zone: str) -> None:
    rule = next(line for line in CSS.splitlines() if line.startswith(f".heat-{zone}"))

    grounds = re.findall(r"#[0-9a-f]{6}", rule)

    assert grounds
    assert min(contrast(LIGHT["on-heat"], ground) for ground in grounds) >= TEXT


def test_tags_can_be_read() -> None:
    warn = re.search(r"\.tag-warn \{ background: (#\w+)", CSS)

    assert warn is not None
    assert contrast(LIGHT["on-heat"], warn[1]) >= TEXT


def test_zones_of_a_bar_differ_without_colour() -> None:
    zones = [m[1] for code in ("dulu", "cukup", "kuat") if (m := re.search(rf"\.zone-{code} {{ fill: (#\w+)", CSS))]

    steps = [contrast(a, b) for a, b in pairwise(zones)]

    assert [round(step, 2) for step in steps if step < 1.8] == []
    assert len(zones) == 3
