"""The person's side: writing, tapping, blocking, and a phone with a bad network."""

from __future__ import annotations

from dataclasses import replace

from bot.simulator.chats import Chat, ChatMessage, Network, Person, Query, Toast
from bot.simulator.errors import NotPossible
from bot.simulator.texts import recognised
from bot.simulator.wire import Json, chat_json, unix, user_json
from bot.simulator.world import World
from bot.texts.markup import MESSAGE_LIMIT


class PersonSide(World):
    """Do what a person with a phone can do."""

    @property
    def people(self) -> tuple[Person, ...]:
        """Return everybody who has a phone here; groups have none."""
        return tuple(chat.person for chat in self.chats.values() if chat.person.id > 0)

    def add_user(self, person: Person, *, started: bool = False) -> None:
        """Give a person a phone; `started` says that they have written to the bot before."""
        self.chats.setdefault(person.id, Chat(person, started=started))

    def chat(self, user_id: int) -> Chat:
        """Return a person's chat with the bot, or refuse an unknown person."""
        if user_id not in self.chats:
            raise NotPossible(f"no person {user_id}")
        return self.chats[user_id]

    def person_sends(self, user_id: int, text: str) -> int:
        """Send a text as a person and return its message id."""
        chat = self._open_chat(user_id)
        text = text.strip()[:MESSAGE_LIMIT]
        if not text:
            raise NotPossible("an empty message cannot be sent")
        message = ChatMessage(self.next_message_id(), self.clock.now(), False, text, recognised(text))
        if chat.network.cut_off:
            chat.unsent.append(message)
            self.listeners.tell(user_id)
        else:
            self.push_message(chat, message)
        return message.message_id

    def person_taps(self, user_id: int, message_id: int, data: str, *, forge: bool = False) -> str:
        """Tap a button the message has or once had (anything with `forge`) and return the callback query id."""
        chat = self._open_chat(user_id)
        if not forge and data not in chat.past_data.get(message_id, ()):
            raise NotPossible(f"message {message_id} never had a button with this data")
        query = Query(self.new_query_id(), user_id, message_id, data, self.clock.now())
        if chat.network.cut_off:
            chat.unsent.append(query)
            self.listeners.tell(user_id)
        else:
            self.push_query(chat, query)
        return query.id

    def person_blocks(self, user_id: int) -> None:
        """Block the bot; it is told so."""
        self._set_blocked(self.chat(user_id), True)

    def person_unblocks(self, user_id: int) -> None:
        """Unblock the bot; it is told so."""
        self._set_blocked(self.chat(user_id), False)

    def set_network(self, user_id: int, network: Network) -> None:
        """Change a phone's network; once it is on again, what waited goes out in order."""
        chat = self.chat(user_id)
        was_cut_off = chat.network.cut_off
        if network.cut_off and not was_cut_off:
            chat.last_seen = chat.shown()
        chat.network = network
        if was_cut_off and not network.cut_off:
            self._reconnect(chat)
        self.listeners.tell(user_id)

    def messages(self, user_id: int) -> list[ChatMessage]:
        """Return the chat as Telegram's server holds it."""
        return list(self.chat(user_id).messages.values())

    def phone_messages(self, user_id: int) -> list[ChatMessage]:
        """Return the chat as the phone shows it, which differs while it is cut off."""
        return list(self.chat(user_id).shown())

    def toasts(self, user_id: int) -> list[Toast]:
        """Return the notices that answered this person's taps, oldest first."""
        return list(self.chat(user_id).toasts)

    def bytes_sent(self, user_id: int) -> int:
        """Return about how many bytes this phone downloaded."""
        return self.chat(user_id).bytes_down

    def _open_chat(self, user_id: int) -> Chat:
        chat = self.chat(user_id)
        if chat.blocked:
            raise NotPossible("the bot is blocked")
        return chat

    def _reconnect(self, chat: Chat) -> None:
        chat.bytes_down += chat.bytes_owed
        chat.bytes_owed = 0
        unsent, chat.unsent, chat.last_seen = chat.unsent, [], ()
        for item in unsent:
            if isinstance(item, Query):
                self.push_query(chat, item)
            else:
                self.push_message(chat, replace(item, date=self.clock.now()))

    def _set_blocked(self, chat: Chat, blocked: bool) -> None:
        if chat.blocked == blocked:
            return
        chat.blocked = blocked
        states: list[Json] = [{"status": "member"}, {"status": "kicked", "until_date": 0}]
        payload: Json = {
            "chat": chat_json(chat.person),
            "from": user_json(chat.person),
            "date": unix(self.clock.now()),
            "old_chat_member": {"user": self.bot_json()} | states[not blocked],
            "new_chat_member": {"user": self.bot_json()} | states[blocked],
        }
        self.push("my_chat_member", chat.person, payload)
