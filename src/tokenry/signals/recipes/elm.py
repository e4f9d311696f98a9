"""ELM's binary autoencoder: each place of a convolutional grid is a word of bits.

Source: Wang et al. 2024, "Elucidating the design space of language models for image generation",
arXiv:2410.16257; bits after Wang et al. 2023, arXiv:2304.04820.

1. Convolutions bring an image to a grid; each place has 16 to 24 bits, drawn in training by a
   sigmoid.
2. Convolutions decode the bits.
3. A language model predicts the words in two or three parts with a head each, so that no row of a
   table stands for each of 2^16 and more codes (`generators.autoregressive`,
   `serialising.decomposition`).

Not here: the perceptual and adversarial losses need networks of others; ``training`` takes
objectives of our own.
"""

from __future__ import annotations

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.bernoulli import BernoulliBits
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.convolutional import ConvDecoder
from tokenry.signals.partitions.conv_stem import ConvStem
from tokenry.signals.recipe import Published, Scale, SignalRecipe, Vit, bits_of
from tokenry.signals.resamplers.grid import WholeGrid
from tokenry.signals.trunks.convolutional import ConvTrunk


def binary_autoencoder(scale: Scale) -> Assembly:
    """Slots of the autoencoder; ``codes`` are two to the power of the bits."""
    channels = scale.encoder.width
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=ConvStem(channels=channels, down=scale.patch, blocks=scale.encoder.layers),
            trunk=ConvTrunk(width=4 * channels, blocks=scale.encoder.layers),
            resampler=WholeGrid(),
        ),
        bottleneck=BernoulliBits(bits=bits_of(scale.codes)),
        decoder=ConvDecoder(
            channels=scale.decoder.width,
            blocks=scale.decoder.layers,
            middle=scale.decoder.layers,
        ),
        training=scale.training(),
    )


BINARY_AUTOENCODER = SignalRecipe(
    fill=binary_autoencoder,
    laptop=Scale(
        patch=4, codes=2**6, encoder=Vit(width=16, layers=1), decoder=Vit(width=16, layers=1)
    ),
    paper=Scale(
        image=256, patch=16, codes=2**16, encoder=Vit(width=128, layers=2),
        decoder=Vit(width=128, layers=2), steps=400_000, batch=64, rate=1e-4,
    ),
    published=Published(tokens=256, bits=256 * 16, where="BAE of 16 bits at 256 pixels"),
    free=("codes",),
)  # fmt: skip
