"""Byte models beside genlm-bytes, on one model in one run: `python -m benchmarks.bytewise MODEL`.

Prints, for a prompt and for each byte after it: seconds of the processor, calls of the model, ids
that it read, and how many hypotheses are kept; and how far the next-byte probabilities of both are
apart. genlm-bytes sums over all sequences of ids with a beam; ours does the same, and over
canonical sequences without one. Both run the same object of transformers on one thread.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np
import typer
from numpy.typing import NDArray

import tokenry
from tokenry.decoding.bytewise import Beam, ByteModel
from tokenry.models import causal_model

TEXT = (
    b"The harbour had been quiet since the morning, and the two brothers sat on the wall and "
    b"counted the boats. In 1987 there were 212 of them; now the younger one could not find more "
    b"than forty. 'It's the fish,' he said, 'they have gone north, and whoever can follow them "
    b"follows them.' The other did not answer."
)
PROMPT = 64
WIDTH = 5


@dataclass
class Cost:
    """What a stretch of work took."""

    seconds: float = 0.0
    calls: int = 0
    ids: int = 0


class Counted:
    """Calls of a model of transformers, whoever makes them."""

    def __init__(self, model: Any) -> None:
        self.calls = self.ids = 0
        forward = model.forward

        @wraps(forward)
        def counting(*args: Any, **kwargs: Any) -> Any:
            ids = kwargs["input_ids"] if "input_ids" in kwargs else args[0]
            self.calls, self.ids = self.calls + 1, self.ids + int(ids.numel())
            return forward(*args, **kwargs)

        model.forward = counting

    @contextmanager
    def cost(self) -> Iterator[Cost]:
        """What runs inside."""
        spent, calls, ids, start = Cost(), self.calls, self.ids, time.process_time()
        yield spent
        spent.seconds = time.process_time() - start
        spent.calls, spent.ids = self.calls - calls, self.ids - ids


@dataclass
class Read:
    """How one of them read the text.

    Attributes:
        prompt: what the prompt took.
        steps: what the bytes after it took, together.
        kept: hypotheses after each byte.
        probabilities: of the next byte after the prompt and each byte, shape (bytes + 1, 256).
    """

    prompt: Cost
    steps: Cost
    kept: list[int]
    probabilities: NDArray[np.float64]


def ours(model: ByteModel, counted: Counted, text: bytes, prompt: int) -> Read:
    """By our byte model."""
    with counted.cost() as first:
        lanes = model.lanes([text[:prompt]])
        rows, kept = [np.exp(lanes.logprobs()[0, :256])], lanes.covers()
    with counted.cost() as rest:
        for byte in text[prompt:]:
            lanes = lanes.advance([bytes([byte])])
            rows.append(np.exp(lanes.logprobs()[0, :256]))
            kept += lanes.covers()
    return Read(first, rest, kept, np.array(rows))


def theirs(model: Any, tokenizer: Any, counted: Counted, text: bytes, prompt: int) -> Read:
    """By genlm-bytes, with its beam as it is meant to be used."""
    from genlm.backend.llm.hf import AsyncTransformer
    from genlm.bytes import BeamParams, ByteBeamState

    async def run() -> Read:
        llm = AsyncTransformer(model, tokenizer, timeout=0.0)
        end = tokenizer.convert_ids_to_tokens(0).encode()
        beam = await ByteBeamState.initial(llm, BeamParams(K=WIDTH, eos_byte_strings=[end]))
        with counted.cost() as first:
            beam = await beam.prefill(text[:prompt])
            rows = [await next_bytes(beam)]
        kept = [len(beam)]
        with counted.cost() as rest:
            for byte in text[prompt:]:
                beam = await (beam.prune() << byte)
                rows.append(await next_bytes(beam))
                kept.append(len(beam))
        return Read(first, rest, kept, np.array(rows))

    return asyncio.run(run())


async def next_bytes(beam: Any) -> NDArray[np.float64]:
    """Probabilities of the next byte, shape (256,)."""
    found: NDArray[np.float64] = np.exp(np.asarray((await beam.logp_next()).ps)[:256])
    return found


def row(name: str, read: Read, bytes_read: int) -> str:
    """A line of the table."""
    first, rest = read.prompt, read.steps
    prompt = f"{name:34} {first.seconds:8.2f} {first.calls:6} {first.ids:7}"
    each = (rest.seconds / bytes_read, rest.calls / bytes_read, rest.ids / bytes_read)
    return f"{prompt} {each[0]:9.3f} {each[1]:7.2f} {each[2]:7.1f} {max(read.kept):6}"


def main(folder: Path, steps: int = 24) -> None:
    """Read a prompt and the bytes after it by each of them."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    torch.set_num_threads(1)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype="float32")
    tokenizer, loaded = AutoTokenizer.from_pretrained(folder), tokenry.load(folder)
    counted, text = Counted(model), TEXT[: PROMPT + steps]
    begin = [tokenizer.bos_token_id]  # what genlm-bytes begins with
    read = causal_model(model)
    kinds: dict[str, dict[str, Any]] = {
        "tokenry, canonical, exact": {"target": "canonical"},
        f"tokenry, all, beam of {WIDTH}": {"target": "all", "beam": Beam(WIDTH)},
    }
    print(f"{len(text[:PROMPT])} bytes of prompt, then {steps} bytes; one thread, float32")
    heads = f"{'':34} {'prompt s':>8} {'calls':>6} {'ids':>7}"
    print(f"{heads} {'s a byte':>9} {'calls':>7} {'ids':>7} {'kept':>6}")
    found = {}
    for name, options in kinds.items():
        bytewise = ByteModel(read, loaded, begin=begin, ends=[0], **options)
        found[name] = ours(bytewise, counted, text, PROMPT)
        print(row(name, found[name], steps), flush=True)
        again = ours(
            ByteModel(read, loaded, begin=begin, ends=[0], **options), counted, text, PROMPT
        )
        print(row("  once more", again, steps), flush=True)
    genlm = theirs(model, tokenizer, counted, text, PROMPT)
    print(row(f"genlm-bytes, all, beam of {WIDTH}", genlm, steps))
    for name, each in found.items():
        apart = np.abs(each.probabilities - genlm.probabilities).sum(1) / 2
        print(f"{name}: from genlm-bytes {apart.mean():.4f} apart, at most {apart.max():.4f}")


if __name__ == "__main__":
    typer.run(main)
