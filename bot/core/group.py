"""Groups of owners under a coach, and the one invitation that leads into each."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NewType

GroupId = NewType("GroupId", int)

NAME_LIMIT = 60
PROGRAMME_LIMIT = 40
MEMBERS_USUAL = 200
MEMBERS_MOST = 10_000
INVITATION_LASTS = timedelta(days=14)
CODE_LENGTH = 10
GUESSES_A_MINUTE = 5
GUESSES_A_DAY = 20

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and signs that are drawn as nothing."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """The way into a group until `ends_at`: a token of 128 bits in a link, or a code of 50 bits to type."""

    token: str
    code: str
    ends_at: datetime

    def is_open(self, now: datetime) -> bool:
        """Tell whether it still leads in."""
        return now < self.ends_at


@dataclass(frozen=True, slots=True)
class Group:
    """A coach's group. `province` and `regency` are official codes; `approves` lets a coach agree to each newcomer."""

    id: GroupId
    name: str
    programme: str | None
    province: str | None
    regency: str | None
    approves: bool
    member_limit: int
    invitation: Invitation
    created_at: datetime
    archived_at: datetime | None = None

    @property
    def place(self) -> str | None:
        """Return the most exact official code that is known."""
        return self.regency or self.province


def invitation(token: str, *, now: datetime) -> Invitation:
    """Make an invitation from 128 random bits; the typed code comes from them too and does not give them away."""
    return Invitation(token, _code(token), now + INVITATION_LASTS)


def _code(token: str) -> str:
    bits = int.from_bytes(hashlib.sha256(b"code " + token.encode()).digest()[:8])
    return "".join(_CROCKFORD[(bits >> 5 * place) & 31] for place in range(CODE_LENGTH))


def read_code(text: str) -> str | None:
    """Read a typed code as kindly as can be (small letters, spaces, O for 0); None where it cannot be one."""
    code = "".join(ch for ch in text.upper() if ch.isalnum()).translate(_MISREAD)
    return code if len(code) == CODE_LENGTH and all(ch in _CROCKFORD for ch in code) else None


def shown_code(code: str) -> str:
    """Return a code in two halves, as it is printed and read aloud."""
    return f"{code[: CODE_LENGTH // 2]}-{code[CODE_LENGTH // 2 :]}"


def tidy_name(text: str, limit: int = NAME_LIMIT) -> str:
    """Return a name on one line, without what cannot be seen, cut to its limit; empty where nothing is left."""
    seen = "".join(ch if ch.isprintable() and ch not in _BLANK else " " for ch in unicodedata.normalize("NFC", text))
    return " ".join(seen.split())[:limit].strip()
