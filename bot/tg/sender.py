"""Screens become calls to the Bot API; errors are met by the table in `errors`."""

from __future__ import annotations

import asyncio
import html
import logging
import re
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from telegram import Bot, InputFile
from telegram.error import ChatMigrated, TelegramError
from telegram.request import RequestData
from telegram.request._requestparameter import RequestParameter

from bot.chat.arrival import Arrival, Pushed
from bot.chat.incoming import Incoming, Tap
from bot.chat.screen import Button, Document, Picture, Reply, Screen, SharedPicture, Style
from bot.texts.markup import TOAST_LIMIT, parse
from bot.tg.errors import Verdict, described, judge, may_have_arrived

log = logging.getLogger(__name__)
NO_PREVIEW = {"is_disabled": True}
TELEGRAM = "https://api.telegram.org/"
TRIES = 3
LONGEST_WAIT = 20.0
TOASTED_WITHIN = 3.0
"""Seconds after a screen in which its toast must be there, for the toast is no failure of the screen."""
DRAWN_AT_ONCE = 2
"""One is drawn and one stands ready (`texts.easel`); more would take the threads that pages and look-ups need."""
PICTURES_KNOWN = 1000
Answer = TypeVar("Answer")


class TelegramUnavailable(Exception):
    """Telegram did not take the call in time; what was stored stays, and drawing the screen again is right.

    `wait` is for how many seconds it wants to be left alone, where it named them.
    """

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


class PersonGone(Exception):
    """The person blocked the bot or deleted the account."""


class TokenRefused(Exception):
    """Telegram does not know this token; only a person can mend that."""


class PictureNotDrawn(Exception):
    """The source of a picture is broken."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became known by sending: the message that holds the screen, and the file id of an uploaded picture."""

    live_message_id: int | None = None
    picture: Picture | None = None
    picture_file_id: str | None = None


