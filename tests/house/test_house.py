"""Rules of the house that no linter knows."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.chat.routes import COMMANDS
from bot.content import item_schema, practice_schema, schema
from bot.content.strict import Strict
from bot.settings import NAMES
from tests.house.messages import problems

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "bot").rglob("*.py"))
DOCS = "\n".join(path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
ROOMS = ("core", "texts", "content", "store", "usecases", "chat", "tg", "web", "jobs", "simulator")


def _functions(path: Path) -> list[tuple[str, int]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [(f"{path.relative_to(ROOT)}:{n.name}", (n.end_lineno or n.lineno) - n.lineno + 1) for n in found]


def test_files_stay_readable() -> None:
    lengths = {str(p.relative_to(ROOT)): len(p.read_text(encoding="utf-8").splitlines()) for p in SOURCES}

    assert {name: lines for name, lines in lengths.items() if lines > 400} == {}


def test_functions_stay_short() -> None:
    long = {name: lines for path in SOURCES for name, lines in _functions(path) if lines > 50}

    assert {name: n for name, n in long.items() if "migrations/versions" not in name} == {}


def test_public_functions_of_core_and_usecases_say_what_they_do() -> None:
    silent = []
    for path in SOURCES:
        if path.parent.name not in ("core", "usecases"):
            continue
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and not ast.get_docstring(node):
                silent.append(f"{path.name}:{node.name}")

    assert silent == []


def test_usecases_take_keywords_after_the_session() -> None:
    loose = []
    for path in (ROOT / "bot" / "usecases").glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            is_public = isinstance(node, ast.FunctionDef) and not node.name.startswith("_")
            if is_public and isinstance(node, ast.FunctionDef) and len(node.args.args) > 1:
                loose.append(f"{path.name}:{node.name}")

    assert loose == []


def test_core_has_no_clock_no_chance_and_no_io() -> None:
    forbidden = {"random", "time", "os", "pathlib", "asyncio", "secrets", "socket", "logging"}

    for path in (ROOT / "bot" / "core").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
        imported |= {(n.module or "").split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        called = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}

        assert imported & forbidden == set(), path
        assert called & {"now", "today", "utcnow"} <= {"today"}, path
        assert imported <= set(sys.stdlib_module_names) | {"bot", "__future__"}, path


def test_modules_have_nouns_for_names() -> None:
    vague = {"utils", "helpers", "common", "manager", "info", "misc"}

    assert {path.stem for path in SOURCES} & vague == set()


def test_nothing_keeps_state_in_the_telegram_library() -> None:
    forbidden = re.compile(r"ConversationHandler|user_data|PicklePersistence|arbitrary_callback_data|\bpickle\b")

    assert [p.name for p in SOURCES if forbidden.search(p.read_text(encoding="utf-8"))] == []


def test_commit_stands_in_one_place() -> None:
    places = [str(p.relative_to(ROOT)) for p in SOURCES if ".commit()" in p.read_text(encoding="utf-8")]

    assert places == ["bot/store/session.py"]


def test_every_room_is_described() -> None:
    architecture = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")

    assert [room for room in ROOMS if f"`{room}`" not in architecture] == []


@pytest.mark.parametrize("name", NAMES)
def test_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in DOCS


@pytest.mark.parametrize("name", [command.name for command in COMMANDS])
def test_command_is_documented(name: str) -> None:
    assert f"/{name}" in DOCS


def test_content_fields_are_documented() -> None:
    entries = [
        thing
        for room in (item_schema, practice_schema, schema)
        for thing in vars(room).values()
        if isinstance(thing, type)
    ]
    models = [entry for entry in entries if issubclass(entry, Strict) and entry is not Strict]
    fields = {name for model in models for name in model.model_fields}

    assert {name for name in fields if f"`{name}`" not in DOCS} == set()


def test_decisions_are_short_and_name_their_test() -> None:
    for path in sorted((ROOT / "docs" / "adr").glob("*.md")):
        text = path.read_text(encoding="utf-8")

        assert len(text.splitlines()) <= 60, path
        named = re.findall(r"`(tests/[\w/.-]+|pyproject\.toml)`", text)
        assert named, path
        assert [name for name in named if not (ROOT / name).exists()] == [], path


def test_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120


def test_translations_have_not_drifted() -> None:
    assert problems() == []


def test_lock_names_no_index_and_pins_every_package_by_hash() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        packages = re.findall(r"^[a-z0-9][\w.-]*==", text, flags=re.M)

        assert "://" not in text
        assert len(packages) == len(re.findall(r"== *[\w.]+(?: ;[^\\\n]*)? \\\n +--hash=sha256:", text))


def test_importing_does_nothing() -> None:
    code = (
        "import sys, socket, pathlib, os\n"
        "def refuse(*a, **k): raise SystemExit('I/O at import')\n"
        "socket.socket.connect = refuse; os.environ.get('X')\n"
        "import bot.wiring, bot.process, bot.cli, bot.chat.routes, bot.store.tables\n"
        "import bot.texts.catalogue as c, bot.texts.engine as e\n"
        "assert c.catalogue.cache_info().currsize == 0 and e.screens.cache_info().currsize == 0\n"
        "print('quiet')\n"
    )

    said = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert (said.stdout, said.stderr) == ("quiet\n", "")
