"""Who takes part, and the context that tailors what they get."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from enum import StrEnum
from typing import NewType

PersonId = NewType("PersonId", int)


class Role(StrEnum):
    """Who someone is, and whose form of the assessment they take."""

    OWNER = "pemilik"
    COACH = "pembina"


class Business(StrEnum):
    SHOP = "warung"
    CULINARY = "kuliner"
    FASHION = "fesyen"
    CRAFT = "kriya"
    FARMING = "pertanian"
    SERVICE = "jasa"
    OTHER = "lainnya"


class PhoneHolder(StrEnum):
    SELF = "sendiri"
    FAMILY = "keluarga"
    STAFF = "karyawan"
    TURNS = "bergantian"


class Channel(StrEnum):
    PHYSICAL = "toko"
    SOCIAL = "medsos"
    MARKETPLACE = "marketplace"
    SEVERAL = "campuran"


class Zone(StrEnum):
    """Indonesia's three time zones; the value is what people say."""

    WIB = "WIB"
    WITA = "WITA"
    WIT = "WIT"

    @property
    def tzinfo(self) -> timezone:
        """Return the zone as days and hours are reckoned with; the clocks of Indonesia never change."""
        return timezone(timedelta(hours={"WIB": 7, "WITA": 8, "WIT": 9}[self.value]))


def local(moment: datetime, zone: Zone | None) -> datetime:
    """Return a moment as the clock shows it where somebody lives; WIB where the zone is not known."""
    return moment.astimezone((zone or Zone.WIB).tzinfo)


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """Opening time in whole hours of the owner's own zone; 0 to 24 means always open."""

    opens: int
    closes: int
    zone: Zone


@dataclass(frozen=True, slots=True)
class Context:
    """What a person told about the business; None where not told yet. The zone is told before the hours."""

    business: Business | None = None
    phone_holder: PhoneHolder | None = None
    channel: Channel | None = None
    hours: OpeningHours | None = None
    zone: Zone | None = None

    @property
    def clock(self) -> Zone:
        """Return the zone by whose clock the person is told of moments; WIB where none was told yet."""
        return self.zone or Zone.WIB


@dataclass(frozen=True, slots=True)
class Consent:
    """What was agreed to: the version and hash of the text shown; standing is `dewasa` or `wali` (with a guardian)."""

    version: str
    text_hash: str
    standing: str


class ContextQuestion(StrEnum):
    BUSINESS = "usaha"
    PHONE_HOLDER = "pemegang"
    CHANNEL = "kanal"
    HOURS = "jam"


@dataclass(frozen=True, slots=True)
class Person:
    """A consented participant; `language` is None until chosen, then it beats Telegram's own setting.

    `is_admin` was granted by another admin; `wants_news` allows announcements.
    """

    id: PersonId
    telegram_id: int
    first_name: str
    role: Role | None
    context: Context
    language: str | None = None
    is_admin: bool = False
    wants_news: bool = False
    bot_id: int | None = None
    """The bot last written to, through which everything owed goes; None where it is not known yet."""

    @property
    def form(self) -> Role:
        """Return whose form of the assessment the person takes."""
        return self.role or Role.OWNER


def next_context_question(role: Role | None, context: Context) -> ContextQuestion | None:
    """Return the first context question an owner has not answered; coaches are asked none."""
    if role is not Role.OWNER:
        return None
    answers = (context.business, context.phone_holder, context.channel, context.hours)
    for question, answer in zip(ContextQuestion, answers, strict=True):
        if answer is None:
            return question
    return None
