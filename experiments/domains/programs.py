"""S114: programs as placeholders and words of a syntax tree, against byte-pair encoding.

Three small models of equal size read the same programs: as Tokompiler's marks, as byte-pair pieces
of the file, and as pieces of what the marks say (names and literals replaced, comments and layout
gone). The published comparison is with pieces of the file; only the last have the same content to
foretell.

Files are those of ``programs/c*`` and ``programs/fortran*`` in the data folder. Ours, by folder:
``c`` has zlib (zlib.net); ``c-more`` lua/lua, redis/hiredis, DaveGamble/cJSON, antirez/linenoise
and jqlang/jq, without what these carry of others; ``fortran`` jacobwilliams/json-fortran;
``fortran-more`` jacobwilliams/bspline-fortran and fortran-lang/fpm (all of github.com). Where they
are not, the C headers of this machine are read, and the Python of the interpreter's library.
"""

from __future__ import annotations

import hashlib
import sysconfig
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.data import Data
from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds, saving
from experiments.harness.trained import bits_of_ids
from experiments.harness.verdicts import Check, Estimate, check
from tokenry.corpus.holdout import held_out
from tokenry.domains import Parsed, domain_named
from tokenry.domains.code import words
from tokenry.domains.code.domain import Code
from tokenry.domains.code.grammars import KINDS
from tokenry.errors import CorpusError, DomainError
from tokenry.learning import Bpe

FOLDER: Final = "programs"
LANGUAGES: Final = ("c", "fortran")
AT_HAND: Final = {
    "c": (("/usr/include", "*.h"), (sysconfig.get_path("include"), "*.h")),
    "python": ((sysconfig.get_path("stdlib"), "*.py"),),
}
"""Files that a machine has, where there is no folder of programs."""
LARGEST: Final = 100_000  # bytes of one of these
ARMS: Final = ("words and placeholders", "pieces of the file", "pieces of the same content")
MOST_BROKEN: Final = 0.002  # of a file: bytes that are no words, which marks do not say
MOST_NUMBERS: Final = 0.25  # of a file's words; a file with more is a table, such as zlib's crc32.h
LEARNT: Final = 400_000  # bytes
HELD: Final = 0.25  # of the files
IDS: Final = 1_152  # of the byte-pair arms: about as many as there are marks
FEWER: Final = 0.05  # of the tokens: what would matter
CLEARER: Final = 0.02  # of the bits a word
LARGE: Final = 3  # seeds of the arm whose effect is large, so that the others may have more
Rows = list[NDArray[np.int64]]


@dataclass(frozen=True)
class Programs:
    """Files of a language as all arms read them.

    Attributes:
        files: as they are.
        marks: of each file.
        content: what the marks say, as text.
        words: leaves of each file.
    """

    files: list[str]
    marks: Rows
    content: list[str]
    words: NDArray[np.int64]


def languages(data: Data) -> tuple[str, ...]:
    """Those of the data folder, or of what the machine has."""
    try:
        data.folder(FOLDER)
    except CorpusError:
        return tuple(AT_HAND)
    return LANGUAGES


def files_of(data: Data, language: str) -> list[Path]:
    """Programs of a language, in an order by a hash of their names, so that projects mix."""
    if languages(data) == LANGUAGES:
        found = data.files(FOLDER, f"{language}*/*")
        return sorted(found, key=lambda path: hashlib.sha256(path.name.encode()).digest())
    found = [
        path
        for folder, pattern in AT_HAND[language]
        for path in Path(folder).rglob(pattern)
        if path.is_file() and path.stat().st_size <= LARGEST
    ]
    return sorted(found, key=lambda path: hashlib.sha256(str(path).encode()).digest())


