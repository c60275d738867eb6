"""The Jinja engine of the screens: autoescape on, undefined names refused, Indonesian text inside {% trans %}."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from bot.core.person import Zone, local
from bot.texts.catalogue import catalogue, translate
from bot.texts.lettering import fit
from bot.texts.numbers import grouped, rupiah

FIRST_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
NAME_LIMIT = 40


@lru_cache(maxsize=8)
def screens(package: str, language: str) -> Environment:
    """Return the engine for the `templates` folder of one room, in one language."""
    environment = Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
    )
    environment.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    environment.filters.update(
        rupiah=rupiah,
        grouped=lambda value: grouped(value, language),
        name=shown_name,
        bar=bar,
        fit=fit,
        day=lambda value: long_date(value, language),
        weekday=lambda value: format_date(value, format="EEEE", locale=language),
        content=lambda text: translate(text, language),
    )
    return environment


def render(package: str, template: str, language: str, values: dict[str, object]) -> str:
    """Render one screen's text; blank lines at the ends are dropped."""
    return _template(package, template, language).render(values).strip()


@lru_cache(maxsize=1024)
def _template(package: str, template: str, language: str) -> Template:
    """Return a template, kept outside of the engine, which looks anew at each use whether it still holds."""
    return screens(package, language).get_template(template)


def shown_name(name: str) -> Markup:
    """Return a person's name fit to stand inside a sentence: short, on one line, and unable to turn its direction."""
    words = ("".join(ch for ch in word if ch.isprintable()) for word in name.split())
    calm = " ".join(word for word in words if word)[:NAME_LIMIT].rstrip()
    return escape(calm) if calm.isascii() else escape(f"{FIRST_ISOLATE}{calm}{POP_ISOLATE}")


def bar(done: int, total: int, width: int = 10) -> str:
    """Return a bar of block characters; a begun road shows at least one block."""
    filled = min(width, max(int(done > 0), round(width * done / total))) if total else 0
    return "▰" * filled + "▱" * (width - filled)


def long_moment(moment: datetime, zone: Zone, language: str) -> str:
    """Return 24 November 2026, 20.22 WITA in the reader's language."""
    here = local(moment, zone)
    return f"{long_date(here.date(), language)}, {here:%H.%M} {zone}"


def long_date(value: date, language: str) -> str:
    """Return 24 November 2026 in the reader's language."""
    return format_date(value, format="d MMMM y", locale=language)
