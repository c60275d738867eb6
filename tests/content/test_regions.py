"""The regions that the project ships: as many as the decree has, found as people type them, and told where broken."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from bot.content.problems import ContentRefused, Problem
from bot.content.regions import FILE, load_regions, region_problems, regions
from bot.core.region import RegionKind
from tests.content.broken import Desk, light_desk
from tests.core.builders import CONTENT

REGIONS = regions()


def spoiled(folder: Path) -> Desk:
    made = Desk(folder / "content")
    made.write(FILE, (CONTENT / FILE).read_bytes())
    return made


def test_country_has_38_provinces_and_514_kabupaten_and_kota() -> None:
    counts = Counter(region.kind for region in REGIONS.by_code.values())

    assert counts == {RegionKind.PROVINCE: 38, RegionKind.KABUPATEN: 416, RegionKind.KOTA: 98}
    assert len(REGIONS.provinces) == 38
    assert sum(len(REGIONS.regencies(province.code)) for province in REGIONS.provinces) == 514


def test_every_kabupaten_and_kota_lies_in_a_province_and_has_a_name_of_its_own() -> None:
    provinces = {province.code for province in REGIONS.provinces}
    names = Counter((region.code[:2], region.name) for region in REGIONS.by_code.values())

    assert {code[:2] for code in REGIONS.by_code} == provinces
    assert max(names.values()) == 1
    assert {region.name.partition(" ")[0] for region in REGIONS.by_code.values() if len(region.code) == 4} == {
        "Kabupaten",
        "Kota",
    }


@pytest.mark.parametrize(
    ("province", "kabupaten", "kota"),
    [("11", 18, 5), ("31", 1, 5), ("32", 18, 9), ("35", 29, 9), ("76", 6, 0), ("92", 7, 0), ("96", 5, 1)],
)
def test_provinces_have_as_many_kabupaten_and_kota_as_the_decree(province: str, kabupaten: int, kota: int) -> None:
    kinds = Counter(region.kind for region in REGIONS.regencies(province))

    assert (kinds[RegionKind.KABUPATEN], kinds[RegionKind.KOTA]) == (kabupaten, kota)


@pytest.mark.parametrize(
    ("code", "title"),
    [
        ("3273", "Kota Bandung, Jawa Barat"),
        ("3101", "Kabupaten Administrasi Kepulauan Seribu, DKI Jakarta"),
        ("3403", "Kabupaten Gunungkidul, DI Yogyakarta"),
        ("7209", "Kabupaten Tojo Una Una, Sulawesi Tengah"),
        ("7310", "Kabupaten Pangkajene dan Kepulauan, Sulawesi Selatan"),
        ("9671", "Kota Sorong, Papua Barat Daya"),
    ],
)
def test_regions_are_written_as_people_read_them(code: str, title: str) -> None:
    assert REGIONS.title(code) == title


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("bandung", ["3204", "3273", "3217"]),
        ("kota bandung", ["3273", "3204", "3217"]),
        ("tasikmlaya", ["3206", "3278"]),
        ("kota tasikmlaya", ["3278", "3206"]),
        ("gunung kidul", ["3403"]),
        ("gunungkidul", ["3403"]),
        ("palangkaraya", ["6271"]),
        ("palangka raya", ["6271"]),
        ("fakfak", ["9203"]),
        ("tolitoli", ["7204"]),
        ("tojo una-una", ["7209"]),
        ("bau-bau", ["7472"]),
        ("pangkajene kepulauan", ["7310"]),
        ("pangkep", ["7310"]),
        ("banyuwnagi", ["3510"]),
        ("makasar", ["7371"]),
        ("padang sidempuan", ["1277"]),
        ("jogja", ["34", "3471"]),
        ("jaksel", ["3174"]),
        ("kota jakarta selatan", ["3174"]),
        ("sulsel", ["73"]),
        ("gorontalo", ["75", "7501", "7571", "7505"]),
        ("kab semarang jateng", ["3322", "3374"]),
        ("32.73", ["3273"]),
    ],
)
def test_regions_are_found_as_people_type_them(text: str, codes: list[str]) -> None:
    assert [region.code for region in REGIONS.search(text)] == codes


def test_every_region_is_found_first_by_its_own_title() -> None:
    lost = [code for code in REGIONS.by_code if REGIONS.search(REGIONS.title(code))[:1] != [REGIONS.find(code)]]

    assert lost == []


def test_search_takes_less_than_20_ms() -> None:
    typed = ["bandung", "tasikmlaya", "a", "kepulauan bangka belitng", "x" * 80, "kota administrasi jakarta selatan"]
    took = []
    for text in typed:
        begun = time.process_time()
        for _ in range(5):
            REGIONS.search(text)
        took.append((time.process_time() - begun) / 5)

    assert max(took) < 0.020


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        ("3273,", "32.73,", "code", "kode terdiri dari dua angka untuk provinsi, empat untuk kabupaten atau kota"),
        ("3273,", "3270,", "name", "nama ini tidak sesuai kodenya: seharusnya kabupaten"),
        ("3273,", "3272,", "code", "kode 3272 sudah dipakai"),
        ("3273,", "9973,", "code", "provinsi 99 tidak ada"),
        ("Kota Bandung,", "Kota Bogor,", "name", "nama Kota Bogor sudah dipakai di provinsi ini"),
        ("Kota Bandung,", "Kota  Bandung,", "name", "nama ini tidak sesuai kodenya: seharusnya kota"),
        ("Kota Bandung,", "Kota,", "name", "nama ini tidak sesuai kodenya: seharusnya kota"),
        ("32,Jawa Barat", "32,Kota Jawa Barat", "name", "nama ini tidak sesuai kodenya: seharusnya provinsi"),
    ],
)
def test_broken_line_is_told(tmp_path: Path, old: str, new: str, field: str, message: str) -> None:
    made = spoiled(tmp_path)
    line = made.replace(FILE, old, new)
    told = [problem for problem in region_problems(made.root) if problem.line != 1]

    assert Problem(f"content/{FILE}", line, field, message) in told
    assert {problem.line for problem in told} <= {line, line + 1}


def test_lost_line_is_told_by_the_count(tmp_path: Path) -> None:
    made = spoiled(tmp_path)
    made.replace(FILE, "3273,Kota Bandung,bdg\n", "")

    assert region_problems(made.root) == [Problem(f"content/{FILE}", 1, "berkas", "ada 97 kota, seharusnya 98")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "setiap baris berisi tepat: code, name, also"),
        (b"code,name\n11,Aceh\n", "setiap baris berisi tepat: code, name, also"),
        (b"code,name,also\n11,Aceh\n", "setiap baris berisi tepat: code, name, also"),
        (b'code,name,also\n11,"Aceh,\n', "setiap baris berisi tepat: code, name, also"),
        (b"code,name,also\n11,Ac\xffeh,\n", "berkas ini tidak terbaca"),
    ],
)
def test_file_that_is_no_such_table_is_told(tmp_path: Path, text: bytes, message: str) -> None:
    made = spoiled(tmp_path)
    made.write(FILE, text)

    assert region_problems(made.root) == [Problem(f"content/{FILE}", 1, "berkas", message)]
    with pytest.raises(ContentRefused, match=message):
        load_regions(made.root)


def test_missing_regions_are_told_by_the_check_of_the_content(tmp_path: Path) -> None:
    made = light_desk(tmp_path)
    (made.root / FILE).unlink()

    assert made.problems() == [Problem(f"content/{FILE}", 1, "berkas", "berkas ini tidak ada")]
