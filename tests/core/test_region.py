"""Regions by code and by what people type, over a small list; over the real one in tests/content/test_regions.py."""

from __future__ import annotations

import pytest

from bot.core.region import Region, RegionKind, UnknownRegion, gather

ENTRIES = [
    Region("3273", "Kota Bandung", ("bdg",)),
    Region("32", "Jawa Barat", ("jabar",)),
    Region("3204", "Kabupaten Bandung"),
    Region("3217", "Kabupaten Bandung Barat"),
    Region("3276", "Kota Depok"),
    Region("31", "DKI Jakarta", ("jakarta",)),
    Region("3174", "Kota Administrasi Jakarta Selatan"),
    Region("34", "DI Yogyakarta"),
    Region("3403", "Kabupaten Gunungkidul"),
    Region("63", "Kalimantan Selatan"),
    Region("6302", "Kabupaten Kotabaru"),
    Region("6372", "Kota Banjarbaru"),
]
LIST = gather(ENTRIES)


def names(text: str, limit: int = 8) -> list[str]:
    return [region.name for region in LIST.search(text, limit)]


def test_regions_stand_in_the_order_of_their_codes() -> None:
    assert list(LIST.by_code) == sorted(entry.code for entry in ENTRIES)
    assert [province.code for province in LIST.provinces] == ["31", "32", "34", "63"]
    assert [region.code for region in LIST.regencies("32")] == ["3204", "3217", "3273", "3276"]


@pytest.mark.parametrize("code", ["99", "3273", "3", ""])
def test_what_is_no_province_has_no_regencies(code: str) -> None:
    assert LIST.regencies(code) == ()


@pytest.mark.parametrize(
    ("code", "kind"),
    [("32", RegionKind.PROVINCE), ("3204", RegionKind.KABUPATEN), ("3273", RegionKind.KOTA)],
)
def test_kind_is_told_by_the_code(code: str, kind: RegionKind) -> None:
    assert LIST.by_code[code].kind is kind


@pytest.mark.parametrize(
    ("code", "kind"),
    [("3270", RegionKind.KABUPATEN), ("3271", RegionKind.KOTA)],
)
def test_kota_are_numbered_from_71_on(code: str, kind: RegionKind) -> None:
    assert Region(code, "Contoh").kind is kind


@pytest.mark.parametrize(
    ("code", "name", "title"),
    [
        ("3273", "Kota Bandung", "Kota Bandung, Jawa Barat"),
        ("32.73", "Kota Bandung", "Kota Bandung, Jawa Barat"),
        ("32", "Jawa Barat", "Jawa Barat"),
        ("3299", "3299", "3299"),
        ("99", "99", "99"),
    ],
)
def test_region_is_named_and_an_unlisted_code_stands_for_itself(code: str, name: str, title: str) -> None:
    assert (LIST.name(code), LIST.title(code)) == (name, title)


@pytest.mark.parametrize("code", ["3299", "", None])
def test_unlisted_code_finds_nothing(code: str | None) -> None:
    assert LIST.find(code) is None


def test_province_of_a_region_is_found_and_of_an_unlisted_one_refused() -> None:
    assert LIST.province_of("3273") == LIST.province_of("32") == ENTRIES[1]
    with pytest.raises(UnknownRegion, match="3299"):
        LIST.province_of("3299")


@pytest.mark.parametrize("text", ["bandung", "Bandung", " BANDUNG! ", "bándung", "kabupaten bandung", "Kab. Bandung"])
def test_exact_name_comes_before_a_longer_one(text: str) -> None:
    assert names(text) == ["Kabupaten Bandung", "Kota Bandung", "Kabupaten Bandung Barat"]


@pytest.mark.parametrize("text", ["kota bandung", "Kodya Bandung"])
def test_said_kind_comes_first(text: str) -> None:
    assert names(text) == ["Kota Bandung", "Kabupaten Bandung", "Kabupaten Bandung Barat"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bdg", ["Kota Bandung"]),
        ("kota bdg", ["Kota Bandung"]),
        ("Kota Bandung, Jawa Barat", ["Kota Bandung", "Kabupaten Bandung"]),
        ("bandung barat", ["Kabupaten Bandung Barat"]),
        ("barat band", ["Kabupaten Bandung Barat"]),
        ("jabar", ["Jawa Barat"]),
        ("provinsi jawa barat", ["Jawa Barat"]),
        ("barat", ["Jawa Barat", "Kabupaten Bandung Barat"]),
        ("gunung kidul", ["Kabupaten Gunungkidul"]),
        ("kidul", ["Kabupaten Gunungkidul"]),
        ("kota baru", ["Kabupaten Kotabaru"]),
        ("baru", ["Kabupaten Kotabaru", "Kota Banjarbaru"]),
        ("jaksel", []),
        ("jakarta selatan", ["Kota Administrasi Jakarta Selatan"]),
        ("depok jabar", ["Kota Depok"]),
        ("depok kalimantan", []),
        ("yogyakarta", ["DI Yogyakarta"]),
        ("kota", ["Kabupaten Kotabaru"]),
    ],
)
def test_region_is_found_by_words_and_parts(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("bandng", ["Kabupaten Bandung", "Kota Bandung"]),
        ("kota bandng", ["Kota Bandung", "Kabupaten Bandung"]),
        ("gunungkidull", ["Kabupaten Gunungkidul"]),
        ("depk", ["Kota Depok"]),
        ("depok jwa barat", ["Kota Depok"]),
        ("depx", []),
        ("dpk", []),
        ("surabaya", []),
    ],
)
def test_small_slips_are_forgiven(text: str, found: list[str]) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3273", ["3273"]),
        (" 32.73 ", ["3273"]),
        ("34", ["34", "3403"]),
        ("3299", []),
        ("99", []),
        ("32.73.01", []),
        ("327", []),
    ],
)
def test_code_finds_its_region_and_a_provinces_code_what_lies_in_it(text: str, found: list[str]) -> None:
    assert [region.code for region in LIST.search(text)] == found


@pytest.mark.parametrize("text", ["", "  ", "?!", "مكة", "'"])
def test_what_has_no_words_finds_nothing(text: str) -> None:
    assert LIST.search(text) == []


def test_no_more_than_asked_are_found() -> None:
    assert names("32", 2) == ["Jawa Barat", "Kabupaten Bandung"]
    assert names("b", 2) == ["Kabupaten Bandung", "Kabupaten Bandung Barat"]


def test_only_the_beginning_of_a_long_text_is_read() -> None:
    assert names("bandung" + " " * 80 + "zzz") == names("bandung")
