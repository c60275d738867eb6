"""Reads the files of `content/`; every problem names its file, line and field, and all are told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from bot.content import schema
from bot.core.item import Format

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
    yaml.width = 100_000  # never fold what an editor wrote on one line
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


@dataclass(frozen=True, slots=True)
class Desk:
    """A content directory as read: the document, and where each item and lesson stands (file and line by code)."""

    document: schema.ContentDocument
    places: Mapping[str, tuple[str, int]]


def load(directory: Path) -> schema.ContentDocument:
    """Read and check the whole content directory; refuse with ContentRefused."""
    return read(directory).document


def read(directory: Path) -> Desk:
    """Read and check the whole content directory, keeping where everything stands; refuse with ContentRefused."""
    problems: list[Problem] = []
    singles = {
        "form": _single(directory / "forms.yaml", schema.FormEntry, directory, problems),
        "levels": _single(directory / "levels.yaml", schema.LevelsEntry, directory, problems),
        "advice": _single(directory / "advice.yaml", schema.AdviceEntry, directory, problems),
        "exposure": _single(directory / "exposure.yaml", schema.ExposureEntry, directory, problems),
    }
    items = [item for path in sorted(directory.glob("items/*/*.yaml")) for item in _items(path, directory, problems)]
    modules = [m for path in sorted(directory.glob("modules/*/*.html.j2")) for m in _module(path, directory, problems)]
    pictures = _pictures(directory, items, problems)
    problems += _repeated(items, modules)
    if problems:
        raise ContentRefused(problems)
    document = schema.ContentDocument(
        **{name: value for name, value in singles.items() if value is not None},  # type: ignore[arg-type]
        items=tuple(item for _, _, item in items),
        modules=tuple(module for _, _, module in modules),
        pictures=pictures,
    )
    return Desk(document, {entry.code: (file, line) for file, line, entry in (*items, *modules)})


Found = tuple[str, int, Any]
"""File, line, and the validated entry that stands there."""


def _read(path: Path, root: Path, problems: list[Problem]) -> CommentedMap | None:
    return _parsed(_text(path, root, problems), path, root, problems)


def _text(path: Path, root: Path, problems: list[Problem]) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        problems.append(Problem(_name(path, root), 1, "berkas", "berkas ini tidak ada"))
    except UnicodeDecodeError:
        problems.append(Problem(_name(path, root), 1, "berkas", "berkas ini tidak tersimpan sebagai UTF-8"))
    return None


def _parsed(
    text: str | None, path: Path, root: Path, problems: list[Problem], first_line: int = 1
) -> CommentedMap | None:
    """Read YAML whose first line is `first_line` of its file; note what is wrong and return None where it is."""
    if text is None:
        return None
    try:
        data = yaml_format().load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + first_line if mark else first_line
        message = f"tidak terbaca sebagai YAML: {getattr(error, 'problem', None) or error}"
        problems.append(Problem(_name(path, root), line, "yaml", message))
        return None
    if not isinstance(data, CommentedMap):
        message = "isi berkas harus berupa daftar kunci dan nilai"
        problems.append(Problem(_name(path, root), first_line, "berkas", message))
        return None
    return data


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
    text = _text(path, root, problems)
    if text is None:
        return
    parts = text.split(HEAD_BREAK, 2)
    if len(parts) != 3 or parts[0]:
        problems.append(Problem(_name(path, root), 1, "kepala", "modul dibuka dengan kepala di antara dua baris ---"))
        return
    head = _parsed(parts[1], path, root, problems, first_line=2)
    if head is None:
        return
    cards = tuple(card.strip("\n") for card in parts[2].strip("\n").split(CARD_BREAK))
    try:
        module = schema.ModuleEntry.model_validate({**head, "cards": cards})
    except ValidationError as error:
        problems.extend(_explain(error, head, path, root, 2, first_line=2))
        return
    if path.parent.name != module.dimension.value:
        line = _line(head, ("dimension",), 2, 2)
        message = f"berkas ini ada di folder {path.parent.name}"
        problems.append(Problem(_name(path, root), line, "dimension", message))
    yield _name(path, root), 1, module


def _pictures(root: Path, items: list[Found], problems: list[Problem]) -> dict[str, str]:
    """Return the SVG texts that items show; note a picture that is missing, or that no item shows."""
    wanted = {entry.picture: (file, line) for file, line, entry in items if isinstance(entry, schema.PictureItem)}
    paths = {path.stem: path for path in sorted(root.glob("pictures/*.svg"))}
    problems += [
        Problem(*wanted[name], "picture", f"berkas pictures/{name}.svg tidak ada") for name in wanted.keys() - paths
    ]
    problems += [
        Problem(_name(paths[name], root), 1, "berkas", "gambar ini tidak dipakai butir mana pun")
        for name in sorted(paths.keys() - wanted)
    ]
    texts = {name: _text(path, root, problems) for name, path in paths.items() if name in wanted}
    return {name: text for name, text in texts.items() if text is not None}


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
    formats = set(Format)
    details = error.errors()
    for detail in details:
        if detail["type"] == "too_short" and any(
            d["loc"][: len(detail["loc"])] == detail["loc"] != d["loc"] for d in details
        ):
            continue  # the list only counts as short because an entry of it is faulty, which is told by itself
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
    "int_from_float": "harus berupa bilangan bulat",
    "float_type": "harus berupa bilangan",
    "float_parsing": "harus berupa bilangan",
    "bool_parsing": "harus true atau false",
    "bool_type": "harus true atau false",
    "enum": "harus salah satu dari {expected}",
    "literal_error": "harus salah satu dari {expected}",
    "union_tag_invalid": "format {tag} tidak dikenal",
    "union_tag_not_found": "wajib diisi: format",
    "too_short": "terlalu sedikit, paling sedikit {min_length}",
    "too_long": "terlalu banyak, paling banyak {max_length}",
    "less_than": "harus kurang dari {lt}",
    "less_than_equal": "paling besar {le}",
    "greater_than": "harus lebih dari {gt}",
    "greater_than_equal": "paling kecil {ge}",
    "tuple_type": "harus berupa daftar",
    "dict_type": "harus berupa kunci dan nilai",
    "model_type": "harus berupa kunci dan nilai",
    "model_attributes_type": "harus berupa kunci dan nilai",
    "url_parsing": "alamat tidak sah",
    "url_type": "alamat tidak sah",
    "url_scheme": "alamat harus diawali https://",
    "date_type": "tanggal ditulis TTTT-BB-HH",
    "date_from_datetime_parsing": "tanggal ditulis TTTT-BB-HH",
    "date_from_datetime_inexact": "tanggal ditulis TTTT-BB-HH, tanpa jam",
    "value_error": "{error}",
}


def _in_indonesian(detail: Any) -> str:
    pattern = _MESSAGES.get(detail["type"])
    return pattern.format(**detail.get("ctx", {})) if pattern else str(detail["msg"])
