"""Byte models and weighted rejection beside genlm-bytes and genlm-control, in one run.

Sources: Vieira et al. 2024, "From Language Models over Tokens to Language Models over Characters",
arXiv:2412.03719 (genlm-bytes); Lipkin et al. 2025, arXiv:2504.05410 (genlm-control).

Both read the same prompt on the same object of transformers, byte by byte: how far their next-byte
distributions are apart, processor seconds, calls of the model. Both draw from one distribution
under one constraint: how far the mean weights are from the true ones, and questions a draw.
"""

from __future__ import annotations

import math
import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from benchmarks import bytewise, weighted_rejection
from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import mean_of
from experiments.harness.verdicts import Check, Estimate, check_bounded, fact
from tokenry.decoding.bytewise import Beam, ByteModel
from tokenry.decoding.constrained import Geometric, Recursive
from tokenry.errors import CorpusError
from tokenry.models import causal_model
from tokenry.tokenizer import load

GENLM, CONTROL = "genlm-bytes, beam of 5", "genlm-control"
STEPS: Final = 20
APART: Final = 0.01
"""Half the sum of differences between distributions."""
ERRORS: Final = 5.0
WAYS: Final[dict[str, dict[str, Any]]] = {
    "canonical, exact": {"target": "canonical"},
    "all sequences, beam of 5": {"target": "all", "beam": Beam(bytewise.WIDTH)},
}


def reads(folder: Path, steps: int) -> dict[str, bytewise.Read]:
    """The prompt and the bytes after it by each."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    torch.set_num_threads(1)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype="float32")
    tokenizer, loaded = AutoTokenizer.from_pretrained(folder), load(folder)
    counted, text = bytewise.Counted(model), bytewise.TEXT[: bytewise.PROMPT + steps]
    read, begin = causal_model(model), [tokenizer.bos_token_id]
    found = {}
    for name, options in WAYS.items():
        made = ByteModel(read, loaded, begin=begin, ends=[0], **options)
        found[name] = bytewise.ours(made, counted, text, bytewise.PROMPT)
    found[GENLM] = bytewise.theirs(model, tokenizer, counted, text, bytewise.PROMPT)
    return found


def run(setting: Setting) -> Findings:
    """Read and draw by both; at small size draw alone, without them."""
    setting.tell("drawing")
    draws = setting.pick(4_000, 200)
    drawn = {
        "recursive": weighted_rejection.ours(Recursive(), draws),
        "geometric": weighted_rejection.ours(Geometric(), draws),
    }
    if setting.size == "small":
        return Findings((_drawing(drawn, draws),), (_weights_check(drawn),))
    folder = _folder()
    drawn[CONTROL] = weighted_rejection.theirs(draws)
    setting.tell("reading")
    found = reads(folder, STEPS)
    tables = (_reading(found, STEPS), _drawing(drawn, draws))
    checks = (*_reading_checks(found), _weights_check(drawn), *_drawing_checks(drawn))
    return Findings(tables, checks, NOTES)


def _folder() -> Path:
    """Where SmolLM2 is, where genlm is installed too."""
    folder = Path(os.environ.get("TOKENRY_MODELS", "build/models")) / "smollm2-135m"
    missing = [name for name in ("genlm.bytes", "genlm.control") if not _installed(name)]
    if missing or not folder.is_dir():
        raise CorpusError(
            f"{', '.join(missing) or folder} is missing; pip install genlm-bytes genlm-control, "
            "run `make models`, or set TOKENRY_MODELS"
        )
    return folder


def _installed(name: str) -> bool:
    parent = name.partition(".")[0]
    return find_spec(parent) is not None and find_spec(name) is not None


def _reading(found: dict[str, bytewise.Read], steps: int) -> Table:
    rows = tuple(
        (name, round(each.prompt.seconds, 2), each.prompt.calls, each.prompt.ids,
         round(steps / each.steps.seconds, 1), round(each.steps.calls / steps, 2),
         round(each.steps.ids / steps, 1), max(each.kept))
        for name, each in found.items()
    )  # fmt: skip
    return Table(
        f"A prompt of {bytewise.PROMPT} bytes, then {steps} bytes one by one",
        ("way", "prompt, CPU s", "calls", "ids", "bytes per CPU s", "calls a byte", "ids a byte",
         "kept at most"),
        rows,
        "SmolLM2-135M, float32, one thread, the same object of transformers.",
    )  # fmt: skip


def _apart(found: dict[str, bytewise.Read], name: str) -> NDArray[np.float64]:
    one, other = found[name].probabilities, found[GENLM].probabilities
    distances: NDArray[np.float64] = np.abs(one - other).sum(1) / 2
    return distances


def _reading_checks(found: dict[str, bytewise.Read]) -> tuple[Check, ...]:
    genlm = found[GENLM]
    faster = {
        name: (genlm.prompt.seconds / found[name].prompt.seconds,
               genlm.steps.seconds / found[name].steps.seconds)
        for name in WAYS
    }  # fmt: skip
    calls = {name: found[name].steps.calls / len(found[name].kept[1:]) for name in WAYS}
    return (
        check_bounded("next-byte distributions are those of genlm-bytes, within 0.01",
                      {name: mean_of(_apart(found, name)) for name in WAYS}, APART),
        fact("less processor time for the prompt and for each byte than genlm-bytes",
             "; ".join(f"{n}: {p:.1f} and {b:.1f} times less" for n, (p, b) in faster.items()),
             holds=all(min(pair) > 1 for pair in faster.values())),
        fact("one call of the model a byte",
             "; ".join(f"{name}: {each:.2f}" for name, each in calls.items()),
             holds=all(each <= 1 for each in calls.values())),
    )  # fmt: skip


Drawn = tuple[NDArray[np.float64], float]


def _standing(weights: NDArray[np.float64]) -> tuple[float, float, float]:
    """The mean weight, its error, and the greatest distance of a symbol's in errors of its own."""
    logprobs, allowed = weighted_rejection.distribution()
    wanted = np.where(allowed, np.exp(logprobs), 0.0)
    total, count = weights.sum(1), len(weights)
    error = np.maximum(weights.std(0, ddof=1), 1e-9) / math.sqrt(count)
    often = wanted * count > 5
    off = float((np.abs(weights.mean(0) - wanted) / error)[often].max())
    return float(total.mean()), float(total.std() / math.sqrt(count)), off


