"""What a Mini App shows of Telegram's signature, changed in every way a liar could think of: none is accepted.

`INIT_DATA=100000` makes it the size of the promise; SEED repeats a run.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, quote, urlencode

from bot.simulator.mini_app import check
from bot.usecases.signing_in import _proven

MUTATIONS = int(os.environ.get("INIT_DATA", "3000"))
SEED = int(os.environ.get("SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
OURS = ("7000000001:satu-token-hanya-untuk-uji-000000000000", "7000000002:dua-token-hanya-untuk-uji-0000000000000")
STRANGE = "7000000003:token-bot-orang-lain-0000000000000000000"
SIGNS = "0123456789abcdefABCDEFxyz&=%+-_ \n\0;é\u202e"

Pairs = list[tuple[str, str]]


def signed(chance: random.Random, token: str, at: datetime = NOW) -> str:
    """Return data of a random person as Telegram signs it for a bot."""
    fields = {
        "query_id": f"AAH{chance.getrandbits(64):016x}",
        "user": f'{{"id":{chance.randrange(1, 10**10)},"first_name":"Sari & Ani =+%","language_code":"id"}}',
        "auth_date": str(int(at.timestamp())),
        "signature": f"{chance.getrandbits(256):064x}",
    }
    return written([*fields.items(), ("hash", check(fields, token))])


def written(pairs: Pairs) -> str:
    return urlencode(pairs, quote_via=quote, safe="")


def pairs_of(data: str) -> Pairs:
    return parse_qsl(data, keep_blank_values=True)


def a_few_signs(chance: random.Random, data: str) -> str:
    changed = list(data)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(changed))
        changed[place : place + chance.randint(0, 2)] = chance.choices(SIGNS, k=chance.randint(0, 2))
    return "".join(changed)


def one_bit(chance: random.Random, data: str) -> str:
    place = chance.randrange(len(data))
    return data[:place] + chr(ord(data[place]) ^ 1 << chance.randrange(7)) + data[place + 1 :]


def other_order(chance: random.Random, data: str) -> str:
    return written(chance.sample(pairs_of(data), 5))


def one_field_less(chance: random.Random, data: str) -> str:
    pairs = pairs_of(data)
    del pairs[chance.randrange(len(pairs))]
    return written(pairs)


def one_field_twice(chance: random.Random, data: str) -> str:
    pairs = pairs_of(data)
    name, value = chance.choice(pairs)
    pairs.insert(chance.randrange(len(pairs) + 1), (name, chance.choice([value, "", value + " "])))
    return written(pairs)


def one_field_more(chance: random.Random, data: str) -> str:
    name = chance.choice(["start_param", "chat_type", "Hash", "hash ", "", "can_send_after", "bot_id"])
    return written([*pairs_of(data), (name, chance.choice(["", "1", "private"]))])


def another_persons_field(chance: random.Random, data: str) -> str:
    other = dict(pairs_of(signed(chance, chance.choice(OURS))))
    taken = chance.choice(["user", "hash", "query_id", "signature"])
    return written([(name, other[name] if name == taken else value) for name, value in pairs_of(data)])


def line_break_between(chance: random.Random, data: str) -> str:
    """Move the border between two signed fields: the text that is signed is made of lines."""
    pairs = dict(pairs_of(data))
    pairs["query_id"] += f"\nsignature={pairs.pop('signature')}"
    return written(list(pairs.items()))


def of_a_strange_bot(chance: random.Random, data: str) -> str:
    return signed(chance, chance.choice([STRANGE, STRANGE.lower(), "", OURS[0][:-1], " " + OURS[1]]))


def of_another_hour(chance: random.Random, data: str) -> str:
    late, early = timedelta(seconds=chance.randint(3601, 10**8)), timedelta(seconds=chance.randint(61, 10**8))
    return signed(chance, chance.choice(OURS), chance.choice([NOW - late, NOW + early]))


def without_a_true_hash(chance: random.Random, data: str) -> str:
    pairs = dict(pairs_of(data))
    pairs["hash"] = chance.choice(["", "0" * 64, pairs["hash"][:-1], OURS[0]])
    return written(list(pairs.items()))


WAYS: tuple[Callable[[random.Random, str], str], ...] = (
    a_few_signs,
    one_bit,
    other_order,
    one_field_less,
    one_field_twice,
    one_field_more,
    another_persons_field,
    line_break_between,
    of_a_strange_bot,
    of_another_hour,
    without_a_true_hash,
)


def says_the_same(changed: str, data: str) -> bool:
    """Tell whether all that was signed still stands there, in any order; a digest may be written in large letters."""
    one, other = dict(pairs_of(changed)), dict(pairs_of(data))
    one["hash"], other["hash"] = one.get("hash", "").lower(), other["hash"].lower()
    return len(pairs_of(changed)) == len(pairs_of(data)) and one == other


def test_only_what_telegram_signed_for_one_of_our_bots_is_accepted() -> None:
    chance = random.Random(SEED)
    wrong: list[tuple[str, str]] = []
    tried: Counter[bool] = Counter()
    for number in range(MUTATIONS):
        data = signed(chance, OURS[number % 2])
        way = WAYS[number % len(WAYS)]
        changed = way(chance, data)
        is_true = says_the_same(changed, data)
        if (_proven(changed, OURS, NOW) is not None) is not is_true:
            wrong.append((way.__name__, changed))
        tried[is_true] += 1
        assert _proven(data, OURS, NOW) is not None, f"SEED={SEED}"

    assert wrong == [], f"SEED={SEED}"
    assert tried[True] >= MUTATIONS // len(WAYS)
    assert tried[False] >= MUTATIONS // 2
