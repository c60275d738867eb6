"""Where a group is: provinces, kabupaten and kota by the ministry's codes, and finding one by what someone types."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

LIMIT, LONGEST_TYPED = 8, 80
FIRST_KOTA = 71
LIKENESS, SHORTEST_LIKENED = 0.78, 4


class RegionKind(StrEnum):
    """What a region is; a kabupaten and a kota may share one name."""

    PROVINCE = "provinsi"
    KABUPATEN = "kabupaten"
    KOTA = "kota"


_KIND_WORDS: Mapping[str, RegionKind | None] = {
    **dict.fromkeys(("provinsi", "propinsi", "prov", "prop"), RegionKind.PROVINCE),
    **dict.fromkeys(("kabupaten", "kab"), RegionKind.KABUPATEN),
    **dict.fromkeys(("kota", "kotamadya", "kodya"), RegionKind.KOTA),
    **dict.fromkeys(("administrasi", "adm"), None),
}
"""Words that say what kind of region is meant, not which."""


class UnknownRegion(Exception):
    """No region has this code."""


@dataclass(frozen=True, slots=True)
class Region:
    """One region: two digits for a province, four for a kabupaten or kota; `also` are other ways to write its name."""

    code: str
    name: str
    also: tuple[str, ...] = ()

    @property
    def kind(self) -> RegionKind:
        """Tell what it is, by its code: the decree numbers kota from 71 on."""
        if len(self.code) == 2:
            return RegionKind.PROVINCE
        return RegionKind.KOTA if int(self.code[2:]) >= FIRST_KOTA else RegionKind.KABUPATEN


@dataclass(frozen=True, slots=True)
class _Written:
    """A region as the search compares it: its words, its names without blanks, and its own name with its province's."""

    region: Region
    words: tuple[str, ...]
    around: tuple[str, ...]
    joined: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Regions:
    """All regions of one list, in the order of their codes."""

    by_code: Mapping[str, Region]
    written: Sequence[_Written]

    @property
    def provinces(self) -> tuple[Region, ...]:
        """Return the provinces."""
        return tuple(region for region in self.by_code.values() if region.kind is RegionKind.PROVINCE)

    def regencies(self, province: str) -> tuple[Region, ...]:
        """Return the kabupaten and kota of a province by its code; none for a code that is no province's."""
        inside = (region for code, region in self.by_code.items() if len(code) == 4 and code[:2] == province)
        return tuple(inside)

    def find(self, code: str | None) -> Region | None:
        """Return the region of a code, with or without the decree's dot, or None where no region has it."""
        return self.by_code.get(code.replace(".", "", 1)) if code else None

    def name(self, code: str) -> str:
        """Return a region's name; a code that has left the list stands for itself, so that an old group still shows."""
        region = self.find(code)
        return region.name if region else code

    def title(self, code: str) -> str:
        """Return a name with its province, as in Kota Bandung, Jawa Barat; a province's own name stands alone."""
        if len(code) == 2 or not self.find(code):
            return self.name(code)
        return f"{self.name(code)}, {self.province_of(code).name}"

    def province_of(self, code: str) -> Region:
        """Return the province that a code lies in, itself for a province; refuses what is not listed: UnknownRegion."""
        region = self.find(code)
        if region is None:
            raise UnknownRegion(code)
        return self.by_code[region.code[:2]]

    def search(self, text: str, limit: int = LIMIT) -> list[Region]:
        """Return the regions that someone may mean, likeliest first; small slips are forgiven where nothing else fits.

        Kabupaten or kota, where said, comes first, and the other of the same name after it. A code finds its region,
        and a province's code its kabupaten and kota too.
        """
        typed = text.strip()[:LONGEST_TYPED]
        if _CODE.fullmatch(typed):
            region = self.find(typed)
            return [region, *self.regencies(region.code)][:limit] if region else []
        words = _words(typed)
        if not words:
            return []
        wanted, kind = _wanted(words)
        ranks = {one.region.code: _rank(one, words, wanted) for one in self.written}
        best = min(ranks.values())
        if best == _NOT_AT_ALL:
            ranks = self._unlikeness("".join(wanted))
        worst = _BY_ITS_WORDS if best <= _BY_ITS_WORDS else _IN_ITS_PROVINCE
        found = [region for code, region in self.by_code.items() if ranks[code] <= worst]
        return sorted(found, key=lambda region: (ranks[region.code], kind not in (None, region.kind)))[:limit]

    def _unlikeness(self, joined: str) -> dict[str, float]:
        """Return for each code how far its region is from being written so, _NOT_AT_ALL where it is another word."""
        if len(joined) < SHORTEST_LIKENED:
            return dict.fromkeys(self.by_code, _NOT_AT_ALL)
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(joined)
        return {one.region.code: _unlikeness(matcher, (*one.joined, one.place)) for one in self.written}


