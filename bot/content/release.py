"""Between the schema's documents, a release's stored form, and the core's objects."""

from __future__ import annotations

import hashlib

from bot.content import schema
from bot.core import item as core
from bot.core.release import AdviceRules, DimensionPlan, Form, Level, Module, Prerequisite, Release, ZoneBand
from bot.core.response_model import Model


def freeze(document: schema.ContentDocument) -> tuple[str, str]:
    """Return the release's id (a digest) and its stored JSON."""
    payload = document.model_dump_json()
    return hashlib.sha256(payload.encode()).hexdigest()[:16], payload


def thaw(release_id: str, payload: str) -> Release:
    """Build the core's release from its stored JSON."""
    document = schema.ContentDocument.model_validate_json(payload)
    form = document.form
    return Release(
        id=release_id,
        model=Model(**form.model.model_dump()),
        form=Form(
            code=form.code,
            minutes=form.minutes,
            scored_between_habits=form.scored_between_habits,
            dimensions=tuple(DimensionPlan(**entry.model_dump()) for entry in form.dimensions),
        ),
        levels=tuple(Level(**entry.model_dump()) for entry in document.levels.levels),
        zones=tuple(ZoneBand(**entry.model_dump()) for entry in document.levels.zones),
        rules=_rules(document.advice),
        items=tuple(_item(entry) for entry in document.items),
        modules=tuple(_module(entry) for entry in document.modules),
    )


def _rules(entry: schema.AdviceEntry) -> AdviceRules:
    fields = entry.model_dump(exclude={"prerequisites", "business_weights"})
    return AdviceRules(
        **fields,
        prerequisites=tuple(Prerequisite(**rule.model_dump()) for rule in entry.prerequisites),
        business_weights={business.value: weights for business, weights in entry.business_weights.items()},
    )


def _sources(entries: tuple[schema.SourceEntry, ...]) -> tuple[core.Source, ...]:
    return tuple(core.Source(e.title, str(e.url), e.true_on, e.review_by) for e in entries)


def _module(entry: schema.ModuleEntry) -> Module:
    fields = entry.model_dump(exclude={"sources"})
    return Module(**fields, sources=_sources(entry.sources))


def _item(entry: schema.AnyItem) -> core.Item:
    suits = frozenset(business.value for business in entry.suits)
    if isinstance(entry, schema.HabitItem):
        options = tuple(core.Option(o.text, o.value, "") for o in entry.options)
        return core.Item(
            entry.code, entry.format, None, 1, entry.status, entry.stem, options, suits=suits, supports=entry.supports
        )
    numeric = None
    options = ()
    if isinstance(entry, schema.NumberItem):
        numeric = core.NumericKey(
            **entry.answer.model_dump(), feedback_right=entry.feedback_right, feedback_wrong=entry.feedback_wrong
        )
    elif isinstance(entry, schema.MultipleItem):
        options = tuple(core.Option(o.text, int(o.right), o.feedback) for o in entry.options)
    else:
        options = tuple(core.Option(o.text, o.score, o.feedback) for o in entry.options)
    return core.Item(
        code=entry.code,
        format=entry.format,
        dimension=entry.dimension,
        difficulty=entry.difficulty,
        status=entry.status,
        stem=entry.stem,
        options=options,
        numeric=numeric,
        suits=suits,
        anchor=entry.anchor,
        calibrated=entry.calibrated,
        sources=_sources(entry.sources),
    )
