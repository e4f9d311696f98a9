"""What a recipe is: a published system as filled slots, in a size for a laptop and as published."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from math import log2
from typing import Any, Final, Literal

from tokenry.errors import PartError
from tokenry.neural.parts import at_least, name_of
from tokenry.neural.positions import Positions
from tokenry.neural.topologies import Topology
from tokenry.neural.training.budgets.steps import Steps
from tokenry.neural.training.optimizers.adamw import AdamW
from tokenry.neural.training.trainer import Trainer
from tokenry.signals.assembly import Assembly
from tokenry.signals.conditioners import Conditioner
from tokenry.signals.conditioners.told import Told
from tokenry.signals.objectives import Objective
from tokenry.signals.objectives.pixels import SquaredError
from tokenry.signals.starts.by_place import ByPlace
from tokenry.signals.starts.drawn import Drawn
from tokenry.signals.training.plan import CodecTraining
from tokenry.signals.trunks.transformer import TransformerTrunk
from tokenry.signals.updates import RowUpdate
from tokenry.signals.updates.ema import EmaRows
from tokenry.signals.updates.learned import LearnedRows

Size = Literal["laptop", "paper"]


@dataclass(frozen=True, kw_only=True)
class Vit:
    """Sizes of a transformer: its width, blocks, heads."""

    width: int = 96
    layers: int = 3
    heads: int = 4

    @classmethod
    def named(cls, name: str) -> Vit:
        """One of the usual sizes: tiny, small, base, large."""
        sizes = {
            "tiny": (192, 12, 3), "small": (384, 12, 6), "base": (768, 12, 12),
            "large": (1024, 24, 16),
        }  # fmt: skip
        if name not in sizes:
            raise PartError(
                f"no vision transformer is named {name!r}; there are {', '.join(sizes)}"
            )
        width, layers, heads = sizes[name]
        return cls(width=width, layers=layers, heads=heads)

    def trunk(
        self, places: int, *, positions: Positions | None = None, topology: Topology | None = None,
        taps: tuple[int, ...] = (), told: bool = False,
    ) -> TransformerTrunk:  # fmt: skip
        """A trunk of this size; arguments as of `TransformerTrunk.vit`."""
        return TransformerTrunk.vit(
            places, width=self.width, layers=self.layers, heads=self.heads, positions=positions,
            topology=topology, taps=taps, told=told,
        )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How large a codec is; what a figure means for a system, its recipe says.

    Attributes:
        image: height and width in pixels.
        patch: height and width of a patch, or by how much a grid is smaller.
        tokens: of an item, where a recipe can choose.
        codes: levels of a token.
        size: of the vector of a code.
        encoder: of its transformer; of convolutions the width is that of the first.
        decoder: likewise.
        steps: of the training, if nothing else is said.
        batch: items of a step.
        rate: of the optimizer.
        classes: of labels, where they are told.
        quick: whether weights start where places already see each other (`ByPlace`) and codebooks
            follow the means of their vectors, for trainings of minutes; else as published.
    """

    image: int = 32
    patch: int = 4
    tokens: int = 32
    codes: int = 256
    size: int = 12
    encoder: Vit = field(default_factory=Vit)
    decoder: Vit = field(default_factory=Vit)
    steps: int = 2_000
    batch: int = 32
    rate: float = 1e-3
    classes: int = 10
    quick: bool = False

    def __post_init__(self) -> None:
        at_least(self, 1, "image", "patch", "tokens", "size", "steps", "batch", "classes")
        at_least(self, 2, "codes")

    @property
    def patches(self) -> int:
        """Of an image."""
        return (self.image // self.patch) ** 2

    @property
    def update(self) -> RowUpdate:
        """How rows of a codebook learn."""
        return EmaRows(decay=0.95, spread=0.5) if self.quick else LearnedRows()

    def training(self, *objectives: Objective, **others: Any) -> CodecTraining:
        """AdamW for so many steps at this rate.

        Args:
            objectives: none: the squared error.
            others: fields of `CodecTraining`.
        """
        optimizer = AdamW(rate=self.rate, decay=1e-4, betas=(0.9, 0.99))
        trainer = Trainer(optimizer=optimizer, budget=Steps(self.steps))
        objectives = objectives or (SquaredError(),)
        others.setdefault("start", ByPlace() if self.quick else Drawn())
        return CodecTraining(trainer=trainer, batch=self.batch, objectives=objectives, **others)


LAPTOP: Final = Scale(
    patch=8, encoder=Vit(layers=2), decoder=Vit(layers=2), batch=16, steps=1_500, rate=3e-3,
    quick=True,
)  # fmt: skip
"""Of transformers over 32 x 32 pixels that train on two cores in minutes."""


@dataclass(frozen=True, kw_only=True)
class Published:
    """Figures of the published system, beside which ours are printed; None: not given there.

    Attributes:
        parameters: of the tokenizer.
        tokens: of an image.
        bits: of an image.
        where: the table, file or section that says it.
    """

    parameters: int | None = None
    tokens: int | None = None
    bits: float | None = None
    where: str = ""


@dataclass(frozen=True, kw_only=True)
class SignalRecipe:
    """A published system.

    Attributes:
        fill: slots of a scale.
        laptop: trains on two cores in minutes.
        paper: as published.
        published: its figures.
        free: what a person can choose: ``tokens``, ``codes`` or both.
    """

    fill: Callable[[Scale], Assembly]
    laptop: Scale
    paper: Scale
    published: Published = field(default_factory=Published)
    free: tuple[Literal["tokens", "codes"], ...] = ("tokens", "codes")

    def assembly(
        self, size: Size = "laptop", *, tokens: int | None = None, bits: float | None = None
    ) -> Assembly:
        """The slots of a size.

        Args:
            size: laptop or paper.
            tokens: of an item.
            bits: of an item; the levels of a token follow from it.

        Raises:
            PartError: the system has no such choice, or there are no levels for it.
        """
        scale = self.laptop if size == "laptop" else self.paper
        if tokens is not None:
            scale = replace(self._free("tokens", scale), tokens=tokens)
        if bits is None:
            return self.fill(scale)
        scale = self._free("codes", scale)
        each = bits / self.fill(scale).tokens
        if not 1 <= round(each) <= 24:
            raise PartError(f"{bits:g} bits are {each:.2f} a token; expected 1 to 24")
        made = self.fill(replace(scale, codes=2 ** round(each)))
        if abs(made.bits - bits) > 0.05 * bits:
            raise PartError(
                f"{bits:g} bits cannot be had of {made.tokens} tokens: the nearest are "
                f"{made.bits:g}; give another tokens= or bits="
            )
        return made

    def _free(self, name: Literal["tokens", "codes"], scale: Scale) -> Scale:
        if name not in self.free:
            what = "tokens=" if name == "tokens" else "bits="
            raise PartError(f"this system has no choice of {name}; leave {what} out")
        return scale


def row_of(assembly: Assembly) -> dict[str, str]:
    """A row of the table of systems: which part fills each slot, read from the assembly."""
    encoder, training = assembly.encoder, assembly.training
    channels, *sizes = assembly.carrier.shape
    return {
        "input": f"{'x'.join(map(str, sizes))}x{channels}",
        "base": _short(assembly.base),
        "partition": _short(encoder.partition),
        "trunk": _short(encoder.trunk),
        "resampler": _short(encoder.resampler),
        "layout": f"{'x'.join(map(str, assembly.grid))} {encoder.resampler.order}",
        "bottleneck": _short(assembly.bottleneck),
        "levels": " ".join(_levels(assembly.bottleneck.levels)),
        "length": _short(assembly.length),
        "decoder": _short(assembly.decoder),
        "conditions": _told(assembly.conditioner),
        "perturber": _short(training.perturber),
        "objectives": ", ".join(
            dict.fromkeys(
                each.name
                for stage in training.stages
                for each in (stage.objectives or training.objectives)
            )
        ),
        "teacher": _short(training.teacher),
        "stages": ", ".join(stage.name for stage in training.stages),
    }


def _levels(levels: tuple[int, ...]) -> list[str]:
    if len(set(levels)) == 1 and len(levels) > 1:
        return [f"{levels[0]} x {len(levels)}"]
    return [str(each) for each in levels]


def _told(conditioner: Conditioner) -> str:
    """The source, and how it is told to encoder and decoder."""
    if not isinstance(conditioner, Told):
        return _short(conditioner)
    ways = f"encoder {conditioner.encoder}, decoder {conditioner.decoder}"
    return f"{_short(conditioner.source)}: {ways}"


def _short(part: Any) -> str:
    return name_of(part).rpartition("/")[2]


def bits_of(codes: int) -> int:
    """Bits of a token of so many codes, where they are a power of two.

    Raises:
        PartError: they are not.
    """
    bits = round(log2(codes))
    if 2**bits != codes:
        raise PartError(f"{codes} codes; expected a power of two")
    return bits
