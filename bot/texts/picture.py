"""Pictures: SVG drawn by the project, turned into PNG with the bundled font."""

from __future__ import annotations

import hashlib
import struct
import zlib

from bot.texts.easel import easel

HEAD_END = 33
"""Where the first chunk of every PNG ends: eight bytes of signature, and the head of 25."""


def png(svg: str, *, zoom: float = 2) -> bytes:
    """Draw an SVG as PNG, by default at twice its size; only the bundled font is used, so that it looks the same
    everywhere. Waits for a process that draws; others go on meanwhile.
    """
    return easel().draw(svg, zoom)


def sized(picture: bytes, *, dots_per_inch: int) -> bytes:
    """Return a PNG that tells how large it is on paper, so that it prints at its true size."""
    per_metre = round(dots_per_inch / 0.0254)
    kind_and_body = b"pHYs" + struct.pack(">IIB", per_metre, per_metre, 1)
    chunk = struct.pack(">I", 9) + kind_and_body + struct.pack(">I", zlib.crc32(kind_and_body))
    return picture[:HEAD_END] + chunk + picture[HEAD_END:]


def digest(svg: str) -> str:
    """Return the name of an SVG by its content."""
    return hashlib.sha256(svg.encode()).hexdigest()[:32]
