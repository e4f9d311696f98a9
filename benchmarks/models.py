"""A model behind the protocol beside itself in transformers: `python -m benchmarks.models [DIR]`.

Prints how far the logits are apart, with a cache and without, in batches and alone, and what
reading and each further id cost both. DIR is a folder of a model and its tokenizer; the default is
what `make models` writes.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tokenry.models import CausalModel, causal_model

TEXTS = (
    "The capital of France is Paris. Photosynthesis is how green plants make food.",
    "def add(first, second):\n    return first + second\n",
    "Tokens",
    "In 1,234 cases — naïve, 漢字, résumé — bytes decide; the others are left to the reader.",
)
PREFIX, STEPS = 256, 32


def differences(
    model: Any, tokenizer: Any, cache: bool, texts: Sequence[str] = TEXTS
) -> dict[str, float]:
    """The largest difference of a logit from transformers' own, by the way of reading.

    Ids that are read one at a time are compared with transformers' own reading of one at a time,
    all else with its reading of each row in one pass, which float32 rounds otherwise.
    """
    ours = causal_model(model, cache=cache)
    rows = [tokenizer(text).input_ids for text in texts]
    own = [logits_of(model, ids) for ids in rows]
    steps = [(by_ids if cache else by_prefixes)(model, ids) for ids in rows]
    whole = ours.start(rows, logits="all").logits
    return {
        "one pass each": apart([ours.start([ids], logits="all").logits[0] for ids in rows], own),
        "an id at a time": apart([ours_by_ids(ours, ids) for ids in rows], steps),
        "in a batch": apart([x[: len(ids)] for x, ids in zip(whole, rows, strict=True)], own),
        "from the second half on": apart_after(ours, rows, own),
    }


def rounding(model: Any, tokenizer: Any) -> float:
    """How far transformers' own logits are apart, read in one pass and read an id at a time."""
    rows = [tokenizer(text).input_ids for text in TEXTS]
    return apart([by_ids(model, ids) for ids in rows], [logits_of(model, ids) for ids in rows])


def apart(found: list[NDArray[np.float32]], expected: list[NDArray[np.float32]]) -> float:
    """The largest difference of a logit."""
    return max(float(np.abs(x - y).max()) for x, y in zip(found, expected, strict=True))


def logits_of(model: Any, ids: list[int]) -> NDArray[np.float32]:
    """transformers' own, in one pass without a cache."""
    import torch

    with torch.no_grad():
        found = model(input_ids=torch.tensor([ids]), use_cache=False).logits[0]
    logits: NDArray[np.float32] = found.float().numpy()
    return logits


def by_prefixes(model: Any, ids: list[int]) -> NDArray[np.float32]:
    """transformers' own after each id, everything read again for each."""
    return np.stack([logits_of(model, ids[: at + 1])[-1] for at in range(len(ids))])


def by_ids(model: Any, ids: list[int]) -> NDArray[np.float32]:
    """transformers' own, an id at a time, with a cache."""
    from transformers import DynamicCache

    cache = DynamicCache(config=model.config)
    return np.stack([forward(model, [each], cache) for each in ids])


def ours_by_ids(model: CausalModel, ids: list[int]) -> NDArray[np.float32]:
    """Logits of a row that is read id by id."""
    step = model.start([ids[:1]])
    found = [step.last[0]]
    for each in ids[1:]:
        step = model.extend(step.state, [each])
        found.append(step.last[0])
    return np.stack(found)


def apart_after(model: CausalModel, rows: list[list[int]], own: list[NDArray[np.float32]]) -> float:
    """The difference in second halves, read as a batch after a batch of first halves."""
    halves = [-(-len(ids) // 2) for ids in rows]
    state = model.start([ids[:at] for ids, at in zip(rows, halves, strict=True)]).state
    rest = [ids[at:] for ids, at in zip(rows, halves, strict=True)]
    logits = model.extend(state, rest, logits="all").logits
    return max(
        float(np.abs(logits[row, : len(ids)] - own[row][halves[row] :]).max())
        for row, ids in enumerate(rest)
        if ids
    )


def milliseconds(model: Any, tokenizer: Any) -> dict[str, tuple[float, float]]:
    """CPU milliseconds of reading a prefix and of a further id: ours, transformers' own."""
    from transformers import DynamicCache

    ids = (tokenizer(" ".join(TEXTS)).input_ids * 9)[:PREFIX]
    ours = causal_model(model)
    states: dict[str, Any] = {}

    def start() -> None:
        states["ours"] = ours.start([ids]).state

    def extend() -> None:
        states["ours"] = ours.extend(states["ours"], [5]).state

    def prefill() -> None:
        states["own"] = DynamicCache(config=model.config)
        forward(model, ids, states["own"])

    return {
        f"{PREFIX} ids": (spent(start, 3), spent(prefill, 3)),
        "a further id": (
            spent(extend, STEPS), spent(lambda: forward(model, [5], states["own"]), STEPS)
        ),
    }  # fmt: skip


def forward(model: Any, ids: list[int], cache: Any) -> NDArray[np.float32]:
    """transformers' own logits of what follows ``ids`` after a cache, shape (vocab,)."""
    import inspect

    import torch

    takes = inspect.signature(model.forward).parameters
    name = "cache" if "cache" in takes else "past_key_values"
    with torch.no_grad():
        out = model(input_ids=torch.tensor([ids]), logits_to_keep=1, **{name: cache})
    logits: NDArray[np.float32] = out.logits[0, -1].float().numpy()
    return logits


def spent(action: Callable[[], object], times: int) -> float:
    """The median CPU time of an action, in milliseconds."""
    figures = []
    for _ in range(times):
        begin = time.process_time()
        action()
        figures.append((time.process_time() - begin) * 1e3)
    return statistics.median(figures)


def main() -> None:
    """Print all of it."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = Path(os.environ.get("TOKENRY_MODELS") or "build/models") / "smollm2-135m"
    parser = argparse.ArgumentParser(prog="python -m benchmarks.models", description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=folder, metavar="DIR")
    folder = parser.parse_args().folder
    torch.set_num_threads(1)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder).eval()
    for cache in (True, False):
        print("with a cache" if cache else "without a cache")
        for way, difference in differences(model, tokenizer, cache).items():
            print(f"  {way:<24} {difference:.1e}  largest difference of a logit")
    print("transformers' own with a cache from its own without")
    print(f"  {'an id at a time':<24} {rounding(model, tokenizer):.1e}")
    for what, (ours, own) in milliseconds(model, tokenizer).items():
        print(f"{what:<14} {ours:7.1f} ms, transformers' own {own:7.1f} ms")


if __name__ == "__main__":
    main()
