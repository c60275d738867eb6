"""What browsers load: under its digest, for good, unchanged, and of known weight."""

from __future__ import annotations

import hashlib
import re

from bot.web import assets
from tests.stage import Stage
from tests.web.support import Browser


def test_files_are_kept_for_good_under_their_digest(play: Stage) -> None:
    browser = Browser(play.app.routes())

    for name in ("situs.css", "mini.js", "icon.svg"):
        response = browser.get(assets.address(name))

        assert response.content == (assets.STATIC / name).read_bytes()
        assert response.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_other_addresses_hold_no_file(play: Stage) -> None:
    browser = Browser(play.app.routes())
    digest = assets.address("situs.css").split("/")[2]

    paths = (
        "/aset/0000000000000000/situs.css",
        f"/aset/{digest}/mini.js",
        f"/aset/{digest}/README.md",
        f"/aset/{digest}/..%2Fapp.py",
        f"/aset/{digest}/",
        "/aset//situs.css",
    )

    assert [browser.get(path).status_code for path in paths] == [404] * len(paths)


def test_htmx_is_what_its_makers_published() -> None:
    readme = (assets.STATIC / "README.md").read_text(encoding="utf-8")
    noted = re.search(r"`([0-9a-f]{64})`", readme)

    assert noted is not None
    assert hashlib.sha256((assets.STATIC / "htmx-2.0.11.min.js").read_bytes()).hexdigest() == noted[1]


def test_every_file_is_told_of() -> None:
    readme = (assets.STATIC / "README.md").read_text(encoding="utf-8")

    assert [path.name for path in assets.STATIC.iterdir() if path.name != "README.md" and path.name not in readme] == []
