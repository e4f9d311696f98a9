"""What a card is measured on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tokenry.errors import StudyError
from tokenry.options import Natural, check
from tokenry.results import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class CardOptions(Result):
    """Everything that decides the figures of a card.

    Args:
        tokenizers: ``FILE`` or, for rank files, ``FILE:pattern``; the first is what the others are
            compared with.
        on: files, folders and globs; none for the text that every machine has.
        field: the field of ``.jsonl`` records, and the column of ``.parquet``, that holds the text.
        budget: bytes of each domain that are read, so that tokenizers and domains are measured on
            equal amounts; entropies and shares of use grow with the text.
        parallel: a folder with one text file a language, aligned by line; without it and without
            ``on``, CLDR's names.
        reference_language: the language that premiums are relative to.
        made_for: languages that the tokenizers are meant for; inequality is also given among them
            and among the others.
        gold: files of words with their morphemes (SIGMORPHON 2022, MorphScore, MorphyNet).
        words: a list of valid words, one a line, in the language of the data.
        morphemes: a list of its roots and affixes, one a line; without it the words count as roots.
        price: of a million tokens, in ``currency``.
        currency: a sign.
        width: numbers in a row of the model that the vocabulary is for.
        layers: of that model.
        seed: of bootstraps and draws.
    """

    tokenizers: tuple[str, ...]
    on: tuple[str, ...] = ()
    field: str = "text"
    budget: int = 1_000_000
    parallel: Path | None = None
    reference_language: str | None = None
    made_for: tuple[str, ...] = ()
    gold: tuple[Path, ...] = ()
    words: Path | None = None
    morphemes: Path | None = None
    price: float | None = None
    currency: str = "$"
    width: int = 768
    layers: int = 12
    seed: Natural = 0

    def __post_init__(self) -> None:
        check(self, StudyError)
        if not self.tokenizers:
            raise StudyError("a card needs a tokenizer; name a file or a folder")
        if self.morphemes is not None and self.words is None:
            raise StudyError("a list of morphemes needs a list of words beside it; give both")
        if self.budget < 1_000:
            raise StudyError(f"budget {self.budget}; expected bytes a domain, at least 1,000")
        if self.price is not None and not 0 <= self.price < 1e9:
            raise StudyError(f"price {self.price}; expected that of a million tokens, such as 2.5")
        if self.width < 1 or self.layers < 1:
            raise StudyError(f"width {self.width} and layers {self.layers}; expected 1 or more")
