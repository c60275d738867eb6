"""Updates gone wrong: real ones with fields missing or of another type, odd texts, forged buttons, and plain noise."""

from __future__ import annotations

import copy
import json
import random
from typing import Any

NAUGHTY = (
    "",
    " ",
    "\0",
    "a\0b",
    "\ud800",
    "\udfff tail",
    "\u202eterbalik\u202c",
    "\u200b\u200d\ufeff",
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031ea\u0349\u034d\u0339\u0354",
    "👩‍👩‍👧‍👦" * 40,
    "🏳️‍🌈🇮🇩",
    "x" * 4096,
    "é" * 4096,
    "<b>Sari",
    "</b></i><script>alert(1)</script>",
    "&lt;&amp;&#0;&#x110000;",
    "{{ 7*7 }}{% for x in range(9) %}",
    "%s%n%(a)s{0}{name}",
    "'; DROP TABLE person; --",
    "\r\n\t\x0b\x1b[31m",
    "１４０００",
    "٣٤٥",
    "-0",
    "1e309",
    "NaN",
    "9" * 400,
    "Rp 999.999.999.999.999",
    "²³",
    "/",
    "/start@tanggadigital_bot payload with spaces",
    "/hapus\n/hapus",
    "//mulai",
    "/MULAI",
    "yakin",
    "a",
    "a dan c",
    "belum tahu",
    "14rb",
)
ODD_NUMBERS = (0, -1, 1, 2**31, 2**53 + 1, 2**62, -(2**62), 2**63, 2**64, 10**30, -(10**18), 777_000, 1.5, 1e308)
OTHER_TYPES: tuple[Any, ...] = (None, True, False, 0, -7, 3.25, "", "teks", [], [[]], {}, {"id": 5}, ["a", {"b": None}])
CHAT_TYPES = ("group", "supergroup", "channel", "sender", "", "PRIVATE")
VERBS = (
    *("ok", "no", "la", "ro", "cx", "ch", "cz", "cu", "bn", "go", "an", "tk", "cf", "ps", "bt", "st"),
    *("mb", "cn", "ck", "cl"),
    *("hs", "rv", "rg", "gb", "pc", "sh", "md", "mo", "ml", "se", "sl", "sc", "pv", "da", "e2", "e3", "zz"),
)
ARGUMENTS = (
    "0",
    "1",
    "5",
    "z",
    "zzzzzzzzzzzz",
    "c0",
    "c9",
    "t0",
    "t1",
    "t999999",
    "p",
    "p0",
    "p012",
    "o",
    "o20",
    "o2013",
    "n-5",
    "n999999999999999",
    "u",
    "-1",
)
WORDS = (
    "yakin",
    "kuliner",
    "usaha",
    "dewasa",
    "2026-11",
    "id",
    "en",
    "xx",
    "hours",
    "WIB",
    "o",
    "s",
    "M-O2-cek-mutasi",
)

Json = dict[str, Any]


def mutated(update: Json, rng: random.Random) -> Json:
    """Return a copy with one to three things wrong in it."""
    changed = copy.deepcopy(update)
    for _ in range(rng.randint(1, 3)):
        holder, key = rng.choice(_places(changed))
        _spoil(holder, key, rng)
    return changed


def _places(node: Any) -> list[tuple[Any, Any]]:
    """Return every place in a JSON tree as its holder and key."""
    keys: list[Any] = list(node) if isinstance(node, dict) else list(range(len(node))) if isinstance(node, list) else []
    return [place for key in keys for place in [(node, key), *_places(node[key])]] or [({"empty": None}, "empty")]


def _spoil(holder: Any, key: Any, rng: random.Random) -> None:
    value = holder[key]
    dice = rng.random()
    if dice < 0.2:
        del holder[key]
    elif dice < 0.45:
        holder[key] = copy.deepcopy(rng.choice(OTHER_TYPES))
    elif key == "type" and isinstance(value, str):
        holder[key] = rng.choice(CHAT_TYPES)
    elif key == "is_bot":
        holder[key] = not value
    elif isinstance(value, str):
        holder[key] = rng.choice(NAUGHTY)
    elif isinstance(value, int):
        holder[key] = rng.choice(ODD_NUMBERS)
    elif isinstance(value, dict):
        holder[key] = {**value, rng.choice(NAUGHTY): copy.deepcopy(rng.choice(OTHER_TYPES))}
    else:
        holder[key] = [value, value]


def forged_data(rng: random.Random, *, real: str, attempts: list[str]) -> str:
    """Return 1–64 bytes of callback data: noise, a real one with a letter changed, or a verb with odd arguments."""
    manner = rng.randrange(4)
    if manner == 0:
        data = "".join(
            chr(rng.choice((rng.randrange(32, 127), rng.randrange(1, 0x2FF)))) for _ in range(rng.randint(1, 64))
        )
    elif manner == 1:
        place = rng.randrange(len(real))
        data = real[:place] + rng.choice((".", "", "0", "z", "é", "\0", "..")) + real[place + 1 :]
    elif manner == 2:
        verb = rng.choice(("an", "tk", "gb", "cf", "st", "rv", "rg", "pc", "sh"))
        data = f"1.{verb}.{rng.choice(attempts)}.{rng.randint(0, 9)}"
        answers = ("c0", "c1", "t3", "p0", "o20", "u", "n14000", "yakin", "5")
        data += f".{rng.choice(answers)}" * rng.randint(0, 1)
    else:
        arguments = [rng.choice(ARGUMENTS + WORDS) for _ in range(rng.randint(0, 4))]
        data = ".".join([rng.choice(("1", "1", "1", "0", "2", "")), rng.choice(VERBS), *arguments])
    return data.encode()[:64].decode(errors="ignore") or "1"


def noise(rng: random.Random) -> bytes:
    """Return a body that is no update at all."""
    return rng.choice(
        (
            lambda: rng.randbytes(rng.randint(0, 200)),
            lambda: b"[" * 50_000,
            lambda: b'{"update_id":1,"message":' * 3_000,
            lambda: json.dumps(rng.choice(OTHER_TYPES)).encode(),
            lambda: b'{"update_id": ' + b"9" * 5_000 + b"}",
            lambda: b'\xef\xbb\xbf{"update_id": 5}',
            lambda: b'{"update_id": NaN}',
            lambda: b'{"update_id": 6, "message": {"message_id": 1, "text": "\\ud800"}}',
            lambda: json.dumps({"update_id": 7, "message": {"reply_to_message": {"a": ["x"] * 9_000}}}).encode(),
            lambda: json.dumps(
                {"update_id": 8, rng.choice(("channel_post", "poll", "edited_message")): {"x": 1}}
            ).encode(),
        )
    )()
