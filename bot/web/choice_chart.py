"""Who chose what by ability, as lines that can be told apart without colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

LEFT, RIGHT, TOP, BOTTOM = 40.0, 290.0, 12.0, 152.0
APART = 15.0
"""Between two letters at the ends of lines, so that none covers another."""


@dataclass(frozen=True, slots=True)
class Line:
    """One answer's line: its points as SVG reads them, and where its letter stands."""

    mark: str
    is_key: bool
    points: str
    label_y: float
    dots: tuple[tuple[float, float], ...]
    style: int


def lines(groups: Sequence[Mapping[str, int]], marks: Sequence[tuple[str, str, bool]]) -> tuple[Line, ...]:
    """Return a line for each answer (stored form, letter, whether it is the best): its share in every group."""
    sizes = [max(1, sum(group.values())) for group in groups]
    shares = [
        [group.get(answer, 0) / size for group, size in zip(groups, sizes, strict=True)] for answer, _, _ in marks
    ]
    label_ys = _spread([_y(row[-1]) for row in shares])
    return tuple(
        Line(
            mark=mark,
            is_key=is_key,
            points=" ".join(f"{x:g},{y:g}" for x, y in _dots(row)),
            label_y=label_y,
            dots=_dots(row),
            style=style,
        )
        for style, ((_, mark, is_key), row, label_y) in enumerate(zip(marks, shares, label_ys, strict=True))
    )


def _dots(row: Sequence[float]) -> tuple[tuple[float, float], ...]:
    step = (RIGHT - LEFT) / max(1, len(row) - 1)
    return tuple((round(LEFT + step * place, 1), _y(share)) for place, share in enumerate(row))


def _y(share: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * share, 1)


def _spread(wanted: Sequence[float]) -> list[float]:
    """Move labels apart, from the lowest line of the drawing upwards, so that none lies on another or below it."""
    found = list(wanted)
    floor = BOTTOM
    for index in sorted(range(len(wanted)), key=lambda index: (-wanted[index], -index)):
        found[index] = min(wanted[index], floor)
        floor = found[index] - APART
    return [round(y, 1) for y in found]
