"""What a finished check said, as a message that stays above the result."""

from __future__ import annotations

from bot.chat.request import Request
from bot.core.answer import score
from bot.core.attempt import Attempt
from bot.core.check import checked
from bot.texts.answers import explained
from bot.usecases import results

EXAMPLES = 2
"""Answers explained after a check that was not passed."""


def check_note(request: Request, attempt: Attempt) -> str:
    """Tell how many were right, where the dimension stands now, and what the others would have been."""
    pinned = request.library.release_of(request.session, attempt)
    found = checked(attempt, pinned)
    result = results.latest(request.session, owner=request.owner, library=request.library, now=request.now)
    assert result is not None
    missed = [(item, given) for item, given in found.pairs if score(item, given) < item.max_score]
    return request.show(
        "checked",
        name=pinned.form.area(found.dimension).short_name,
        check=found,
        zone=result.profile.zones[found.dimension],
        examples=[(item.stem, explained(item, given, request.language)) for item, given in missed[:EXAMPLES]],
    )
