"""Pictures: SVG drawn by the project, turned into PNG with the bundled font."""

from __future__ import annotations

import hashlib
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"


def png(svg: str) -> bytes:
    """Draw an SVG as PNG at twice its size; only the bundled font is used, so that it looks the same everywhere."""
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=2,
            skip_system_fonts=True,
            font_dirs=[str(FONTS)],
            font_family="Open Sans",
            sans_serif_family="Open Sans",
        )
    )


def digest(svg: str) -> str:
    """Return the name of an SVG by its content."""
    return hashlib.sha256(svg.encode()).hexdigest()[:32]
