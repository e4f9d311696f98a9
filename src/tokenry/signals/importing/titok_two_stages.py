"""TiTok of its authors: checkpoints of two stages, which predict codes of a second tokenizer.

Source: bytedance/1d-tokenizer on GitHub (Yu et al. 2024, arXiv:2406.07550); its files
``titok_l32``, ``titok_b64`` and ``titok_s128``. Encoder, transformers and codebook are read as
those of one stage (`titok`); beside them:

1. Latents are made of numbers of several registers (`RegroupedRegisters`).
2. Logits come out of two layers with tanh between them; rows of the second codebook, each as likely
   as it is held to be, go through convolutions to pixels.
3. Where a block of these changes the number of channels, its shortcut reads its own output, and is
   taken into its second convolution, exactly.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from tokenry.errors import SignalError
from tokenry.neural.positions.normed import NormedLearned
from tokenry.signals.bases.codebook import CodebookBase
from tokenry.signals.decoders.proxy import ProxyDecoder
from tokenry.signals.decoders.stages import StagedDecoder
from tokenry.signals.importing.contract import Imported, ReleasedWeights
from tokenry.signals.importing.titok import decoder_trunk_of, distance_of, encoder_of, scale_of
from tokenry.signals.recipes.titok import one_stage
from tokenry.signals.resamplers.regrouped import RegroupedRegisters

if TYPE_CHECKING:
    from torch import Tensor

    from tokenry.signals.assembly import Assembly

_INNER: Final = {"norm1": "0", "conv1": "2", "norm2": "3", "conv2": "5"}


def titok_two_stages(checkpoint: ReleasedWeights) -> Imported:
    """Slots and tensors of a checkpoint.

    Raises:
        SignalError: it is of one stage, or of the first stage alone, which gives no pixels.
    """
    if "decoder.ffn.2.weight" not in checkpoint.tensors:
        raise SignalError(
            f"{checkpoint.where} predicts no codes of a second tokenizer; name the recipe titok"
        )
    if "pixel_quantize.embedding.weight" not in checkpoint.tensors:
        raise SignalError(
            f"{checkpoint.where} has no pixel_decoder, so its codes cannot become pixels; take a "
            "checkpoint of both stages, such as titok_l32"
        )
    base = _base(checkpoint)
    wide, narrow = (f"decoder.ffn.{number}" for number in (0, 2))
    out = checkpoint.taken(
        f"{wide}.weight", f"{wide}.bias", f"{narrow}.weight", f"{narrow}.bias",
    )  # fmt: skip
    tensors = {
        **encoder_of(checkpoint),
        **decoder_trunk_of(checkpoint),
        "decoder.out.0.weight": out[0].flatten(1),
        "decoder.out.0.bias": out[1],
        "decoder.out.2.weight": out[2].flatten(1),
        "decoder.out.2.bias": out[3],
        "base.book": checkpoint.taken("pixel_quantize.embedding.weight")[0],
        **_pixels(checkpoint, base.decoder),
    }
    return Imported(_assembly(checkpoint, base, hidden=len(out[0])), tensors)


def _assembly(checkpoint: ReleasedWeights, base: CodebookBase, hidden: int) -> Assembly:
    scale = scale_of(checkpoint)
    made = one_stage(scale, distance=distance_of(checkpoint, unit=True))
    places = scale.patches + scale.tokens + 1
    return replace(
        made,
        base=base,
        encoder=replace(
            made.encoder, resampler=RegroupedRegisters(count=scale.tokens, idle=1)
        ),
        decoder=ProxyDecoder(
            trunk=scale.decoder.trunk(places, positions=NormedLearned(context=places)),
            codes=base.codes, hidden=hidden, idle=1,
        ),
    )  # fmt: skip


def _base(checkpoint: ReleasedWeights) -> CodebookBase:
    """Sizes of the convolutions by the shapes of tensors."""
    codes, size = checkpoint.taken("pixel_quantize.embedding.weight")[0].shape
    levels = _count(checkpoint, "pixel_decoder.up.{}.block.0.norm1.weight")
    widths = [
        len(checkpoint.taken(f"pixel_decoder.up.{level}.block.0.conv1.weight")[0])
        for level in reversed(range(levels))
    ]
    decoder = StagedDecoder(
        channels=widths[-1],
        multiples=tuple(each // widths[-1] for each in widths),
        blocks=_count(checkpoint, "pixel_decoder.mid.{}.norm1.weight"),
    )
    return CodebookBase(codes=codes, size=size, down=1 << (levels - 1), decoder=decoder)


def _count(checkpoint: ReleasedWeights, name: str) -> int:
    """How many numbers from 0 on there are tensors for."""
    count = 0
    while name.format(count) in checkpoint.tensors:
        count += 1
    if not count:
        raise SignalError(f"{checkpoint.where} has no tensor {name.format(0)}")
    return count


def _pixels(checkpoint: ReleasedWeights, decoder: object) -> dict[str, Tensor]:
    """Convolutions; their levels are counted from the image, our stages from the grid."""
    assert isinstance(decoder, StagedDecoder)
    theirs, ours = "pixel_decoder", "base.decoder"
    found: dict[str, Tensor] = {}
    for number in range(decoder.blocks):
        found |= _block(checkpoint, f"{theirs}.mid.{number}", f"{ours}.middle.{number}")
    last = len(decoder.multiples) - 1
    for stage in range(last + 1):
        level = f"{theirs}.up.{last - stage}"
        for number in range(decoder.blocks):
            block = f"{level}.block.{number}"
            found |= _block(checkpoint, block, f"{ours}.stages.{stage}.{number}")
        if stage < last:
            found |= _layer(checkpoint, f"{level}.upsample_conv", f"{ours}.doubling.{stage}.1")
    names = {"conv_in": "into", "norm_out": "out.0"}
    for name, own in names.items():
        found |= _layer(checkpoint, f"{theirs}.{name}", f"{ours}.{own}")
    weight, bias = checkpoint.taken(f"{theirs}.conv_out.weight", f"{theirs}.conv_out.bias")
    return {**found, f"{ours}.out.2.weight": 2 * weight, f"{ours}.out.2.bias": 2 * bias - 1}


def _layer(checkpoint: ReleasedWeights, theirs: str, ours: str) -> dict[str, Tensor]:
    weight, bias = checkpoint.taken(f"{theirs}.weight", f"{theirs}.bias")
    return {f"{ours}.weight": weight, f"{ours}.bias": bias}


def _block(checkpoint: ReleasedWeights, theirs: str, ours: str) -> dict[str, Tensor]:
    """Two norms and two convolutions."""
    found: dict[str, Tensor] = {}
    for name, own in _INNER.items():
        if name.startswith("norm"):
            found |= _layer(checkpoint, f"{theirs}.{name}", f"{ours}.inner.{own}")
        else:
            weight = checkpoint.taken(f"{theirs}.{name}.weight")[0]
            found[f"{ours}.inner.{own}.weight"] = weight
    shortcut = f"{theirs}.nin_shortcut.weight"
    if shortcut in checkpoint.tensors:
        second = found[f"{ours}.inner.{_INNER['conv2']}.weight"]
        across = checkpoint.taken(shortcut)[0][:, :, 0, 0]
        added = (across @ second.flatten(1)).reshape(second.shape)
        found[f"{ours}.inner.{_INNER['conv2']}.weight"] = second + added
    return found
