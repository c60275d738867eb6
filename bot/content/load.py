"""Reads the files of `content/`; every problem names its file, line and field, and all are told at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from bot.content import item_schema, practice_schema, schema
from bot.content.problems import ContentRefused, Problem, explain, line_of

CARD_BREAK = "\n=====\n"
HEAD_BREAK = "---\n"


def yaml_format() -> YAML:
    """Return the reader and writer of content files, which keeps comments and the order of keys."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 100_000  # never fold what an editor wrote on one line
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


@dataclass(frozen=True, slots=True)
class Desk:
    """A content directory as read: the document, what is asked of it as a whole, and where each item and lesson stands
    (file and line by code).
    """

    document: schema.ContentDocument
    bank: schema.BankEntry
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
        "glossary": _single(directory / "glossary.yaml", schema.GlossaryEntry, directory, problems),
        "exposure": _single(directory / "exposure.yaml", schema.ExposureEntry, directory, problems),
        "practice": _single(
            directory / "practice" / "pelanggan-bayangan.yaml", practice_schema.PracticeEntry, directory, problems
        ),
    }
    bank = _single(directory / "bank.yaml", schema.BankEntry, directory, problems)
    items = [item for path in sorted(directory.glob("items/*/*.yaml")) for item in _items(path, directory, problems)]
    lessons = [path for path in sorted(directory.glob("modules/*/*.html.j2")) if not _language(path)]
    modules = [module for path in lessons for module in _module(path, directory, problems)]
    problems += _stray_translations(directory, lessons)
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
    assert isinstance(bank, schema.BankEntry)
    return Desk(document, bank, {entry.code: (file, line) for file, line, entry in (*items, *modules)})


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
        problems.extend(explain(error, data, _name(path, root)))
        return None


_ITEM = TypeAdapter[Any](item_schema.AnyItem)


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
            problems.extend(explain(error, entry, _name(path, root), line=line, prefix=f"{code}."))


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
    translations = {}
    for other in sorted(path.parent.glob(f"{_slug(path)}.??.html.j2")):
        translations[_language(other)] = _cards(_text(other, root, problems) or "")
    try:
        module = schema.ModuleEntry.model_validate({**head, "cards": _cards(parts[2]), "translations": translations})
    except ValidationError as error:
        problems.extend(explain(error, head, _name(path, root), line=2, first_line=2))
        return
    if path.parent.name != module.dimension.value:
        line = line_of(head, ("dimension",), 2, 2)
        message = f"berkas ini ada di folder {path.parent.name}"
        problems.append(Problem(_name(path, root), line, "dimension", message))
    yield _name(path, root), 1, module


def _slug(path: Path) -> str:
    return path.name.split(".")[0]


def _language(path: Path) -> str:
    """Return the language that a lesson's file name tells, as in slug.en.html.j2; empty for the lesson itself."""
    parts = path.name.split(".")
    return parts[1] if len(parts) == 4 else ""


def _cards(text: str) -> tuple[str, ...]:
    return tuple(card.strip("\n") for card in text.strip("\n").split(CARD_BREAK))


def _stray_translations(root: Path, lessons: list[Path]) -> Iterator[Problem]:
    slugs = {(path.parent.name, _slug(path)) for path in lessons}
    for path in sorted(root.glob("modules/*/*.*.html.j2")):
        if (path.parent.name, _slug(path)) not in slugs:
            yield Problem(_name(path, root), 1, "berkas", "terjemahan ini tidak punya pelajaran asalnya")


def _pictures(root: Path, items: list[Found], problems: list[Problem]) -> dict[str, str]:
    """Return the SVG texts that items show; note a picture that is missing, or that no item shows."""
    wanted = {entry.picture: (file, line) for file, line, entry in items if isinstance(entry, item_schema.PictureItem)}
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
