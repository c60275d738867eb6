"""Reads the files of `content/`; every problem names its file, line and field, and all are told at once."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import YAMLError

from bot.content import item_schema, po, practice_schema, schema
from bot.content.problems import ContentRefused, Problem, date_fault, explain, line_of, yaml_fault
from bot.core.item import COACH_DIMENSIONS, OWNER_DIMENSIONS
from bot.texts.catalogue import LANGUAGES, SOURCE_LANGUAGE

CARD_BREAK = "\n=====\n"
HEAD_BREAK = "---\n"
MEASURED = (*OWNER_DIMENSIONS, *COACH_DIMENSIONS)
HABITS = "habit"
"""What stands for a dimension in a file of habits."""
SINGLES: Mapping[str, tuple[str, type[BaseModel]]] = {
    "form": ("forms.yaml", schema.FormEntry),
    "levels": ("levels.yaml", schema.LevelsEntry),
    "coach": ("coach.yaml", schema.CoachEntry),
    "advice": ("advice.yaml", schema.AdviceEntry),
    "glossary": ("glossary.yaml", schema.GlossaryEntry),
    "exposure": ("exposure.yaml", schema.ExposureEntry),
    "practice": ("practice/pelanggan-bayangan.yaml", practice_schema.PracticeEntry),
    "sessions": ("sessions.yaml", schema.SessionsEntry),
    "bank": ("bank.yaml", schema.BankEntry),
}
"""Files that hold one entry: their part of the document, name and schema."""


def yaml_format() -> YAML:
    """Return the reader and writer of content files, which keeps comments and the order of keys."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = 100_000  # never fold what an editor wrote on one line
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


Place = tuple[str, int]
"""File, and line counted from 1."""


@dataclass(frozen=True, slots=True)
class Desk:
    """A content directory as read: the document, what is asked of it as a whole, and where everything stands.

    `places` holds items and lessons by code, `cards` the cards of a lesson by its code and language, `singles` the
    files of one entry by name, as YAML gave them.
    """

    document: schema.ContentDocument
    bank: schema.BankEntry
    root: Path
    places: Mapping[str, Place]
    cards: Mapping[tuple[str, str], tuple[Place, ...]]
    singles: Mapping[str, CommentedMap]

    def name(self, file: str) -> str:
        """Return a file's name as problems tell it."""
        return f"{self.root.name}/{file}"

    def place(self, file: str, *where: int | str) -> Place:
        """Return where a part of a file of one entry stands, or else its first line."""
        return self.name(file), line_of(self.singles.get(file), where, 1, 1)


def load(directory: Path) -> schema.ContentDocument:
    """Read and check the whole content directory; refuse with ContentRefused."""
    return read(directory).document


def read(directory: Path) -> Desk:
    """Read and check the whole content directory, keeping where everything stands; refuse with ContentRefused."""
    reading = _Reading(directory)
    entries = {part: reading.single(file, model) for part, (file, model) in SINGLES.items()}
    items = [item for path in sorted(directory.glob("items/*/*.yaml")) for item in reading.items(path)]
    lessons = [path for path in sorted(directory.glob("modules/*/*.html.j2")) if not _language(path)]
    modules = [module for path in lessons for module in reading.module(path)]
    reading.stray_translations(lessons)
    pictures = reading.pictures(items)
    reading.repeated(items, modules)
    translations = reading.translations()
    if reading.problems:
        raise ContentRefused(reading.problems)
    bank = entries.pop("bank")
    assert isinstance(bank, schema.BankEntry)
    document = schema.ContentDocument(
        **entries,  # type: ignore[arg-type]
        items=tuple(item for _, _, item in items),
        modules=tuple(module for _, _, module in modules),
        pictures=pictures,
        translations=translations,
    )
    places = {entry.code: (file, line) for file, line, entry in (*items, *modules)}
    return Desk(document, bank, directory, places, reading.cards, reading.read)


Found = tuple[str, int, Any]
"""File, line, and the validated entry that stands there."""

_ITEM = TypeAdapter[Any](item_schema.AnyItem)
_TEXTS = TypeAdapter[dict[str, str]](schema.Translations)


