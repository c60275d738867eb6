"""What docs/trust.md promises to be shown by something, is: tests, commands and sizes exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from bot.chat.routes import COMMANDS

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "trust.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TESTS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("*.py"))
CHAOS = dict(re.findall(r"([A-Z_]+)=(\d+)", re.findall(r"^chaos:.*\n((?:\t.*\n)+)", MAKEFILE, flags=re.M)[0]))
SIZES = re.findall(r"^\| `([A-Z_]+)` \|[^|]+\| (\d+) \| (\d+|–) \| (\d+) \|$", PAGE, flags=re.M)


@cache
def _functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def _section(title: str) -> str:
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def test_page_is_readable() -> None:
    assert len(PAGE.splitlines()) <= 400


def test_every_target_and_every_fault_has_a_line() -> None:
    def numbers(title: str) -> list[int]:
        return [int(number) for number in re.findall(r"^\| (\d+) \|", _section(title), flags=re.M)]

    assert numbers("The targets") == list(range(1, 32))
    assert numbers("The faults") == list(range(1, 30))


@pytest.mark.parametrize("title", ["The targets", "The faults"])
def test_every_line_names_what_shows_it(title: str) -> None:
    lines = re.findall(r"^\| \d+ \|.*$", _section(title), flags=re.M)

    assert [line for line in lines if not re.search(r"`(?:[^`]* )?tests/|`make ", line)] == []


def test_tests_that_are_named_exist() -> None:
    named = re.findall(r"\b(tests/[\w/.-]+\.py)(?:::(\w+))?", PAGE)

    assert len(named) > 80
    assert [path for path, _ in named if not (ROOT / path).exists()] == []
    assert [name for path, name in named if name and name not in _functions(path)] == []


def test_commands_that_are_named_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, flags=re.M))
    commands = {command.name for command in COMMANDS}

    assert set(re.findall(r"`make ([a-z-]+)`", PAGE)) - targets == set()
    assert set(re.findall(r"(?<![\w/.<`])/([a-z]+)\b(?!/)", _section("Security"))) - commands - {"readyz"} == set()
    assert (ROOT / ".ci" / "run").exists()


def test_documents_that_are_named_exist() -> None:
    assert [name for name in re.findall(r"\]\(([\w.-]+)\)", PAGE) if not (ROOT / "docs" / name).exists()] == []
    assert [name for name in re.findall(r"`(bot/[\w/]+\.py)`", PAGE) if not (ROOT / name).exists()] == []


@pytest.mark.parametrize(("name", "small", "large", "whole"), SIZES, ids=[size[0] for size in SIZES])
def test_sizes_are_those_of_the_tests_and_of_the_makefile(name: str, small: str, large: str, whole: str) -> None:
    assert f'environ.get("{name}", "{small}")' in TESTS
    assert CHAOS.get(name, "–") == large
    assert int(small) <= int(whole)


def test_sizes_are_read_whole_and_no_other_is_named() -> None:
    named = set(re.findall(r"\b([A-Z][A-Z_]+)=(?:\d+|n\b)", PAGE)) - {"SEED", "EVERY_POINT"}

    assert named <= {name for name, *_ in SIZES}
    assert len(SIZES) == len(re.findall(r"^\| `[A-Z_]+` \|", _section("Sizes"), flags=re.M))
