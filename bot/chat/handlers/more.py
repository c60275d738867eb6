"""What comes after a result: more questions to settle it, short checks, and a question that someone found confusing."""

from __future__ import annotations

from collections.abc import Callable

from bot.chat.callback_data import choice, number
from bot.chat.handlers.question import standing_screen
from bot.chat.handlers.quiz import stale
from bot.chat.request import Request
from bot.chat.screen import Reply, correction
from bot.core.attempt import AttemptId
from bot.core.item import Dimension
from bot.usecases import checking, taking
from bot.usecases.checking import NoCheck
from bot.usecases.taking import NothingToConfirm, Standing


def confirm(request: Request, attempt: str) -> Reply:
    """Take the latest sitting up again to settle its result."""
    attempt_id = AttemptId(number(attempt))
    return _opened(
        request,
        lambda: taking.confirm(
            request.session, owner=request.owner, attempt_id=attempt_id, library=request.library, now=request.now
        ),
    )


def check(request: Request, dimension: str) -> Reply:
    """Begin a short check of a dimension whose zone is too uncertain."""
    wanted = choice(Dimension, dimension)
    return _opened(
        request,
        lambda: checking.begin(
            request.session,
            owner=request.owner,
            dimension=wanted,
            library=request.library,
            seed=request.new_seed(),
            now=request.now,
        ),
    )


def check_lesson(request: Request, module_code: str) -> Reply:
    """Begin the short check that follows a lesson."""
    return _opened(
        request,
        lambda: checking.begin_after_lesson(
            request.session,
            owner=request.owner,
            module_code=module_code,
            library=request.library,
            seed=request.new_seed(),
            now=request.now,
        ),
    )


def _opened(request: Request, begin: Callable[[], Standing]) -> Reply:
    """Draw where the sitting now stands; a button whose moment has passed leads to the screen that counts."""
    try:
        return Reply(standing_screen(request, begin()))
    except (NoCheck, NothingToConfirm):
        return stale(request)


def report(request: Request, attempt: str, slot: str) -> Reply:
    """Note that the question on screen is confusing, and leave it there."""
    noted = taking.report(
        request.session,
        owner=request.owner,
        attempt_id=AttemptId(number(attempt)),
        slot=number(slot),
        library=request.library,
        now=request.now,
    )
    if not noted:
        return stale(request)
    return correction(request.t("Terima kasih, kami catat. Jawab sebisanya, atau tekan Belum tahu."))
