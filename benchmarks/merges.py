"""What learners of BPE are measured by: the merges that they find, and what these cost."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from benchmarks import child
from benchmarks.result import OURS
from benchmarks.vocabularies import byte_level_alphabet

SIZE = 32_000


def spent_on(name: str, learner: Callable[[list[Path]], Any], corpus: str) -> dict[str, Any]:
    """CPU, wall and peak memory (whole process) of one learner, reading the files included."""
    paths = sorted(Path(corpus).glob("*.txt"))
    __import__("tokenry.learning" if name == OURS else name)  # before the clock starts
    cpu, wall = time.process_time(), time.perf_counter()
    merges = learner(paths)
    spent = {"cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}
    return {**spent, "peak": child.peak_megabytes(), "merges": digest(merges)}


def digest(merges: Iterable[tuple[bytes, bytes]] | None) -> str | None:
    """Equal for equal merges in equal order."""
    if merges is None:
        return None
    lines = (left.hex() + " " + right.hex() for left, right in merges)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def tokenry_merges(paths: list[Path]) -> Iterable[tuple[bytes, bytes]]:
    """Ours."""
    from tokenry.learning import Bpe

    learnt = Bpe(vocab_size=SIZE, pretokenizer="gpt2").learn_model(paths[0].parent)
    return ((learnt.pieces[left], learnt.pieces[right]) for left, right in learnt.merges)


def undo_byte_level(merges: list[Any]) -> list[tuple[bytes, bytes]]:
    """Merges as tokenizers writes them, in bytes."""
    alphabet = byte_level_alphabet()
    pairs = [merge.split(" ") if isinstance(merge, str) else merge for merge in merges]
    return [(bytes(alphabet[c] for c in a), bytes(alphabet[c] for c in b)) for a, b in pairs]
