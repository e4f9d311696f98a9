"""Train a transplanted model on text: its rows first, then all of it.

Rows first is how ReTok (arXiv:2410.04335) and RedWhale (arXiv:2408.11294) begin: the body cannot
unlearn what it knows from rows that are still wrong.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokenry.errors import ModelError
from tokenry.extras import importing, require
from tokenry.files import writing_folder
from tokenry.neural.training.budgets.steps import Steps
from tokenry.neural.training.data.blocks import Blocks
from tokenry.neural.training.optimizers.adamw import AdamW
from tokenry.neural.training.step import Phase
from tokenry.neural.training.steps.next_token import NextToken
from tokenry.neural.training.trainer import Trainer
from tokenry.progress import Progress, prefixed, silent
from tokenry.tokenizer import Tokenizer, load
from tokenry.transfer import low_rank
from tokenry.transfer.architecture import RowTensors, row_tensors
from tokenry.transfer.model_folder import PLANS, ModelFolder
from tokenry.transfer.roles import special_roles
from tokenry.transfer.tensor_files import NewTensor, from_floats, write_file

if TYPE_CHECKING:
    from torch import nn

ROWS, ADAPTERS = "rows", "adapters"


@dataclass(frozen=True)
class HealStage:
    """A part of healing.

    Attributes:
        name: of it, and of its folder.
        trains: patterns of names of parameters; `ROWS` stands for those that follow the vocabulary.
        share: of the steps.
        rate: of AdamW.
        rank: of changes to the body's matrices that learn in their place (`low_rank`); 0: none.
            `ADAPTERS` in ``trains`` stands for them.
    """

    name: str
    trains: tuple[str, ...]
    share: float
    rate: float
    rank: int = 0


# Rows of SmolLM2 under two other tokenizers: 1e-4 heals them, at 3e-4 and above they get worse
# (experiments/transfer/healing.py).
STAGES = (HealStage("rows", (ROWS,), 0.5, 1e-4), HealStage("all", ("*",), 0.5, 1e-4))


@dataclass(frozen=True, kw_only=True)
class HealOptions:
    """How a model is healed.

    Attributes:
        steps: of all stages together.
        stages: one after another.
        length: ids of a row.
        batch: rows of a step.
        seed: of the order.
    """

    steps: int = 200
    stages: tuple[HealStage, ...] = STAGES
    length: int = 128
    batch: int = 4
    seed: int = 0


def heal(
    model: str | os.PathLike[str],
    corpus: Sequence[str],
    out: str | os.PathLike[str],
    options: HealOptions | None = None,
    *,
    work: str | os.PathLike[str] | None = None,
    progress: Progress = silent,
) -> list[float]:
    """Write a copy of a model that was trained on texts for a few steps.

    Args:
        model: the folder of a causal model.
        corpus: texts.
        out: a folder that does not exist.
        options: how.
        work: where checkpoints are kept; a run that stopped goes on from there.
        progress: told what is being done.

    Returns:
        The loss of the last step of each stage, in nats an id.

    Raises:
        ModelError: no causal model, no text, or options that cannot be.
        TrainingError: it diverged, or ``work`` holds another training.
    """
    options = options or HealOptions()
    if options.steps < len(options.stages) or not corpus:
        raise ModelError(
            f"healing takes {len(options.stages)} steps or more and text; given are "
            f"{options.steps} steps and {len(corpus)} texts"
        )
    if Path(out).exists():
        raise FileExistsError(f"{out} exists already; give another folder")
    folder = ModelFolder.open(model)
    tensors = row_tensors(folder)
    if tensors.masked:
        raise ModelError(f"{folder.path} fills masks; only causal models are healed")
    network = _network(folder, tensors)
    _check_stored(folder, network)
    blocks = _blocks(load(folder.path), corpus, options.length)
    losses = _train(network, tensors, blocks, options, work, progress)
    write_trained(folder, network, out)
    return losses


def _network(folder: ModelFolder, tensors: RowTensors) -> Any:
    torch = require("torch", "neural", "healing")
    transformers = require("transformers", "neural", "healing")
    kind = getattr(transformers, tensors.architecture)
    return kind.from_pretrained(folder.path, dtype=torch.float32, local_files_only=True)


def _check_stored(folder: ModelFolder, network: Any) -> None:
    """Refuse a model of which something that was trained could not be written."""
    found: dict[int, list[str]] = {}
    for name, each in network.named_parameters(remove_duplicate=False):
        stored = folder.find(name, tuple(each.shape))
        found.setdefault(id(each), []).extend([] if stored is None else [name])
    lost = sum(not names for names in found.values())
    if lost:
        raise ModelError(
            f"{lost} tensors of {folder.path} have other names in its files than in a "
            f"{type(network).__name__}; heal it with transformers"
        )


def _blocks(tokenizer: Tokenizer, corpus: Sequence[str], length: int) -> Blocks:
    roles = special_roles(tokenizer)
    if "eos" not in roles:
        raise ModelError("the tokenizer has no end-of-text id to put between texts")
    return Blocks.of(tokenizer.encode_batch(corpus), end=roles["eos"], length=length)


def _train(
    network: Any,
    tensors: RowTensors,
    blocks: Blocks,
    options: HealOptions,
    work: str | os.PathLike[str] | None,
    progress: Progress,
) -> list[float]:
    """Stage by stage; each has a folder of its own, and one that is finished is only loaded."""
    wrapped = logits_of(network)
    given = {ROWS: row_parameters(network), ADAPTERS: [low_rank.ADAPTERS]}
    losses = []
    for at, stage in enumerate(options.stages):
        steps = max(1, round(options.steps * stage.share))
        trains = tuple(
            f"network.{name}" for pattern in stage.trains for name in given.get(pattern, (pattern,))
        )
        with low_rank.low_rank(network, stage.rank, options.seed):
            run = Trainer(
                optimizer=AdamW(rate=stage.rate, decay=0.0), budget=Steps(steps), seed=options.seed
            ).fit(
                wrapped,
                [Phase(step=NextToken(), name=stage.name, trains=trains)],
                blocks.shuffled(options.batch, seed=options.seed + at, passes=None),
                folder=None if work is None else Path(work) / f"{at}-{stage.name}",
                save_every=50,
                progress=prefixed(progress, f"healing {stage.name}"),
            )
        losses.append(run.report.loss[stage.name])
    return losses


def row_parameters(network: Any) -> list[str]:
    """Names of the parameters of both ends: rows of ids, and biases of logits."""
    ends = [network.get_input_embeddings(), network.get_output_embeddings()]
    own = {id(each) for end in ends for each in end.parameters()}
    return [name for name, each in network.named_parameters() if id(each) in own]


def logits_of(network: Any) -> nn.Module:
    """A module from ids to logits, as `NextToken` wants it."""
    with importing("neural", "healing"):
        from torch import Tensor, nn

    class Logits(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, ids: Tensor) -> Any:
            return self.network(input_ids=ids, use_cache=False).logits

    return Logits()


def write_trained(folder: ModelFolder, network: Any, out: str | os.PathLike[str]) -> Path:
    """A copy of a folder with the weights of a network, in the dtypes and shards of the files."""
    trained: dict[str, Any] = {}
    for name, parameter in network.named_parameters(remove_duplicate=False):
        stored = folder.find(name, tuple(parameter.shape))
        if stored is not None:
            trained[stored.name] = parameter.detach()
    with writing_folder(out) as new:
        for path in folder.path.iterdir():
            if path.is_file() and path.name not in folder.files:
                shutil.copyfile(path, new / path.name)
        if (folder.path / PLANS).is_dir():
            shutil.copytree(folder.path / PLANS, new / PLANS)
        for file in folder.files:
            written = {
                name: _tensor(trained.get(name), stored)
                for name, stored in folder.in_file(file).items()
            }
            write_file(new / file, written, {k: str(v) for k, v in folder.words[file].items()})
    return Path(out)


def _tensor(trained: Any, stored: Any) -> NewTensor:
    if trained is None:
        return NewTensor(stored.dtype, stored.shape, stored.end - stored.begin, stored.slices)
    return NewTensor(
        stored.dtype,
        stored.shape,
        stored.end - stored.begin,
        lambda: iter((from_floats(trained.float().cpu().numpy(), stored.dtype).tobytes(),)),
    )
