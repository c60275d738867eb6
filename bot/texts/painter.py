"""The process that pictures are drawn in, one at a time: `bot.texts.easel` starts it as `python -m bot.texts.painter`.

It is asked in frames of four bytes of length, then how many times its size and the SVG; it answers in frames of a byte
that says whether it was drawn, then the PNG, or why not.
"""

from __future__ import annotations

import os
import resource
import struct
from pathlib import Path

FONTS = Path(__file__).parent / "fonts"
HEAD = struct.Struct(">I")
ZOOM = struct.Struct(">d")
DRAWN, REFUSED = b"+", b"-"
MEMORY_BYTES = 768 * 2**20
GIVES_WAY = 5
IN, OUT = 0, 1


def main() -> None:
    """Draw until the other side is gone."""
    os.nice(GIVES_WAY)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    for door in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE):
        resource.setrlimit(door, (0, 0))
    while head := _read(HEAD.size):
        asked = _read(HEAD.unpack(head)[0])
        answer = _answer(asked[ZOOM.size :].decode(), ZOOM.unpack_from(asked)[0])
        _write(HEAD.pack(len(answer)) + answer)


def _answer(svg: str, zoom: float) -> bytes:
    try:
        return DRAWN + drawn(svg, zoom)
    except Exception as error:
        return REFUSED + f"{type(error).__name__}: {error}".encode()


def drawn(svg: str, zoom: float) -> bytes:
    """Draw an SVG as PNG, so many times its size; nothing else of this process runs meanwhile."""
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            zoom=zoom,
            skip_system_fonts=True,
            font_dirs=[str(FONTS)],
            font_family="Open Sans",
            sans_serif_family="Open Sans",
        )
    )


def _read(size: int) -> bytes:
    """Return so many bytes, or nothing where the other side is gone."""
    found = bytearray()
    while len(found) < size:
        chunk = os.read(IN, size - len(found))
        if not chunk:
            return b""
        found += chunk
    return bytes(found)


def _write(content: bytes) -> None:
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(OUT, rest) :]


if __name__ == "__main__":
    main()
