"""Conversations as text that anyone can read and object to.

A line at the margin is what happens; indented lines are what the phone then shows. What happens is one of:

    Sari: 14rb                          a text is typed (also Joko, Rani, Alex, Admin)
    Sari menekan [Jeda]                 a button of the latest keyboard
    Sari menekan lagi                   the same tap once more, as a new tap
    Sari menekan [B] yang lama          a button by a label that was on an earlier screen
    Sari memalsukan 1.an.1.2.c1         a button that never was
    Sari menjawab sisanya dengan B      all questions that follow; only the end is shown
    Sari menjawab sisanya dengan benar  the same; also kebanyakan benar, separuh benar, semua keliru
    Sari membuka undangan Joko          the link of the invitation that was last shown to Joko
    Sari membuka undangan lama Joko     the link that was shown to Joko before the last one
    Sari mengetik kode undangan Joko    the code that was last shown to Joko, in small letters
    Sari menghapus pesan terakhir       the latest message of the bot is gone
    Sari memblokir bot / Sari membuka blokir
    (Sari sudah mulai asesmen)          the way in, not shown again; also (Joko sudah mulai asesmen pembina)
    (Joko punya kelompok berisi 40 orang)   the demo's people; of the 40 the phones of Yanti and Budi are shown
    (3 hari berlalu)  (bot dimulai ulang)  (sinyal Sari ganda)  (kiriman terakhir Sari datang lagi)
    (kiriman yang terutang dikirim)     what the bot owes people by now is sent
    (semua pertanyaan berbentuk urutan) the content to play with, as the first line; else it is the real one
    # a remark
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from bot.core.answer import Answer
from bot.core.item import Item
from bot.demo.cast import phones
from bot.simulator.chats import ChatMessage, Network
from tests.core.builders import best, worst
from tests.stage import ADMIN, JOKO, RANI, SARI, STRANGER, Stage, buttons

DEMO = {phone.first_name: phone.id for phone in phones() if phone.first_name in ("Yanti", "Budi")}
NAMES = {"Sari": SARI, "Joko": JOKO, "Rani": RANI, "Alex": STRANGER, "Admin": ADMIN} | DEMO
INDENT = "    "
MANNERS: dict[str, Callable[[Item], Answer]] = {
    "benar": best,
    "kebanyakan benar": lambda item: worst(item) if int(item.code[-1]) > 6 else best(item),
    "separuh benar": lambda item: best(item) if int(item.code[-1]) % 2 else worst(item),
    "semua keliru": worst,
}
STAGED = re.compile(r"^\(semua pertanyaan berbentuk (\w+)\)$", re.M)


class Player:
    """Plays the actions of one transcript on a stage and writes down what the phones show."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._seen: dict[int, ChatMessage] = {}
        self._toasts = dict.fromkeys(NAMES.values(), 0)
        self._last_tap: dict[int, tuple[int, str]] = {}
        self._links: dict[int, list[str]] = {}
        self._labels: dict[tuple[int, str], tuple[int, str]] = {}
        self._actions: list[tuple[re.Pattern[str], Callable[..., None]]] = [
            (re.compile(r"(\w+): (.+)"), self._types),
            (re.compile(r"(\w+) menekan \[(.+)\]"), self._taps),
            (re.compile(r"(\w+) menekan lagi"), self._taps_again),
            (re.compile(r"(\w+) menekan \[(.+)\] yang lama"), self._taps_old),
            (re.compile(r"(\w+) memalsukan (.+)"), self._forges),
            (re.compile(r"(\w+) menjawab sisanya dengan (\w)"), self._answers_all),
            (
                re.compile(r"(\w+) menjawab sisanya dengan (benar|kebanyakan benar|separuh benar|semua keliru)"),
                self._answers_rest,
            ),
            (re.compile(r"(\w+) membuka undangan (\w+)"), self._opens_invitation),
            (re.compile(r"(\w+) membuka undangan lama (\w+)"), self._opens_old_invitation),
            (re.compile(r"(\w+) mengetik kode undangan (\w+)"), self._types_code),
            (re.compile(r"(\w+) menghapus pesan terakhir"), self._deletes_last),
            (re.compile(r"(\w+) memblokir bot"), self._blocks),
            (re.compile(r"(\w+) membuka blokir"), self._unblocks),
            (re.compile(r"\((\d+) (menit|jam|hari) berlalu\)"), self._passes),
            (re.compile(r"\((\w+) sudah mulai asesmen\)"), self._has_begun),
            (re.compile(r"\((\w+) sudah mulai asesmen pembina\)"), self._has_begun_as_coach),
            (re.compile(r"\(Joko punya kelompok berisi 40 orang\)"), self._fills),
            (re.compile(r"\(bot dimulai ulang\)"), self._restarts),
            (re.compile(r"\(sinyal (\w+) ganda\)"), self._doubles),
            (re.compile(r"\(kiriman terakhir (\w+) datang lagi\)"), self._redelivers),
            (re.compile(r"\(kiriman yang terutang dikirim\)"), self._stage.delivers),
        ]

    def play(self, source: str) -> str:
        """Play every action of a transcript; return the transcript as it is now."""
        written: list[str] = []
        for line in source.splitlines():
            if line.startswith(INDENT):
                continue
            if not line or line.startswith("#") or STAGED.match(line):
                if line or (written and written[-1]):
                    written.append(line)
                continue
            self._act(line)
            written += [line, *self._shown(), ""]
        return "\n".join(written).rstrip() + "\n"

    def _act(self, line: str) -> None:
        for pattern, action in self._actions:
            match = pattern.fullmatch(line)
            if match:
                action(*match.groups())
                return
        raise AssertionError(f"not an action: {line}")

    def _shown(self) -> list[str]:
        lines: list[str] = []
        for name, person in NAMES.items():
            if person not in self._stage.api.chats:
                continue
            new = [m for m in self._stage.api.messages(person) if m.from_bot and self._seen.get(m.message_id) != m]
            for message in new:
                lines += [INDENT + line for line in _drawn(message, name, self._seen.get(message.message_id))]
                self._remember(person, message)
            toasts = self._stage.api.toasts(person)
            lines += [f"{INDENT}~ {toast.text}" for toast in toasts[self._toasts[person] :] if toast.text]
            self._toasts[person] = len(toasts)
        return lines or [f"{INDENT}(tidak ada yang berubah)"]

    def _remember(self, person: int, message: ChatMessage) -> None:
        self._seen[message.message_id] = message
        links = self._links.setdefault(person, [])
        links += [payload for payload in re.findall(r"start=([\w-]+)", message.text) if payload not in links]
        for button in buttons(message):
            self._labels[person, button.text] = (message.message_id, button.data or "")

    def _types(self, name: str, text: str) -> None:
        self._stage.says(NAMES[name], text)

    def _taps(self, name: str, label: str) -> None:
        person = NAMES[name]
        message = self._stage.live(person)
        data = next(b.data for b in buttons(message) if b.text == label)
        self._tap(person, message.message_id, data or "")

    def _taps_again(self, name: str) -> None:
        self._tap(NAMES[name], *self._last_tap[NAMES[name]])

    def _taps_old(self, name: str, label: str) -> None:
        self._tap(NAMES[name], *self._labels[NAMES[name], label])

    def _forges(self, name: str, data: str) -> None:
        person = NAMES[name]
        self._stage.tap(person, self._stage.live(person).message_id, data, forge=True)

    def _tap(self, person: int, message_id: int, data: str) -> None:
        self._last_tap[person] = (message_id, data)
        self._stage.tap(person, message_id, data)

    def _answers_all(self, name: str, letter: str) -> None:
        self._stage.answers_all(NAMES[name], letter)
        self._toasts[NAMES[name]] = len(self._stage.api.toasts(NAMES[name])) - 1

    def _answers_rest(self, name: str, manner: str) -> None:
        self._stage.answers_rest(NAMES[name], MANNERS[manner])
        self._toasts[NAMES[name]] = len(self._stage.api.toasts(NAMES[name])) - 1

    def _opens_invitation(self, name: str, inviting: str) -> None:
        """Follow the latest link to the bot that a message to the other person held."""
        self._stage.says(NAMES[name], f"/start {self._links[NAMES[inviting]][-1]}")

    def _opens_old_invitation(self, name: str, inviting: str) -> None:
        self._stage.says(NAMES[name], f"/start {self._links[NAMES[inviting]][-2]}")

    def _types_code(self, name: str, inviting: str) -> None:
        texts = [m.text for m in self._stage.api.messages(NAMES[inviting])]
        code = re.findall(r"\b[0-9A-Z]{5}-[0-9A-Z]{5}\b", "\n".join(texts))[-1]
        self._stage.says(NAMES[name], code.lower())

    def _deletes_last(self, name: str) -> None:
        chat = self._stage.api.chat(NAMES[name])
        chat.messages.pop(self._stage.live(NAMES[name]).message_id)

    def _blocks(self, name: str) -> None:
        self._stage.api.person_blocks(NAMES[name])
        self._stage.settle()

    def _unblocks(self, name: str) -> None:
        self._stage.api.person_unblocks(NAMES[name])
        self._stage.settle()

    def _passes(self, count: str, unit: str) -> None:
        self._stage.advance(**{{"menit": "minutes", "jam": "hours", "hari": "days"}[unit]: int(count)})

    def _has_begun(self, name: str) -> None:
        self._stage.joins(NAMES[name])
        self._stage.taps(NAMES[name], "Mulai asesmen")
        self._toasts[NAMES[name]] = len(self._stage.api.toasts(NAMES[name]))

    def _has_begun_as_coach(self, name: str) -> None:
        self._stage.says(NAMES[name], "/start")
        for label in ("Setuju, saya 18 tahun ke atas", "Pembina / pendamping", "Mulai asesmen"):
            self._stage.taps(NAMES[name], label)
        self._toasts[NAMES[name]] = len(self._stage.api.toasts(NAMES[name]))

    def _fills(self) -> None:
        self._stage.fills_with_demo()

    def _restarts(self) -> None:
        self._stage.restart()

    def _doubles(self, name: str) -> None:
        self._stage.api.set_network(NAMES[name], Network(doubled=True))

    def _redelivers(self, name: str) -> None:
        self._stage.deliver(json.dumps(self._stage.last_update(NAMES[name])))


def _drawn(message: ChatMessage, name: str, before: ChatMessage | None) -> list[str]:
    if before is not None and before.text == message.text and not message.keyboard:
        return [f"· tombol di pesan {name} sebelumnya hilang"]
    lines = [f"┌ {name}, pesan {'baru' if before is None else 'diubah'}"]
    if message.photo is not None:
        lines.append("│ (gambar)")
    if message.document is not None:
        lines.append(f"│ (berkas {message.document.name})")
    lines += [f"│ {line}".rstrip() for line in (message.text or message.caption).splitlines()]
    lines += ["│ " + " ".join(f"[{button.text}]" for button in row) for row in message.keyboard]
    return lines
