"""The words with which somebody asks for what comes by itself, and the proof that these were on the screen."""

from __future__ import annotations

import hashlib

from bot.chat import labels
from bot.chat.request import Request
from bot.core.delivery import QUIET_FROM, QUIET_UNTIL, WEEKLY_MOST
from bot.core.wish import Wanted, Wish
from bot.usecases import wishing

LIST, PAUSE = "d", "j"
"""Where a word was said, if the way leads back there: the list, or a sitting that was just paused."""
YES, NO = "y", "n"


def rules() -> dict[str, object]:
    """Return what the rules of all wishes say: the quiet hours, and how much comes in a week at most."""
    night = {"quiet_from": labels.clock(QUIET_FROM), "quiet_until": labels.clock(QUIET_UNTIL)}
    return {**night, "weekly": WEEKLY_MOST}


def is_undecided(request: Request, what: Wish) -> bool:
    """Tell whether the person never said yes or no to a wish that the role can have; only then it is offered."""
    return what in wishing.OFFERED[request.owner.form] and what not in wishing.of(request.session, owner=request.owner)


def say(request: Request, what: Wish, *, wanted: bool, hour: int | None = None) -> Wanted:
    """Take somebody's word on a wish, with the hash of the words it was said to."""
    text = "\n".join((request.show("wish_words", what=what.value), request.show("wish_rules", **rules())))
    return wishing.say(
        request.session,
        owner=request.owner,
        what=what,
        wanted=wanted,
        text_hash=hashlib.sha256(text.encode()).hexdigest(),
        library=request.library,
        seed=request.new_seed(),
        now=request.now,
        hour=hour,
    )
