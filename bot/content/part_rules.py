"""What must hold for a part by itself, and for all of them together, asked without files.

The rules are those of `content check`; a problem stands at the part (`file`) and at the path inside it (`field`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.content import load
from bot.content.bank_rules import bank_problems
from bot.content.card_rules import SOURCE, around_cards, one_card
from bot.content.item_rules import alike_problems, one_item, one_picture
from bot.content.item_schema import PictureItem
from bot.content.lint import unknown_codes
from bot.content.part_names import (
    ITEM,
    JSON,
    MODULE,
    PICTURE,
    PROBE,
    TRANSLATION,
    code_of,
    is_part,
    kind_of,
    split,
    validated,
)
from bot.content.problems import Problem, explain
from bot.content.regions import CONTENT
from bot.content.release import item_of
from bot.content.schema import BankEntry, ContentDocument, ModuleEntry, SessionsEntry
from bot.content.session_rules import one_script
from bot.content.translations import text_faults

PART_LIMIT = 120_000
"""Characters of one part as JSON; the largest shipped one has a third of it."""
TEXTS_LIMIT = 2_000_000
"""Characters of the translations of one language; all that there is to translate has a third of it."""
SVG_LIMIT = 60_000
WHOLE = "berkas"
"""What `explain` calls an entry as a whole; inside a part it has no name."""
ROOM = "isi"
_PARTS_OF_FILES = {f"{ROOM}/{file}": part for part, (file, _) in load.SINGLES.items()}


@lru_cache(maxsize=1)
def demands() -> BankEntry:
    """Return what is asked of a bank as a whole: bank.yaml of the project, which editors do not change."""
    return BankEntry.model_validate(load.yaml_format().load((CONTENT / "bank.yaml").read_text(encoding="utf-8")))


def schema_problems(part: str, payload: JSON) -> list[Problem]:
    """Return how a part's JSON breaks the schema, in Indonesian, with the path inside the part."""
    if not is_part(part):
        return [Problem(part, 1, "", f"bagian {part} tidak dikenal")]
    try:
        entry = validated(part, payload)
    except ValidationError as error:
        found = explain(error, payload, part)
        return [replace(problem, field="" if problem.field == WHOLE else problem.field) for problem in found]
    if code_of(part) and kind_of(part) in (ITEM, MODULE, PROBE) and entry.code != code_of(part):
        return [Problem(part, 1, "code", f"kode bagian ini {code_of(part)}, tidak bisa diganti")]
    return []


def part_problems(part: str, payload: JSON, *, today: date) -> list[Problem]:
    """Return what is wrong with one part: the schema, and where that holds the rules that look at one part alone."""
    try:
        stored = json.dumps(payload, ensure_ascii=False, sort_keys=True)
    except (TypeError, ValueError):
        return [Problem(part, 1, "", "isi bagian ini tidak terbaca")]
    limit = TEXTS_LIMIT if kind_of(part) == TRANSLATION else PART_LIMIT
    if len(stored) > limit:
        return [Problem(part, 1, "", f"terlalu panjang, paling banyak {limit} huruf")]
    find = _found if kind_of(part) == MODULE else _kept
    return list(find(part, stored, today))


@lru_cache(maxsize=2000)
def _kept(part: str, stored: str, today: date) -> tuple[Problem, ...]:
    """Return what is wrong with a part, found once; of lessons each card is kept by itself."""
    return _found(part, stored, today)


def _found(part: str, stored: str, today: date) -> tuple[Problem, ...]:
    payload = json.loads(stored)
    broken = schema_problems(part, payload)
    if broken:
        return tuple(broken)
    return tuple(_rules(part, validated(part, payload), today, demands()))


