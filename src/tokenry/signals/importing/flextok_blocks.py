"""Transformers of a FlexTok checkpoint: their sizes, blocks and positions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tokenry.errors import SignalError
from tokenry.neural.backbone import Backbone
from tokenry.neural.blocks import Block
from tokenry.neural.blocks.adaptive import AdaptivePreNorm
from tokenry.neural.blocks.pre_norm import PreNorm
from tokenry.neural.feedforwards.swiglu import SwiGlu
from tokenry.neural.mixers.multi_head import MultiHead
from tokenry.neural.norms.layer import LayerNorm
from tokenry.neural.positions.learned import Learned
from tokenry.neural.topologies.bidirectional import Bidirectional
from tokenry.signals.importing.flextok_modules import Modules
from tokenry.signals.trunks.transformer import TransformerTrunk

if TYPE_CHECKING:
    from torch import Tensor

HEAD: Final = 64
"""Dimensions of a head, where their scale of scores, 8 / 64, is the usual one."""
_TRUNK: Final = "FlexTransformer"
_MIXER: Final = {"wq": "queries", "wk": "keys", "wv": "values", "proj": "out"}
_FEEDFORWARD: Final = {"fc1": "gate", "fc3": "up", "fc2": "down"}
_TOLD: Final = (2, 3, 0, 4, 5, 1)
"""Which of their six vectors stands where here: shift, scale and gate of the mixer, then those of
the feed-forward; theirs has both gates first."""


def trunk_of(side: Modules, places: int, groups: tuple[int, ...] | None = None) -> TransformerTrunk:
    """The transformer of a side, as data.

    Args:
        side: the modules.
        places: that it runs over.
        groups: places of patches and registers, where blocks are told the time; None: they are
            told nothing.

    Raises:
        SignalError: its blocks are of another kind.
    """
    told = _check(side, groups is not None)
    width, layers = int(told["dim"]), int(told["depth"])
    hidden = int(2 * int(width * told.get("mlp_ratio", 4.0)) / 3)
    norm = LayerNorm(learned=False)
    mixer = MultiHead(
        heads=width // HEAD, bias=_biased(side, "attn", _MIXER),
        norm=norm if told.get("qk_norm", True) else None,
    )  # fmt: skip
    feedforward = SwiGlu(hidden=hidden, bias=_biased(side, "mlp", _FEEDFORWARD))
    parts: dict[str, Any] = {"mixer": mixer, "feedforward": feedforward, "norm": norm}
    apart = groups if groups and int(told.get("adaLN_expansion", 1)) == 2 else ()
    told_block = AdaptivePreNorm(**parts, groups=apart)
    block: Block = PreNorm(**parts) if groups is None else told_block
    backbone = Backbone(
        width=width, layers=layers, block=block, positions=Learned(context=places),
        topology=Bidirectional(),
    )  # fmt: skip
    return TransformerTrunk(backbone=backbone)


def _check(side: Modules, told: bool) -> dict[str, Any]:
    """Arguments of the transformer, where its blocks are of a kind that is expressed here."""
    arguments = dict(side.arguments(_TRUNK))
    wrong = {
        "head_dim": arguments.get("head_dim", HEAD) != HEAD,
        "gated_mlp": not arguments.get("gated_mlp", True),
        "act_layer": "SiLU" not in str(arguments.get("act_layer", "SiLU")),
        "adaLN_emb_read_key": bool(arguments.get("adaLN_emb_read_key")) is not told,
        "adaLN_expansion": arguments.get("adaLN_expansion", 1) not in (1, 2),
        "rope_forward_read_key": bool(arguments.get("rope_forward_read_key")),
        "norm_layer": side.name(_TRUNK, "blocks.0.norm1.weight") in side.checkpoint.tensors,
    }
    for name, is_wrong in wrong.items():
        if is_wrong:
            raise SignalError(
                f"{side.checkpoint.where}: {name} of the {side.part}'s transformer is "
                f"{arguments.get(name)!r}, which is not expressed here; expected heads of {HEAD} "
                "dimensions, gated layers with SiLU, norms without weights and a decoder that is "
                "told the time"
            )
    return arguments


def _biased(side: Modules, part: str, layers: dict[str, str]) -> bool:
    """Whether any of these layers of the first block adds something."""
    names = (side.name(_TRUNK, f"blocks.0.{part}.{each}.bias") for each in layers)
    return any(name in side.checkpoint.tensors for name in names)


def plain(side: Modules, kind: str, layer: str, ours: str, bias: bool = True) -> dict[str, Tensor]:
    """A linear layer of the one module of a class; a bias that is missing there is zero."""
    weight = side.taken(kind, f"{layer}.weight")
    if not bias:
        return {f"{ours}.weight": weight}
    added = weight.new_zeros(len(weight))
    if side.name(kind, f"{layer}.bias") in side.checkpoint.tensors:
        added = side.taken(kind, f"{layer}.bias")
    return {f"{ours}.weight": weight, f"{ours}.bias": added}


def stack_of(side: Modules, ours: str, patches: Tensor | None, registers: int) -> dict[str, Tensor]:
    """Positions and blocks.

    Args:
        side: the modules.
        ours: where the stack stands.
        patches: rows of their positions.
        registers: places behind them, which have no rows.

    Raises:
        SignalError: patches have no positions.
    """
    import torch

    if patches is None:
        raise SignalError(
            f"{side.checkpoint.where}: patches of the {side.part} have no positions; expected a "
            "PositionalEmbeddingAdder of two axes"
        )
    rows = torch.cat([patches, patches.new_zeros(registers, patches.shape[1])])
    found = {f"{ours}.positions.rows.weight": rows}
    arguments = side.arguments(_TRUNK)
    for layer in range(int(arguments["depth"])):
        theirs, own = f"blocks.{layer}", f"{ours}.blocks.{layer}"
        for part, slot, layers in (("attn", "mixer", _MIXER), ("mlp", "feedforward", _FEEDFORWARD)):
            bias = _biased(side, part, layers)
            for name, each in layers.items():
                names = f"{theirs}.{part}.{name}", f"{own}.{slot}.{each}"
                found |= plain(side, _TRUNK, *names, bias)
        if arguments.get("adaLN_emb_read_key"):
            found |= _told(plain(side, _TRUNK, f"{theirs}.adaLN_modulation.1", f"{own}.told"))
            found[f"{own}.always"] = rows.new_zeros(rows.shape[1])
    return found


def _told(layer: dict[str, Tensor]) -> dict[str, Tensor]:
    """The layer with its vectors in our order, gates less by one."""
    import torch

    width = next(each.shape[1] for name, each in layer.items() if name.endswith("weight"))
    found = {}
    for name, each in layer.items():
        vectors = each.reshape(-1, 6, width, *each.shape[1:])[:, list(_TOLD)].clone()
        if name.endswith("bias"):
            vectors[:, [2, 5]] -= 1
        found[name] = torch.flatten(vectors, 0, 2)
    return found