@dataclass(slots=True)
class _Reading:
    """What has been read so far, and what is wrong with it."""

    root: Path
    problems: list[Problem] = field(default_factory=list)
    read: dict[str, CommentedMap] = field(default_factory=dict)
    cards: dict[tuple[str, str], tuple[Place, ...]] = field(default_factory=dict)

    def single(self, file: str, model: type[BaseModel]) -> BaseModel | None:
        """Read a file of one entry."""
        path = self.root / file
        data = self._parsed(self._text(path), path)
        if data is None:
            return None
        self.read[file] = data
        try:
            return model.model_validate(data)
        except ValidationError as error:
            self.problems.extend(explain(error, data, self._name(path)))
            return None

    def items(self, path: Path) -> Iterator[Found]:
        """Read a file of questions."""
        data = self._parsed(self._text(path), path)
        if data is None:
            return
        entries = data.get("items")
        if not isinstance(entries, CommentedSeq) or set(data) != {"dimension", "items"}:
            self._tell(path, 1, "items", "berkas butir berisi tepat dua kunci: dimension dan items")
            return
        if data["dimension"] not in (*MEASURED, HABITS):
            line = line_of(data, ("dimension",), 1, 1)
            self._tell(path, line, "dimension", f"harus salah satu dari {', '.join(MEASURED)}, atau {HABITS}")
            return
        for index, entry in enumerate(entries):
            line = entries.lc.item(index)[0] + 1
            fields = dict(entry) if isinstance(entry, CommentedMap) else entry
            if isinstance(fields, dict) and fields.get("format") != "kebiasaan":
                fields = {"dimension": data["dimension"], **fields}
            try:
                yield self._name(path), line, _ITEM.validate_python(fields)
            except ValidationError as error:
                code = fields.get("code", index + 1) if isinstance(fields, dict) else index + 1
                self.problems.extend(explain(error, entry, self._name(path), line=line, prefix=f"{code}."))

    def module(self, path: Path) -> Iterator[Found]:
        """Read a lesson with its translations."""
        text = self._text(path)
        if text is None:
            return
        parts = text.split(HEAD_BREAK, 2)
        if len(parts) != 3 or parts[0]:
            self._tell(path, 1, "kepala", "modul dibuka dengan kepala di antara dua baris ---")
            return
        head = self._parsed(parts[1], path, first_line=2)
        if head is None:
            return
        first_line = text[: len(text) - len(parts[2])].count("\n") + 1
        cards = {SOURCE_LANGUAGE: _cards(parts[2], first_line)}
        if self._badly_parted(path, cards[SOURCE_LANGUAGE]):
            return
        files = {SOURCE_LANGUAGE: path}
        for other in sorted(path.parent.glob(f"{_slug(path)}.*.html.j2")):
            self._add_translation(other, cards, files)
        translations = {language: texts for language, (texts, _) in cards.items() if language != SOURCE_LANGUAGE}
        try:
            module = schema.ModuleEntry.model_validate(
                {**head, "cards": cards[SOURCE_LANGUAGE][0], "translations": translations}
            )
        except ValidationError as error:
            self.problems.extend(explain(error, head, self._name(path), line=2, first_line=2))
            return
        if path.parent.name != module.dimension.value:
            line = line_of(head, ("dimension",), 2, 2)
            self._tell(path, line, "dimension", f"berkas ini ada di folder {path.parent.name}")
        for language, (_, lines) in cards.items():
            name = self._name(files[language])
            self.cards[module.code, language] = tuple((name, line) for line in lines)
        yield self._name(path), 1, module

    def _add_translation(self, path: Path, cards: dict[str, Cards], files: dict[str, Path]) -> None:
        language = _language(path)
        if language not in LANGUAGES or language == SOURCE_LANGUAGE:
            known = ", ".join(sorted(LANGUAGES.keys() - {SOURCE_LANGUAGE}))
            self._tell(path, 1, "berkas", f"bahasa {language} tidak dikenal; yang ada: {known}")
            return
        text = self._text(path)
        if text is None:
            return
        if text.startswith(HEAD_BREAK):
            self._tell(path, 1, "kepala", "terjemahan hanya berisi kartu, tanpa kepala")
            return
        texts, lines = _cards(text, 1)
        if self._badly_parted(path, (texts, lines)):
            return
        wanted = len(cards[SOURCE_LANGUAGE][0])
        if len(texts) != wanted:
            self._tell(path, 1, "kartu", f"ada {len(texts)} kartu, seharusnya {wanted} seperti pelajaran asalnya")
            return
        cards[language], files[language] = (texts, lines), path

    def _badly_parted(self, path: Path, cards: Cards) -> bool:
        """Tell of lines that look like the break between two cards and are none."""
        found = False
        for text, line in zip(*cards, strict=True):
            for likeness in BREAK_LIKE.finditer(text):
                message = "kartu dipisah dengan baris berisi tepat lima tanda ="
                self._tell(path, line + text[: likeness.start(1)].count("\n"), "kartu", message)
                found = True
        return found

    def stray_translations(self, lessons: list[Path]) -> None:
        """Tell of translations whose lesson is not there."""
        slugs = {(path.parent.name, _slug(path)) for path in lessons}
        for path in sorted(self.root.glob("modules/*/*.*.html.j2")):
            if (path.parent.name, _slug(path)) not in slugs:
                self._tell(path, 1, "berkas", "terjemahan ini tidak punya pelajaran asalnya")

    def pictures(self, items: list[Found]) -> dict[str, str]:
        """Return the SVG texts that items show; tell of a picture that is missing, or that no item shows."""
        shown = [(entry.picture, file, line) for file, line, entry in items if hasattr(entry, "picture")]
        paths = {path.stem: path for path in sorted(self.root.glob("pictures/*.svg"))}
        self.problems += [
            Problem(file, line, "picture", f"berkas pictures/{name}.svg tidak ada")
            for name, file, line in shown
            if name not in paths
        ]
        wanted = {name for name, _, _ in shown}
        whole = not any(problem.file.startswith(self._name(self.root / "items")) for problem in self.problems)
        for name in sorted(paths.keys() - wanted if whole else ()):
            self._tell(paths[name], 1, "berkas", "gambar ini tidak dipakai butir mana pun")
        texts = {name: self._text(path) for name, path in paths.items() if name in wanted}
        return {name: text for name, text in texts.items() if text is not None}

    def translations(self) -> dict[str, dict[str, str]]:
        """Return the texts that editors translated, by language; the catalogues in locales/ are none of the content."""
        found = {}
        for path in sorted(self.root.glob("translations/*.po")):
            if path.stem not in LANGUAGES or path.stem == SOURCE_LANGUAGE:
                self._tell(path, 1, "berkas", f"bahasa {path.stem} tidak dikenal")
                continue
            try:
                texts = {said.source: said.text for said in po.read(self._text(path) or "", path.stem)}
                found[path.stem] = _TEXTS.validate_python(texts)
            except po.NotPo:
                self._tell(path, 1, "berkas", "berkas ini tidak terbaca sebagai PO")
            except ValidationError as error:
                self.problems.extend(explain(error, texts, self._name(path)))
        return found

    def repeated(self, items: list[Found], modules: list[Found]) -> None:
        """Tell of codes that are used twice."""
        seen: dict[str, str] = {}
        for file, line, entry in (*items, *modules):
            if entry.code in seen:
                message = f"kode {entry.code} sudah dipakai di {seen[entry.code]}"
                self.problems.append(Problem(file, line, "code", message))
            seen.setdefault(entry.code, f"{file}:{line}")

    def _name(self, path: Path) -> str:
        return f"{self.root.name}/{path.relative_to(self.root).as_posix()}"

    def _tell(self, path: Path, line: int, field: str, message: str) -> None:
        self.problems.append(Problem(self._name(path), line, field, message))

    def _text(self, path: Path) -> str | None:
        try:
            return path.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self._tell(path, 1, "berkas", "berkas ini tidak ada")
        except UnicodeDecodeError:
            self._tell(path, 1, "berkas", "berkas ini tidak tersimpan sebagai UTF-8")
        return None

    def _parsed(self, text: str | None, path: Path, first_line: int = 1) -> CommentedMap | None:
        """Read YAML whose first line is `first_line` of its file; tell what is wrong and return None where it is."""
        if text is None:
            return None
        try:
            data = yaml_format().load(text)
        except YAMLError as error:
            line, message = yaml_fault(error)
            self._tell(path, line + first_line, "yaml", message)
            return None
        except ValueError:  # a day such as 2026-13-01 is refused without a mark
            line, message = date_fault(text)
            self._tell(path, line + first_line, "yaml", message)
            return None
        if not isinstance(data, CommentedMap):
            self._tell(path, first_line, "berkas", "isi berkas harus berupa daftar kunci dan nilai")
            return None
        return data


BREAK_LIKE = re.compile(r"^[ \t]*(={2,}|-{3,})[ \t]*$", re.MULTILINE)

Cards = tuple[tuple[str, ...], tuple[int, ...]]
"""The cards of one language, and the line where each begins."""


def _cards(text: str, first_line: int) -> Cards:
    found, lines, line = [], [], first_line
    for part in text.split(CARD_BREAK):
        found.append(part.strip("\n"))
        lines.append(line + len(part) - len(part.lstrip("\n")))
        line += part.count("\n") + CARD_BREAK.count("\n")
    return tuple(found), tuple(lines)


def _slug(path: Path) -> str:
    return path.name.split(".")[0]


def _language(path: Path) -> str:
    """Return the language that a lesson's file name tells, as in slug.en.html.j2; empty for the lesson itself."""
    return path.name.removesuffix(".html.j2").partition(".")[2]
