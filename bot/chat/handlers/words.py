"""What hard words mean, on tap: of the question that waits, or of a lesson's card."""

from __future__ import annotations

from bot.chat.callback_data import number, pack
from bot.chat.handlers.lessons import card_body
from bot.chat.handlers.quiz import stale
from bot.chat.request import Request
from bot.chat.screen import Button, Reply, Screen, Style
from bot.core.glossary import Word
from bot.usecases import learning, taking
from bot.usecases.learning import ModuleBeingRenewed, ModuleNotOpen


def of_question(request: Request) -> Reply:
    """Explain the hard words of the question that waits."""
    standing = taking.standing(request.session, owner=request.owner, library=request.library)
    if standing is None or standing.item is None or standing.awaiting is not None:
        return stale(request)
    words = standing.release.hard_words[standing.item.code]
    return _explained(request, words, Button(request.t("Kembali ke pertanyaan"), pack("cu"), Style.GO))


def of_card(request: Request, module_code: str, position: str) -> Reply:
    """Explain the hard words of a lesson's card."""
    try:
        opened = learning.open_module(
            request.session, owner=request.owner, module_code=module_code, library=request.library, now=request.now
        )
    except (ModuleNotOpen, ModuleBeingRenewed):
        return stale(request)
    index = min(number(position), len(opened.module.cards) - 1)
    words = request.library.current(request.session).glossary.words_in([card_body(request, opened, index)])
    back = Button(request.t("Kembali ke pelajaran"), pack("mo", module_code, index), Style.GO)
    return _explained(request, words, back)


def _explained(request: Request, words: tuple[Word, ...], back: Button) -> Reply:
    if not words:
        return stale(request)
    return Reply(Screen(request.show("words", words=words), ((back,),)))
