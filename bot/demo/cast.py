"""The people of the demo beyond the main cast: whom they sell to, whose group they are in, and how far they have come.

All of them are invented; their Telegram ids are of nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import chain

from bot.core.person import Business, Zone
from bot.simulator.cast import MBAK_RANI, PAK_JOKO
from bot.simulator.chats import Person


class Way(StrEnum):
    """How far an owner has come; who is at one has passed those before it, but `AGAIN` took no lesson."""

    NEVER = "belum"
    STOPPED = "berhenti"
    FINISHED = "selesai"
    READ = "baca"
    ACTED = "coba"
    CHECKED = "lulus"
    RETESTED = "ulang"
    AGAIN = "lagi"


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner in a group; `sure` is who never doubts, also where it is wrong, `asks` who wants all that can come by
    itself.
    """

    telegram_id: int
    first_name: str
    business: Business
    way: Way
    shares: bool
    sure: bool
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Coach:
    """A coach; `phone` is who holds the phone."""

    phone: Person

    @property
    def telegram_id(self) -> int:
        return self.phone.id


@dataclass(frozen=True, slots=True)
class Circle:
    """A coach's group with its members. `strength` is how able they are on the whole, in population standard
    deviations; `age` how many days ago the group began.
    """

    name: str
    coach: Coach
    place: str
    programme: str | None
    zone: Zone
    strength: float
    age: int
    owners: tuple[Owner, ...]
    archived: bool = False


def _owners(first_id: int, table: str) -> tuple[Owner, ...]:
    """Read a table of a name, a business, a way, and marks: `nama-` shares no name, `yakin` never doubts, `minta` wants
    all that can come by itself.
    """
    rows = (line.split() for line in table.strip().splitlines())
    return tuple(
        Owner(
            first_id + n, name, Business(business), Way(way), "nama-" not in marks, "yakin" in marks, "minta" in marks
        )
        for n, (name, business, way, *marks) in enumerate(rows)
    )


def _coach(telegram_id: int, first_name: str, label: str) -> Coach:
    return Coach(Person(telegram_id, first_name, label=label, circle="Pembina lain"))


JOKO, RANI = Coach(PAK_JOKO), Coach(MBAK_RANI)
NYOMAN = _coach(20001, "Nyoman", "Nyoman, pembina di Gianyar")
ANDI = _coach(20002, "Andi", "Andi, pembina di Makassar")
YULIANA = _coach(20003, "Yuliana", "Yuliana, pembina di Jayawijaya")
COACHES = (JOKO, RANI, NYOMAN, ANDI, YULIANA)

