"""The bill of materials holds each locked package once, with its hashes, and nothing that changes by itself."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.house.sbom import LOCK, document


def test_bill_holds_what_the_lock_pins() -> None:
    lock = LOCK.read_text(encoding="utf-8")

    made: dict[str, Any] = document(lock)

    parts = made["components"]
    assert [part["purl"] for part in parts] == [
        f"pkg:pypi/{name}@{version}" for name, version in re.findall(r"^([a-z0-9][\w.-]*)\S*?==(\S+)", lock, flags=re.M)
    ]
    assert sum(len(part["hashes"]) for part in parts) == lock.count("--hash=sha256:")
    assert json.dumps(document(lock)) == json.dumps(made)
