"""The result as a picture: one line an area, a dot for the estimate, a bar for its uncertainty."""

from __future__ import annotations

from collections.abc import Callable

from bot.chat.request import Request
from bot.texts import engine
from bot.texts.picture import png
from bot.usecases.results import Result

LEFT, WIDTH, TOP, ROW = 200, 256, 174, 48
"""As wide as a cheap phone shows it, so that the letters are read without opening the picture."""


def of(request: Request, result: Result) -> Callable[[], bytes]:
    """Return what draws a result as PNG in the reader's language, without the request or its transaction."""
    form = result.release.form
    rows = []
    for index, area in enumerate(form.areas):
        call = result.profile.zones[area.dimension]
        middle = call.estimate.scale_score
        spread = 12.5 * call.estimate.standard_error
        rows.append(
            {
                "name": request.content(area.short_name),
                "zone": request.content(call.band.name),
                "y": TOP + index * ROW,
                "x": x(middle),
                "from": x(max(0.0, middle - spread)),
                "to": x(min(100.0, middle + spread)),
            }
        )
    cuts = [band.cut_score for band in result.release.zones] + [100.0]
    bands = [
        {"x": x(low), "width": x(high) - x(low), "name": request.content(band.name)}
        for band, low, high in zip(result.release.zones, cuts, cuts[1:], strict=False)
    ]
    assert result.attempt.finished_at is not None
    language = request.language
    values: dict[str, object] = {
        "rows": rows,
        "bands": bands,
        "left": LEFT,
        "top": TOP - 30,
        "bottom": TOP + ROW * len(rows) - 18,
        "name": request.owner.first_name,
        "level": request.content(result.profile.level.level.name),
        "scale_score": round(result.profile.abilities.overall.scale_score),
        "finished_on": result.attempt.finished_at.date(),
    }
    return lambda: png(engine.render("bot.chat", "result.svg.j2", language, values))


def x(scale_score: float) -> float:
    """Return where a score of the scale stands in the picture."""
    return round(LEFT + WIDTH * scale_score / 100, 1)
