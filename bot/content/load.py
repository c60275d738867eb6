"""Reads the files of `content/`; every problem names its file, line and field, and all are told at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError

from bot.content import schema

CARD_BREAK = "\n=====\n"
HEAD_BREAK = "---\n"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend; `line` counts from 1, `field` is the path inside the entry, `message` is for an editor."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.field}: {self.message}"


class ContentRefused(Exception):
    """The content has problems; all of them are in `problems`."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def yaml_format() -> YAML:
    """Return the reader and writer of content files, which keeps comments and the order of keys."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 120
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def load(directory: Path) -> schema.ContentDocument:
    """Read and check the whole content directory; refuse with ContentRefused."""
    problems: list[Problem] = []
    singles = {
        "form": _single(directory / "forms.yaml", schema.FormEntry, directory, problems),
        "levels": _single(directory / "levels.yaml", schema.LevelsEntry, directory, problems),
        "advice": _single(directory / "advice.yaml", schema.AdviceEntry, directory, problems),
    }
    items = [item for path in sorted(directory.glob("items/*/*.yaml")) for item in _items(path, directory, problems)]
    modules = [m for path in sorted(directory.glob("modules/*/*.html.j2")) for m in _module(path, directory, problems)]
    problems += _repeated(items, modules)
    if problems:
        raise ContentRefused(problems)
    return schema.ContentDocument(
        **{name: value for name, value in singles.items() if value is not None},  # type: ignore[arg-type]
        items=tuple(item for _, _, item in items),
        modules=tuple(module for _, _, module in modules),
    )


Found = tuple[str, int, Any]
"""File, line, and the validated entry that stands there."""


def _read(path: Path, root: Path, problems: list[Problem]) -> CommentedMap | None:
    try:
        data = yaml_format().load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(Problem(_name(path, root), 1, "berkas", "berkas ini tidak ada"))
        return None
    except (MarkedYAMLError, UnicodeDecodeError) as error:
        problems.append(_unreadable(error, path, root))
        return None
    if not isinstance(data, CommentedMap):
        problems.append(Problem(_name(path, root), 1, "berkas", "isi berkas harus berupa daftar kunci dan nilai"))
        return None
    return data


def _unreadable(error: Exception, path: Path, root: Path) -> Problem:
    mark = getattr(error, "problem_mark", None)
    return Problem(_name(path, root), mark.line + 1 if mark else 1, "yaml", f"tidak terbaca sebagai YAML: {error}")


def _single(path: Path, model: type[BaseModel], root: Path, problems: list[Problem]) -> BaseModel | None:
    data = _read(path, root, problems)
    if data is None:
        return None
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems.extend(_explain(error, data, path, root))
        return None


_ITEM = TypeAdapter[Any](schema.AnyItem)


def _items(path: Path, root: Path, problems: list[Problem]) -> Iterator[Found]:
    data = _read(path, root, problems)
    if data is None:
        return
    entries = data.get("items")
    if not isinstance(entries, CommentedSeq) or set(data) != {"dimension", "items"}:
        problems.append(
            Problem(_name(path, root), 1, "items", "berkas butir berisi tepat dua kunci: dimension dan items")
        )
        return
    for index, entry in enumerate(entries):
        line = entries.lc.item(index)[0] + 1
        fields = dict(entry) if isinstance(entry, CommentedMap) else entry
        if isinstance(fields, dict) and fields.get("format") != "kebiasaan":
            fields = {"dimension": data["dimension"], **fields}
        try:
            yield _name(path, root), line, _ITEM.validate_python(fields)
        except ValidationError as error:
            code = fields.get("code", index + 1) if isinstance(fields, dict) else index + 1
            problems.extend(_explain(error, entry, path, root, line, f"{code}."))


def _module(path: Path, root: Path, problems: list[Problem]) -> Iterator[Found]:
    text = path.read_text(encoding="utf-8")
    parts = text.split(HEAD_BREAK, 2)
    if len(parts) != 3 or parts[0]:
        problems.append(Problem(_name(path, root), 1, "kepala", "modul dibuka dengan kepala di antara dua baris ---"))
        return
    try:
        head = yaml_format().load(parts[1])
    except MarkedYAMLError as error:
        problems.append(_unreadable(error, path, root))
        return
    cards = tuple(card.strip("\n") for card in parts[2].strip("\n").split(CARD_BREAK))
    try:
        yield _name(path, root), 1, schema.ModuleEntry.model_validate({**head, "cards": cards})
    except ValidationError as error:
        problems.extend(_explain(error, head, path, root, 2, first_line=2))


def _repeated(items: list[Found], modules: list[Found]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for file, line, entry in (*items, *modules):
        if entry.code in seen:
            yield Problem(file, line, "code", f"kode {entry.code} sudah dipakai di {seen[entry.code]}")
        seen.setdefault(entry.code, f"{file}:{line}")


def _name(path: Path, root: Path) -> str:
    return f"{root.name}/{path.relative_to(root).as_posix()}"


def _explain(
    error: ValidationError, data: Any, path: Path, root: Path, line: int = 1, prefix: str = "", first_line: int = 1
) -> Iterator[Problem]:
    formats = {"pilihan", "situasi", "ganda", "angka", "kebiasaan"}
    for detail in error.errors():
        where = tuple(part for part in detail["loc"] if part not in formats)
        field = prefix + ".".join(str(part) for part in where) if where else prefix.rstrip(".") or "berkas"
        yield Problem(_name(path, root), _line(data, where, line, first_line), field, _in_indonesian(detail))


def _line(data: Any, where: tuple[int | str, ...], fallback: int, first_line: int) -> int:
    """Return the line of the deepest part of the path that stands in the file."""
    line = fallback
    for part in where:
        try:
            spot = data.lc.item(part) if isinstance(data, CommentedSeq) else data.lc.key(part)
            data = data[part]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
        line = spot[0] + first_line
    return line


_MESSAGES = {
    "missing": "wajib diisi",
    "extra_forbidden": "kunci ini tidak dikenal",
    "string_too_long": "terlalu panjang, paling banyak {max_length} huruf",
    "string_too_short": "tidak boleh kosong",
    "string_pattern_mismatch": "bentuknya tidak sesuai {pattern}",
    "string_type": "harus berupa teks",
    "int_type": "harus berupa bilangan bulat",
    "int_parsing": "harus berupa bilangan bulat",
    "bool_parsing": "harus true atau false",
    "bool_type": "harus true atau false",
    "enum": "harus salah satu dari {expected}",
    "literal_error": "harus salah satu dari {expected}",
    "union_tag_invalid": "format {tag} tidak dikenal",
    "union_tag_not_found": "wajib diisi: format",
    "too_short": "terlalu sedikit, paling sedikit {min_length}",
    "too_long": "terlalu banyak, paling banyak {max_length}",
    "less_than_equal": "paling besar {le}",
    "greater_than_equal": "paling kecil {ge}",
    "url_parsing": "alamat tidak sah",
    "url_scheme": "alamat harus diawali https://",
    "date_from_datetime_parsing": "tanggal ditulis TTTT-BB-HH",
    "value_error": "{error}",
}


def _in_indonesian(detail: Any) -> str:
    pattern = _MESSAGES.get(detail["type"])
    return pattern.format(**detail.get("ctx", {})) if pattern else str(detail["msg"])
