"""Lesson cards: templates that may come from editors, so they stay within walls.

The first wall is an allow-list over the source and its parsed tree; the second is Jinja's immutable sandbox with plain
values only. Nothing is rendered that the first wall has not let through. What editors wrote is behind a third one, too:
`bot.texts.jail` runs both in a process of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from html import unescape

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.texts.markup import MarkupError, visible_length
from bot.texts.numbers import rupiah

SOURCE_LIMIT = 20_000
SHOWN_LIMIT = 3_900
"""Characters of a rendered card that leave room in a message for the line above it."""
TOKEN_LIMIT = 3_000
"""Words and signs of a template; ours have 130 at most. What has more is refused before it is parsed."""
BRANCH_LIMIT = 40
DEPTH_LIMIT = 40
LOOP_NAMES = frozenset({"keliru"})
LOOP_FIELDS = frozenset({"soal", "jawaban", "saran"})
NAMES = frozenset(
    {"nama", "usaha", "kanal", "pemegang", "jam_buka", "jam_tutup", "zona_waktu", "tingkat", "nama_tingkat"}
    | LOOP_NAMES
)
FILTERS = frozenset({"rupiah", "length"})
_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.If,
    nodes.For,
    nodes.Name,
    nodes.Const,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.List,
    nodes.Tuple,
    nodes.Getattr,
    nodes.Filter,
)

FOREIGN: Mapping[str, str] = {
    "Assign": "{% set %}",
    "AssignBlock": "{% set %}",
    "With": "{% with %}",
    "Macro": "{% macro %}",
    "CallBlock": "{% call %}",
    "FilterBlock": "{% filter %}",
    "Block": "{% block %}",
    "ScopedEvalContextModifier": "{% autoescape %}",
    **dict.fromkeys(("Include", "Import", "FromImport", "Extends"), "isi berkas lain"),
    **dict.fromkeys(("Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow", "Neg", "Pos"), "hitungan"),
    "Concat": "tanda ~",
    "CondExpr": "if di dalam {{ }}",
    "Call": "tanda kurung sesudah nama",
    "Getitem": "kurung siku sesudah nama",
    "Dict": "kurung kurawal di dalam {{ }}",
    "Test": "kata is",
}
"""What editors may try that no card can use, in their words."""


class LessonRefused(ValueError):
    """A lesson card uses something outside the walls, or cannot be rendered; `line` of the card counts from 1."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line or 1


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters = {"rupiah": rupiah, "length": len, "e": environment.filters["e"]}
    return environment


BROKEN_TAG = "ada tanda < > atau & yang keliru; tulis &lt; &gt; &amp; bila memang mau ditampilkan"
BROKEN_SIGNS = "tanda {{ }} atau {% %} di baris ini tidak lengkap atau keliru letaknya"


def check_card(source: str) -> None:
    """Refuse with LessonRefused a card that uses anything outside the allow-list."""
    if len(source) > SOURCE_LIMIT:
        raise LessonRefused(f"kartu lebih panjang dari {SOURCE_LIMIT} huruf")
    hidden = HIDDEN.search(source)
    if hidden:
        raise LessonRefused("ada tanda yang tidak terlihat; tulis ulang baris ini", _line(source, hidden.start()))
    try:
        _check_tags(_literal(source))
        tree = _environment().parse(source)
        _walk(tree, loops=(), depth=0)
    except TemplateSyntaxError as error:
        raise LessonRefused(BROKEN_SIGNS, error.lineno) from error
    except (RecursionError, ValueError) as error:
        if isinstance(error, LessonRefused):
            raise
        raise LessonRefused(f"templat tidak terbaca: {error}") from error


def _line(source: str, position: int) -> int:
    return source.count("\n", 0, position) + 1


HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff\ufff9-\uffff]"
)
"""Control characters, signs that turn the direction of reading, and halves of characters: no card needs them, and a
link can hide behind them.
"""
GAP = "\x00"
"""Stands where the template puts a value or a condition, in what `_literal` returns."""
CROSSED = re.compile(r"<[^<>]*<")
INSIDE_TAG = re.compile(rf"<[^<>]*{GAP}")
TAG = re.compile(r"<\s*([A-Za-z][\w-]*)([^<>]*)>")
LINK = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*))""", re.IGNORECASE)
SAFE_LINK = re.compile(r"(?:https://[\w.-]+\.[a-z0-9-]{2,}(?::\d+)?(?:[/?#]\S*)?|tg://\S+)", re.IGNORECASE)
NOT_IN_CARDS = frozenset({"tg-emoji", "tg-time"})


def _literal(source: str) -> str:
    """Return what the template writes whatever the values are, with the lines kept and a gap for each sign of it."""
    found: list[str] = []
    for number, (_, kind, value) in enumerate(_environment().lex(source)):
        if number > TOKEN_LIMIT:
            raise LessonRefused(f"kartu terlalu rumit: lebih dari {TOKEN_LIMIT} tanda templat")
        found.append(value if kind == "data" else GAP + "\n" * value.count("\n"))
    return "".join(found)


def _check_tags(literal: str) -> None:
    """Refuse tags that a value or condition stands inside of, tags that only some bots may send, and links to anywhere
    but https and Telegram.
    """
    inside = INSIDE_TAG.search(literal)
    if inside:
        raise LessonRefused("di dalam tanda < > tidak boleh ada {{ }} atau {% %}", _line(literal, inside.start()))
    crossed = CROSSED.search(literal)
    if crossed:
        raise LessonRefused(BROKEN_TAG, _line(literal, crossed.start()))
    for tag in TAG.finditer(literal):
        name, line = tag[1].lower(), _line(literal, tag.start())
        if name in NOT_IN_CARDS:
            raise LessonRefused(f"<{name}> tidak bisa dipakai dalam kartu", line)
        if name == "a" and not all(SAFE_LINK.fullmatch(target) for target in _targets(tag[2])):
            raise LessonRefused('tautan ditulis <a href="https://…">, dengan alamat yang lengkap', line)


def _targets(attributes: str) -> Iterator[str]:
    found = LINK.findall(attributes)
    yield from (unescape("".join(parts)).strip() for parts in found or [("", "", "")])


def _walk(node: nodes.Node, *, loops: tuple[str, ...], depth: int) -> None:
    if depth > DEPTH_LIMIT:
        raise LessonRefused("templat terlalu dalam", node.lineno)
    if not isinstance(node, _ALLOWED):
        words = FOREIGN.get(type(node).__name__, "bentuk ini")
        raise LessonRefused(f"{words} tidak bisa dipakai dalam kartu", node.lineno)
    match node:
        case nodes.For():
            _check_loop(node, loops)
            _walk_all((node.iter, *node.else_), loops, depth)
            loops = (*loops, node.target.name) if isinstance(node.target, nodes.Name) else loops
            return _walk_all((node.target, node.test, *node.body), loops, depth)
        case nodes.If(elif_=branches) if len(branches) > BRANCH_LIMIT:
            raise LessonRefused(f"paling banyak {BRANCH_LIMIT} cabang elif", node.lineno)
        case nodes.Name(name=name) if name not in NAMES and name not in loops:
            raise LessonRefused(f"variabel {name} tidak dikenal", node.lineno)
        case nodes.Filter(name=name) if name not in FILTERS or _has_arguments(node):
            raise LessonRefused(f"saringan {name} tidak diizinkan", node.lineno)
        case nodes.Getattr(attr=attr):
            if not (isinstance(node.node, nodes.Name) and node.node.name in loops and attr in LOOP_FIELDS):
                raise LessonRefused(f"atribut {attr} tidak diizinkan", node.lineno)
    return _walk_all(node.iter_child_nodes(), loops, depth)


def _walk_all(children: Iterable[nodes.Node | None], loops: tuple[str, ...], depth: int) -> None:
    for child in children:
        if child is not None:
            _walk(child, loops=loops, depth=depth + 1)


def _has_arguments(node: nodes.Filter) -> bool:
    return bool(node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)


def _check_loop(node: nodes.For, loops: tuple[str, ...]) -> None:
    over = node.iter
    if loops or node.recursive or not isinstance(node.target, nodes.Name):
        raise LessonRefused("pengulangan hanya boleh satu tingkat", node.lineno)
    if not isinstance(over, nodes.Name) or over.name not in LOOP_NAMES or node.target.name in NAMES | {"loop"}:
        raise LessonRefused("pengulangan hanya boleh atas: " + ", ".join(sorted(LOOP_NAMES)), node.lineno)


@lru_cache(maxsize=512)
def _compiled(source: str):  # type: ignore[no-untyped-def]
    check_card(source)
    try:
        return _environment().from_string(source)
    except (RecursionError, MemoryError, SyntaxError) as error:
        raise LessonRefused("templat terlalu rumit") from error


def render_card(source: str, values: Mapping[str, object]) -> str:
    """Render one card for one person; `values` holds plain strings, whole numbers and lists of flat mappings."""
    try:
        return str(_compiled(source).render(values)).strip()
    except LessonRefused:
        raise
    except (TemplateError, TypeError, ArithmeticError, ValueError) as error:
        raise LessonRefused(f"kartu tidak bisa ditampilkan: {error}", _broken_line(error)) from error


def fitting(text: str) -> str:
    """Return a rendered card that Telegram takes; refuse any other with LessonRefused."""
    try:
        length = visible_length(text)
    except MarkupError as error:
        raise LessonRefused(f"tanda < > dalam kartu keliru: {error}") from error
    if not 0 < length <= SHOWN_LIMIT:
        raise LessonRefused(f"kartu menjadi {length} huruf, paling banyak {SHOWN_LIMIT}")
    return text


def _broken_line(error: Exception) -> int:
    """Return the line of the card at which rendering stopped; Jinja puts the template's lines into the traceback."""
    line, frame = 1, error.__traceback__
    while frame is not None:
        line = frame.tb_lineno if frame.tb_frame.f_code.co_filename == "<template>" else line
        frame = frame.tb_next
    return line
