"""Methods side by side on one model and the same prompts: what each costs, and how text differs.

The columns are those by which Zhang et al. 2025, "A Survey on Parallel Text Generation",
arXiv:2508.08712, tells methods apart (lossless or not, several ids a call or fewer layers a call),
as figures of this machine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from tokenry.decoding.generation.generate import GeneratedText, Writer
from tokenry.decoding.generation.ledger import Ledger
from tokenry.decoding.generation.method import Method, Request
from tokenry.errors import UnsupportedError
from tokenry.progress import Progress, silent


@dataclass(frozen=True)
class MethodCost:
    """One method over all prompts.

    Attributes:
        method: its name.
        lossless: whether it promises plain decoding's distribution.
        ids: new ones.
        bytes: that they write.
        calls: of the target.
        ids_per_call: new ids that a call of the target gave.
        positions: that the target computed.
        layers: blocks that the target ran, each counted once for every position.
        helper_calls: of drafts and routers.
        flops: of all models.
        seconds: by the clock.
        same: share of prompts whose ids are those of plain decoding.
        agreement: ids before the first that differs from plain decoding's, as a share of its ids,
            averaged over prompts.
    """

    method: str
    lossless: bool
    ids: int
    bytes: int
    calls: int
    ids_per_call: float
    positions: int
    layers: int
    helper_calls: int
    flops: int
    seconds: float
    same: float
    agreement: float


def compare(
    writer: Writer,
    prompts: Sequence[str],
    methods: Mapping[str, Method],
    request: Request | None = None,
    *,
    batch: int = 1,
    progress: Progress = silent,
    refused: dict[str, str] | None = None,
) -> list[MethodCost]:
    """Run plain decoding and each method on the same prompts.

    Args:
        writer: models and tokenizer.
        prompts: texts.
        methods: by name; "plain" is run first, whether it is among them or not.
        request: how much is written; the default takes the likeliest id each time.
        batch: prompts that share calls.
        progress: is told how far it is.
        refused: takes up the methods that this model does not allow, and why; None: an error.

    Raises:
        UnsupportedError: the model does not allow a method.
    """
    plain = _written(writer, prompts, "plain", request, batch, progress)
    costs = [_cost("plain", True, plain, plain)]
    for name, method in methods.items():
        if name == "plain":
            continue
        try:
            found = _written(writer, prompts, method, request, batch, progress, name)
        except UnsupportedError as error:
            if refused is None:
                raise
            refused[name] = str(error)
            continue
        costs.append(_cost(name, method.lossless, found, plain))
    return costs


def _written(
    writer: Writer,
    prompts: Sequence[str],
    method: Method | str,
    request: Request | None,
    batch: int,
    progress: Progress,
    name: str = "plain",
) -> list[GeneratedText]:
    found = []
    for each in writer.write(prompts, method, request, batch=batch):
        found.append(each)
        progress(name, len(found), len(prompts))
    return found


def _cost(
    name: str, lossless: bool, found: Sequence[GeneratedText], plain: Sequence[GeneratedText]
) -> MethodCost:
    ledgers = {id(each.ledger): each.ledger for each in found}  # one for each batch
    total = sum(ledgers.values(), Ledger())
    shares = [
        _agreeing(x.generated.ids, y.generated.ids) for x, y in zip(found, plain, strict=True)
    ]
    same = [x.generated.ids == y.generated.ids for x, y in zip(found, plain, strict=True)]
    return MethodCost(
        method=name,
        lossless=lossless,
        ids=total.new_ids,
        bytes=total.new_bytes,
        calls=total.target.calls,
        ids_per_call=total.ids_per_call,
        positions=total.target.positions,
        layers=total.target.layers,
        helper_calls=total.helpers.calls,
        flops=total.flops,
        seconds=total.seconds,
        same=float(np.mean(same)),
        agreement=float(np.mean(shares)),
    )


def _agreeing(found: Sequence[int], plain: Sequence[int]) -> float:
    """Ids before the first difference, as a share of those of plain decoding."""
    equal = 0
    for one, other in zip(found, plain, strict=False):
        if one != other:
            break
        equal += 1
    return equal / len(plain) if plain else float(not found)
