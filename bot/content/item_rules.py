"""What must hold for each question: plain words, one clear answer, facts in time, screens that Telegram takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations
from xml.etree import ElementTree

from bot.content.item_schema import PictureItem, SourceEntry
from bot.content.load import Desk
from bot.content.problems import Problem
from bot.content.readability import long_sentences
from bot.content.release import freeze, thaw
from bot.content.schema import BankEntry
from bot.core.item import Format, Item, Option, Source, Status
from bot.texts.catalogue import LANGUAGES, translate

MESSAGE_LIMIT, CAPTION_LIMIT = 4096, 1024
AROUND = 400
"""Characters that a screen adds to a question: position, instructions, a notice."""
UNKIND = re.compile(r"\b(kamu|gagal|bodoh|jawaban (anda|ini) salah)\b", re.IGNORECASE)
CATCH_ALL = re.compile(r"\b(semua|keduanya|tidak ada) (yang )?(di atas|benar|salah)\b", re.IGNORECASE)
LAW = re.compile(r"\b(UU|UUPK|Pasal|PP Nomor|Permen\w*|pajak|PPh|PPN|sertifikat halal|NIB)\b")
MARKUP = re.compile(r"[<>]|&\w+;|\*\*|__|\{\{|TODO|\.\.\.\.|xxx", re.IGNORECASE)
FOREIGN = ("image", "foreignObject", "script", "style", "use", "a")


def item_problems(desk: Desk, today: date) -> Iterator[Problem]:
    """Return what is wrong with single questions and their pictures, and which two are nearly the same."""
    items = thaw(*freeze(desk.document)).items
    for item in items:
        for field, message, is_warning in one_item(item, desk.bank, today):
            yield Problem(*desk.places[item.code], f"{item.code}.{field}", message, is_warning)
    yield from alike_problems(desk)
    for entry in desk.document.items:
        if isinstance(entry, PictureItem):
            for line, message in one_picture(desk.document.pictures[entry.picture]):
                yield Problem(desk.name(f"pictures/{entry.picture}.svg"), line, "gambar", message)


Found = tuple[str, str, bool]
"""Field (a path inside the item as its schema names it), message, and whether it is only a warning."""


def one_item(item: Item, bank: BankEntry, today: date) -> Iterator[Found]:
    """Return what is wrong with one question, whatever else the bank holds."""
    yield from _words(item, bank)
    yield from _answers(item)
    yield from _facts(item, bank, today)
    yield from _screens(item)


def _words(item: Item, bank: BankEntry) -> Iterator[Found]:
    for field, text in placed_texts(item):
        if "\n" in text or MARKUP.search(text):
            yield field, f"ada tanda yang tidak boleh: {text[:60]}", False
        unkind = UNKIND.search(text)
        if unkind:
            yield field, f"kata yang tidak ramah: {unkind.group()}", False
        for sentence in long_sentences(text, bank.longest_sentence):
            yield field, f"kalimat terlalu panjang: {sentence[:60]}…", False


def placed_texts(item: Item) -> Iterator[tuple[str, str]]:
    """Return every text of an item with the path where its schema keeps it."""
    yield "stem", item.stem
    if item.drawing:
        yield "alternative", item.drawing.alternative
    yield from _placed("steps" if item.format is Format.ORDER else "options", item.options)
    for number, turn in enumerate(item.turns):
        yield f"turns.{number}.customer", turn.customer
        yield from _placed(f"turns.{number}.options", turn.options)
    for field, text in (("feedback_right", item.feedback_right), ("feedback_wrong", item.feedback_wrong)):
        if text:
            yield field, text


def _placed(field: str, options: Sequence[Option]) -> Iterator[tuple[str, str]]:
    for number, option in enumerate(options):
        yield f"{field}.{number}.text", option.text
        if option.feedback:
            yield f"{field}.{number}.feedback", option.feedback


def _answers(item: Item) -> Iterator[Found]:
    for group in (item.options, *(turn.options for turn in item.turns)):
        texts = [option.text.casefold() for option in group]
        if len(set(texts)) < len(texts):
            yield "options", "dua pilihan sama", False
        for option in group:
            if CATCH_ALL.search(option.text):
                yield "options", f"pilihan yang merangkum pilihan lain: {option.text}", False
    if item.format is Format.MULTIPLE and "Pilih semua yang" not in item.stem:
        yield "stem", "ganda perlu kata “Pilih semua yang …”", False
    scores = [option.score for option in item.options]
    if item.is_habit and scores != sorted(scores, reverse=True):
        yield "options", "kebiasaan diurutkan dari yang paling baik", False
    if item.numeric is not None:
        if not re.search(r"\d", item.stem):
            yield "stem", "hitungan perlu angka di dalam pertanyaannya", False
        if item.numeric.high - item.numeric.low > max(2, abs(item.numeric.value) * 0.1):
            yield "answer", "rentang jawaban terlalu lebar", False


def _facts(item: Item, bank: BankEntry, today: date) -> Iterator[Found]:
    if not item.sources and not item.is_habit and LAW.search(" ".join(item.texts)):
        yield "sources", "menyebut hukum atau pajak, jadi perlu sumber bertanggal", False
    if item.is_live:
        for message in overdue(item.sources, today, bank.warn_days):
            yield "sources", message, True


def overdue(sources: Sequence[Source | SourceEntry], today: date, warn_days: int) -> Iterator[str]:
    """Return what to read again: facts past their day, which are not shown any more, and facts close to it."""
    for source in sources:
        if source.review_by < today:
            yield f"lewat batas baca ulang {source.review_by}: tidak ditampilkan sampai dibaca lagi"
        elif source.review_by < today + timedelta(days=warn_days):
            yield f"perlu dibaca ulang paling lambat {source.review_by}"


def _screens(item: Item) -> Iterator[Found]:
    """Measure the longest screen of the question in every language, before escaping, as Telegram counts it."""
    for language in LANGUAGES:
        shown = [translate(text, language) for text in (item.stem, *(o.text for o in item.options))]
        for turn in item.turns:
            shown += [translate(text, language) for text in (turn.customer, *(o.text for o in turn.options))]
        if sum(map(len, shown)) + AROUND > MESSAGE_LIMIT:
            yield "stem", f"layarnya melebihi batas Telegram ({language})", False
        if item.drawing and len(translate(item.drawing.alternative, language)) + AROUND > CAPTION_LIMIT:
            yield "alternative", f"terlalu panjang untuk keterangan gambar ({language})", False


def one_picture(svg: str) -> Iterator[tuple[int, str]]:
    """Return line and message of what a picture may not hold."""
    if "<!" in svg:
        yield _line_of(svg, "<!"), "SVG tidak boleh memuat DOCTYPE, ENTITY, atau komentar"
        return
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314 - without declarations there is nothing to expand
    except ElementTree.ParseError as error:
        yield error.position[0], "bukan SVG yang sah: ada tanda < > & atau tanda kutip yang tidak pada tempatnya"
        return
    if root.tag.rpartition("}")[2] != "svg":
        yield 1, "berkas ini bukan gambar SVG"
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        if name in FOREIGN or any(key.rpartition("}")[2] == "href" for key in element.attrib):
            yield _line_of(svg, f"<{name}"), f"unsur {name} tidak boleh ada dalam gambar"


def _line_of(text: str, part: str) -> int:
    return text[: max(0, text.find(part))].count("\n") + 1


def alike_problems(desk: Desk) -> Iterator[Problem]:
    """Tell of two questions that share most of their words."""
    words = {
        item.code: set(re.findall(r"\w{4,}", item.stem.casefold()))
        for item in desk.document.items
        if item.status is not Status.RETIRED
    }
    for first, second in combinations(words, 2):
        shared, either = words[first] & words[second], words[first] | words[second]
        if either and len(shared) > desk.bank.alike * len(either):
            yield Problem(*desk.places[second], f"{second}.stem", f"terlalu mirip dengan {first}")