def programs(data: Data, language: str, most: int) -> tuple[Programs, Programs]:
    """Files to learn from, about ``most`` bytes, and held out, about a third of that."""
    domain = domain_named("code", language=language, names="dropped", spacing="dropped")
    sides: tuple[list[tuple[str, Parsed]], ...] = ([], [])
    left = [most, most // 3]
    for path in files_of(data, language):
        text = path.read_bytes()
        try:
            parsed = domain.read(text)
        except DomainError:
            continue
        side = held_out(text, fraction=HELD, seed=1)
        if left[side] > 0 and _is_program(text, parsed):
            left[side] -= len(text)
            sides[side].append((text.decode("latin-1"), parsed))
    return _gathered(domain, sides[0]), _gathered(domain, sides[1])  # type: ignore[arg-type]


def _is_program(text: bytes, parsed: Parsed) -> bool:
    marks = parsed.marks.astype(np.int64)
    numbers = int((marks == words.FIRST_KIND + KINDS.index("num")).sum())
    few = numbers <= MOST_NUMBERS * int(_leading(marks).sum())
    return few and len(parsed.run) <= MOST_BROKEN * len(text)


def _gathered(domain: Code, found: Sequence[tuple[str, Parsed]]) -> Programs:
    marks = [parsed.marks.astype(np.int64) for _, parsed in found]
    return Programs(
        [text for text, _ in found],
        marks,
        [domain.write(parsed).decode("latin-1") for _, parsed in found],
        np.array([int(_leading(each).sum()) for each in marks]),
    )


def _leading(marks: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Marks that a word begins with: its own, or the kind of a placeholder."""
    kinds = (marks >= words.FIRST_KIND) & (marks < words.FIRST_DIGIT)
    found: NDArray[np.bool_] = kinds | (marks >= words.FIRST_WORD)
    return found


@dataclass(frozen=True)
class Arm:
    """One way to read programs: tokens of each held-out file, and bits a word by seed."""

    tokens: NDArray[np.int64]
    bits: tuple[float, ...]


def run(setting: Setting) -> Findings:
    """Train the models on both languages."""
    found: dict[str, dict[str, Arm]] = {}
    for language in languages(setting.data):
        learnt, held = programs(setting.data, language, setting.pick(LEARNT, 60_000))
        found[language] = arms(setting, language, learnt, held)
    notes = (
        "Files of which more than 0.2% are no words of the language are left out. A word is a leaf "
        "of the syntax tree; bits a word are all bits of the held-out files over their words, for "
        "every arm, so that vocabularies do not matter.",
        "The paper's perplexity is of a model of 110 million parameters, and its baselines are "
        "pretrained on the files as they are: fewer bits for fewer things said. The third arm "
        "says the same as the marks.",
    )
    return Findings((_table(found),), checks_of(found), notes)


def arms(setting: Setting, language: str, learnt: Programs, held: Programs) -> dict[str, Arm]:
    """The three arms on one language."""
    total = int(held.words.sum())
    found = {ARMS[0]: _arm(setting, f"{language}: {ARMS[0]}", learnt.marks, held.marks, total)}
    for name, texts, others in (
        (ARMS[1], learnt.files, held.files),
        (ARMS[2], learnt.content, held.content),
    ):
        tokenizer = Bpe(vocab_size=setting.pick(IDS, 400)).learn(texts)
        rows, held_rows = (
            [ids.astype(np.int64) for ids in tokenizer.encode_batch(each)]
            for each in (texts, others)
        )
        some = setting if name == ARMS[2] else replace(setting, seeds=setting.seeds[:LARGE])
        found[name] = _arm(some, f"{language}: {name}", rows, held_rows, total)
    return found


def _arm(setting: Setting, name: str, rows: Rows, held: Rows, total: int) -> Arm:
    from tokenry.neural.recipes.sizes import Passes, Shape

    shape = setting.pick(
        Shape(width=64, layers=2, context=128), Shape(width=16, layers=1, heads=2, context=32)
    )
    ids = max(IDS, len(words.MARKS))
    passes = Passes(passes=setting.pick(5, 1), rate=3e-3, batch=32)
    bits = bits_of_ids(setting, name, rows, held, ids, total, shape, passes)
    return Arm(np.array([len(row) for row in held]), bits)


def checks_of(found: dict[str, dict[str, Arm]]) -> tuple[Check, ...]:
    """The parts of the claim, in both languages."""
    tokens = {
        language: saving(each[ARMS[1]].tokens, each[ARMS[0]].tokens)
        for language, each in found.items()
    }
    return (
        check(
            "fewer tokens a file than byte-pair encoding with as many ids",
            tokens,
            matters=FEWER,
            found="; ".join(f"{name} {each:.1%} fewer" for name, each in tokens.items()),
        ),
        _clearer("than byte-pair encoding of the file", found, ARMS[1]),
        _clearer("than byte-pair encoding of the same content", found, ARMS[2]),
    )


def _clearer(than: str, found: dict[str, dict[str, Arm]], other: str) -> Check:
    def saved(each: dict[str, Arm]) -> Estimate:
        bits = np.array(each[other].bits)
        return over_seeds(1 - np.array(each[ARMS[0]].bits[: len(bits)]) / bits)

    effects = {language: saved(each) for language, each in found.items()}
    return check(
        f"fewer bits a word {than}",
        effects,
        matters=CLEARER,
        found="; ".join(f"{name} {each:.1%} fewer" for name, each in effects.items()),
    )


def _table(found: dict[str, dict[str, Arm]]) -> Table:
    rows = [
        (
            language,
            name,
            int(arm.tokens.sum()),
            round(float(np.mean(arm.bits)), 3),
            round(float(2 ** np.mean(arm.bits)), 2),
            round(min(arm.bits), 3),
            round(max(arm.bits), 3),
        )
        for language, each in found.items()
        for name, arm in each.items()
    ]
    return Table(
        "Programs under three tokenizers",
        (
            "language", "tokenizer", "tokens", "bits a word", "perplexity a word", "lowest seed",
            "highest seed",
        ),
        tuple(rows),
        "Of held-out files; mean of the seeds.",
    )  # fmt: skip


EXPERIMENT = Experiment(
    name="Tokompiler",
    claim="Programs as words of the language and typed, numbered placeholders are shorter and "
    "easier to foretell than under byte-pair encoding: a smaller model, a lower normalised "
    "perplexity.",
    scale="paper: a model of 110 million parameters on Fortran, C and C++ from GitHub; here: "
    "transformers of 0.2 million parameters on 400 kB each of six C and three Fortran projects, "
    "eight seeds",
    baseline="byte-pair encoding with as many ids, of the files and of the same content",
    needs=(),
    run=run,
    seeds=8,
)
