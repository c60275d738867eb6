"""Lesson cards: templates that may come from editors, so they stay within walls.

The first wall is an allow-list over the parsed tree; the second is Jinja's immutable sandbox with plain values only.
Nothing is rendered that the first wall has not let through.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.texts.numbers import rupiah

SOURCE_LIMIT = 20_000
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


class LessonRefused(ValueError):
    """A lesson card uses something outside the walls, or cannot be rendered."""


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters = {"rupiah": rupiah, "length": len, "e": environment.filters["e"]}
    return environment


def check_card(source: str) -> None:
    """Refuse with LessonRefused a card that uses anything outside the allow-list."""
    if len(source) > SOURCE_LIMIT:
        raise LessonRefused(f"kartu lebih panjang dari {SOURCE_LIMIT} huruf")
    try:
        tree = _environment().parse(source)
    except (TemplateSyntaxError, RecursionError, ValueError) as error:
        raise LessonRefused(f"templat tidak terbaca: {error}") from error
    _walk(tree, loops=(), depth=0)


def _walk(node: nodes.Node, *, loops: tuple[str, ...], depth: int) -> None:
    if depth > 40:
        raise LessonRefused("templat terlalu dalam")
    if not isinstance(node, _ALLOWED):
        raise LessonRefused(f"{type(node).__name__} tidak diizinkan dalam kartu")
    match node:
        case nodes.For():
            _check_loop(node, loops)
            loops = (*loops, node.target.name) if isinstance(node.target, nodes.Name) else loops
        case nodes.Name(name=name) if name not in NAMES and name not in loops:
            raise LessonRefused(f"variabel {name} tidak dikenal")
        case nodes.Filter(name=name) if name not in FILTERS or _has_arguments(node):
            raise LessonRefused(f"saringan {name} tidak diizinkan")
        case nodes.Getattr(attr=attr):
            if not (isinstance(node.node, nodes.Name) and node.node.name in loops and attr in LOOP_FIELDS):
                raise LessonRefused(f"atribut {attr} tidak diizinkan")
    for child in node.iter_child_nodes():
        _walk(child, loops=loops, depth=depth + 1)


def _has_arguments(node: nodes.Filter) -> bool:
    return bool(node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)


def _check_loop(node: nodes.For, loops: tuple[str, ...]) -> None:
    over = node.iter
    if loops or node.recursive or not isinstance(node.target, nodes.Name):
        raise LessonRefused("pengulangan hanya boleh satu tingkat")
    if not isinstance(over, nodes.Name) or over.name not in LOOP_NAMES or node.target.name in NAMES | {"loop"}:
        raise LessonRefused("pengulangan hanya boleh atas: " + ", ".join(sorted(LOOP_NAMES)))


@lru_cache(maxsize=512)
def _compiled(source: str):  # type: ignore[no-untyped-def]
    check_card(source)
    return _environment().from_string(source)


def render_card(source: str, values: Mapping[str, object]) -> str:
    """Render one card for one person; `values` holds plain strings, whole numbers and lists of flat mappings."""
    try:
        return str(_compiled(source).render(values)).strip()
    except LessonRefused:
        raise
    except (TemplateError, TypeError, ArithmeticError, ValueError) as error:
        raise LessonRefused(f"kartu tidak bisa ditampilkan: {error}") from error