class Sender:
    """Delivers replies to one person at a time."""

    def __init__(
        self,
        bot: Bot,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._bot = bot
        self._pause = pause
        self._now = now
        self._rests: dict[int, float] = {}
        """Until when chats are left alone for which Telegram named a wait too long to be waited for."""
        self._drawing = asyncio.Semaphore(DRAWN_AT_ONCE)
        self._turns: dict[SharedPicture, asyncio.Lock] = {}
        self._uploaded: dict[SharedPicture, str] = {}

    @property
    def bot_id(self) -> int:
        """Return the number before the token's colon, known before Telegram is asked."""
        return int(self._bot.token.partition(":")[0])

    @property
    def bot_name(self) -> str:
        """Return the bot's name without the @, empty before Telegram told it."""
        try:
            return self._bot.username
        except RuntimeError:  # not asked yet
            return ""

    async def deliver(self, incoming: Incoming, reply: Reply, *, callback_id: str | None) -> Sent:
        """Show a reply. Raises TelegramUnavailable, PersonGone or TokenRefused; screens may then be drawn again."""
        if self._rests.get(incoming.telegram_id, 0.0) > self._now():
            raise TelegramUnavailable("its wait is not over")
        try:
            return await self._delivered(incoming, reply, callback_id)
        except TelegramUnavailable as error:
            self._leave_alone(incoming.telegram_id, error.wait)
            raise

    async def _delivered(self, incoming: Incoming, reply: Reply, callback_id: str | None) -> Sent:
        if callback_id is None:
            return await self._show(incoming, reply)
        answering = asyncio.create_task(self.toast(callback_id, reply.toast))
        try:
            return await self._show(incoming, reply)
        finally:
            await asyncio.wait({answering}, timeout=TOASTED_WITHIN)
            answering.cancel()

    def _leave_alone(self, chat: int, wait: float) -> None:
        now = self._now()
        self._rests = {other: until for other, until in self._rests.items() if until > now}
        if wait > LONGEST_WAIT:
            self._rests[chat] = now + wait

    async def push(self, telegram_id: int, screen: Screen) -> Pushed:
        """Send a screen that nobody asked for as a new message, in one try: who owes it decides when to try again."""
        try:
            try:
                await self._send_once(telegram_id, screen)
            except TelegramError as error:
                if judge(error).verdict is not Verdict.PLAIN:
                    raise
                log.error("a screen's markup was refused: %s", described(error))
                await self._send_once(telegram_id, screen, plain=True)
        except TelegramError as error:
            return _not_there(error)
        return Pushed(Arrival.THERE)

    async def toast(self, callback_id: str, text: str) -> None:
        """Answer a callback; that it is too late, or that Telegram is slow, is no failure of the tap."""
        try:
            await self._call(
                lambda: self._post(
                    "answerCallbackQuery", callback_query_id=callback_id, text=text[:TOAST_LIMIT] or None
                )
            )
        except TelegramError as error:
            log.warning("a callback stayed unanswered: %s", type(error).__name__)
        except (TelegramUnavailable, PersonGone, TokenRefused) as error:
            log.warning("a callback stayed unanswered: %s", type(error).__name__)

    async def _show(self, incoming: Incoming, reply: Reply) -> Sent:
        chat = incoming.telegram_id
        for text in reply.before:
            await self._send(chat, Screen(text))
        for document in reply.documents:
            await self._send_document(chat, document)
        file_id = await self._show_picture(chat, reply.picture) if reply.picture else None
        live = await self._draw(incoming, reply) if reply.screen else None
        for message_id in reply.retired:
            await self.retire(chat, message_id)
        return Sent(live, reply.picture, file_id)

    async def _draw(self, incoming: Incoming, reply: Reply) -> int:
        """Edit the message the reply names or the tapped one, or send a new one; return its id."""
        assert reply.screen is not None
        tapped = incoming.event.message_id if isinstance(incoming.event, Tap) and not reply.fresh else None
        message_id = reply.at or tapped
        if message_id is not None and await self._edit(incoming.telegram_id, message_id, reply.screen):
            return message_id
        return await self._send(incoming.telegram_id, reply.screen)

    async def _edit(self, chat: int, message_id: int, screen: Screen) -> bool:
        """Edit a message; False where it is gone and a new one is needed."""

        async def edit(plain: bool) -> object:
            return await self._post(
                "editMessageText", chat_id=chat, message_id=message_id, **self._parameters(screen, plain=plain)
            )

        try:
            await self._call(lambda: edit(False))
        except TelegramError as error:
            match judge(error).verdict:
                case Verdict.DONE:
                    return True
                case Verdict.PLAIN:
                    log.error("a screen's markup was refused: %s", described(error))
                    await self._call(lambda: edit(True))
                case Verdict.RESEND:
                    return False
                case _:
                    raise
        return True

    async def _send(self, chat: int, screen: Screen) -> int:
        """Send a screen as a new message and return the message's id."""
        try:
            return await self._call(lambda: self._send_once(chat, screen))
        except TelegramError as error:
            if judge(error).verdict is not Verdict.PLAIN:
                raise
            log.error("a screen's markup was refused: %s", described(error))
            return await self._call(lambda: self._send_once(chat, screen, plain=True))

    async def _send_once(self, chat: int, screen: Screen, *, plain: bool = False) -> int:
        message = await self._post("sendMessage", chat_id=chat, **self._parameters(screen, plain=plain))
        return int(message["message_id"])

    def _parameters(self, screen: Screen, *, plain: bool) -> dict[str, object]:
        return {
            "text": _plain(screen.text) if plain else screen.text,
            "parse_mode": None if plain else "HTML",
            "reply_markup": self._keyboard(screen),
            "link_preview_options": NO_PREVIEW,
        }

    async def _post(self, method: str, **parameters: object) -> Any:
        """Call a method by the library's transport and errors, without its objects: what a tap needs is a few plain
        values, and the library's own methods cost more CPU than sending them.
        """
        given = [RequestParameter(name, value, None) for name, value in parameters.items() if value is not None]
        return await self._bot.request.post(f"{self._bot.base_url}/{method}", RequestData(given))

    async def _send_document(self, chat: int, document: Document) -> None:
        content = document.content
        if isinstance(content, bytes):
            ready = content
        else:
            ready = await self._in_turn(lambda: asyncio.to_thread(content))
        await self._call(
            lambda: self._bot.send_document(chat, InputFile(ready, document.file_name), caption=document.caption)
        )

    async def _show_picture(self, chat: int, picture: Picture) -> str | None:
        """Send a picture, or its caption alone where that suffices; return its file id if it was uploaded just now."""
        if not picture.caption_suffices:
            return await self._send_picture(chat, picture)
        try:
            return await self._send_picture(chat, picture)
        except (TelegramError, PictureNotDrawn) as error:
            log.error("a picture was not shown: %s", described(error) if isinstance(error, TelegramError) else error)
            await self._send(chat, Screen(html.escape(picture.caption)))
            return None

    async def _send_picture(self, chat: int, picture: Picture) -> str | None:
        """Send a picture, by its file id where Telegram still knows it; return the id if another one is to be kept now.

        A picture that many see is drawn and uploaded for one of them while the others wait: when all come at once,
        drawing it for each would take every core.
        """
        key = picture.key if isinstance(picture.key, SharedPicture) else None
        known = picture.file_id or (self._uploaded.get(key) if key else None)
        if known is not None and await self._sent_again(chat, picture, known):
            return None
        if key is None:
            return await self._upload(chat, picture)
        async with self._turns.setdefault(key, asyncio.Lock()):
            try:
                return await self._send_shared(chat, picture, key)
            finally:
                self._turns.pop(key, None)  # who waits holds it; who comes later finds the file id

    async def _send_shared(self, chat: int, picture: Picture, key: SharedPicture) -> str | None:
        """Send a picture that another one may have uploaded just now; only of the latest pictures the id is kept."""
        known = self._uploaded.get(key)
        if known is not None and await self._sent_again(chat, picture, known):
            return known if picture.file_id else None
        file_id = await self._upload(chat, picture)
        if file_id is not None:
            self._uploaded[key] = file_id
        while len(self._uploaded) > PICTURES_KNOWN:
            del self._uploaded[next(iter(self._uploaded))]
        return file_id

    async def _sent_again(self, chat: int, picture: Picture, file_id: str) -> bool:
        """Send a picture by its file id; tell whether Telegram knew it."""
        try:
            await self._call(lambda: self._bot.send_photo(chat, file_id, caption=picture.caption))
        except TelegramError as error:
            if judge(error).verdict is not Verdict.RESEND:
                raise
            return False
        return True

    async def _upload(self, chat: int, picture: Picture) -> str | None:
        drawn = await self._in_turn(lambda: _drawn(picture))
        photo = InputFile(drawn, "gambar.png")
        message = await self._call(lambda: self._bot.send_photo(chat, photo, caption=picture.caption))
        return message.photo[-1].file_id if message.photo else None

    async def _in_turn(self, draw: Callable[[], Coroutine[Any, Any, bytes]]) -> bytes:
        """Draw beside the event loop, few at once; what is no longer waited for counts among them until it ends."""
        await self._drawing.acquire()
        drawing = asyncio.create_task(draw())
        drawing.add_done_callback(lambda _: self._drawing.release())
        return await asyncio.shield(drawing)

    async def retire(self, chat: int, message_id: int) -> None:
        """Take the keyboard off a message that held it before. The screen is drawn already, so no failure matters."""
        try:
            await self._call(lambda: self._bot.edit_message_reply_markup(chat_id=chat, message_id=message_id))
        except (TelegramError, TelegramUnavailable) as error:
            log.info("an old keyboard stays: %s", type(error).__name__)

    def _keyboard(self, screen: Screen) -> dict[str, object] | None:
        """Return the buttons; Telegram opens pages inside itself from https alone, a stand-in for it also from http."""
        is_telegram = self._bot.base_url.startswith(TELEGRAM)
        possible = [[b for b in row if not (is_telegram and b.web_app.startswith("http:"))] for row in screen.rows]
        rows = [[_button(button) for button in row] for row in possible if row]
        return {"inline_keyboard": rows} if rows else None

    async def _call(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """Make one call; wait and repeat where the error passes by itself."""
        for attempt in range(TRIES):
            try:
                return await call()
            except TelegramError as error:
                ruling = judge(error)
                match ruling.verdict:
                    case Verdict.GONE:
                        raise PersonGone from error
                    case Verdict.STOP:
                        raise TokenRefused from error
                    case Verdict.LATER if attempt < TRIES - 1 and ruling.wait <= LONGEST_WAIT:
                        await self._pause(ruling.wait or 0.3 * 2**attempt)
                    case Verdict.LATER:
                        raise TelegramUnavailable(type(error).__name__, ruling.wait) from error
                    case _:
                        raise
        raise AssertionError("unreachable")


def _not_there(error: TelegramError) -> Pushed:
    """Say what became of a push that met an error. A refused token is somebody's to mend, and the message waits."""
    if may_have_arrived(error):
        return Pushed(Arrival.UNKNOWN)
    if isinstance(error, ChatMigrated):
        return Pushed(Arrival.MOVED, moved_to=error.new_chat_id)
    ruling = judge(error)
    match ruling.verdict:
        case Verdict.GONE:
            return Pushed(Arrival.GONE)
        case Verdict.LATER | Verdict.STOP:
            return Pushed(Arrival.LATER, ruling.wait)
        case _:
            log.error("a message was refused: %s", described(error))
            return Pushed(Arrival.REFUSED)


async def _drawn(picture: Picture) -> bytes:
    """Draw a picture beside the event loop."""
    try:
        return await asyncio.to_thread(picture.draw)
    except Exception as error:
        raise PictureNotDrawn(type(error).__name__) from error


_TAG = re.compile(r"</?[a-z][^<>]*>")
_STYLES = {Style.GO: "success", Style.DANGER: "danger"}


def _button(button: Button) -> dict[str, object]:
    found: dict[str, object] = {"text": button.label}
    if button.data:
        found["callback_data"] = button.data
    if button.url:
        found["url"] = button.url
    if button.web_app:
        found["web_app"] = {"url": button.web_app}
    if button.style in _STYLES:
        found["style"] = _STYLES[button.style]
    return found


def _plain(source: str) -> str:
    """Return a screen's text without markup, as well as it can be read."""
    try:
        return parse(source).text
    except ValueError:
        return html.unescape(_TAG.sub("", source))
