"""All a handler gets to answer one event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from secrets import token_urlsafe

from sqlmodel import Session

from bot.chat.incoming import Incoming, Typed
from bot.core.access import Viewer, viewer_of
from bot.core.person import Person
from bot.texts import engine
from bot.texts.catalogue import supported, translate
from bot.usecases.library import Library


@dataclass(frozen=True, slots=True)
class House:
    """What a handler may know of the process around it, and where it gets randomness from.

    `web_url` is without a slash at the end; `bot_name` without the @, empty before Telegram told it; `admins` are
    Telegram ids; `new_token` returns so many random bytes as text for an address.
    """

    web_url: str
    bot_name: str
    admins: frozenset[int]
    new_token: Callable[[int], str] = token_urlsafe


@dataclass(frozen=True, slots=True)
class Request:
    """One event with who caused it; `awaits` is what was awaited until now, which any event ends."""

    session: Session
    incoming: Incoming
    person: Person | None
    language: str
    library: Library
    now: datetime
    new_seed: Callable[[], int]
    house: House
    awaits: str | None = None

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def owner(self) -> Person:
        """Return who asks; routes that need a person are never reached by a stranger."""
        assert self.person is not None
        return self.person

    @property
    def viewer(self) -> Viewer | None:
        """Return who asks with what they are; None for a stranger."""
        return viewer_of(self.person, self.house.admins) if self.person else None

    def t(self, message: str, **values: object) -> str:
        """Translate a text of the interface and fill in its {names}."""
        text = translate(message, self.language)
        return text.format(**values) if values else text

    def content(self, text: str) -> str:
        """Translate a text of the content (items, levels, titles)."""
        return translate(text, self.language)

    def show(self, template: str, **values: object) -> str:
        """Render a screen's text."""
        return engine.render("bot.chat", f"{template}.html.j2", self.language, values)

    @property
    def is_typed(self) -> bool:
        """Tell whether a text came, which no toast can answer."""
        return isinstance(self.incoming.event, Typed)

    def as_person(self, person: Person) -> Request:
        """Return the same request by a person who has just changed."""
        return replace(self, person=person, language=spoken(person, self.incoming.language_code))

    def in_language(self, language: str) -> Request:
        """Return the same request in another language."""
        return replace(self, language=supported(language))


def spoken(person: Person | None, language_code: str | None) -> str:
    """Return the language to answer in: the person's choice, else Telegram's hint, else Indonesian."""
    return supported(person.language if person and person.language else language_code)
