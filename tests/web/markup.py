"""Reads a page as a strict browser, a screen reader and a keyboard would, and says what is wrong with it."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser

VOID = frozenset(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"])
DRAWN_CLOSED = frozenset(["rect", "path", "circle", "line"])
LABELLED = ("input", "select", "textarea")


class Reader(HTMLParser):
    """Collect what a page holds."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.open: list[str] = []
        self.ids: Counter[str] = Counter()
        self.pointed: list[str] = []
        self.fields: list[dict[str, str]] = []
        self.labels: set[str] = set()
        self.names: list[tuple[str, str]] = []
        self.headings: list[int] = []
        self._said: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._starts(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("a", "button"):
            self._said = []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._starts(tag, attrs)
        if tag not in VOID | DRAWN_CLOSED:
            self.faults.append(f"<{tag}/> is not closed in HTML")

    def _starts(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        if len(had) < len(attrs):
            self.faults.append(f"<{tag}> says an attribute twice")
        self.faults += [f"<{tag} {name}> stands inline" for name in had if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and not had.get("src")):
            self.faults.append(f"<{tag}> stands inline")
        if "id" in had:
            self.ids[had["id"]] += 1
        for name in ("aria-labelledby", "for", "form"):
            if name in had:
                self.pointed.append(had[name])
        if tag == "label":
            self.labels.add(had.get("for", ""))
        if tag in LABELLED and had.get("type") != "hidden":
            wrapped = "label" in self.open
            self.fields.append(had | {"wrapped": str(wrapped)})
        if tag == "th" and not had.get("scope"):
            self.faults.append("<th> without a scope")
        if tag == "svg" and not (had.get("aria-hidden") == "true" or had.get("aria-label")):
            self.faults.append("<svg> without words")
        if tag in ("h1", "h2", "h3"):
            self.headings.append(int(tag[1]))
        if tag in ("section", "nav") and not (had.get("aria-label") or had.get("aria-labelledby")):
            self.names.append((tag, had.get("class", "")))
        if tag == "form" and had.get("method", "get") not in ("get", "post"):
            self.faults.append("<form> with an odd method")

    def handle_data(self, data: str) -> None:
        self._said.append(data)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> closes something else")
        if tag in ("a", "button") and not "".join(self._said).strip():
            self.faults.append(f"<{tag}> says nothing")


def faults(html: str) -> list[str]:
    """Return what is wrong with a page."""
    reader = Reader()
    reader.feed(html)
    reader.close()
    found = list(reader.faults)
    found += [f"<{tag}> is never closed" for tag in reader.open]
    found += [f"the id {name} stands {count} times" for name, count in reader.ids.items() if count > 1]
    found += [f"nothing has the id {name}" for name in reader.pointed if name not in reader.ids]
    found += [
        f"no label for {field.get('name')}"
        for field in reader.fields
        if field["wrapped"] == "False" and field.get("id", "?") not in reader.labels
    ]
    if reader.headings[:1] != [1] or reader.headings.count(1) != 1:
        found.append(f"headings begin otherwise: {reader.headings[:3]}")
    found += ["a heading is left out" for a, b in zip(reader.headings, reader.headings[1:], strict=False) if b > a + 1]
    return found
