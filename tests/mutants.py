"""`make mutants`: which changes to the code of scoring no test notices, and the share that one does.

It works on a copy, in which cached functions and properties are written without their decorators: the tool passes
decorated functions by, and what a cache had taken in before a mutant woke would hide it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
COPIED = ("bot", "content", "locales", "tests", "pyproject.toml")
LOWEST = 95.0
CACHE = re.compile(r"^@lru_cache\(.*\)\n", re.MULTILINE)
PROPERTY = re.compile(r"^    @property\n    def (\w+)(\(self\).*\n(?:(?:        .*)?\n)+)", re.MULTILINE)


def undecorated(code: str) -> str:
    """Return the same code with caches left out and properties made of plain methods."""

    def plain(found: re.Match[str]) -> str:
        name, rest = found[1], found[2].rstrip()
        return f"    def get_{name}{rest}\n\n    {name} = property(get_{name})\n\n"

    return PROPERTY.sub(plain, CACHE.sub("", code))


def copy_to(folder: Path) -> None:
    """Copy what the tests need, scoring without its decorators."""
    for name in COPIED:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, folder / name)
    config = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    for name in config["tool"]["mutmut"]["only_mutate"]:
        path = folder / name
        path.write_text(undecorated(path.read_text(encoding="utf-8")), encoding="utf-8")


def tool(folder: Path, *words: str) -> list[str]:
    """Run the tool and return its lines; CI makes hypothesis draw the same examples every time."""
    command = [sys.executable, "-m", "mutmut", *words]
    settings = os.environ | {"CI": "true", "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, encoding="utf-8")
    if done.returncode:
        sys.exit(done.stdout[-4000:] + done.stderr[-4000:])
    return done.stdout.splitlines()


def main() -> int:
    """Print every survivor with its change, then killed, survived and score; refuse a score below LOWEST."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copy_to(folder)
        tool(folder, "run", "--max-children", str(os.cpu_count() or 1))
        found = dict(line.strip().split(": ") for line in tool(folder, "results", "--all", "true"))
        left = [mutant for mutant, status in found.items() if status != "killed"]
        for mutant in left:
            changed = [line for line in tool(folder, "show", mutant) if re.match(r"[-+](?![-+]{2} )", line)]
            print(f"{mutant}: {found[mutant]}", *changed, sep="\n", end="\n\n", flush=True)
    score = 100 * (len(found) - len(left)) / len(found)
    print(f"{len(found)} mutants: {len(found) - len(left)} killed, {len(left)} survived, score {score:.1f} %")
    return 0 if score >= LOWEST else 1


if __name__ == "__main__":
    sys.exit(main())
