"""A form that brings a file, as browsers send it (RFC 7578): taken apart by its boundary, piece by piece."""

from __future__ import annotations

import re
from collections.abc import Iterator

PIECES_LIMIT = 50
_BOUNDARY = re.compile(r';\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s;"]{1,70}))', re.IGNORECASE)
_NAME = re.compile(
    rb'^content-disposition:\s*form-data\b[^\r\n]*?;\s*name="([^"\r\n]{1,60})"', re.IGNORECASE | re.MULTILINE
)


class NotAForm(ValueError):
    """What was sent is no form that brings a file."""


def fields(content_type: str, body: bytes) -> dict[str, list[str]]:
    """Return the fields by name, a file as its text, empty where it is not UTF-8; refuse the rest with NotAForm."""
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise NotAForm("no boundary")
    read: dict[str, list[str]] = {}
    try:
        for name, text in _pieces(body, (found[1] or found[2]).encode("ascii")):
            read.setdefault(name, []).append(text)
    except UnicodeError as error:
        raise NotAForm("a name or boundary is not UTF-8") from error
    return read


def _pieces(body: bytes, boundary: bytes) -> Iterator[tuple[str, str]]:
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary, PIECES_LIMIT)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise NotAForm("cut short")
    for piece in pieces[1:-1]:
        head, parted, content = piece.partition(b"\r\n\r\n")
        name = _NAME.search(head.replace(b"\r\n", b"\n"))
        if not parted or name is None:
            raise NotAForm("no name")
        yield name[1].decode(), _text(content)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ""  # a picture or workbook, say: the page that asked for a file tells that it cannot be read
