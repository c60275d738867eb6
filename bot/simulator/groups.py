"""Groups of several people, as far as a bot needs them that says little there: it comes in, moves along, is put out."""

from __future__ import annotations

from bot.simulator.chats import Chat, ChatMessage, Person
from bot.simulator.person import PersonSide
from bot.simulator.texts import recognised
from bot.simulator.wire import SUPERGROUPS_BELOW, Json, chat_json, entity_json, unix, user_json


class GroupSide(PersonSide):
    """Do what people can do in a group."""

    def person_opens_group(self, user_id: int, title: str, *, id: int) -> None:
        """Open a group, by an id below 0, and add the bot to it."""
        group = Person(id, title)
        self.chats[id] = Chat(group, started=True)
        self._push_member(group, user_id, "left", "member")

    def person_says_in_group(self, user_id: int, group_id: int, text: str) -> None:
        """Say something in a group; what it says is told to the bot, as where privacy mode is off."""
        entities = recognised(text)
        said: Json = {"text": text, "entities": [entity_json(entity) for entity in entities]}
        self._push_service(group_id, said, user_id)

    def person_opens_bot_in_group(self, user_id: int, group_id: int, payload: str) -> None:
        """Follow a startgroup link: Telegram sends the command with its payload in the name of who followed it."""
        self.person_says_in_group(user_id, group_id, f"/start@{self.username} {payload}")

    def person_taps_in_group(self, user_id: int, group_id: int, data: str) -> str:
        """Tap a button of a message of the bot in a group; return the callback query id."""
        query_id = self.new_query_id()
        person = self.chat(user_id).person
        message = {"message_id": self.last_message_id, "date": 0, "chat": chat_json(self.chat(group_id).person)}
        body: Json = {"id": query_id, "from": user_json(person), "message": message, "data": data}
        self.push("callback_query", person, body)
        return query_id

    def group_upgrades(self, group_id: int) -> int:
        """Let a group become a supergroup, under another id; both chats tell the bot so. Return the new id."""
        old = self.chat(group_id)
        new_id = SUPERGROUPS_BELOW + group_id
        self.chats[new_id] = Chat(Person(new_id, old.person.first_name), started=True)
        old.moved_to = new_id
        self._push_service(group_id, {"migrate_to_chat_id": new_id})
        self._push_service(new_id, {"migrate_from_chat_id": group_id})
        return new_id

    def person_puts_bot_out(self, user_id: int, group_id: int) -> None:
        """Put the bot out of a group."""
        chat = self.chat(group_id)
        chat.blocked = True
        self._push_member(chat.person, user_id, "member", "kicked")

    def group_messages(self, group_id: int) -> list[ChatMessage]:
        """Return what the bot wrote in a group."""
        return list(self.chat(group_id).messages.values())

    def _push_service(self, group_id: int, body: Json, user_id: int | None = None) -> None:
        group = self.chat(group_id).person
        head: Json = {"message_id": self.next_message_id(), "date": unix(self.clock.now()), "chat": chat_json(group)}
        if user_id is not None:
            head["from"] = user_json(self.chat(user_id).person)
        self.push("message", group, head | body)

    def _push_member(self, group: Person, user_id: int, before: str, after: str) -> None:
        payload: Json = {
            "chat": chat_json(group),
            "from": user_json(self.chat(user_id).person),
            "date": unix(self.clock.now()),
            "old_chat_member": {"user": self.bot_json(), "status": before},
            "new_chat_member": {"user": self.bot_json(), "status": after},
        }
        self.push("my_chat_member", group, payload)