PASAR_WAGE = _owners(
    21001,
    """
    Tumini     warung      ulang
    Slamet     kuliner     ulang
    Wati       fesyen      ulang
    Suparno    pertanian   ulang
    Euis       kuliner     ulang
    Mulyono    kriya       ulang     nama-
    Aminah     warung      ulang     nama-
    Partini    kuliner     ulang     nama-
    Gunawan    jasa        lagi
    Butet      kuliner     lagi
    Sugeng     lainnya     lagi
    Zubaidah   fesyen      lagi      nama-
    Endang     kuliner     lulus
    Dadang     jasa        lulus
    Sumarni    warung      lulus
    Ketut      kriya       coba
    Titik      fesyen      coba
    Hasan      pertanian   baca
    Yanti      kuliner     baca      yakin
    Rukmini    warung      baca
    Agus       jasa        selesai   yakin
    Bambang    pertanian   selesai   yakin
    Dewi       fesyen      selesai
    Fatimah    kuliner     selesai
    Kartini    kriya       selesai
    Lilis      kuliner     selesai   minta
    Maria      kuliner     selesai
    Nurul      fesyen      selesai   nama-
    Poniyem    warung      selesai   yakin
    Ratna      lainnya     selesai
    Togar      jasa        selesai   yakin
    Upik       kuliner     selesai
    Yosef      kriya       selesai   nama-
    Budi       jasa        berhenti
    Ngatini    warung      berhenti
    Sri        kuliner     berhenti
    Warsito    pertanian   berhenti  nama-
    Asep       kuliner     belum
    Jumirah    warung      belum
    Wahyu      fesyen      belum
    """,
)
LAWEYAN = _owners(
    21101,
    """
    Siti       kriya       selesai
    Hartono    kriya       baca
    Warni      fesyen      selesai
    """,
)
RAMADAN = _owners(
    21201,
    """
    Kasman     kuliner     belum
    Murni      kuliner     belum
    Tarjo      warung      belum
    """,
)
PASAR_GEDE = _owners(
    22001,
    """
    Lestari    kuliner     ulang
    Harjo      kuliner     lagi
    Ningsih    kuliner     lulus
    Yatmi      warung      coba
    Heru       jasa        baca
    Retno      kuliner     selesai
    Samsul     kuliner     selesai   yakin
    Tutik      fesyen      selesai
    Mei        kuliner     selesai
    Parmin     warung      selesai   nama-
    Giyem      kuliner     selesai   nama-
    Danang     jasa        berhenti
    """,
)
GIANYAR = _owners(
    23001,
    """
    Wayan      kriya       ulang
    Made       kriya       coba
    Kadek      fesyen      baca
    Komang     kriya       selesai
    Putu       jasa        selesai   minta
    Luh        kuliner     selesai
    Gede       kriya       selesai
    """,
)
MAKASSAR = _owners(
    24001,
    """
    Hamzah     kuliner     baca
    Rahma      kuliner     selesai
    Sitti      warung      selesai
    Baso       pertanian   selesai
    Ramlah     kuliner     selesai
    Anwar      jasa        belum
    """,
)
JAYAWIJAYA = _owners(
    25001,
    """
    Agustina   kriya       selesai
    Yohana     kriya       selesai
    Markus     pertanian   selesai
    Ester      kuliner     berhenti
    """,
)

GERNAS = "Gernas BBI"
CIRCLES = (
    Circle("Pelatihan Ramadan", JOKO, "3305", GERNAS, Zone.WIB, -0.2, 80, RAMADAN, archived=True),
    Circle("Pasar Wage Kebumen", JOKO, "3305", GERNAS, Zone.WIB, 0.05, 45, PASAR_WAGE),
    Circle("Sentra Batik Laweyan", JOKO, "3372", None, Zone.WIB, 0.2, 20, LAWEYAN),
    Circle("Pasar Gede Solo", RANI, "3372", GERNAS, Zone.WIB, 0.1, 40, PASAR_GEDE),
    Circle("Perajin Gianyar", NYOMAN, "5104", "UMKM Level Up", Zone.WITA, 0.5, 35, GIANYAR),
    Circle("Olahan Laut Makassar", ANDI, "7371", GERNAS, Zone.WITA, 0.0, 30, MAKASSAR),
    Circle("Noken Jayawijaya", YULIANA, "9501", "Rumah BUMN", Zone.WIT, -0.4, 28, JAYAWIJAYA),
)
"""The groups, in the order in which they are made."""

_SELLS = {
    Business.SHOP: "warung",
    Business.CULINARY: "makanan",
    Business.FASHION: "pakaian",
    Business.CRAFT: "kerajinan",
    Business.FARMING: "hasil tani",
    Business.SERVICE: "jasa",
    Business.OTHER: "usaha lain",
}


def phones() -> tuple[Person, ...]:
    """Return who holds the phones of these people, group by group, the one put away last."""
    return (
        *chain.from_iterable(_phones(circle) for circle in sorted(CIRCLES, key=lambda circle: circle.archived)),
        *(coach.phone for coach in COACHES if coach not in (JOKO, RANI)),
    )


def _phones(circle: Circle) -> tuple[Person, ...]:
    title = f"{circle.name} (pembina {circle.coach.phone.first_name})"
    return tuple(
        Person(owner.telegram_id, owner.first_name, label=f"{owner.first_name}, {_SELLS[owner.business]}", circle=title)
        for owner in sorted(circle.owners, key=lambda owner: owner.first_name)
    )
