"""Ways to choose items that a simulation compares: the product's own, the best fixed form, and chance."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.core.ability import estimate
from bot.core.answer import Answer
from bot.core.item import Format, Item, Option
from bot.core.release import Release
from bot.core.response_model import information, parameters
from bot.core.selection import Course, can_settle, next_item

Asked = list[tuple[Item, Answer]]
Chooser = Callable[[Release, int, Asked], Item | None]
"""From a release, the sitting's seed and what was asked so far to the next item; None ends the sitting."""


def adaptive(today: date) -> Chooser:
    """Return the product's own choice of items, up to the first result."""
    return lambda release, seed, asked: next_item(release, Course(seed, today), asked)


def settling(today: date) -> Chooser:
    """Return the product's own choice by people who go on to settle their result wherever that is offered."""
    taken_up: dict[int, int] = {}

    def choose(release: Release, seed: int, asked: Asked) -> Item | None:
        course = Course(seed, today, confirm_from=taken_up.get(seed))
        item = next_item(release, course, asked)
        if item is None and can_settle(release, course, asked, estimate(asked, release.model)):
            taken_up[seed] = len(asked)
            return next_item(release, replace(course, confirm_from=len(asked)), asked)
        return item

    return choose


def fixed_form(release: Release) -> Chooser:
    """Return the best form that is the same for all: per dimension the items that tell most over the population.

    Its items are ordered so that every beginning is balanced over the dimensions.
    """

    def worth(item: Item) -> float:
        known = parameters(item, release.model)
        return sum(math.exp(-0.5 * t * t) * information(known, t) for t in (x / 4 for x in range(-12, 13)))

    form: list[tuple[float, Item]] = []
    for plan in release.form.dimensions:
        here = [item for item in release.scored if item.dimension is plan.dimension]
        best = sorted(here, key=worth, reverse=True)[: plan.questions]
        form += [((place + 0.5) / plan.questions, item) for place, item in enumerate(best)]
    items = [item for _, item in sorted(form, key=lambda placed: (placed[0], placed[1].code))]
    return lambda _, __, asked: items[len(asked)] if len(asked) < len(items) else None


def random_items(release: Release) -> Chooser:
    """Return a choice by chance within the form's shares, every beginning balanced over the dimensions."""

    def choose(_: Release, seed: int, asked: Asked) -> Item | None:
        form: list[tuple[float, str, Item]] = []
        for plan in release.form.dimensions:
            here = [item for item in release.scored if item.dimension is plan.dimension]
            drawn = random.Random(f"{seed} {plan.dimension}").sample(here, min(len(here), plan.questions))
            form += [((place + 0.5) / plan.questions, item.code, item) for place, item in enumerate(drawn)]
        items = [item for _, _, item in sorted(form)]
        return items[len(asked)] if len(asked) < len(items) else None

    return choose


def with_items(release: Release, *, count: int) -> Release:
    """Return the release with a form of another length, shared out as the present one (largest remainder)."""
    plans = release.form.dimensions
    exact = [plan.questions * count / release.form.scored_count for plan in plans]
    shares = [int(value) for value in exact]
    for index in sorted(range(len(plans)), key=lambda i: shares[i] - exact[i])[: count - sum(shares)]:
        shares[index] += 1
    pairs = zip(plans, shares, strict=True)
    return replace(release, form=replace(release.form, dimensions=tuple(replace(p, questions=n) for p, n in pairs)))


def never_early(release: Release) -> Release:
    """Return the release with a form that is always asked to its end."""
    return replace(release, form=replace(release.form, length=replace(release.form.length, enough_error=0.0)))


def only_choices(release: Release) -> Release:
    """Return the release as if every scored item were a choice of one in four, to see what part credit adds."""
    options = tuple(Option(letter, int(letter == "A"), letter) for letter in "ABCD")
    items = tuple(
        item if item.is_habit else replace(item, format=Format.CHOICE, options=options, numeric=None, turns=())
        for item in release.items
    )
    return replace(release, items=items)
