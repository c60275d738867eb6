"""The body of a bot's call: JSON, form fields or multipart with files."""

from __future__ import annotations

import json
import re
from urllib.parse import parse_qsl

from starlette.requests import Request

from bot.simulator.errors import bad_request

BOUNDARY = re.compile(r'boundary="?([^";,]+)"?')
DISPOSITION = re.compile(r'\b(name|filename)="([^"]*)"')

Uploads = dict[str, tuple[str, bytes]]


async def read_call(request: Request) -> tuple[dict[str, object], Uploads]:
    """Return the fields and files of a request; fields of the body win over those of the address."""
    values: dict[str, object] = dict(request.query_params)
    content_type = request.headers.get("content-type", "")
    body = await request.body()
    files: Uploads = {}
    if content_type.startswith("application/json"):
        values |= _json(body)
    elif content_type.startswith("multipart/form-data"):
        fields, files = _multipart(content_type, body)
        values |= fields
    elif body:
        values |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
    return values, files


def _json(body: bytes) -> dict[str, object]:
    try:
        values = json.loads(body or b"{}")
    except ValueError:
        raise bad_request("can't parse request body as JSON") from None
    if not isinstance(values, dict):
        raise bad_request("can't parse request: expected an Object")
    return values


def _multipart(content_type: str, body: bytes) -> tuple[dict[str, str], Uploads]:
    match = BOUNDARY.search(content_type)
    if match is None:
        raise bad_request("boundary in multipart is not found")
    fields: dict[str, str] = {}
    files: Uploads = {}
    for part in (b"\r\n" + body).split(b"\r\n--" + match.group(1).encode())[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        names = dict(DISPOSITION.findall(head.decode("utf-8", "replace")))
        if "filename" in names:
            files[names.get("name", "")] = names["filename"], content
        else:
            fields[names.get("name", "")] = content.decode("utf-8", "replace")
    return fields, files
