"""TiTok of its authors: one-stage checkpoints, which decode straight to pixels.

Source: bytedance/1d-tokenizer on GitHub (Yu et al. 2024, arXiv:2406.07550); its files
``titok_*_vq8k``.

1. Sizes are read from shapes; heads follow from the width, as in its table.
2. Their class vector stands first, ours last: rows of positions change places with it.
3. Their pixels are 0 to 1, ours -1 to 1: the first layer and the last take that up, exactly.

Checkpoints of two stages: `titok_two_stages`. Not here: latents that are not quantized.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import tokenry.signals.recipes.titok as recipe
from tokenry.errors import SignalError
from tokenry.signals.distances import CodeDistance
from tokenry.signals.distances.cosine import CosineDistance
from tokenry.signals.distances.euclidean import EuclideanDistance
from tokenry.signals.importing.contract import Imported, ReleasedWeights
from tokenry.signals.recipe import Scale, Vit

if TYPE_CHECKING:
    from torch import Tensor

HEADS: Final = {512: 8, 768: 12, 1024: 16}
_BLOCK: Final = {
    "attn.out_proj": "mixer.out",
    "ln_1": "mixer_norm",
    "ln_2": "feedforward_norm",
    "mlp.c_fc": "feedforward.wide",
    "mlp.c_proj": "feedforward.narrow",
}
_KINDS: Final = ("weight", "bias")


def titok(checkpoint: ReleasedWeights) -> Imported:
    """Slots and tensors of a checkpoint.

    Raises:
        SignalError: it is of two stages, not quantized, or of no size that is known.
    """
    _check(checkpoint)
    tensors = {
        **encoder_of(checkpoint),
        **_decoder(checkpoint),
    }
    scale, distance = scale_of(checkpoint), distance_of(checkpoint, unit=False)
    return Imported(recipe.one_stage(scale, distance=distance), tensors)


def _check(checkpoint: ReleasedWeights) -> None:
    names = checkpoint.tensors
    if "decoder.ffn.2.weight" in names or any(name.startswith("pixel_") for name in names):
        raise SignalError(
            f"{checkpoint.where} predicts codes of a second tokenizer (two stages); name the "
            "recipe titok-proxy"
        )
    if "quantize.embedding.weight" not in names:
        raise SignalError(
            f"{checkpoint.where} has no codebook; expected a quantized TiTok, such as "
            "titok_bl128_vq8k"
        )


def distance_of(checkpoint: ReleasedWeights, *, unit: bool) -> CodeDistance:
    """Of the codebook, as the configuration says; ``unit``: of vectors of length one otherwise."""
    said = checkpoint.config.get("model", {}).get("vq_model", {})
    return CosineDistance() if said.get("use_l2_norm", unit) else EuclideanDistance()


def scale_of(checkpoint: ReleasedWeights) -> Scale:
    """Sizes by the shapes of tensors."""
    rows, latents, patches = checkpoint.taken(
        "quantize.embedding.weight", "latent_tokens", "encoder.patch_embed.weight"
    )
    places = checkpoint.taken("encoder.positional_embedding")[0].shape[0] - 1
    patch = patches.shape[-1]
    return Scale(
        image=patch * round(places**0.5), patch=patch, tokens=len(latents), codes=len(rows),
        size=rows.shape[1], encoder=_vit(checkpoint, "encoder"),
        decoder=_vit(checkpoint, "decoder"),
    )  # fmt: skip


def _vit(checkpoint: ReleasedWeights, side: str) -> Vit:
    width = checkpoint.taken(f"{side}.ln_pre.weight")[0].shape[0]
    if width not in HEADS:
        raise SignalError(
            f"{checkpoint.where}: {side} of width {width}; expected {', '.join(map(str, HEADS))}"
        )
    return Vit(width=width, layers=_layers(checkpoint, side), heads=HEADS[width])


def _layers(checkpoint: ReleasedWeights, side: str) -> int:
    count = 0
    while f"{side}.transformer.{count}.ln_1.weight" in checkpoint.tensors:
        count += 1
    return count


def encoder_of(checkpoint: ReleasedWeights) -> dict[str, Tensor]:
    """Encoder, registers and codebook."""
    import torch

    weight, bias, latents, last = checkpoint.taken(
        "encoder.patch_embed.weight", "encoder.patch_embed.bias", "latent_tokens",
        "encoder.class_embedding",
    )  # fmt: skip
    out = checkpoint.taken("encoder.conv_out.weight", "encoder.conv_out.bias")
    half = weight.permute(0, 2, 3, 1).flatten(1) / 2  # pixels are (value + 1) / 2
    return {
        "trunk.into.weight": half,
        "trunk.into.bias": bias + half.sum(1),
        "resampler.rows": torch.cat([latents, last]),
        "resampler.out.weight": out[0].flatten(1),
        "resampler.out.bias": out[1],
        "bottleneck.book.table": checkpoint.taken("quantize.embedding.weight")[0],
        **_stack(checkpoint, "encoder", "trunk.stack"),
    }


def decoder_trunk_of(checkpoint: ReleasedWeights) -> dict[str, Tensor]:
    """The decoder's transformer, and what it runs over."""
    names = ("decoder_embed.weight", "decoder_embed.bias", "mask_token", "class_embedding")
    into, bias, mask, last = checkpoint.taken(*(f"decoder.{name}" for name in names))
    return {
        "decoder.trunk.into.weight": into,
        "decoder.trunk.into.bias": bias,
        "decoder.mask": mask,
        "decoder.idle": last[None],
        **_stack(checkpoint, "decoder", "decoder.trunk.stack"),
    }


def _decoder(checkpoint: ReleasedWeights) -> dict[str, Tensor]:
    names = ("ffn.0.weight", "ffn.0.bias", "conv_out.weight", "conv_out.bias")
    out, shift, smooth, level = checkpoint.taken(*(f"decoder.{name}" for name in names))
    return {
        **decoder_trunk_of(checkpoint),
        "decoder.out.weight": out.flatten(1),
        "decoder.out.bias": shift,
        "decoder.smooth.weight": 2 * smooth,
        "decoder.smooth.bias": 2 * level - 1,
    }


def _stack(checkpoint: ReleasedWeights, theirs: str, ours: str) -> dict[str, Tensor]:
    """Positions, blocks and norms of a transformer."""
    import torch

    names = ("positional_embedding", "latent_token_positional_embedding")
    places, latents = checkpoint.taken(*(f"{theirs}.{name}" for name in names))
    rows = torch.cat([places[1:], latents, places[:1]])
    found = {f"{ours}.positions.rows.weight": rows}
    norms = {"ln_pre": "positions.norm", "ln_post": "last"}
    pairs = [(f"{theirs}.{name}", f"{ours}.{own}") for name, own in norms.items()]
    for layer in range(_layers(checkpoint, theirs)):
        block, own = f"{theirs}.transformer.{layer}", f"{ours}.blocks.{layer}"
        pairs += [(f"{block}.{name}", f"{own}.{each}") for name, each in _BLOCK.items()]
        for kind in _KINDS:
            three = checkpoint.taken(f"{block}.attn.in_proj_{kind}")[0].chunk(3)
            for part, each in zip(("queries", "keys", "values"), three, strict=True):
                found[f"{own}.mixer.{part}.{kind}"] = each
    for name, own in pairs:
        for kind in _KINDS:
            found[f"{own}.{kind}"] = checkpoint.taken(f"{name}.{kind}")[0]
    return found
