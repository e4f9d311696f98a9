"""The sections of a card, each as plain data; one function a section."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

import tokenry
from tokenry.card.options import CardOptions
from tokenry.corpus.parallel import ParallelText
from tokenry.errors import CorpusError, UnsupportedError, VocabularyError
from tokenry.measuring import Encoded, measure_figures, metrics_of
from tokenry.measuring.entropy import held_out_conditional_entropy, unigram_entropy
from tokenry.measuring.fairness import lorenz, premiums_of, split_sets
from tokenry.measuring.gold_morphs import GoldWord
from tokenry.measuring.morphology import (
    Aligned,
    align_all,
    boundary_scores,
    lexicon_shares,
    token_boundaries,
)
from tokenry.measuring.numbers import measure_numbers
from tokenry.measuring.rank_frequency import rank_frequency
from tokenry.measuring.registry import metrics_by_domain
from tokenry.measuring.robustness import robustness
from tokenry.measuring.sensitivity import chosen_lines, measure_prefixes, measure_sensitivity
from tokenry.measuring.size import ModelShape, halved_sizes, sweep_sizes
from tokenry.measuring.vocabulary import (
    by_length,
    by_role,
    by_script,
    duplicates,
    parameter_share,
    suspicious,
)
from tokenry.results import plain
from tokenry.text.ragged import Ragged

Section = dict[str, Any]
SHOWN = 30  # examples of a list
OCR_RATE = 0.02  # share of characters that go wrong


@dataclass(frozen=True, slots=True)
class Written:
    """Parallel text in the ids of a tokenizer, line by line."""

    parallel: ParallelText
    ids: dict[str, Ragged]

    @classmethod
    def by(cls, tokenizer: tokenry.Tokenizer, parallel: ParallelText) -> Written:
        """Encode each line by itself."""
        rows = parallel.lines.items()
        return cls(parallel, {name: tokenizer.encode_batch(lines) for name, lines in rows})


def identity(tokenizer: tokenry.Tokenizer, path: Path) -> Section:
    """What it is, and where it came from."""
    files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
    return {
        "file": path.name,
        "file_bytes": sum(each.stat().st_size for each in files),
        "fingerprint": tokenizer.fingerprint(),
        "vocabulary_fingerprint": tokenizer.vocabulary.fingerprint(),
        "vocabulary_size": tokenizer.n_vocab,
        "segmenter": type(tokenizer.segmenter).__name__,
        "split": tokenizer.pretokenizer.native or type(tokenizer.pretokenizer).__name__,
        "normalizer": None if tokenizer.normalizer is None else type(tokenizer.normalizer).__name__,
        "specials": sorted(tokenizer.special_tokens_set)[:SHOWN],
        "declared_lossless": tokenizer.lossless,
        "metadata": dict(tokenizer.metadata),
    }


def scorecard(encoded: Encoded, seed: int) -> Section:
    """The figures of the first page, over all data."""
    return plain(measure_figures(metrics_of("card"), encoded, seed=seed))  # type: ignore[no-any-return]


def domains(encoded: Encoded, parts: Mapping[str, list[int]], seed: int) -> Section:
    """The figures that mean something by domain."""
    found: Section = {}
    for name, chosen in parts.items():
        part = encoded.part(chosen)
        found[name] = {
            "tokens": int(part.tokens.sum()),
            "bytes": int(part.sample.sizes.sum()),
            **plain(measure_figures(metrics_by_domain("card"), part, seed=seed)),
        }
    return found


def premiums(tokenizer: tokenry.Tokenizer, written: Written, options: CardOptions) -> Section:
    """What each language pays, and how unequal that is."""
    parallel = written.parallel
    counts = np.array([ids.lengths() for ids in written.ids.values()], dtype=np.int64).T
    found = premiums_of(
        counts, parallel.lines, parallel.reference, tokenizer.fingerprint(), seed=options.seed
    )
    tokens = [row.tokens for row in found.premiums]
    values = [row.value for row in found.premiums]
    cost = None
    if options.price is not None:
        cost = {row.language: row.tokens * options.price / 1e6 for row in found.premiums}
    return {
        **found.to_json(),
        "lorenz": lorenz(tokens).tolist(),
        "median": float(np.median(values)),
        "p90": float(np.quantile(values, 0.9)),
        "worst": found.premiums[-1].language,
        "sets": split_sets(found, options.made_for).to_json() if options.made_for else None,
        "cost": cost,
        "unknown": unknown_by_language(tokenizer, written),
    }


def unknown_by_language(tokenizer: tokenry.Tokenizer, written: Written) -> dict[str, float]:
    """Share of the tokens of each language that stand for text that is not known."""
    roles = tokenizer.vocabulary.roles
    unknown = np.array([id_ for id_, role in roles.items() if role == "unknown"], dtype=np.uint32)
    return {
        name: float(np.isin(found.ids, unknown).mean()) if len(found.ids) else 0.0
        for name, found in written.ids.items()
    }


def vocabulary(
    tokenizer: tokenry.Tokenizer, written: Written | None, options: CardOptions
) -> Section:
    """What the ids are, and what their rows cost in a model."""
    others = 12 * options.width**2 * options.layers
    rows, share = parameter_share(tokenizer.n_vocab, options.width, others)
    return {
        "roles": by_role(tokenizer.vocabulary).to_json(),
        "scripts": by_script(tokenizer.vocabulary).to_json(),
        "lengths": by_length(tokenizer.vocabulary).to_json(),
        "duplicates": {
            by: duplicates(tokenizer.vocabulary, by=by).to_json()
            for by in ("case", "space", "both")
        },
        "languages": None if written is None else languages(tokenizer, written),
        "model": {
            "width": options.width,
            "layers": options.layers,
            "row_parameters": rows,
            "row_share": share,
        },
    }


def languages(tokenizer: tokenry.Tokenizer, written: Written) -> Section:
    """Ids that the parallel text of each language uses, and those that no other language uses."""
    used = {name: np.unique(found.ids) for name, found in written.ids.items()}
    users = np.zeros(tokenizer.n_vocab, dtype=np.int64)
    for ids in used.values():
        users[ids] += 1
    return {
        "counts": {
            name: {"used": len(ids), "alone": int((users[ids] == 1).sum())}
            for name, ids in used.items()
        },
        "total": tokenizer.n_vocab,
        "unused": int((users == 0).sum()),
    }


def information(encoded: Encoded) -> Section | None:
    """Entropies of the ids; conditional ones on every second document, fitted on the others.

    None where the text is too short for that.
    """
    sides = [range(first, len(encoded.tokens), 2) for first in (0, 1)]
    if not all(map(len, sides)):
        return None
    fitted, held = (encoded.part(list(side)) for side in sides)
    size = int(held.sample.sizes.sum())
    orders = {}
    for order in (0, 1, 2):
        try:
            bits = held_out_conditional_entropy(
                fitted.ids, held.ids, order, encoded.vocabulary_size
            )
        except CorpusError:
            return None
        orders[str(order)] = {"bits_a_token": bits, "bits_a_byte": bits * len(held.ids) / size}
    unigram = unigram_entropy(encoded.ids)
    return {
        "unigram": unigram,
        "capacity": unigram / float(np.log2(max(2, encoded.vocabulary_size))),
        "held_out": orders,
        "estimator": "unigram: plug-in with Miller and Madow's correction; held out: cross-entropy "
        "of a Witten-Bell model of as many ids before, over all ids of the held-out documents",
    }


def usage(tokenizer: tokenry.Tokenizer, encoded: Encoded) -> Section:
    """How often ids occur, and which never do in this text."""
    never = np.flatnonzero(encoded.frequencies == 0)
    known = [int(id_) for id_ in never if encoded.piece_sizes[id_] > 0]
    step = max(1, len(known) // SHOWN)
    return {
        "rank_frequency": rank_frequency(encoded).to_json(),
        "bytes": int(encoded.sample.sizes.sum()),
        "dead": len(known),
        "dead_share": len(known) / max(1, encoded.vocabulary_size),
        "dead_examples": [shown(tokenizer, id_) for id_ in known[::step][:SHOWN]],
    }


def reachability(tokenizer: tokenry.Tokenizer, encoded: Encoded) -> Section:
    """Ids that no text produces, or only as a part of a character; and odd ones."""
    found = tokenizer.unreachable()
    lists = {
        "holes": found.holes,
        "unproduced": found.unproduced,
        "cut": found.cut,
        "partial_utf8": found.partial_utf8,
    }
    return {
        **{name: len(ids) for name, ids in lists.items()},
        "examples": {
            name: [shown(tokenizer, id_) for id_ in ids[:SHOWN]]
            for name, ids in lists.items()
            if name != "holes"
        },
        "suspicious": list(suspicious(tokenizer.vocabulary, shown=SHOWN)),
    }


@dataclass(frozen=True)
class Gold:
    """Gold words of a file, aligned: all of them, and those of each process."""

    whole: Aligned
    kinds: dict[str, Aligned]

    @classmethod
    def of(cls, words: Sequence[GoldWord]) -> Gold:
        """Align; the processes with the most words are looked at alone."""
        groups: defaultdict[str, list[GoldWord]] = defaultdict(list)
        for word in words:
            groups[PROCESSES.get(word.kind, word.kind)].append(word)
        large = sorted(groups, key=lambda kind: (-len(groups[kind]), kind))
        kept = [kind for kind in large if kind and len(groups[kind]) >= FEWEST_WORDS][:MOST_KINDS]
        aligned = {kind: align_all(groups[kind]) for kind in kept}
        return cls(align_all(words), {kind: each for kind, each in aligned.items() if each.words})


# The three digits of SIGMORPHON 2022: inflection, derivation, compound.
PROCESSES = {
    "000": "root words",
    "100": "inflection",
    "010": "derivation",
    "001": "compound",
    "110": "inflection, derivation",
    "101": "inflection, compound",
    "011": "derivation, compound",
    "111": "inflection, derivation, compound",
}
FEWEST_WORDS = 30
MOST_KINDS = 8


def morphology(tokenizer: tokenry.Tokenizer, gold: Gold, seed: int) -> Section:
    """Boundaries against gold, by process too, and the words that are cut worst."""
    kinds = {
        kind: boundary_scores(tokenizer, aligned, seed=seed, replicates=200).to_json()
        for kind, aligned in gold.kinds.items()
    }
    return {
        **boundary_scores(tokenizer, gold.whole, seed=seed, replicates=200).to_json(),
        "kinds": kinds if len(kinds) > 1 else {},
        "worst": worst_words(tokenizer, gold.whole),
    }


def lexicon(tokenizer: tokenry.Tokenizer, lines: Sequence[str], known: Lexicon) -> Section:
    """Shares of tokens that are words, and roots or affixes, of a lexicon (%TR and %Pure)."""
    return lexicon_shares(tokenizer, lines, words=known.words, morphemes=known.morphemes).to_json()


@dataclass(frozen=True)
class Lexicon:
    """Words, and roots with affixes, in lower case."""

    words: frozenset[str]
    morphemes: frozenset[str]

    @classmethod
    def read(cls, words: Path, morphemes: Path | None) -> Lexicon:
        """One word a line; without morphemes the words count as roots.

        Raises:
            CorpusError: a file is not UTF-8 text, or empty.
        """
        known = _read_list(words)
        return cls(known, known if morphemes is None else _read_list(morphemes))


def _read_list(path: Path) -> frozenset[str]:
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CorpusError(f"the word list {path} cannot be read: {error}") from error
    found = frozenset(line.strip().lower() for line in lines if line.strip())
    if not found:
        raise CorpusError(f"the word list {path} is empty; expected one word a line")
    return found


def worst_words(tokenizer: tokenry.Tokenizer, gold: Aligned, count: int = 20) -> list[Section]:
    """Words with the most boundaries that are wrong or missing, as they are cut."""
    rows = []
    for word in gold.words:
        found, _ = token_boundaries(tokenizer, word.word)
        found = {end for end in found if end < word.judged}
        right = sum(bool(places & found) for places in word.boundaries)
        wrong = len(found) - right + len(word.boundaries) - right
        rows.append((wrong, word, found))
    rows.sort(key=lambda row: (-row[0], row[1].word))
    return [
        {
            "word": word.word,
            "cut": _cut(word.word, found),
            "gold": _cut(word.word, {min(places) for places in word.boundaries}),
        }
        for wrong, word, found in rows[:count]
        if wrong
    ]


def _cut(word: str, ends: set[int]) -> str:
    data = word.encode()
    edges = [0, *sorted(ends), len(data)]
    parts = (data[a:b].decode("utf-8", "replace") for a, b in itertools.pairwise(edges))
    return "|".join(parts)


def numbers(tokenizer: tokenry.Tokenizer, seed: int) -> Section:
    """What it does to numbers."""
    return measure_numbers(tokenizer, seed=seed).to_json()


def sensitivity(tokenizer: tokenry.Tokenizer, lines: Sequence[str], seed: int) -> Section:
    """How ids change when the text does, and what a beginning tells."""
    changes = measure_sensitivity(tokenizer, lines, seed=seed)
    return {
        "ocr": _garbled(tokenizer, chosen_lines(lines, 200, seed), seed),
        "changes": {name: found.to_json() for name, found in changes.items()},
        "prefixes": measure_prefixes(tokenizer, lines, seed=seed).to_json(),
        "estimator": "edit distance of ids over ids of the unchanged lines",
    }


def _garbled(
    tokenizer: tokenry.Tokenizer, lines: Sequence[str], seed: int
) -> dict[str, Any] | None:
    """Boundaries under the errors of character recognition; None where there is nothing to err."""
    try:
        return robustness(tokenizer, lines, rate=OCR_RATE, seed=seed).to_json()
    except CorpusError:
        return None


def shown(tokenizer: tokenry.Tokenizer, id_: int) -> Section:
    """An id with its piece, readable."""
    piece = tokenizer.vocabulary.pieces[id_]
    return {"id": id_, "piece": "" if piece is None else piece.decode("utf-8", "backslashreplace")}


def sweep(tokenizer: tokenry.Tokenizer, encoded: Encoded, options: CardOptions) -> Section | None:
    """What smaller vocabularies of it would cost; None where they do not nest."""
    shape = ModelShape(width=options.width, layers=options.layers)
    sizes = halved_sizes(tokenizer.n_vocab, 1_000)
    try:
        return sweep_sizes(
            tokenizer, sizes, encoded.sample, shape=shape, seed=options.seed
        ).to_json()
    except (UnsupportedError, VocabularyError):
        return None
