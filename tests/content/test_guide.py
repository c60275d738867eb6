"""The authors' guide: every example is complete and passes the same checks as the real content."""

from __future__ import annotations

import re
from pathlib import Path
from statistics import median
from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.content.item_schema import AnyItem, SourceEntry
from bot.content.load import yaml_format
from bot.content.readability import sentence_lengths
from bot.core.item import Format
from tests.content.broken import GLOSSARY, HABITS, Desk, items_of, light_desk

GUIDE = (Path(__file__).parents[2] / "docs" / "panduan-penulis.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"(?ms)^```(\w+)\n(.*?)^```$", GUIDE)
YAML_BLOCKS = [text for kind, text in BLOCKS if kind == "yaml"]
LESSON, PICTURE = (next(text for kind, text in BLOCKS if kind == wanted) for wanted in ("text", "xml"))


def _parsed(text: str) -> Any:
    return yaml_format().load(text)


ITEMS = next(text for text in YAML_BLOCKS if isinstance(_parsed(text), list))
EXAMPLES = re.findall(r"(?ms)^- code.*?(?=^- code|\Z)", ITEMS)
ENTRIES = [(text, _parsed(text)[0]) for text in EXAMPLES]


def test_guide_is_short_and_plain() -> None:
    prose = re.sub(r"(?ms)^```.*?^```$|^\|.*?$", "", GUIDE)

    assert len(GUIDE.splitlines()) <= 226
    assert median(sentence_lengths(re.sub(r"\n(?=\w)", " ", prose))) <= 14


def test_every_format_has_one_example() -> None:
    shown = [entry["format"] for _, entry in ENTRIES]

    assert sorted(set(shown)) == sorted(Format)
    assert len(shown) == len(Format)


@pytest.mark.parametrize("text", [*EXAMPLES, *(text for text in YAML_BLOCKS if text != ITEMS)])
def test_example_passes_the_schema(tmp_path: Path, text: str) -> None:
    data = _parsed(text)
    if isinstance(data, list):
        (entry,) = data
        dimension = {} if entry["format"] == "kebiasaan" else {"dimension": entry["code"][:2]}
        assert TypeAdapter[Any](AnyItem).validate_python({**dimension, **entry}).stem == entry["stem"]
    elif "sources" in data:
        assert [SourceEntry.model_validate(one).title for one in data["sources"]]
    else:
        made = light_desk(tmp_path)
        made.write(GLOSSARY, text)
        assert made.problems() == []


def _published(folder: Path) -> Desk:
    """Return the light content with all examples of the guide in their files, as active."""
    made = light_desk(folder)
    for text, entry in ENTRIES:
        file = HABITS if entry["format"] == "kebiasaan" else items_of(entry["code"][:2])
        whole = (made.root / file).read_text(encoding="utf-8")
        indented = "".join(f"  {line}\n" for line in text.splitlines())
        made.write(file, whole + indented.replace("status: draf", "status: aktif"))
    made.write("pictures/halaman-keripik.svg", PICTURE)
    made.write("modules/O7/hitung-sanggup.html.j2", LESSON)
    return made


def test_examples_together_pass_the_whole_check(tmp_path: Path) -> None:
    assert _published(tmp_path).problems() == []
