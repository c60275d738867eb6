"""The files that Telegram stores: uploads, their ids and what may be sent again."""

from __future__ import annotations

import mimetypes
import random
import struct

from bot.simulator.chats import Media
from bot.simulator.errors import ApiError, bad_request
from bot.simulator.params import Params

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"
SIZE_LIMITS = {"photo": 10 * 2**20, "document": 50 * 2**20}
DOWNLOAD_LIMIT = 20 * 2**20
PREFIXES = {"photo": "AgAC", "document": "BQAC"}


class Shelf:
    """Keep every file under its file_id."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._files: dict[str, Media] = {}

    def find(self, file_id: str) -> Media | None:
        """Return a stored file."""
        return self._files.get(file_id)

    def put(self, *found: Media | None) -> None:
        """Keep files known from elsewhere, under the ids they have."""
        self._files.update({media.file_id: media for media in found if media is not None})

    def take(self, params: Params, kind: str) -> Media:
        """Return the file of a call: a new upload, or one sent before under its file_id."""
        upload = params.file(kind)
        if upload is not None:
            return self._store(kind, *upload)
        reference = params.text(kind)
        if not reference:
            raise bad_request(f"there is no {kind} in the request")
        if reference.startswith(("http://", "https://")):
            raise bad_request("failed to get HTTP URL content")  # the simulator never leaves this machine
        media = self._files.get(reference)
        if media is None:
            raise bad_request("wrong file identifier/HTTP URL specified")
        if media.kind != kind:
            raise bad_request(f"can't use file of type {media.kind.title()} as {kind.title()}")
        return media

    def _store(self, kind: str, name: str, data: bytes) -> Media:
        if not data:
            raise bad_request("file must be non-empty")
        if len(data) > SIZE_LIMITS[kind]:
            raise ApiError(413, "Request Entity Too Large")
        width, height, mime = 0, 0, mimetypes.guess_type(name)[0] or "application/octet-stream"
        if kind == "photo":
            width, height, mime = _picture(data)
        file_id = PREFIXES[kind] + "".join(self._rng.choices(LETTERS, k=44))
        media = Media(file_id, kind, name, mime, data, width, height)
        self._files[file_id] = media
        return media


def _picture(data: bytes) -> tuple[int, int, str]:
    """Read a picture's width, height and type from its head, or refuse it as Telegram does."""
    width = height = 0
    mime = "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n") and len(data) >= 24:
        width, height = struct.unpack(">II", data[16:24])
        mime = "image/png"
    elif data.startswith(b"\xff\xd8"):
        width, height = _jpeg_size(data)
    if not width or not height:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if width + height > 10_000 or max(width, height) > 20 * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return width, height, mime


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 0, 0