def _rules(part: str, entry: Any, today: date, bank: BankEntry) -> Iterator[Problem]:
    match kind_of(part):
        case "item":
            pictures = {entry.picture: ""} if isinstance(entry, PictureItem) else {}
            for field, message, is_warning in one_item(item_of(entry, pictures=pictures), bank, today):
                yield Problem(part, 1, field, message, is_warning)
        case "module":
            yield from _cards(part, entry)
            for field, message, is_warning in around_cards(entry, bank, today):
                yield Problem(part, 1, field, message, is_warning)
        case "picture":
            if len(entry) > SVG_LIMIT:
                yield Problem(part, 1, "", f"gambar ini {len(entry)} huruf, paling banyak {SVG_LIMIT}")
            for line, message in one_picture(entry):
                yield Problem(part, line, "", message)
        case "translation":
            for source, message in text_faults(entry, code_of(part)):
                yield Problem(part, 1, source[:60], message)
        case "sessions":
            assert isinstance(entry, SessionsEntry)
            for index, script in enumerate(entry.sessions):
                for message in one_script(script, bank):
                    yield Problem(part, 1, f"sessions.{index}", message)
        case _:
            return


def _cards(part: str, module: ModuleEntry) -> Iterator[Problem]:
    for language, cards in {SOURCE: module.cards, **module.translations}.items():
        for number, card in enumerate(cards):
            told = _one_card(card)
            if told:
                field = f"cards.{number}" if language == SOURCE else f"translations.{language}.{number}"
                yield Problem(part, told[0] + 1, field, told[1])


def _one_card(card: str) -> tuple[int, str] | None:
    """Return what is wrong with a card; one that a file could not hold as it is would come back as another."""
    broken = load.BREAK_LIKE.search(card)
    if broken:
        return card[: broken.start(1)].count("\n"), "baris ini tidak boleh hanya berisi tanda = atau -"
    if card != card.strip("\n") or "\r" in card:
        return 0, "kartu tidak boleh dibuka atau ditutup dengan baris kosong"
    return one_card(card)


def document_problems(document: ContentDocument, *, today: date) -> list[Problem]:
    """Return every problem of a document, warnings last."""
    found = [
        problem for part, payload in split(document).items() for problem in part_problems(part, payload, today=today)
    ]
    found += _of_the_whole(document)
    return sorted(found, key=lambda problem: problem.is_warning)


def _of_the_whole(document: ContentDocument) -> Iterator[Problem]:
    absent = [name for name in ("coach", "sessions") if getattr(document, name) is None]
    for name in absent:
        yield Problem(name, 1, "", "bagian ini wajib ada")
    yield from _pictures(document)
    desk = _desk(document)
    told = [*unknown_codes(desk), *alike_problems(desk), *([] if "coach" in absent else bank_problems(desk))]
    for problem in told:
        yield _in_part(problem)


def _pictures(document: ContentDocument) -> Iterator[Problem]:
    shown = {entry.code: entry.picture for entry in document.items if isinstance(entry, PictureItem)}
    for code, picture in shown.items():
        if picture not in document.pictures:
            yield Problem(f"{ITEM}:{code}", 1, "picture", f"gambar {picture} tidak ada")
    for picture in sorted(document.pictures.keys() - set(shown.values())):
        yield Problem(f"{PICTURE}:{picture}", 1, "", "gambar ini tidak dipakai butir mana pun")


def _desk(document: ContentDocument) -> load.Desk:
    """Return a document as if it had been read from files; its places are names of parts."""
    places = {entry.code: (f"{ITEM}:{entry.code}", 1) for entry in document.items}
    places |= {module.code: (f"{MODULE}:{module.code}", 1) for module in document.modules}
    return load.Desk(document, demands(), Path(ROOM), places, cards={}, singles={})


def _in_part(problem: Problem) -> Problem:
    """Return a problem of the files as one of the parts: exposure.yaml is `exposure`, O1-001.stem of an item `stem`."""
    part = _PARTS_OF_FILES.get(problem.file, problem.file)
    return replace(problem, file=part, line=1, field=problem.field.removeprefix(f"{code_of(part)}."))
