"""What changes where one tokenizer takes the place of another."""

from __future__ import annotations

import itertools
import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

import tokenry
from tokenry.card.measure import finite, parallel_of, read_domains, within_budget
from tokenry.card.options import CardOptions
from tokenry.card.sections import identity
from tokenry.corpus.parallel import ParallelText
from tokenry.errors import StudyError
from tokenry.measuring.by_domain import DomainSample
from tokenry.measuring.encoded import Encoded, encode_spans
from tokenry.measuring.interval import ratio_interval
from tokenry.measuring.words import word_spans
from tokenry.progress import Progress, silent
from tokenry.tokenizer_files import load_named

FORMAT = "tokenry-diff"
VERSION = 1
EXAMPLES = 40
Cuts = tuple[int, ...]


@dataclass(frozen=True)
class Difference:
    """Two tokenizers on the same data; see docs/card.md for the fields."""

    content: dict[str, Any]
    id_map: NDArray[np.int64]
    """For each id of the first the id of the second with the same bytes or special, else -1."""

    def to_json(self) -> dict[str, Any]:
        """The figures as plain data."""
        return self.content

    def dumps(self) -> str:
        """The figures as JSON text."""
        return json.dumps(self.content, ensure_ascii=False, allow_nan=False)

    def to_html(self) -> str:
        """A page that needs nothing but itself."""
        from tokenry.card.difference_page import render

        return render(self.content)

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Heads and rows of the counts by domain and language, as text."""
        first, second = (each["name"] for each in self.content["tokenizers"])
        rows = [
            [kind, name, f"{part['first']:,}", f"{part['second']:,}", f"{part['change']:+.1%}"]
            for kind in ("domain", "language")
            for name, part in (self.content[f"{kind}s"] or {}).items()
        ]
        return ["by", "name", first, second, "change"], rows

    def _repr_html_(self) -> str:
        from tokenry.drawing.frame import framed

        return framed(self.to_html(), 900, "difference of tokenizers")


def measure_difference(options: CardOptions, *, progress: Progress | None = None) -> Difference:
    """Compare two tokenizers on the same data.

    Raises:
        StudyError: there are not two.
        CorpusError: data or parallel text cannot be used.
        FormatError, UnsupportedError: a tokenizer cannot be read.
    """
    if len(options.tokenizers) != 2:
        raise StudyError(f"a difference is of two tokenizers, not {len(options.tokenizers)}")
    progress = progress or silent
    progress("reading tokenizers and data", 0, None)
    first, second = load_named(options.tokenizers)
    parallel = parallel_of(options)
    sample = DomainSample.of(within_budget(read_domains(options), options.budget))
    progress("comparing", 0, None)
    one, two = (encode_spans(each.tokenizer, sample.sample) for each in (first, second))
    id_map = map_ids(first.tokenizer, second.tokenizer)
    content = {
        "format": FORMAT,
        "version": VERSION,
        "tokenry": tokenry.__version__,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "options": options.to_json(),
        "tokenizers": [
            {"name": each.name, **identity(each.tokenizer, each.path)} for each in (first, second)
        ],
        "data": {
            "source": list(options.on) or ["the standard library of the Python interpreter"],
            "fingerprint": sample.sample.fingerprint,
            "bytes": int(sample.sample.sizes.sum()),
        },
        "total": _change(one, two, options.seed),
        "domains": {
            name: _change(one.part(chosen), two.part(chosen), options.seed)
            for name, chosen in sample.domains.items()
        },
        "languages": None
        if parallel is None
        else _languages(first.tokenizer, second.tokenizer, parallel, options.seed),
        "words": changed_words(one, two),
        "ids": _shared(first.tokenizer, second.tokenizer, id_map),
        "cost": _cost(one, two, options.price),
    }
    return Difference(finite(content), id_map)


def map_ids(first: tokenry.Tokenizer, second: tokenry.Tokenizer) -> NDArray[np.int64]:
    """For each id of ``first`` the id of ``second`` that stands for the same, else -1.

    Pieces are compared by their canonical bytes, whatever the files spell them like; specials by
    their text.
    """
    known = _meanings(second)
    return np.array(
        [-1 if meaning is None else known.get(meaning, -1) for meaning in _listed(first)],
        dtype=np.int64,
    )


def _listed(tokenizer: tokenry.Tokenizer) -> list[tuple[str, bytes] | None]:
    """What each id stands for: its kind and bytes, None for a hole."""
    vocabulary = tokenizer.vocabulary
    specials = {token.id: token.content for token in tokenizer.added_tokens if token.special}
    found: list[tuple[str, bytes] | None] = []
    for id_, piece in enumerate(vocabulary.pieces):
        role = vocabulary.roles.get(id_)
        if id_ in specials or role in ("special", "unknown"):
            text = specials.get(id_, "").encode() or piece or b""
            found.append(("special", text))
        else:
            found.append(None if piece is None else ("piece", piece))
    return found


def _meanings(tokenizer: tokenry.Tokenizer) -> dict[tuple[str, bytes], int]:
    known: dict[tuple[str, bytes], int] = {}
    for id_, meaning in enumerate(_listed(tokenizer)):
        if meaning is not None:
            known.setdefault(meaning, id_)
    return known


def _shared(
    first: tokenry.Tokenizer, second: tokenry.Tokenizer, id_map: NDArray[np.int64]
) -> dict[str, Any]:
    there = np.flatnonzero(id_map >= 0)
    missing = np.flatnonzero(id_map < 0)
    back = map_ids(second, first)
    return {
        "shared": len(there),
        "same_id": int((id_map[there] == there).sum()),
        "only_first": len(missing),
        "only_second": int((back < 0).sum()),
        "examples_only_first": _pieces(first, missing),
        "examples_only_second": _pieces(second, np.flatnonzero(back < 0)),
    }


def _pieces(tokenizer: tokenry.Tokenizer, ids: NDArray[np.int64]) -> list[str]:
    """Some of the pieces, spread over the vocabulary."""
    step = max(1, len(ids) // EXAMPLES)
    pieces = (tokenizer.vocabulary.pieces[id_] for id_ in ids[::step][:EXAMPLES].tolist())
    return [piece.decode("utf-8", "backslashreplace") for piece in pieces if piece]


def _change(one: Encoded, two: Encoded, seed: int) -> dict[str, Any]:
    """Tokens of both, and the share that the second needs more; intervals over documents."""
    return _changed(one.tokens, two.tokens, seed)


def _changed(one: NDArray[np.int64], two: NDArray[np.int64], seed: int) -> dict[str, Any]:
    before, after = int(one.sum()), int(two.sum())
    found = ratio_interval(two, one, seed=seed)
    return {
        "first": before,
        "second": after,
        "change": after / before - 1 if before else 0.0,
        "low": None if found is None else found.low - 1,
        "high": None if found is None else found.high - 1,
    }


def _languages(
    first: tokenry.Tokenizer, second: tokenry.Tokenizer, parallel: ParallelText, seed: int
) -> dict[str, Any]:
    rows = {
        parallel.labels.get(name, name): _changed(
            first.count_batch(lines), second.count_batch(lines), seed
        )
        for name, lines in parallel.lines.items()
    }
    return dict(sorted(rows.items(), key=lambda row: (row[1]["change"], row[0])))


def changed_words(one: Encoded, two: Encoded) -> dict[str, Any]:
    """Words that the two cut in different ways, in their contexts, by type and by occurrence."""
    cuts = [_words(each) for each in (one, two)]
    occurrences = sum(cuts[0].values())
    first, second = map(_by_word, cuts)
    changed = {word for word in first if first[word] != second[word]}
    moved = sum(_moved(first[word], second[word]) for word in changed)
    frequent = sorted(changed, key=lambda word: (-_moved(first[word], second[word]), word))
    return {
        "types": len(first),
        "changed_types": len(changed),
        "occurrences": occurrences,
        "changed_occurrences": moved,
        "examples": [
            {
                "word": word.decode("utf-8", "replace"),
                "count": _moved(first[word], second[word]),
                "first": _shown(word, first[word] - second[word]),
                "second": _shown(word, second[word] - first[word]),
            }
            for word in frequent[:EXAMPLES]
        ],
    }


def _words(encoded: Encoded) -> Counter[tuple[bytes, Cuts]]:
    """Occurrences of each word with the places where tokens end within it."""
    assert encoded.ends is not None
    found: Counter[tuple[bytes, Cuts]] = Counter()
    for at, document in enumerate(encoded.sample.documents):
        ends = np.unique(encoded.ends[encoded.offsets[at] : encoded.offsets[at + 1]])
        words = word_spans(document)
        firsts = np.searchsorted(ends, words[:, 0], side="right").tolist()
        lasts = np.searchsorted(ends, words[:, 1], side="left").tolist()
        for (begin, end), first, last in zip(words.tolist(), firsts, lasts, strict=True):
            inside = () if first == last else tuple((ends[first:last] - begin).tolist())
            found[document[begin:end], inside] += 1
    return found


def _by_word(counts: Counter[tuple[bytes, Cuts]]) -> dict[bytes, Counter[Cuts]]:
    found: dict[bytes, Counter[Cuts]] = {}
    for (word, cuts), count in counts.items():
        found.setdefault(word, Counter())[cuts] += count
    return found


def _moved(one: Counter[Cuts], two: Counter[Cuts]) -> int:
    """Occurrences that are cut otherwise, at least: those that the two counts cannot pair."""
    return (one - two).total()


def _shown(word: bytes, cuts: Counter[Cuts]) -> str:
    """The commonest of these ways to cut a word; parts of a character as their bytes."""
    edges = [0, *cuts.most_common(1)[0][0], len(word)]
    parts = (word[a:b].decode("utf-8", "backslashreplace") for a, b in itertools.pairwise(edges))
    return "|".join(parts)


def _cost(one: Encoded, two: Encoded, price: float | None) -> dict[str, Any] | None:
    if price is None:
        return None
    size = int(one.sample.sizes.sum())
    before, after = (each.tokens.sum() / size * price for each in (one, two))
    return {
        "unit": "price of a million bytes of text",
        "first": float(before),
        "second": float(after),
        "change": float(after / before - 1) if before else 0.0,
    }
