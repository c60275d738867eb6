"""The parts of which a release is made, each under a name: what editors change one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, TypeAdapter

from bot.content import item_schema, practice_schema, schema
from bot.core.item import Dimension

JSON = Any
"""What JSON can hold; None stands for a part that is not there."""

ITEM, MODULE, PROBE, PICTURE, TRANSLATION = "item", "module", "probe", "picture", "translation"
SINGLES: Mapping[str, type[BaseModel]] = {
    "form": schema.FormEntry,
    "levels": schema.LevelsEntry,
    "coach": schema.CoachEntry,
    "advice": schema.AdviceEntry,
    "exposure": schema.ExposureEntry,
    "glossary": schema.GlossaryEntry,
    "sessions": schema.SessionsEntry,
}
"""Parts of which there is exactly one."""
_MANY: Mapping[str, TypeAdapter[Any]] = {
    ITEM: TypeAdapter(item_schema.AnyItem),
    MODULE: TypeAdapter(schema.ModuleEntry),
    PROBE: TypeAdapter(practice_schema.ProbeEntry),
    PICTURE: TypeAdapter(str),
    TRANSLATION: TypeAdapter(schema.Translations),
}
_ONE: Mapping[str, TypeAdapter[Any]] = {name: TypeAdapter(model) for name, model in SINGLES.items()}
_CODES: Mapping[str, TypeAdapter[Any]] = {
    ITEM: TypeAdapter(item_schema.ItemCode),
    MODULE: TypeAdapter(schema.ModuleCode),
    PROBE: TypeAdapter(practice_schema.ProbeCode),
    PICTURE: TypeAdapter(item_schema.PictureName),
    TRANSLATION: TypeAdapter(schema.Language),
}


def kind_of(part: str) -> str:
    """Return the kind of a part: item, module, probe, picture, translation, or the name of a single one."""
    return part.partition(":")[0]


def code_of(part: str) -> str:
    """Return the code that a part's name carries; empty for a single one."""
    return part.partition(":")[2]


def is_part(name: str) -> bool:
    """Tell whether a name could be that of a part."""
    kind, colon, code = name.partition(":")
    if not colon:
        return kind in SINGLES
    try:
        return kind in _CODES and _CODES[kind].validate_python(code) == code
    except ValueError:
        return False


def validated(part: str, payload: JSON) -> Any:
    """Return a part's entry from its JSON; pydantic's ValidationError says what is wrong."""
    adapter = _ONE.get(part) or _MANY[kind_of(part)]
    return adapter.validate_python(payload)


def dumped(entry: BaseModel) -> JSON:
    """Return an entry as JSON."""
    return entry.model_dump(mode="json")


def split(document: schema.ContentDocument) -> dict[str, JSON]:
    """Return a document's parts by name, in the document's order."""
    singles = {name: getattr(document, name) for name in SINGLES}
    parts: dict[str, JSON] = {name: dumped(entry) for name, entry in singles.items() if entry is not None}
    parts |= {f"{ITEM}:{entry.code}": dumped(entry) for entry in document.items}
    parts |= {f"{MODULE}:{entry.code}": dumped(entry) for entry in document.modules}
    parts |= {f"{PROBE}:{entry.code}": dumped(entry) for entry in document.practice.probes}
    parts |= {f"{PICTURE}:{name}": svg for name, svg in document.pictures.items()}
    return parts | {f"{TRANSLATION}:{language}": dict(texts) for language, texts in document.translations.items()}


def under(path: str, key: object) -> str:
    """Return the path of a field one step further inside a part."""
    return f"{path}.{key}" if path else str(key)


def kin_of(part: str) -> str:
    """Return what a part stands beside in files and lists: items and lessons of one dimension, else its own kind."""
    kind, code = kind_of(part), code_of(part)
    if kind == ITEM:
        return f"{ITEM}:{code.partition('-')[0]}"
    return f"{MODULE}:{code.split('-')[1]}" if kind == MODULE else kind


def dimension_of(part: str) -> Dimension | None:
    """Return the dimension that the name of an item or lesson tells; None for habits and all else."""
    said = kin_of(part).partition(":")[2]
    return Dimension(said) if said and said != "H" else None
