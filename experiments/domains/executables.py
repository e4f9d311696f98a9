"""Binary BPE: how many bytes of a program a token holds, by vocabulary, nested and learnt apart.

Source: Bommarito 2025, "Binary BPE: a family of cross-platform tokenizers for binary analysis",
arXiv:2511.17573. There 13 GB of ELF, PE, Mach-O and APK; here the executables of the machine that
runs it, a hash of the name deciding which are held out.
"""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import ratio
from experiments.harness.verdicts import Check, check, check_bounded, fact
from tokenry.domains import DomainTokenizer, learn
from tokenry.domains.binaries.domain import Binaries
from tokenry.domains.domain_tokenizer import spelled_marks
from tokenry.errors import CorpusError, SmallerVocabularyWarning

FOLDERS: Final = ("/usr/bin", "/usr/lib", "/usr/sbin")
SIZES: Final = (4096, 8192, 16384, 32768, 65536)
HELD: Final = 8  # one file in so many
SMALLEST: Final = 20_000  # bytes of a file: below, headers are most of it
LARGEST: Final = 4_000_000
CLAIMED: Final = 1.0  # bytes a token beyond the one of bytes: twice the content of a window
MATTERS: Final = 0.5
LOSS: Final = 0.01
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Programs:
    """ELF files to learn from, and those held out."""

    learnt: list[bytes]
    held: list[bytes]


def programs(budget: int) -> Programs:
    """Distinct ELF files of this machine, each folder by name, until there are so many bytes."""
    seen: set[bytes] = set()
    parts: tuple[list[bytes], list[bytes]] = ([], [])
    for path in elf_files():
        data = path.read_bytes()
        digest = hashlib.sha256(data).digest()
        if data[:4] != b"\x7fELF" or digest in seen:
            continue
        seen.add(digest)
        held = hashlib.sha256(path.name.encode()).digest()[0] % HELD == 0
        if sum(map(len, parts[held])) < budget:
            parts[held].append(data)
        if sum(map(len, parts[0])) >= budget and sum(map(len, parts[1])) >= budget // HELD:
            break
    if not all(parts):
        raise CorpusError(f"no executables in {', '.join(FOLDERS)}; this run needs some of Linux")
    return Programs(*parts)


def elf_files() -> list[Path]:
    """Files that may be programs or libraries, in an order by a hash of their names."""
    found = [
        path
        for folder in FOLDERS
        for path in Path(folder).rglob("*")
        if path.is_file() and not path.is_symlink() and SMALLEST <= path.stat().st_size <= LARGEST
    ]
    return sorted(found, key=lambda path: hashlib.sha256(str(path).encode()).digest())


def learnt(files: list[bytes], size: int, *, sections: bool = True) -> DomainTokenizer:
    """The tokenizer of so many ids."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallerVocabularyWarning)
        return learn(Binaries(sections=sections), files, vocab_size=size)


def counts(tokenizer: DomainTokenizer, files: list[bytes]) -> Counts:
    """Ids of each file, marks not counted."""
    marks = len(spelled_marks(tokenizer.domain))
    return np.array([int((tokenizer.encode(data) >= marks).sum()) for data in files], np.int64)


def run(setting: Setting) -> Findings:
    """Learn the largest, cut it down, learn each size apart, and count held-out programs."""
    found = programs(setting.pick(12_000_000, 300_000))
    sizes = setting.pick(SIZES, SIZES[:2])
    held = found.held[: setting.pick(40, 3)]
    size = np.array([len(data) for data in held], np.int64)
    setting.tell(f"learning {sizes[-1]:,} ids from {sum(map(len, found.learnt)) / 1e6:.0f} MB")
    whole = learnt(found.learnt, sizes[-1])
    nested, apart, used = {}, {}, {}
    for each in sizes:
        setting.tell(f"{each:,} ids, nested and apart")
        cut = whole.truncate(min(each, whole.n_vocab))
        nested[each], used[each] = counts(cut, held), usage(cut, held)
        apart[each] = counts(learnt(found.learnt, each), held)
    setting.tell("without marks of sections")
    bare = counts(learnt(found.learnt, sizes[-1], sections=False), held)
    return Findings(
        tables=(_by_size(size, nested, apart, used), _sections(size, nested[sizes[-1]], bare)),
        checks=_checks(size, nested, apart),
        notes=(
            "The programs are those of the machine that ran it, so the fingerprint of the data "
            "does not name them.",
            f"{len(found.learnt)} files to learn from, {len(held)} held out; copies of one file "
            "are left out, but programs of one package share code across the two.",
        ),
    )


def usage(tokenizer: DomainTokenizer, files: list[bytes]) -> float:
    """Share of the vocabulary that the files use."""
    used = {id_ for data in files for id_ in np.unique(tokenizer.encode(data)).tolist()}
    return len(used) / tokenizer.n_vocab


def _checks(size: Counts, nested: dict[int, Counts], apart: dict[int, Counts]) -> tuple[Check, ...]:
    largest, smallest = max(nested), min(nested)
    content = ratio(size, nested[largest])
    lost = {f"{each:,} ids": 1 - ratio(apart[each], nested[each]) for each in nested}
    rising = [ratio(size, nested[each]).value for each in sorted(nested)]
    return (
        check(
            f"with {largest:,} ids a token holds 2 bytes or more (published: 2.89), so a window "
            "has 2 to 3 times the content of one of bytes",
            content - 1.0,
            claimed=CLAIMED,
            matters=MATTERS,
            found=f"{content:.2f} bytes a token",
        ),
        check_bounded(
            "a vocabulary cut down takes no more tokens than one learnt at that size",
            lost,
            LOSS,
        ),
        fact(
            f"a token holds more with every larger vocabulary, from about 2.0 bytes with "
            f"{smallest:,} ids",
            ", ".join(f"{each:.2f}" for each in rising),
            holds=rising == sorted(rising) and rising[0] >= 1.8,
            in_direction=rising == sorted(rising),
        ),
    )


def _by_size(
    size: Counts, nested: dict[int, Counts], apart: dict[int, Counts], used: dict[int, float]
) -> Table:
    rows = tuple(
        (
            each,
            round(ratio(size, nested[each]).value, 3),
            f"{ratio(size, nested[each]):.3f}",
            round(ratio(size, apart[each]).value, 3),
            round(100 * used[each], 1),
        )
        for each in nested
    )
    columns = ("ids", "bytes a token", "with interval", "learnt apart", "% of ids used")
    return Table("Held-out ELF files by vocabulary", columns, rows, "Intervals over files.")


def _sections(size: Counts, marked: Counts, bare: Counts) -> Table:
    rows = tuple(
        (name, round(ratio(size, each).value, 3)) for name, each in
        (("marks and chunks by section", marked), ("chunks of the file alone", bare))
    )  # fmt: skip
    return Table(
        "What sections earn", ("reading", "bytes a token"), rows, "Of the largest vocabulary."
    )


EXPERIMENT: Final = Experiment(
    name="Binary BPE",
    claim="BPE over bytes of executables puts 2 to 3 times the content of bytes into a window "
    "(64k ids: 2.89 bytes a token, 4k about 2.0), and smaller vocabularies are the beginning of "
    "the largest at no cost.",
    scale="Paper: 13 GB of ELF, PE, Mach-O and APK, pieces of at most 16 bytes, minimum frequency "
    "10. Here: 12 MB of ELF files of one Linux machine, minimum frequency 2, held-out files of "
    "the same machine.",
    baseline="Bytes; vocabularies of the same sizes learnt apart from the same files; the same "
    "without marks of sections.",
    needs=(),
    run=run,
)
