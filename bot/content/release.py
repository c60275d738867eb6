"""Between the schema's documents, a release's stored form, and the core's objects."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from bot.content import item_schema, practice_schema, schema
from bot.core import item as core
from bot.core.glossary import Glossary, Word
from bot.core.item import Dimension
from bot.core.person import Role
from bot.core.probe import Probe
from bot.core.release import (
    AdviceRules,
    Area,
    Blueprint,
    DimensionPlan,
    Form,
    Length,
    Level,
    Module,
    Prerequisite,
    Release,
    SessionScript,
    ZoneBand,
)
from bot.core.response_model import Model

NOBODY_HELD_BACK: Mapping[str, float] = {}


def freeze(document: schema.ContentDocument) -> tuple[str, str]:
    """Return the release's id (a digest) and its stored JSON."""
    payload = document.model_dump_json()
    return hashlib.sha256(payload.encode()).hexdigest()[:16], payload


def thaw(release_id: str, payload: str) -> Release:
    """Build the core's release from its stored JSON."""
    document = schema.ContentDocument.model_validate_json(payload)
    forms = {Role.OWNER: _of_owners(document)}
    if document.coach is not None:
        forms[Role.COACH] = _of_coaches(document.coach, forms[Role.OWNER])
    return Release(
        id=release_id,
        model=forms[Role.OWNER].model,
        form=forms[Role.OWNER].form,
        forms=forms,
        levels=forms[Role.OWNER].levels,
        zones=tuple(ZoneBand(**entry.model_dump()) for entry in document.levels.zones),
        rules=_rules(document.advice),
        glossary=Glossary([_word(entry) for entry in document.glossary.words]),
        items=tuple(
            item_of(entry, pictures=document.pictures, admitted=document.exposure.admitted) for entry in document.items
        ),
        modules=tuple(_module(entry) for entry in document.modules),
        probes=tuple(_probe(entry) for entry in document.practice.probes),
        sessions={e.dimension: _script(e) for e in document.sessions.sessions} if document.sessions else {},
        translations=document.translations,
    )


def _of_owners(document: schema.ContentDocument) -> Blueprint:
    entry = document.form
    form = Form(
        code=entry.code,
        minutes=entry.minutes,
        scored_between_habits=entry.scored_between_habits,
        length=Length(**entry.length.model_dump()),
        dimensions=_plans(entry.dimensions),
    )
    return Blueprint(form, _levels(document.levels.levels), Model(**entry.model.model_dump()))


def _of_coaches(entry: schema.CoachEntry, owners: Blueprint) -> Blueprint:
    """Return the coaches' form: their own dimensions, and the owners' under the name of literacy."""
    shared = entry.literacy
    borrowed = tuple(
        replace(plan, questions=shared.questions, difficulty_from=shared.difficulty_from)
        for plan in owners.form.dimensions
    )
    parts = tuple(plan.dimension for plan in borrowed)
    literacy = Area(Dimension.LITERACY, shared.name, shared.short_name, shared.teachability, parts)
    form = Form(
        code=entry.code,
        minutes=entry.minutes,
        scored_between_habits=0,
        length=Length(**entry.length.model_dump()),
        dimensions=(*_plans(entry.dimensions), *borrowed),
        grouped=(literacy,),
    )
    model = replace(owners.model, areas={area.dimension: area.parts for area in form.areas})
    return Blueprint(form, _levels(entry.levels), model)


def _plans(entries: tuple[schema.DimensionEntry, ...]) -> tuple[DimensionPlan, ...]:
    return tuple(DimensionPlan(**entry.model_dump()) for entry in entries)


def _levels(entries: tuple[schema.LevelEntry, ...]) -> tuple[Level, ...]:
    return tuple(Level(**entry.model_dump()) for entry in entries)


def _probe(entry: practice_schema.ProbeEntry) -> Probe:
    suits = frozenset(business.value for business in entry.suits)
    return Probe(entry.code, suits, entry.customer, _options(entry.replies))


def _script(entry: schema.SessionEntry) -> SessionScript:
    return SessionScript(**entry.model_dump(exclude={"dimension"}))


def _word(entry: schema.WordEntry) -> Word:
    meanings = {"id": entry.id, "jv": entry.jv, "su": entry.su}
    return Word(entry.word, entry.also, meanings, frozenset(entry.hidden_in))


def _rules(entry: schema.AdviceEntry) -> AdviceRules:
    fields = entry.model_dump(exclude={"prerequisites", "business_weights"})
    return AdviceRules(
        **fields,
        prerequisites=tuple(Prerequisite(**rule.model_dump()) for rule in entry.prerequisites),
        business_weights={business.value: weights for business, weights in entry.business_weights.items()},
    )


def _sources(entries: tuple[item_schema.SourceEntry, ...]) -> tuple[core.Source, ...]:
    return tuple(core.Source(e.title, str(e.url), e.true_on, e.review_by) for e in entries)


def _module(entry: schema.ModuleEntry) -> Module:
    fields = entry.model_dump(exclude={"sources"})
    return Module(**fields, sources=_sources(entry.sources))


def item_of(
    entry: item_schema.AnyItem, *, pictures: Mapping[str, str], admitted: Mapping[str, float] = NOBODY_HELD_BACK
) -> core.Item:
    """Return the core's item; `pictures` are SVG texts by name, `admitted` the share of sittings that may ask an item
    by its code.
    """
    common = core.Item(
        code=entry.code,
        format=entry.format,
        dimension=None,
        difficulty=1,
        status=entry.status,
        stem=entry.stem,
        suits=frozenset(business.value for business in entry.suits),
    )
    if isinstance(entry, item_schema.HabitItem):
        options = tuple(core.Option(o.text, o.value, "") for o in entry.options)
        return replace(common, options=options, supports=entry.supports)
    return replace(
        _answerable(entry, common, pictures),
        dimension=entry.dimension,
        difficulty=entry.difficulty,
        anchor=entry.anchor,
        calibrated=entry.calibrated,
        admitted=admitted.get(entry.code, 1.0),
        sources=_sources(entry.sources),
    )


def _answerable(entry: item_schema.AnyScoredItem, common: core.Item, pictures: Mapping[str, str]) -> core.Item:
    """Add what the format of a scored item is answered by."""
    match entry:
        case item_schema.NumberItem():
            key = core.NumericKey(**entry.answer.model_dump())
            return replace(
                common, numeric=key, feedback_right=entry.feedback_right, feedback_wrong=entry.feedback_wrong
            )
        case item_schema.OrderItem():
            options = tuple(core.Option(step.text, step.place, "") for step in entry.steps)
            return replace(
                common, options=options, feedback_right=entry.feedback_right, feedback_wrong=entry.feedback_wrong
            )
        case item_schema.ConversationItem():
            return replace(common, turns=tuple(core.Turn(t.customer, _options(t.options)) for t in entry.turns))
        case item_schema.MultipleItem():
            return replace(common, options=tuple(core.Option(o.text, int(o.right), o.feedback) for o in entry.options))
        case item_schema.PictureItem():
            drawing = core.Drawing(pictures[entry.picture], entry.alternative)
            return replace(common, options=_options(entry.options), drawing=drawing)
        case item_schema.ChoiceItem() | item_schema.SituationItem():
            return replace(common, options=_options(entry.options))


def _options(entries: tuple[item_schema.ScoredOption, ...]) -> tuple[core.Option, ...]:
    return tuple(core.Option(o.text, o.score, o.feedback) for o in entries)
