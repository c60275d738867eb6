"""The words of the lesson editor: what a card may use, ready pieces to put in, and for whom it is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.chat.preview import Reader
from bot.core.person import Business, Channel, Context, OpeningHours, PhoneHolder, Role, Zone
from bot.core.release import Release

FIELDS: Mapping[str, str] = {
    "title": "Judul",
    "summary": "Ringkasan",
    "act": "Langkah nyata",
    "minutes": "Lama membaca",
    "steps_from": "Dari tingkat",
    "steps_to": "Sampai tingkat",
    "promotion": "Tentang promosi",
    "url": "Alamat sumber",
    "true_on": "Terbukti benar pada",
    "review_by": "Dibaca ulang paling lambat",
    "cards": "Kartu",
    "sources": "Sumber",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Something to put into a card: what it is called, what it does, what it becomes, and what is written."""

    name: str
    meaning: str
    example: str
    text: str


VARIABLES: tuple[Piece, ...] = (
    Piece("nama", "Nama panggilan. Bisa kosong, jadi pakai syarat “Bila ada nama”.", "Sari", "{{ nama }}"),
    Piece("jam_buka", "Jam buka usahanya.", "08.00", "{{ jam_buka }}"),
    Piece("jam_tutup", "Jam tutup usahanya.", "17.00", "{{ jam_tutup }}"),
    Piece("zona_waktu", "Zona waktunya: WIB, WITA, atau WIT.", "WIB", "{{ zona_waktu }}"),
    Piece("nama_tingkat", "Nama tingkat hasilnya. Kosong sebelum ada hasil.", "Tunas", "{{ nama_tingkat }}"),
    Piece("tingkat", "Nomor tingkat hasilnya, 1 sampai 4. Sebelum ada hasil: 1.", "2", "{{ tingkat }}"),
    Piece("rupiah", "Menulis angka sebagai uang.", "Rp14.000", "{{ 14000 | rupiah }}"),
    Piece("jumlah keliru", "Berapa jawaban di bidang ini yang belum tepat.", "2", "{{ keliru | length }}"),
)


def _branches(name: str, values: tuple[str, ...]) -> str:
    first, *others = values
    told = "".join(f'{{% elif {name} == "{value}" %}}Tulis di sini.\n' for value in others)
    return f'{{% if {name} == "{first}" %}}Tulis di sini.\n{told}{{% else %}}Tulis untuk yang lain.\n{{% endif %}}'


CONDITIONS: tuple[Piece, ...] = (
    Piece(
        "Bila ada nama",
        "Menyapa dengan nama, atau tanpa nama.",
        "Sari, ayo mulai. / Ayo mulai.",
        "{% if nama %}{{ nama }}, ayo{% else %}Ayo{% endif %}",
    ),
    Piece(
        "Menurut jenis usaha",
        "Contoh yang lain untuk tiap usaha. Hapus yang tidak perlu.",
        "kuliner, warung, fesyen, kriya, pertanian, jasa",
        _branches("usaha", tuple(business.value for business in Business if business is not Business.OTHER)),
    ),
    Piece(
        "Menurut tempat jualan",
        "Toko, media sosial, marketplace, atau campuran.",
        "toko, medsos, marketplace, campuran",
        _branches("kanal", tuple(channel.value for channel in Channel)),
    ),
    Piece(
        "Menurut yang memegang HP",
        "Satu kalimat bila pemilik memegang HP sendiri, satu lagi bila orang lain.",
        "sendiri, keluarga, karyawan, bergantian",
        '{% if pemegang == "sendiri" %}Tulis untuk pemilik.{% else %}Tulis bila ada yang lain.{% endif %}',
    ),
    Piece(
        "Menurut tingkat",
        "Satu kalimat untuk yang sudah terbiasa, satu lagi untuk yang baru mulai.",
        "tingkat 1 sampai 4",
        "{% if tingkat >= 3 %}Untuk yang sudah terbiasa.{% else %}Untuk yang baru mulai.{% endif %}",
    ),
    Piece(
        "Jawaban yang belum tepat",
        "Mengulang jawaban pembaca yang belum tepat, paling banyak dua, dengan sarannya.",
        "soal, jawaban, saran",
        "{% if keliru %}\n{% for k in keliru %}\n<i>{{ k.soal }}</i>\nJawaban Anda: {{ k.jawaban }}\n"
        "💡 {{ k.saran }}\n\n{% endfor %}\n{% else %}\nJawaban Anda di bagian ini sudah bagus.\n{% endif %}",
    ),
)

MISSES = (
    {
        "soal": "Pembeli mengirim gambar bukti transfer. Apa yang dilakukan dulu?",
        "jawaban": "Barang langsung dikirim",
        "saran": "Buka mutasi rekening dulu. Gambar bisa dibuat siapa saja.",
    },
    {
        "soal": "Pembeli meminta kode yang masuk lewat SMS. Bagaimana?",
        "jawaban": "Kodenya diberikan",
        "saran": "Kode itu kunci akun Anda. Jangan berikan kepada siapa pun.",
    },
)
HOURS = OpeningHours(6, 21, Zone.WITA)
READERS: Mapping[str, str] = {
    "warung": "Pemilik warung, baru mulai",
    "kuliner": "Rumah makan, ada jawaban keliru",
    "pembina": "Pembina",
    "tanpa-nama": "Tanpa nama",
}


def reader(which: str, release: Release) -> Reader:
    """Return one of the four for whom a lesson is looked at."""
    match which:
        case "kuliner":
            context = Context(Business.CULINARY, PhoneHolder.STAFF, Channel.SEVERAL, HOURS, Zone.WITA)
            return Reader("Pak Budi", Role.OWNER, context, release.under(Role.OWNER).levels[1], MISSES)
        case "pembina":
            return Reader("Pak Joko", Role.COACH, Context(), release.under(Role.COACH).levels[0])
        case "tanpa-nama":
            return Reader("", Role.OWNER, Context())
        case _:
            return Reader("Bu Sari", Role.OWNER, Context(Business.SHOP, PhoneHolder.SELF, Channel.PHYSICAL))
