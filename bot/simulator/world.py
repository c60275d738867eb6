"""Everything Telegram's server knows in this stand-in: people, chats, files, updates and the bot's own card."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bot.simulator.chats import Chat, ChatMessage, Person, Query
from bot.simulator.clock import Clock
from bot.simulator.errors import ApiError, bad_request
from bot.simulator.listeners import UPDATES, Listeners
from bot.simulator.rates import Rates
from bot.simulator.shelf import Shelf
from bot.simulator.updates import UpdateQueue
from bot.simulator.wire import Json, chat_json, message_json, text_size, user_json

DEMO_TOKEN = "7000000001:simulator-only-this-opens-nothing-0000"
UPGRADED = "group chat was upgraded to a supergroup chat"
CHAT_ID = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where updates are to be delivered."""

    url: str
    secret_token: str = ""
    max_connections: int = 40
    allowed_updates: tuple[str, ...] = ()


@dataclass(slots=True)
class Profile:
    """The bot's card and commands: texts by language code, commands by scope and language."""

    name: dict[str, str] = field(default_factory=dict)
    description: dict[str, str] = field(default_factory=dict)
    short_description: dict[str, str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[tuple[str, str]]] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)


class World:
    """Hold the state and the few steps that several methods share."""

    def __init__(self, clock: Clock, *, token: str | None, username: str, seed: int | None) -> None:
        self.clock = clock
        self.token = token or DEMO_TOKEN
        self.username = username
        self.rng = random.Random(seed)
        self.chats: dict[int, Chat] = {}
        self.updates = UpdateQueue(self.rng)
        self.shelf = Shelf(self.rng)
        self.rates = Rates()
        self.profile = Profile()
        self.webhook: Webhook | None = None
        self.webhook_error: tuple[int, str] | None = None
        self.listeners = Listeners()
        self._last_message_id = 0

    @property
    def bot_id(self) -> int:
        """Return the number before the token's colon."""
        return int(self.token.partition(":")[0])

    def bot_json(self) -> Json:
        """Return the bot as a User."""
        name = self.profile.name.get("") or "Tangga Digital"
        return {"id": self.bot_id, "is_bot": True, "first_name": name, "username": self.username}

    @property
    def last_message_id(self) -> int:
        """Return the latest message id given."""
        return self._last_message_id

    def restore(self, chats: Iterable[Chat], *, last_message_id: int) -> None:
        """Bring back chats of an earlier run; message ids go on above `last_message_id`."""
        for chat in chats:
            chat.waiting.clear()
            self.chats[chat.person.id] = chat
            for message in chat.messages.values():
                self.shelf.put(message.photo, message.document)
        self._last_message_id = last_message_id

    def next_message_id(self) -> int:
        """Return a new message id; the bot's chats share one count, as on Telegram."""
        self._last_message_id += 1
        return self._last_message_id

    def new_query_id(self) -> str:
        """Return a new callback query id."""
        return str(self.rng.randrange(10**17, 10**18))

    def reachable(self, chat_id: str) -> Chat:
        """Return a chat the bot may write to, or raise the error Telegram gives."""
        if not chat_id:
            raise bad_request("chat_id is empty")
        chat = self.chats.get(int(chat_id)) if CHAT_ID.fullmatch(chat_id) else None
        if chat is None or not chat.started:
            raise bad_request("chat not found")
        if chat.moved_to is not None:
            raise ApiError(400, f"Bad Request: {UPGRADED}", migrate_to_chat_id=chat.moved_to)
        if chat.blocked:
            raise ApiError(403, f"Forbidden: {_put_out(chat.person)}")
        return chat

    def deliver(self, chat: Chat, message: ChatMessage) -> Json:
        """Put a new or changed message of the bot into a chat and return it as the answer."""
        chat.messages[message.message_id] = message
        chat.past_data.setdefault(message.message_id, set()).update(
            button.data for row in message.keyboard for button in row if button.data is not None
        )
        chat.typing_until = None
        chat.receive(self._size_for(chat, message))
        self.listeners.tell(chat.person.id)
        return message_json(message, chat.person, self.bot_json())

    def push_message(self, chat: Chat, message: ChatMessage) -> None:
        """Let a person's message reach the bot, twice if the phone's network doubles."""
        chat.messages[message.message_id] = message
        chat.started = True
        body = message_json(message, chat.person, self.bot_json())
        for _ in range(1 + chat.network.doubled):
            self.push("message", chat.person, body)

    def push_query(self, chat: Chat, query: Query) -> None:
        """Let a person's tap reach the bot; a doubled tap comes again under a new callback id."""
        queries = [replace(query, date=self.clock.now())]
        if chat.network.doubled:
            queries.append(replace(queries[0], id=self.new_query_id()))
        for each in queries:
            chat.waiting[each.id] = each
            self.push("callback_query", chat.person, self._query_json(chat, each))

    def push(self, kind: str, person: Person, payload: Json) -> None:
        """Queue an update and wake who delivers."""
        self.updates.push(kind, person.id, payload, self.clock.now())
        self.listeners.tell(person.id)
        self.listeners.tell(UPDATES)

    def _size_for(self, chat: Chat, message: ChatMessage) -> int:
        """Count texts each time, but a picture or file only once: a phone keeps what it downloaded."""
        size = text_size(message)
        for media in (message.photo, message.document):
            if media is not None and media.file_id not in chat.downloaded:
                chat.downloaded.add(media.file_id)
                size += len(media.data)
        return size

    def _query_json(self, chat: Chat, query: Query) -> Json:
        message = chat.messages.get(query.message_id)
        shown: Json = {"chat": chat_json(chat.person), "message_id": query.message_id, "date": 0}
        if message is not None:
            shown = message_json(message, chat.person, self.bot_json())
        return {
            "id": query.id,
            "from": user_json(chat.person),
            "message": shown,
            "chat_instance": str(7 * 10**17 + chat.person.id),
            "data": query.data,
        }


def _put_out(person: Person) -> str:
    """Say in Telegram's words that the bot may not write to a person or a group any more."""
    if person.id > 0:
        return "bot was blocked by the user"
    return f"bot was kicked from the {chat_json(person)['type']} chat"