def gather(entries: Iterable[Region]) -> Regions:
    """Return the regions of a list whose every kabupaten and kota has its province in it, in the order of codes."""
    by_code = {entry.code: entry for entry in sorted(entries, key=lambda entry: entry.code)}
    return Regions(by_code, tuple(_written(region, by_code[region.code[:2]]) for region in by_code.values()))


_CODE = re.compile(r"\d\d(\.?\d\d)?")
_ITS_NAME, _ITS_BEGINNING, _BY_ITS_WORDS, _INSIDE_IT, _IN_ITS_PROVINCE, _NOT_AT_ALL = map(float, range(6))
"""How well a region fits what was typed; the two weakest are shown only where nothing fits better."""


def _words(text: str) -> list[str]:
    """Return the words of a text in plain small letters, without accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("’", ""))
    return re.findall(r"[a-z0-9]+", "".join(letter for letter in plain if not unicodedata.combining(letter)))


def _wanted(words: list[str]) -> tuple[list[str], RegionKind | None]:
    """Part what is meant from the kind that was said; the words alone where they say nothing but a kind."""
    named = [word for word in words if word not in _KIND_WORDS]
    kinds = (_KIND_WORDS[word] for word in words if word in _KIND_WORDS)
    return (named, next(filter(None, kinds), None)) if named else (words, None)


def _written(region: Region, province: Region) -> _Written:
    own = _words(region.name)
    plain = own if own[0] not in _KIND_WORDS else [word for word in own[1:] if word != "administrasi"]
    others = [_words(spelling) for spelling in region.also]
    around = {word for spelling in (province.name, *province.also) for word in _words(spelling)}
    return _Written(
        region=region,
        words=(*plain, *(word for other in others for word in other)),
        around=tuple(around),
        joined=("".join(plain), *("".join(other) for other in others)),
        place="".join([*plain, *(_words(province.name) if province is not region else [])]),
    )


def _rank(one: _Written, words: Sequence[str], wanted: Sequence[str]) -> float:
    """Return how well a region fits what was typed.

    `wanted` are the words without those that say a kind; with them some names are whole, such as Kotabaru.
    """
    joined = "".join(wanted)
    spellings = (joined, "".join(words))
    if joined == one.place or any(spelling in one.joined for spelling in spellings):
        return _ITS_NAME
    if any(name.startswith(spellings) for name in one.joined):
        return _ITS_BEGINNING
    if all(_begins(one.words, word) for word in wanted):
        return _BY_ITS_WORDS
    if len(joined) >= SHORTEST_LIKENED and any(joined in name for name in one.joined):
        return _INSIDE_IT
    is_named = any(_begins(one.words, word) for word in wanted)
    is_around = all(_begins((*one.words, *one.around), word) for word in wanted)
    return _IN_ITS_PROVINCE if is_named and is_around else _NOT_AT_ALL


def _begins(words: Iterable[str], start: str) -> bool:
    return any(word.startswith(start) for word in words)


def _unlikeness(matcher: SequenceMatcher[str], names: Iterable[str]) -> float:
    """Return the least distance to any of the names, 0 to 1; the costly measure only where it may matter."""
    closest = LIKENESS
    for name in names:
        matcher.set_seq1(name)
        if matcher.real_quick_ratio() >= closest and matcher.quick_ratio() >= closest:
            closest = max(closest, matcher.ratio())
    return 1 - closest if closest > LIKENESS else _NOT_AT_ALL
