"""What is wrong with a content file, in words for an editor, at its file, line and field."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
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
        where = tuple(part for part in detail["loc"] if part not in formats and part != "[key]")
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
    "string_type": "harus berupa teks; angka, true, dan false diapit tanda kutip",
    "int_type": "harus berupa bilangan bulat, tanpa titik atau koma",
    "int_parsing": "harus berupa bilangan bulat, tanpa titik atau koma",
    "int_from_float": "harus berupa bilangan bulat, tanpa titik atau koma",
    "float_type": "harus berupa bilangan",
    "float_parsing": "harus berupa bilangan",
    "bool_parsing": "harus true atau false",
    "bool_type": "harus true atau false",
    "enum": "harus salah satu dari {expected}",
    "literal_error": "harus salah satu dari {expected}",
    "union_tag_invalid": "format {tag} tidak dikenal",
    "union_tag_not_found": "wajib diisi: format",
    "too_short": "ada {actual_length}, paling sedikit {min_length}",
    "too_long": "ada {actual_length}, paling banyak {max_length}",
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


SHAPES = {
    r"^[^<>]*$": "tidak boleh memuat tanda < atau >",
    r"^(O[1-8]|C[1-5]|H)-\d{3}$": "kode ditulis seperti O2-014, C1-003, atau H-002",
    r"^M-(O[1-8]|C[1-5])-[a-z0-9-]{2,40}$": "kode ditulis seperti M-O2-cek-mutasi",
    r"^P-\d{3}$": "kode ditulis seperti P-001",
    r"^[a-z0-9-]{3,40}$": "nama ditulis seperti bukti-transfer: huruf kecil, angka, dan tanda -, tanpa .svg",
    r"^[a-z]{2}$": "bahasa ditulis dengan dua huruf kecil, seperti en",
    r"^[a-z]{3,20}$": "hanya huruf kecil, 3 sampai 20",
    r"^[a-z]{3,12}$": "hanya huruf kecil, 3 sampai 12",
}
"""What the patterns of the schema ask for."""


def _in_indonesian(detail: Any) -> str:
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "string_pattern_mismatch":
        return SHAPES.get(context["pattern"], f"bentuknya tidak sesuai {context['pattern']}")
    if detail["input"] is None and kind.endswith("_type"):
        return "wajib diisi, sekarang kosong"
    message = _MESSAGES.get(kind)
    return message.format(**context).replace(" or ", " atau ") if message else str(detail["msg"])


_YAML = {
    "mapping values are not allowed": (
        "ada titik dua di tengah teks (apit seluruh teks dengan tanda kutip), atau spasi di depan baris tidak sejajar"
    ),
    "found duplicate key": "ada kunci yang ditulis dua kali",
    "found character '\\t'": "ada tab; pakai spasi",
    "found unexpected end of stream": "tanda kutip tidak ditutup",
    "expected <block end>": "spasi di depan baris tidak sejajar, atau ada yang tertulis sesudah tanda kutip tutup",
    "could not find expected ':'": "ada baris tanpa titik dua sesudah kuncinya",
    "did not find expected ',' or": "kurung [ atau { tidak ditutup, atau ada koma yang terlewat",
    "expected ',' or": "kurung [ atau { tidak ditutup, atau ada koma yang terlewat",
    "found character": "ada tanda yang tidak boleh di awal teks; apit seluruh teks dengan tanda kutip",
    "found undefined alias": "teks yang diawali * perlu diapit tanda kutip",
    "special characters are not allowed": "ada tanda yang tidak terlihat; tulis ulang baris ini",
    "expected a single document": "berkas ini terbagi dua oleh baris ---",
}


_BEGUN = ("quoted scalar", "simple key", "flow mapping", "flow sequence")
"""What YAML only finds broken further down: told where it begins."""


def yaml_fault(error: Exception) -> tuple[int, str]:
    """Return at which line (from 0) a text is no YAML, and why, in Indonesian where the fault is a common one."""
    begun = any(thing in str(getattr(error, "context", None)) for thing in _BEGUN)
    mark = getattr(error, "context_mark" if begun else "problem_mark", None)
    line = mark.line if mark else 0
    said = " ".join(str(error).split())
    reason = str(getattr(error, "problem", None) or getattr(error, "reason", None) or said)
    known = next((words for start, words in _YAML.items() if start in said), reason)
    return line, f"tidak terbaca sebagai YAML: {known}"


_DAY = re.compile(r"\b\d{4}-\d\d?-\d\d?\b")


def date_fault(text: str) -> tuple[int, str]:
    """Return at which line (from 0) of a YAML text the first day stands that no calendar has."""
    for number, line in enumerate(text.splitlines()):
        for day in _DAY.findall(line):
            year, month, date_of_month = map(int, day.split("-"))
            try:
                date(year, month, date_of_month)
            except ValueError:
                return number, f"tanggal {day} tidak ada di kalender"
    return 0, "ada tanggal atau bilangan yang tidak sah"
