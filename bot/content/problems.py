"""What is wrong with a content file, in words for an editor, at its file, line and field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from ruamel.yaml.comments import CommentedSeq

from bot.core.item import Format


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend; `line` counts from 1, `field` is the path inside the entry, `message` is for an editor;
    a warning hinders nothing."""

    file: str
    line: int
    field: str
    message: str
    is_warning: bool = False

    def __str__(self) -> str:
        mark = "peringatan: " if self.is_warning else ""
        return f"{self.file}:{self.line}: {mark}{self.field}: {self.message}"


class ContentRefused(Exception):
    """The content has problems; all of them are in `problems`."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = tuple(problems)


def explain(
    error: ValidationError, data: Any, file: str, *, line: int = 1, prefix: str = "", first_line: int = 1
) -> Iterator[Problem]:
    """Turn what pydantic found into problems; `data` is the entry as read, from which the lines are taken."""
    formats = set(Format)
    details = error.errors()
    for detail in details:
        if detail["type"] == "too_short" and any(
            d["loc"][: len(detail["loc"])] == detail["loc"] != d["loc"] for d in details
        ):
            continue  # the list only counts as short because an entry of it is faulty, which is told by itself
        where = tuple(part for part in detail["loc"] if part not in formats)
        field = prefix + ".".join(str(part) for part in where) if where else prefix.rstrip(".") or "berkas"
        yield Problem(file, line_of(data, where, line, first_line), field, _in_indonesian(detail))


def line_of(data: Any, where: tuple[int | str, ...], fallback: int, first_line: int) -> int:
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