def _drawing(drawn: dict[str, Drawn], draws: int) -> Table:
    logprobs, allowed = weighted_rejection.distribution()
    true = float(np.exp(logprobs)[allowed].sum())
    rows = []
    for name, (weights, asked) in drawn.items():
        mean, error, off = _standing(weights)
        rows.append((name, round(mean, 4), round(error, 4), round(off, 2), round(asked, 1)))
    return Table(
        f"{draws} draws under a constraint that allows {true:.4f}",
        ("way", "mean weight", "its error", "farthest symbol, in errors", "questions a draw"),
        tuple(rows),
    )  # fmt: skip


def _weights_check(drawn: dict[str, Drawn]) -> Check:
    off = {name: _standing(weights)[2] for name, (weights, _) in drawn.items()}
    return check_bounded(
        "mean weights of symbols are their probabilities, within 5 errors",
        {name: Estimate(each, 0.0, each) for name, each in off.items()}, ERRORS,
    )  # fmt: skip


def _drawing_checks(drawn: dict[str, Drawn]) -> tuple[Check, Check]:
    mean, error, _ = _standing(drawn["recursive"][0])
    its, its_error, _ = _standing(drawn[CONTROL][0])
    apart = abs(mean - its) / math.hypot(error, its_error)
    asked, its_asked = drawn["recursive"][1], drawn[CONTROL][1]
    return (
        check_bounded("the mean weight is that of genlm-control, within 3 errors",
                      Estimate(apart, 0.0, apart), 3.0),
        fact("no more questions a draw than genlm-control, within 0.1",
             f"{asked:.2f} against {its_asked:.2f}", holds=asked <= its_asked + 0.1),
    )  # fmt: skip


NOTES: Final = (
    "genlm-bytes sums over all sequences of ids with a beam. The first bytes of a new kind of "
    "context cost more here, as what may follow it is found once.",
)
EXPERIMENT: Final = Experiment(
    name="Beside genlm",
    claim="Byte models and weighted rejection sampling agree with genlm-bytes and genlm-control.",
    scale="SmolLM2-135M, one prompt of 64 bytes and 20 bytes behind it; 4,000 draws of 61 symbols.",
    baseline="genlm-bytes and genlm-control, installed beside, in the same run.",
    needs=(),
    run=run,
)
