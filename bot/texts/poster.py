"""The invitation to a group as an A4 poster for a market visit: a QR code, the code to type, and who invites."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from bot.texts.engine import render
from bot.texts.lettering import drawable, width
from bot.texts.picture import png, sized


@dataclass(frozen=True, slots=True)
class Square:
    """A place on the page, in dots."""

    left: int
    top: int
    side: int


@dataclass(frozen=True, slots=True)
class QrCode:
    """A QR code as one SVG path in dots, its modules side by side from `left` and `top`."""

    path: str
    left: int
    top: int
    side: int


WIDTH, HEIGHT, DOTS_PER_INCH = 1654, 2339, 200
"""A4 upright in dots."""
FRAME = Square(left=64, top=572, side=930)
QUIET = 4
"""Modules left white around a QR code, as its standard asks."""
CODE_ROOM, CODE_SIZE, CODE_SPACING = 1370, 150.0, 0.1


def poster(
    *, group_name: str, coach_name: str, link: str, code: str, ends_on: date, language: str, dots: float = 1
) -> bytes:
    """Return the poster as PNG of 1654 by 2339 dots, A4 at 200 dots per inch; `dots` scales it down for a preview."""
    return sized(
        png(
            drawing(
                group_name=group_name,
                coach_name=coach_name,
                link=link,
                code=code,
                ends_on=ends_on,
                language=language,
            ),
            zoom=dots,
        ),
        dots_per_inch=round(DOTS_PER_INCH * dots),
    )


def drawing(*, group_name: str, coach_name: str, link: str, code: str, ends_on: date, language: str) -> str:
    """Return the poster as SVG; a plain word stands for a name of which the font draws nothing."""
    size = _code_size(code)
    values: dict[str, object] = {
        "width": WIDTH,
        "height": HEIGHT,
        "frame": FRAME,
        "qr": qr_code(link, FRAME),
        "group_name": drawable(group_name),
        "coach_name": drawable(coach_name),
        "bot_name": urlsplit(link).path.strip("/"),
        "code": code,
        "code_size": size,
        "code_spacing": size * CODE_SPACING,
        "ends_on": ends_on,
    }
    return render("bot.texts", "poster.svg.j2", language, values)


def qr_code(text: str, place: Square) -> QrCode:
    """Return the QR code of a text in the middle of a white place, its modules as large as whole dots allow."""
    import segno

    rows = [bytes(row) for row in segno.make(text, error="m", micro=False).matrix]
    module = place.side // (len(rows) + 2 * QUIET)
    side = module * len(rows)
    margin = (place.side - side) // 2
    left, top = place.left + margin, place.top + margin
    return QrCode("".join(_runs(rows, left, top, module)), left, top, side)


def _runs(rows: list[bytes], left: int, top: int, module: int) -> Iterator[str]:
    """Yield each run of dark modules in a row as a rectangle."""
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            length = 0
            while x + length < len(row) and row[x + length]:
                length += 1
            if length:
                wide = length * module
                yield f"M{left + x * module} {top + y * module}h{wide}v{module}h-{wide}z"
            x += length or 1


def _code_size(code: str) -> float:
    """Return the size at which a typed code fits on one line, its letters spaced."""
    whole = width(code, 1, bold=True) + CODE_SPACING * len(code)
    return min(CODE_SIZE, CODE_ROOM / whole)
