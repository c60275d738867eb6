"""Scripts and styles, under addresses that change with their content, so that a browser keeps them for good."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

STATIC = Path(__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
FOR_GOOD = "public, max-age=31536000, immutable"


@cache
def _files() -> dict[str, tuple[str, bytes]]:
    """Return digest and content of every file that browsers may have, by name."""
    files = {path.name: path.read_bytes() for path in sorted(STATIC.iterdir()) if path.suffix in KINDS}
    return {name: (hashlib.sha256(content).hexdigest()[:16], content) for name, content in files.items()}


def address(name: str) -> str:
    """Return where a file is served; KeyError for one that is not there."""
    return f"/aset/{_files()[name][0]}/{name}"


async def serve(request: Request) -> Response:
    """Serve a file under its digest; under an old digest there is nothing."""
    digest, content = _files().get(request.path_params["name"], ("", b""))
    if not digest or digest != request.path_params["digest"]:
        return PlainTextResponse("tidak ada\n", status_code=404)
    kind = KINDS[Path(request.path_params["name"]).suffix]
    return Response(content, media_type=kind, headers={"Cache-Control": FOR_GOOD})
