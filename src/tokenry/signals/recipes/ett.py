"""ETT: a tokenizer that is tuned by what a language model makes of its vectors.

Source: Wang et al. 2025, "End-to-End Vision Tokenizer Tuning", arXiv:2505.10562.

1. A convolutional autoencoder with a large codebook, all of whose rows get a gradient (IBQ: Shi et
   al. 2024, arXiv:2412.02692), is trained to give its pixels back.
2. A projector and a causal model learn to tell the text from vectors of the codes, not from ids.
3. All learn together: the text's loss reaches the codebook, a share of the pixels' keeps it able to
   decode.

Not here: a large language model that others trained, and tuning by instructions. It needs pictures
in folders, whose names are the texts.
"""

from __future__ import annotations

from tokenry.signals.assembly import Assembly, SignalEncoder
from tokenry.signals.bottlenecks.vq import Vq
from tokenry.signals.carriers.images import Images
from tokenry.signals.decoders.convolutional import ConvDecoder
from tokenry.signals.gradients.index_backprop import IndexBackprop
from tokenry.signals.objectives.caption import Caption
from tokenry.signals.objectives.pixels import SquaredError
from tokenry.signals.partitions.conv_stem import ConvStem
from tokenry.signals.recipe import Published, Scale, SignalRecipe, Vit
from tokenry.signals.resamplers.grid import WholeGrid
from tokenry.signals.training.plan import TrainingStage
from tokenry.signals.trunks.convolutional import ConvTrunk


def tuned(scale: Scale) -> Assembly:
    """Slots and three stages; the encoder's and decoder's widths are channels."""
    channels, blocks = scale.encoder.width, scale.encoder.layers
    text = Caption(weight=1.0) if scale.image < 128 else Caption(
        weight=1.0, length=128, width=1536, layers=28, heads=12
    )  # fmt: skip
    stages = (
        TrainingStage(name="pixels", share=2.0, objectives=(SquaredError(),)),
        TrainingStage(name="projector", share=0.5, trains=("none",), objectives=(text,)),
        TrainingStage(name="joint", objectives=(text, SquaredError(weight=0.25))),
    )
    return Assembly(
        carrier=Images.square(scale.image),
        encoder=SignalEncoder(
            partition=ConvStem(channels=channels, down=scale.patch, blocks=blocks),
            trunk=ConvTrunk(width=4 * channels, blocks=blocks),
            resampler=WholeGrid(),
        ),
        bottleneck=Vq(codes=scale.codes, size=scale.size, gradient=IndexBackprop()),
        decoder=ConvDecoder(channels=scale.decoder.width, blocks=scale.decoder.layers),
        training=scale.training(stages=stages),
    )


TUNED = SignalRecipe(
    fill=tuned,
    laptop=Scale(
        patch=8, codes=1024, size=16, encoder=Vit(width=16, layers=1),
        decoder=Vit(width=16, layers=1),
    ),
    paper=Scale(
        image=256, patch=16, codes=131_072, size=256, encoder=Vit(width=128, layers=4),
        decoder=Vit(width=128, layers=4), steps=200_000, batch=256, rate=1e-4,
    ),
    published=Published(tokens=256, bits=256 * 17, where="IBQ: 131072 codes of 256 values, f16"),
    free=("codes",),
)  # fmt: skip
