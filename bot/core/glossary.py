"""Hard words and what they mean, in the languages that people speak at home."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """A hard word, the other forms in which it occurs, and its meaning by language (id, jv, su).

    `hidden_in` are codes of questions that ask for just this meaning.
    """

    word: str
    forms: tuple[str, ...]
    meanings: Mapping[str, str]
    hidden_in: frozenset[str] = frozenset()


class Glossary:
    """Finds the hard words of a text; whole words only, capital or not."""

    def __init__(self, words: Sequence[Word]) -> None:
        self._by_form = {form.casefold(): word for word in words for form in (word.word, *word.forms)}
        forms = sorted(self._by_form, key=len, reverse=True)
        either = "|".join(map(re.escape, forms))
        self._pattern = re.compile(rf"(?<!\w)({either})(?!\w)", re.IGNORECASE) if forms else None

    def words_in(self, texts: Iterable[str]) -> tuple[Word, ...]:
        """Return the hard words of the texts in order of appearance, each once."""
        if self._pattern is None:
            return ()
        found = (self._by_form[match[0].casefold()] for text in texts for match in self._pattern.finditer(text))
        return tuple({word.word: word for word in found}.values())
