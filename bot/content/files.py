"""Writes a release as content files: what did not change keeps its bytes, so that git shows what editors changed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bot.content import load, po
from bot.content.item_schema import ScoredItem
from bot.content.problems import ContentRefused, Problem
from bot.content.regions import CONTENT
from bot.content.regions import FILE as REGIONS
from bot.content.rewriting import plain, rewritten, written
from bot.content.schema import ContentDocument, ModuleEntry
from bot.core.item import COACH_DIMENSIONS, Dimension
from bot.texts.catalogue import SOURCE_LANGUAGE

PRACTICE, BANK = "practice", "bank"
BESIDE = (load.SINGLES[BANK][0], REGIONS, "regions.LICENSE.md")
"""Files of a content directory that are no part of a release."""
ITEM_FILES: Mapping[str, str] = {
    load.HABITS: "owner/kebiasaan",
    Dimension.DEVICES: "owner/perangkat",
    Dimension.SAFETY: "owner/keamanan",
    Dimension.ETHICS: "owner/etika",
    Dimension.PAYMENT: "owner/pembayaran",
    Dimension.SHOP: "owner/toko",
    Dimension.RESPONSE: "owner/respons",
    Dimension.CAPACITY: "owner/kapasitas",
    Dimension.PROMOTION: "owner/promosi",
}
"""How files of questions are called where there is none yet; those of coaches go by their dimension."""


def export(document: ContentDocument, directory: Path) -> None:
    """Write a document into a directory, over the content that is there if any; refuse with ContentRefused where what
    is there is no content, or cannot be read.
    """
    _refuse_other_files(directory)
    present = load.read(directory) if (directory / load.SINGLES["form"][0]).exists() else None
    writing = _Writing(directory, document, present)
    writing.everything()


def _refuse_other_files(directory: Path) -> None:
    if directory.exists() and not directory.is_dir():
        raise ContentRefused([Problem(str(directory), 1, "berkas", "ini bukan folder")])
    known = (directory / load.SINGLES["form"][0]).exists()
    if directory.exists() and not known and any(directory.iterdir()):
        raise ContentRefused([Problem(str(directory), 1, "berkas", "folder ini tidak kosong dan bukan folder isi")])


@dataclass(slots=True)
class _Writing:
    """A document on its way into a directory, and what stands there."""

    root: Path
    document: ContentDocument
    present: load.Desk | None
    files: dict[Path, bytes | None] = field(default_factory=dict)
    """What is to be written, None where a file goes."""

    def everything(self) -> None:
        """Work out every file first, then write."""
        self._singles()
        self._items()
        self._probes()
        self._modules()
        self._pictures()
        self._translations()
        for path, content in self.files.items():
            if content is None:
                path.unlink(missing_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
        for name in BESIDE:
            if not (self.root / name).exists():
                shutil.copyfile(CONTENT / name, self.root / name)

    def _singles(self) -> None:
        before = self.present.document if self.present else None
        for name, (file, _) in load.SINGLES.items():
            entry = None if name in (BANK, PRACTICE) else getattr(self.document, name)
            if entry is not None:
                old = getattr(before, name) if before else None
                self._yaml(self.root / file, old, plain(entry))

    def _yaml(self, path: Path, old: BaseModel | None, after: dict[str, Any]) -> None:
        text = path.read_text(encoding="utf-8-sig") if old is not None else ""
        self._put(path, text, rewritten(text, plain(old), after) if old is not None else written(after))

    def _put(self, path: Path, before: str, after: str) -> None:
        if before != after:
            self.files[path] = after.encode()

    def _items(self) -> None:
        """Write questions into the file where they stand, new ones at the end of the last file of their dimension."""
        old = self.present.document.items if self.present else ()
        before: dict[Path, list[Any]] = {}
        for item in old:
            before.setdefault(self._place(item.code), []).append(item)
        after: dict[Path, list[Any]] = {path: [] for path in before}
        homes = {_file_of(item): path for path, items in before.items() for item in items}
        places = {item.code: path for path, items in before.items() for item in items}
        for item in self.document.items:
            home = _file_of(item)
            path = places.get(item.code) or homes.get(home) or self._fresh_file(home)
            after.setdefault(path, []).append(item)
        for path, items in after.items():
            head = f"dimension: {_file_of(items[0])}\nitems:\n" if items else ""
            self._listing(path, "items", before.get(path, []), items, head, without=("dimension",))

    def _fresh_file(self, home: str) -> Path:
        is_coaches = home in COACH_DIMENSIONS
        name = f"pembina/{home.lower()}" if is_coaches else ITEM_FILES[home]
        return self.root / "items" / f"{name}.yaml"

    def _place(self, code: str) -> Path:
        assert self.present is not None
        return self.root / self.present.places[code][0].partition("/")[2]

    def _probes(self) -> None:
        before = self.present.document.practice.probes if self.present else ()
        path = self.root / load.SINGLES[PRACTICE][0]
        self._listing(path, "probes", before, self.document.practice.probes, "probes:\n")

    def _listing(
        self,
        path: Path,
        key: str,
        before: Sequence[Any],
        after: Sequence[Any],
        head: str,
        *,
        without: Sequence[str] = (),
    ) -> None:
        """Write a file that lists entries under their codes: those that stay in place, new ones below."""
        if not after:
            self.files[path] = None if key == "items" else b"probes: []\n"
            return
        old = {entry.code: plain(entry, without=without) for entry in before}
        new = {entry.code: plain(entry, without=without) for entry in after}
        kept = [new[code] for code in old if code in new]
        text, said = head, ""
        if kept:
            said = path.read_text(encoding="utf-8-sig")
            text = rewritten(said, {key: list(old.values())}, {key: kept})
        added = [written([entry]) for code, entry in new.items() if code not in old]
        if added:
            start = text if text.endswith(":\n") else text.rstrip("\n") + "\n\n"
            text = start + "\n".join(added)
        self._put(path, said, text)

    def _modules(self) -> None:
        old = {module.code: module for module in self.present.document.modules} if self.present else {}
        for module in self.document.modules:
            self._module(module, old.pop(module.code, None))
        for gone in old.values():
            path = self._place(gone.code)
            for language in ("", *gone.translations):
                self.files[_in_language(path, language)] = None

    def _module(self, module: ModuleEntry, old: ModuleEntry | None) -> None:
        if old is None:
            path = self.root / "modules" / module.dimension.value / f"{module.code.split('-', 2)[2]}.html.j2"
        else:
            path = self._place(module.code)
        inside = ("cards", "translations")
        said = path.read_text(encoding="utf-8-sig") if old is not None else ""
        _, head, cards = said.split(load.HEAD_BREAK, 2) if old is not None else ("", "", "")
        after = plain(module, without=inside)
        head = written(after) if old is None else rewritten(head, plain(old, without=inside), after)
        body = _cards(cards, module.cards)
        self._put(path, said, f"{load.HEAD_BREAK}{head}{load.HEAD_BREAK}{body}")
        before = old.translations if old is not None else {}
        for language, texts in module.translations.items():
            other = _in_language(path, language)
            stood = other.read_text(encoding="utf-8-sig") if language in before else ""
            self._put(other, stood, _cards(stood, texts))
        for language in before.keys() - module.translations.keys():
            self.files[_in_language(path, language)] = None

    def _pictures(self) -> None:
        before = self.present.document.pictures if self.present else {}
        for name, svg in self.document.pictures.items():
            if before.get(name) != svg:
                self._put(self.root / "pictures" / f"{name}.svg", "", svg)
        for name in before.keys() - self.document.pictures.keys():
            self.files[self.root / "pictures" / f"{name}.svg"] = None

    def _translations(self) -> None:
        before = self.present.document.translations if self.present else {}
        for language, texts in self.document.translations.items():
            if before.get(language) != texts:
                self.files[self.root / "translations" / f"{language}.po"] = po.kept(texts, language)
        for language in before.keys() - self.document.translations.keys():
            self.files[self.root / "translations" / f"{language}.po"] = None


def _file_of(item: Any) -> str:
    """Return what the file of an item is about: a dimension, or habits."""
    return item.dimension.value if isinstance(item, ScoredItem) else load.HABITS


def _in_language(path: Path, language: str) -> Path:
    if language in ("", SOURCE_LANGUAGE):
        return path
    return path.with_name(path.name.replace(".html.j2", f".{language}.html.j2"))


def _cards(said: str, cards: Sequence[str]) -> str:
    """Return the cards of one language; those that stand there already keep the empty lines around them."""
    old = said.split(load.CARD_BREAK) if said else []
    whole = list(_padded(old, cards))
    text = load.CARD_BREAK.join(whole)
    return text if text.endswith("\n") else text + "\n"


def _padded(old: Sequence[str], cards: Sequence[str]) -> Iterator[str]:
    for index, card in enumerate(cards):
        around = old[index] if index < len(old) else ""
        bare = around.strip("\n")
        before, _, after = around.partition(bare) if bare else ("", "", "")
        is_last = index == len(cards) - 1
        yield before + card + ("" if not is_last and index == len(old) - 1 else after)
