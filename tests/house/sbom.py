"""`make sbom`: what the bot is made of, as CycloneDX 1.5, from the locked requirements and from nothing else.

Without a moment or a serial number in it, so that the same lock gives the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOCK = ROOT / "requirements" / "run.txt"
PACKAGE = re.compile(r"^([a-z0-9][\w.-]*)(?:\[[\w,.-]+\])?==([\w.+!-]+)((?:.*\\\n)(?: +--hash=.*\n)+)", re.MULTILINE)


def document(lock: str) -> dict[str, object]:
    """Return the bill of what a lock pins; a hash is that of one file of a package, a wheel or a source archive."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": project["name"],
                "name": project["name"],
                "version": project["version"],
                "licenses": [{"license": {"id": project["license"]}}],
            }
        },
        "components": [_component(*found) for found in PACKAGE.findall(lock)],
    }


def _component(name: str, version: str, hashes: str) -> dict[str, object]:
    purl = f"pkg:pypi/{name}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "hashes": [{"alg": "SHA-256", "content": one} for one in re.findall(r"--hash=sha256:([0-9a-f]{64})", hashes)],
    }


if __name__ == "__main__":
    json.dump(document(LOCK.read_text(encoding="utf-8")), sys.stdout, indent=1)
    print()
