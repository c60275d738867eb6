"""What a page is handed, and what it may answer. For who writes pages, this is all there is to know.

A page is a plain function. It runs in a worker thread, makes one use-case call and returns the name of a template with
plain values. A form is taken inside one transaction and drawn after the commit; a page that is only looked at reads a
snapshot, so what it wrote would be thrown away.

    def group(visit: Visit) -> Answer:
        found = or_404(coaching.group(visit.session, viewer=visit.viewer, group_id=visit.number("group")))
        order = visit.choice("urut", ("perlu", "nama"))
        return visit.page("group.html.j2", title=found.name, group=found, order=order)

    def rename(visit: Visit) -> Answer:
        group_id, name = visit.number("group"), visit.form.text("nama")
        grouping.rename(visit.session, viewer=visit.viewer, group_id=group_id, name=name)
        return visit.moved(f"/kelompok/{group_id}")

and one line each in `bot.web.routes`; who may open a page is asked at every request, with the role stored then:

    Page("/kelompok", coach.groups, Audience.COACH, menu="Kelompok saya"),
    Page("/kelompok/{group:int}", coach.group, Audience.COACH),
    Page("/kelompok/{group:int}/nama", coach.rename, Audience.COACH, method="POST"),
    Page("/program", programme.sums, Audience.STAFF, menu="Program", only=may_see_programmes),

The template extends `base.html.j2` and fills the block `content`; `parts.html.j2` has bars, zones, columns, and the
hidden field that every form with method="post" needs: {{ mark_field(mark) }}. One page serves browsers without
JavaScript, with htmx and inside the Mini App: link and submit as plain HTML does. Where a part should change in place
add hx-get="…" hx-target="#daftar" hx-select="#daftar" hx-push-url="true". Links to files have the attribute `download`.
No style attributes: the browser is told to refuse them. Classes stand at the head of `static/situs.css`.

A file is a Download; its bytes are made after the transaction. What may not be seen is not there: raise NotFound (or
use `or_404`), and whatever the page wrote is rolled back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session
from starlette.datastructures import QueryParams
from starlette.responses import Response

from bot.core.access import Audience, Viewer
from bot.usecases.library import Library
from bot.web.site import Site, form_mark

Value = TypeVar("Value")


class NotFound(Exception):
    """There is no such page for this viewer; which of the two it is, nobody learns."""


class NotUnderstood(Exception):
    """A form that no page of ours sends: too old, forged, or from elsewhere."""


def or_404(found: Value | None) -> Value:
    """Return what was found, or refuse as if the page did not exist."""
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class Form:
    """The fields a browser sent; a field that is missing is empty."""

    fields: Mapping[str, Sequence[str]]

    def text(self, name: str) -> str:
        return self.fields.get(name, ("",))[0].strip()

    def all(self, name: str) -> list[str]:
        return list(self.fields.get(name, ()))

    def numbers(self, name: str) -> list[int]:
        """Return the ids that were ticked; anything else is refused."""
        return [whole_number(value) for value in self.all(name)]


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie to set for so many seconds, or to take away with 0; how it is guarded is the frame's business."""

    name: str
    value: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A page to draw."""

    template: str
    values: Mapping[str, object]
    status: int = 200
    cookies: tuple[Cookie, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Moved:
    """What is wanted stands elsewhere; also the answer to every form that was taken."""

    to: str
    cookies: tuple[Cookie, ...] = ()


@dataclass(frozen=True, slots=True)
class Download:
    """A file to keep; `make` runs after the transaction."""

    file_name: str
    media_type: str
    make: Callable[[], bytes]


Answer = Shown | Moved | Download | Response


@dataclass(frozen=True, slots=True)
class Visit:
    """One request to one page; `guest` is who asks, None where nobody is signed in."""

    session: Session
    now: datetime
    site: Site
    path: str
    arguments: Mapping[str, Any]
    query: QueryParams
    form: Form
    guest: Viewer | None
    secret: str
    is_mini: bool
    menu: tuple[tuple[str, str], ...] = ()

    @property
    def viewer(self) -> Viewer:
        """Return who asks; a page that is not for anyone is never reached by a stranger."""
        assert self.guest is not None
        return self.guest

    @property
    def library(self) -> Library:
        return self.site.library

    def number(self, name: str) -> int:
        """Return a number from the path."""
        return whole_number(self.arguments[name])

    def choice(self, name: str, offered: Sequence[str]) -> str:
        """Return what the query chooses; the first where it chooses nothing that is offered."""
        chosen = self.query.get(name, "")
        return chosen if chosen in offered else offered[0]

    def page(
        self, template: str, *, title: str, status: int = 200, cookies: tuple[Cookie, ...] = (), **values: object
    ) -> Shown:
        """Return a page to draw, with what the frame around it needs."""
        around: dict[str, object] = {
            "title": title,
            "here": self.path,
            "menu": self.menu,
            "viewer_name": self.guest.person.first_name if self.guest else "",
            "mark": form_mark(self.secret),
            "is_mini": self.is_mini,
        }
        return Shown(template, around | values, status, cookies)

    def marked_by(self, secret: str) -> Visit:
        """Return the same visit of a browser that gets this secret now."""
        return replace(self, secret=secret)

    def moved(self, to: str, *, cookies: tuple[Cookie, ...] = ()) -> Moved:
        """Return the way to another page of this site."""
        return Moved(to, cookies)


@dataclass(frozen=True, slots=True)
class Page:
    """One line of the list of pages: address, who answers, for whom, and the words in the menu if it stands there.

    `only` narrows the audience further; it is asked at every request, with the role as it is stored then. A page that
    is not `marked` takes a POST without the form's mark, because it gives nothing to who cannot read its answer. One
    that takes files says how many bytes its form may have (`upload`); its form has enctype="multipart/form-data".
    """

    path: str
    handler: Callable[[Visit], Answer]
    audience: Audience
    method: str = "GET"
    menu: str = ""
    only: Callable[[Viewer], bool] | None = None
    marked: bool = True
    upload: int = 0


def whole_number(value: object) -> int:
    """Read an id from an address or form; one that no database would take is not there."""
    text = str(value)
    if not (text.isascii() and text.isdecimal() and len(text) <= 18):
        raise NotFound
    return int(text)
