"""Taking back what was changed of a question or a lesson, or taking it out: the same for both."""

from __future__ import annotations

from typing import Any

from bot.usecases import editing
from bot.usecases.editing import Conflict, PartView, Refused, Saved
from bot.web.page import Visit, whole_number


def settle(visit: Visit, view: PartView, *, takes_back: bool, payload: Any = None) -> Saved | Refused | Conflict:
    """Take back what was changed of a part, or write what is to stand there, None where nothing is; over the version
    that was read.
    """
    version = whole_number(visit.form.text("versi"))
    if takes_back:
        return editing.discard(
            visit.session,
            viewer=visit.viewer,
            part=view.part,
            version=version,
            library=visit.library,
            now=visit.now,
        )
    return editing.save(
        visit.session,
        viewer=visit.viewer,
        part=view.part,
        payload=payload,
        version=version,
        library=visit.library,
        now=visit.now,
    )
