"""FlexTok of its authors: the whole of encoder, digits, flow decoder and autoencoder.

Source: apple/ml-flextok on GitHub (Bachmann et al. 2025, arXiv:2502.13967); ``config.json`` beside
the weights names its modules by class and gives their arguments, which is what is read here.

1. Their time runs from values to noise, ours back: sines and cosines of one are sums of those of
   the other, so the first layer of the time takes that up, and the last layer of all the sign.
2. Vectors that modulate blocks come in another order, and their gates count from 0, ours from 1.
3. Positions, of whichever kind, become rows.

Encoding takes the mean of the autoencoder's latents, theirs draws them unless it is told not to.
Not here: their vector for images of which nothing is told, so that decoding is without guidance.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tokenry.errors import SignalError
from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bases.latent_diffusion import LatentDiffusionVae
from tokenry.signals.bottlenecks.fsq import Fsq
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.flow import FlowDecoder
from tokenry.signals.denoisers.prefix import PrefixDenoiser
from tokenry.signals.importing.contract import Imported, ReleasedWeights
from tokenry.signals.importing.flextok_blocks import plain, stack_of, trunk_of
from tokenry.signals.importing.flextok_modules import Modules, modules_of
from tokenry.signals.lengths.nested import NestedTokens
from tokenry.signals.objectives.flow import FlowError
from tokenry.signals.partitions.patch import Patch
from tokenry.signals.resamplers.registers import Registers
from tokenry.signals.training.plan import ABOVE_BASE, CodecTraining, TrainingStage

if TYPE_CHECKING:
    from torch import Tensor

STEPS: Final = 25
_VAE: Final = "vae.vae."
_WAVES: Final = "frequency_embedding_size"


@dataclass(frozen=True)
class _Read:
    """Both halves of a checkpoint, with what both need."""

    encoder: Modules
    decoder: Modules
    checkpoint: ReleasedWeights

    @property
    def grid(self) -> tuple[int, int]:
        """Of the patches."""
        rows, columns = self.encoder.arguments("PositionalEmbeddingAdder", axes=2)["max_sizes"]
        return int(rows), int(columns)

    @property
    def tokens(self) -> int:
        """Registers."""
        return int(self.encoder.arguments("Registers1D")["n_max"])

    def patch(self, side: Modules) -> Patch:
        """Of latents."""
        return Patch(sizes=tuple(side.arguments("PatchEmbedder")["patch_sizes"]))


def flextok(checkpoint: ReleasedWeights) -> Imported:
    """Slots and tensors of a checkpoint.

    Raises:
        SignalError: its configuration is missing, or asks for what is not expressed here.
    """
    read = _Read(modules_of(checkpoint, "encoder"), modules_of(checkpoint, "decoder"), checkpoint)
    tensors = {**_base_tensors(checkpoint), **_encoder_tensors(read), **_decoder_tensors(read)}
    unread = tuple(
        name for name in checkpoint.tensors if name.endswith((".nullcond", ".extra_registers"))
    )
    return Imported(_assembly(read), tensors, unread)


def _assembly(read: _Read) -> Assembly:
    base, patch = _base(read.checkpoint), read.patch(read.encoder)
    down = 2 ** (len(base.channels) - 1)
    image = tuple(n * p * down for n, p in zip(read.grid, patch.sizes, strict=True))
    if image[0] != image[1]:
        raise SignalError(f"{read.checkpoint.where} is of images of {image}; expected square ones")
    places = read.grid[0] * read.grid[1] + read.tokens
    return Assembly(
        carrier=Images.square(image[0]),
        base=base,
        encoder=SignalEncoder(
            partition=patch,
            trunk=trunk_of(read.encoder, places),
            resampler=Registers(count=read.tokens, causal=_causal(read)),
        ),
        bottleneck=Fsq(digits=tuple(modules_of(read.checkpoint, "regularizer").top["levels"])),
        decoder=FlowDecoder(
            denoiser=PrefixDenoiser(
                trunk=trunk_of(read.decoder, places, groups=(places - read.tokens, read.tokens)),
                partition=read.patch(read.decoder),
                waves=read.decoder.arguments("TimestepEmbedder").get(_WAVES, 256),
                fastest=_fastest(read),
            ),
            steps=STEPS,
        ),
        length=NestedTokens(),
        training=CodecTraining(
            stages=(TrainingStage(name="flow", trains=ABOVE_BASE, objectives=(FlowError(),)),)
        ),
    )  # fmt: skip


def _causal(read: _Read) -> bool:
    modes = {"causal_last": True, "full": False}
    found = read.encoder.arguments("BlockWiseSequencePacker").get("mask_mode", "full")
    told = read.decoder.arguments("BlockWiseSequencePacker").get("mask_mode", "full")
    if found not in modes or told != "full":
        raise SignalError(
            f"{read.checkpoint.where}: masks {found!r} and {told!r}; expected causal_last or full "
            "of the encoder and full of the decoder"
        )
    return modes[found]


def _fastest(read: _Read) -> float:
    """Radians of the fastest wave from noise to values."""
    return 1000.0 / float(read.decoder.arguments("TimestepEmbedder").get("max_timestep", 1000.0))


def _base(checkpoint: ReleasedWeights) -> LatentDiffusionVae:
    scaling = modules_of(checkpoint, "vae").top.get("scaling_factor")
    if not scaling:
        raise SignalError(
            f"{checkpoint.where}: its configuration does not say the scaling_factor of its "
            "autoencoder; write the one that the autoencoder's own configuration says into vae"
        )
    names = checkpoint.tensors
    channels: list[int] = []
    down = _VAE + "encoder.down_blocks.{}.resnets.{}.conv1.weight"
    while down.format(len(channels), 0) in names:
        channels.append(len(names[down.format(len(channels), 0)]))
    into = checkpoint.taken(_VAE + "decoder.conv_in.weight")[0]
    blocks = 0
    while down.format(0, blocks) in names:
        blocks += 1
    return LatentDiffusionVae(
        size=into.shape[1], channels=tuple(channels), blocks=blocks, scaling=float(scaling),
        mixed=_VAE + "quant_conv.weight" in names,
    )  # fmt: skip


def _base_tensors(checkpoint: ReleasedWeights) -> dict[str, Tensor]:
    """Under the names of diffusers, as they are."""
    return {
        "base.vae." + name.removeprefix(_VAE): each.float()
        for name, each in checkpoint.tensors.items()
        if name.startswith(_VAE)
    }


def _encoder_tensors(read: _Read) -> dict[str, Tensor]:
    side = read.encoder
    registers = side.taken("Registers1D", "registers")
    rows = side.positions(axes=1)
    head = side.arguments("LinearHead")
    if head.get("adaLN_emb_read_key"):
        raise SignalError(f"{read.checkpoint.where}: the encoder's head is told something")
    return {
        **plain(side, "PatchEmbedder", "patch_proj", "trunk.into"),
        **plain(side, "LinearHead", "proj", "resampler.out"),
        **stack_of(side, "trunk.stack", side.positions(axes=2), len(registers)),
        "resampler.rows": registers if rows is None else registers + rows,
    }


def _decoder_tensors(read: _Read) -> dict[str, Tensor]:
    import torch

    side, ours = read.decoder, "decoder.denoiser"
    side.stands_before("PositionalEmbeddingAdder", "MaskedNestedDropout")
    rows = side.positions(axes=1)
    absent = side.taken("MaskedNestedDropout", "dropout_mask_token")
    width, turned = len(absent), side.taken("TimestepEmbedder", "mlp.0.weight")
    rows = torch.zeros(read.tokens, width) if rows is None else rows
    out = plain(side, "ToPatchesLinearHead", "proj", f"{ours}.out")
    blank = torch.zeros(2 * width, width)
    told = {f"{ours}.told.weight": blank, f"{ours}.told.bias": blank[:, 0]}
    if side.arguments("ToPatchesLinearHead").get("adaLN_emb_read_key"):
        told = plain(side, "ToPatchesLinearHead", "adaLN_modulation.1", f"{ours}.told")
    return {
        **plain(side, "PatchEmbedder", "patch_proj", f"{ours}.into"),
        **plain(side, "LinearLayer", "proj", f"{ours}.trunk.into"),
        **stack_of(side, f"{ours}.trunk.stack", side.positions(axes=2), read.tokens),
        **plain(side, "TimestepEmbedder", "mlp.2", f"{ours}.time.2"),
        **told,
        f"{ours}.time.0.weight": _backwards(turned, _fastest(read)),
        f"{ours}.time.0.bias": side.taken("TimestepEmbedder", "mlp.0.bias"),
        f"{ours}.rows": rows[None],
        f"{ours}.absent": absent[None, None],
        **{name: -each for name, each in out.items()},
    }  # fmt: skip


def _backwards(weight: Tensor, fastest: float) -> Tensor:
    """A layer of cosines and sines of 1 - time as one of sines and cosines of time."""
    import torch

    half = weight.shape[1] // 2
    rates = fastest * 256.0 ** (-torch.arange(half, dtype=torch.float64) / half)
    of_cosine, of_sine = weight.double().chunk(2, 1)
    cosine, sine = rates.cos(), rates.sin()
    turned = of_cosine * sine - of_sine * cosine, of_cosine * cosine + of_sine * sine
    return torch.cat(turned, 1).float()
