"""The lists of commands and buttons: no name twice, every button short enough, and each for whom it is meant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.chat import dispatch
from bot.chat.callback_data import LIMIT_BYTES, pack, unpack
from bot.chat.handlers.joining import SHARING_VERSION
from bot.chat.handlers.welcome import CONSENT_VERSION
from bot.chat.request import Request
from bot.chat.routes import COMMANDS, VERBS
from bot.chat.screen import Reply, redraw
from bot.core.access import Audience
from bot.core.acts import Tried
from bot.core.attempt import Confidence
from bot.core.grant import Deed, Trust
from bot.core.group import CODE_LENGTH
from bot.core.item import Dimension
from bot.core.person import Business, Channel, ContextQuestion, PhoneHolder, Role, Zone
from bot.core.practice import Choice, Quantity, Sheet
from bot.core.triage import Flag
from bot.core.wish import Wish
from bot.usecases.joining import Sharing
from tests.chat.crawler import PERSONAL
from tests.stage import ADMIN, JOKO, RANI, SARI, STRANGER, Stage

BIG = 36**12 - 1
"""The largest number that a button may carry."""
MODULE = "M-O8-" + "z" * 40
"""The longest code that the schema allows."""

TOKEN = "_" * 22
"""128 bits, as a link carries them."""
TRUSTED = "a" + TOKEN
"""The same where it leads to more trust than into a group."""
ITEM = "O8-999"
ONE_MEMBER = "p-" + "z" * 12
LESSON = "f" * 8
PAGE = 9999

LONGEST: dict[str, tuple[int | str, ...]] = {
    "ok": ("dewasa", CONSENT_VERSION, "id", TRUSTED),
    "no": (TRUSTED,),
    "la": ("id", TRUSTED),
    "ro": (max(Role, key=len),),
    "cx": (max(ContextQuestion, key=len), max((*Business, *PhoneHolder, *Channel), key=len), "o"),
    "ch": (24, 24, max(Zone, key=len), "s"),
    "cz": (max(Zone, key=len), "s"),
    "cu": (),
    "bn": (),
    "go": ("p",),
    "an": (BIG, 99, "t255"),
    "tk": (BIG, 99, "t255"),
    "gb": (BIG, 99),
    "mb": (BIG, 99),
    "gl": (),
    "gm": (MODULE, 99),
    "cn": (BIG,),
    "ck": (max(Dimension, key=len),),
    "cl": (MODULE,),
    "cf": (BIG, 99, max(Confidence, key=len)),
    "ps": (),
    "bt": (),
    "st": (BIG,),
    "hs": (),
    "rv": (BIG, 99),
    "rg": (BIG, 99),
    "pc": (BIG,),
    "sh": (BIG,),
    "md": (),
    "mt": (max(Dimension, key=len),),
    "mo": (MODULE, 99),
    "ml": (MODULE,),
    "kh": (),
    "kt": (max(Sheet, key=len), max(Quantity, key=len)),
    "ko": (BIG, max(Choice, key=len)),
    "pb": (),
    "pk": (BIG,),
    "pj": (BIG, 2),
    "kl": (),
    "se": (),
    "sl": ("id",),
    "sc": (max(ContextQuestion, key=len),),
    "km": (),
    "jc": (),
    "jn": (BIG, max(Sharing, key=len), SHARING_VERSION),
    "jr": (),
    "ms": (BIG,),
    "mc": (BIG, max(Sharing, key=len), SHARING_VERSION),
    "mq": (BIG, "y"),
    "mx": (BIG,),
    "my": (BIG,),
    "gr": (),
    "ga": (BIG, PAGE),
    "gc": (BIG,),
    "gd": (BIG, BIG, PAGE),
    "gf": (BIG, max(Flag, key=len)),
    "gh": (),
    "gi": (BIG,),
    "gj": (BIG, BIG),
    "gk": (BIG,),
    "gn": (),
    "gp": (BIG,),
    "gq": (BIG,),
    "gs": (BIG,),
    "gt": (BIG,),
    "gu": (BIG,),
    "gv": (BIG,),
    "gw": (BIG,),
    "gx": (BIG, BIG),
    "gy": (BIG, BIG),
    "gz": (BIG, BIG),
    "ir": (BIG, "X" * CODE_LENGTH),
    "ic": (BIG,),
    "ia": (BIG, 1),
    "il": (BIG,),
    "im": (BIG, 10_000),
    "nu": (BIG,),
    "ns": (BIG,),
    "lt": (BIG, BIG),
    "lk": (BIG, ONE_MEMBER, LESSON),
    "lz": (BIG, ONE_MEMBER, LESSON),
    "ue": (BIG, "program"),
    "up": (BIG, "9999"),
    "ut": (BIG, 9),
    "tg": (BIG,),
    "tq": (BIG,),
    "ux": (BIG,),
    "uy": (BIG,),
    "uz": (BIG,),
    "co": (BIG,),
    "c2": (BIG,),
    "c3": (BIG,),
    "c4": (BIG, BIG, "y"),
    "c5": (BIG, "y"),
    "ca": (TOKEN,),
    "ad": (),
    "al": (max("catatan", ITEM, key=len),),
    "af": (),
    "ac": (ITEM,),
    "ae": (ITEM, 99),
    "as": (ITEM, "f" * 8),
    "ar": (ITEM,),
    "at": (ITEM, 2**31),
    "ao": (),
    "ai": (max(Trust, key=len),),
    "au": (),
    "ap": (BIG, max(Trust, key=len), max(Deed, key=len)),
    "ay": (BIG,),
    "ax": (BIG, "y"),
    "ag": (TRUSTED,),
    "db": (),
    "bk": (),
    "wl": (),
    "wh": (max(Wish, key=len),),
    "ws": (max(Wish, key=len), "12", "d"),
    "wq": (max(Wish, key=len),),
    "wa": (MODULE, max(Tried, key=len)),
    "qm": (BIG,),
    "nw": ("n",),
    "nq": (),
    "pv": ("id", TRUSTED),
    "da": (),
    "e2": (),
    "e3": (BIG,),
}
FOR_ANYONE = {"ok", "no", "la", "cu", "bn", "pv", "e3"}
FOR_ANYONE |= {"/start", "/lanjut", "/bantuan", "/help", "/privasi", "/privacy"}
FOR_THE_JOINED = {"ro", "da", "e2", "bk", "ag", "/data", "/hapus"}
FOR_THE_STAFF = {"db", "gi", "gk", "gp", "gs", "/dasbor"}
FOR_COACHES = {"ga", "gc", "gd", "gf", "gh", "gj", "gn", "gq", "gr", "gt", "gu", "gv", "gw", "gx", "gy", "gz"}
FOR_COACHES |= {
    "ir",
    "ic",
    "ia",
    "il",
    "im",
    "nu",
    "ns",
    "lt",
    "lk",
    "lz",
    "ue",
    "up",
    "ut",
    "tg",
    "tq",
    "ux",
    "uy",
    "uz",
}
FOR_COACHES |= {"co", "c2", "c3", "c4", "c5", "ca"}
FOR_THE_ADMINS = {
    "/program",
    "/admin",
    "ad",
    "al",
    "af",
    "ac",
    "ae",
    "as",
    "ar",
    "at",
    "ao",
    "ai",
    "au",
    "ap",
    "ay",
    "ax",
}
JOINED_ONLY, SETTLED, COACH = RANI, SARI, JOKO
CAST = (STRANGER, JOINED_ONLY, SETTLED, COACH, ADMIN)


def test_names_stand_once() -> None:
    commands, verbs = [command.name for command in COMMANDS], [verb.name for verb in VERBS]

    assert sorted(set(commands)) == sorted(commands)
    assert sorted(set(verbs)) == sorted(verbs)


def test_commands_fit_telegrams_menu() -> None:
    assert [c.name for c in COMMANDS if not (c.name.isascii() and c.name.islower() and len(c.name) <= 32)] == []
    assert [c.name for c in COMMANDS if len(c.menu) > 256] == []


def test_every_verb_has_a_longest_button() -> None:
    assert set(LONGEST) == {verb.name for verb in VERBS}
    assert {name: len(given) for name, given in LONGEST.items()} == {v.name: v.arguments + v.optional for v in VERBS}


@pytest.mark.parametrize("name", LONGEST)
def test_longest_button_fits_and_is_read_back(name: str) -> None:
    data = pack(name, *LONGEST[name])

    found, arguments = unpack(data)

    assert len(data.encode()) <= LIMIT_BYTES
    assert (found, len(arguments)) == (name, len(LONGEST[name]))


def test_audiences_are_those_agreed() -> None:
    routes = {verb.name: verb.audience for verb in VERBS} | {f"/{c.name}": c.audience for c in COMMANDS}

    assert {name for name, audience in routes.items() if audience is Audience.ANYONE} == FOR_ANYONE
    assert {name for name, audience in routes.items() if audience is Audience.JOINED} == FOR_THE_JOINED
    assert {name for name, audience in routes.items() if audience is Audience.STAFF} == FOR_THE_STAFF
    assert {name for name, audience in routes.items() if audience is Audience.COACH} == FOR_COACHES
    assert {name for name, audience in routes.items() if audience is Audience.ADMIN} == FOR_THE_ADMINS


@pytest.fixture
def cast(play: Stage) -> Stage:
    """A stranger, somebody who agreed but has no role yet, an owner, a coach, and an owner whom the settings name."""
    play.says(STRANGER, "/start")
    play.says(JOINED_ONLY, "/start")
    play.taps(JOINED_ONLY, "Setuju, saya 18 tahun ke atas")
    play.joins(SETTLED)
    play.joins(ADMIN)
    play.says(COACH, "/start")
    play.taps(COACH, "Setuju, saya 18 tahun ke atas")
    play.taps(COACH, "Pembina / pendamping")
    return play


def test_each_verb_is_used_only_by_its_audience(cast: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    used: set[tuple[str, int]] = set()
    for verb in VERBS:
        spy = _spy(used, verb.name)
        monkeypatch.setitem(dispatch._VERBS, verb.name, replace(verb, handler=spy))

    for person in CAST:
        for name, arguments in LONGEST.items():
            cast.tap(person, cast.live(person).message_id, pack(name, *arguments), forge=True)

    assert used == _allowed(set(LONGEST))


def test_each_command_is_used_only_by_its_audience(cast: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    used: set[tuple[str, int]] = set()
    for command in COMMANDS:
        spy = _spy(used, f"/{command.name}")
        monkeypatch.setitem(dispatch._COMMANDS, command.name, replace(command, handler=spy))

    for person in CAST:
        for command in COMMANDS:
            cast.says(person, f"/{command.name}")

    assert used == _allowed({f"/{command.name}" for command in COMMANDS})


def _allowed(names: set[str]) -> set[tuple[str, int]]:
    """Return who may use what, by the lists above."""
    everyone = {(name, person) for name in names & FOR_ANYONE for person in CAST}
    joined = {(name, person) for name in names & FOR_THE_JOINED for person in CAST[1:]}
    staff = {(name, person) for name in names & FOR_THE_STAFF for person in (COACH, ADMIN)}
    coaches = {(name, COACH) for name in names & FOR_COACHES}
    admins = {(name, ADMIN) for name in names & FOR_THE_ADMINS}
    rest = names - FOR_ANYONE - FOR_THE_JOINED - FOR_THE_STAFF - FOR_COACHES - FOR_THE_ADMINS
    return everyone | joined | staff | coaches | admins | {(name, person) for name in rest for person in CAST[2:]}


def _spy(used: set[tuple[str, int]], name: str) -> Callable[..., Reply]:
    def handler(request: Request, *_: str) -> Reply:
        used.add((name, request.incoming.telegram_id))
        return redraw()

    return handler


def test_stranger_leaves_nothing_behind_whatever_is_tried(play: Stage) -> None:
    play.says(STRANGER, "/start")

    for command in COMMANDS:
        play.says(STRANGER, f"/{command.name}")
    for text in ("halo", "A", "yakin", "14rb", "Belum tahu"):
        play.says(STRANGER, text)
    for name, arguments in LONGEST.items():
        if name != "ok":
            play.tap(STRANGER, play.live(STRANGER).message_id, pack(name, *arguments), forge=True)
    play.tap(STRANGER, play.live(STRANGER).message_id, pack("ok", "dewasa", "2020-01", "id"), forge=True)
    play.tap(STRANGER, play.live(STRANGER).message_id, pack("ok", "anak", CONSENT_VERSION, "id"), forge=True)
    play.tap(STRANGER, play.live(STRANGER).message_id, pack("ok", "dewasa", CONSENT_VERSION, "xx"), forge=True)

    assert rows_about_people(play) == dict.fromkeys(PERSONAL, 0)


def rows_about_people(play: Stage) -> dict[str, int]:
    """Count the rows of each table that may hold something about a person."""
    return {name: play.rows(f"SELECT count(*) FROM {name}")[0][0] for name in PERSONAL}
