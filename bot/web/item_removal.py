"""Taking a question out of use: into the archive, out of the content, or back to what is released; asked once more."""

from __future__ import annotations

from enum import StrEnum

from bot.core.item import Status
from bot.usecases.editing import Conflict, PartView, Refused, Saved
from bot.web.item_page import HOME, about, begun, code_of, draw, gist, opened
from bot.web.page import Answer, NotFound, Visit
from bot.web.part_removal import settle


class Removal(StrEnum):
    """What is confirmed on the one page."""

    ARCHIVE = "arsip"
    OUT = "keluar"
    BACK = "batal"


def ask(visit: Visit) -> Answer:
    """Ask once more before a question goes into the archive, is taken out, or loses what is not released."""
    view = opened(visit, visit.arguments["code"])
    return _asked(visit, view, Removal(visit.choice("apa", tuple(Removal))))


def _asked(visit: Visit, view: PartView, removal: Removal, *, changed: bool = False) -> Answer:
    known = _known(view, removal)
    return visit.page(
        "item_removal.html.j2",
        title=gist(known["stem"]),
        status=409 if changed else 200,
        removal=removal.value,
        view=view,
        code=code_of(view),
        about=about(code_of(view), visit.library.current(visit.session)),
        stem=known["stem"],
        changed=changed,
        is_new=view.original is None,
    )


def _known(view: PartView, removal: Removal) -> dict[str, str]:
    """Return the question if this can be done: what is out is not archived, and what is released needs no way back."""
    known = view.payload or view.original
    can = view.draft is not None if removal is Removal.BACK else view.payload is not None
    if known is None or not can:
        raise NotFound
    return dict(known)


def remove(visit: Visit) -> Answer:
    """Do what was confirmed; where somebody else changed the question meanwhile, ask again."""
    view, said = opened(visit, visit.arguments["code"]), visit.form.text("apa")
    if said not in set(Removal):
        raise NotFound
    removal = Removal(said)
    known = _known(view, removal)
    retired = None if removal is Removal.OUT else known | {"status": Status.RETIRED.value}
    match settle(visit, view, takes_back=removal is Removal.BACK, payload=retired):
        case Saved() if removal is Removal.BACK and view.original is None:
            return visit.moved(HOME)
        case Saved():
            return visit.moved(f"{HOME}/{code_of(view)}?telah={removal}")
        case Refused(problems):
            return draw(visit, begun(view), problems=problems, refused=True, status=422)
        case Conflict():
            return _asked(visit, opened(visit, code_of(view)), removal, changed=True)
