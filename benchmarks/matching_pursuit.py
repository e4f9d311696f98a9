"""Matching pursuit raced with mergekit's on 50,000 rows: `python -m benchmarks.matching_pursuit`.

`python -m benchmarks.matching_pursuit MODELS TOKENIZER`: SmolLM2 gets GPT-2's tokenizer with
Whisper's decoder rows as donor. GPT-2 has fewer new rows than are raced, so they are taken again
with noise. Both get the same batch of 512 rows in turn; seconds are of the processor.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from mergekit.tokensurgeon.omp import batch_omp
from numpy.typing import NDArray

from experiments.transfer.real_model import Moved, whisper_donor
from tokenry.tokenizer import load
from tokenry.transfer.initialisers.omp import pursue
from tokenry.transfer.initialisers.spaces import BLOCK, anchored

NOISE = 0.1  # of the spread of rows


def rows_to_race(
    models: Path, tokenizer: str, count: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Rows of new ids in the donor's space, and the shared rows that they are made of."""
    model = Moved.open(models / "smollm2-135m")
    context = model.context(load(tokenizer), (), whisper_donor(models / "whisper-tiny.en"))
    found = anchored(context, "input")
    fresh = found.targets[context.matches.old_of_new[found.ids] < 0]
    again = fresh[np.arange(count) % len(fresh)]
    noise = np.random.default_rng(0).standard_normal(again.shape, np.float32)
    noise[: len(fresh)] = 0
    return again + NOISE * fresh.std(0) * noise, found.atoms


def main() -> None:
    """Print seconds of both, and how often they choose alike."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", type=Path)
    parser.add_argument("tokenizer")
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--k", type=int, default=4)
    given = parser.parse_args()
    torch.set_num_threads(1)
    targets, atoms = rows_to_race(given.models, given.tokenizer, given.rows)
    points, spent, same = torch.from_numpy(atoms), np.zeros(2), 0
    for begin in range(0, len(targets), BLOCK):
        block = targets[begin : begin + BLOCK]
        at = time.process_time()
        ours, _ = pursue(block, atoms, given.k)
        between = time.process_time()
        theirs, _ = batch_omp(torch.from_numpy(block), points, given.k)
        spent += (between - at, time.process_time() - between)
        same += int((ours == theirs.numpy()).sum())
    print(
        f"{len(targets):,} rows of {given.k} of {len(atoms):,} atoms: {spent[0]:.1f} CPU s, "
        f"mergekit {spent[1]:.1f} s; {same / targets.shape[0] / given.k:.2%} of atoms the same"
    )


if __name__ == "__main__":
    main()
