"""The parts of this room: a line each, ``slot/part``."""

from __future__ import annotations

from typing import Any, Final

from tokenry.errors import PartError
from tokenry.registry import Entry, Registry

_ROOM = "tokenry.signals"


def _part(name: str, target: str, source: str = "") -> Entry[Any]:
    return Entry(name, f"{_ROOM}.{target}", source, extra="neural")


PARTS: Final[Registry[Any]] = Registry(
    "part",
    (
        _part("assembly", "assembly:Assembly"),
        _part("encoder", "assembly:SignalEncoder"),
        _part("training", "training.plan:CodecTraining"),
        _part("stage", "training.plan:TrainingStage"),
        _part("carriers/images", "carriers.images:Images"),
        _part("partitions/patch", "partitions.patch:Patch",
              "Dosovitskiy et al. 2021, arXiv:2010.11929"),
        _part("trunks/transformer", "trunks.transformer:TransformerTrunk",
              "Dosovitskiy et al. 2021, arXiv:2010.11929"),
        _part("resamplers/grid", "resamplers.grid:WholeGrid",
              "van den Oord et al. 2017, arXiv:1711.00937"),
        _part("resamplers/registers", "resamplers.registers:Registers",
              "Yu et al. 2024, arXiv:2406.07550"),
        _part("bottlenecks/vq", "bottlenecks.vq:Vq", "van den Oord et al. 2017, arXiv:1711.00937"),
        _part("bottlenecks/fsq", "bottlenecks.fsq:Fsq", "Mentzer et al. 2023, arXiv:2309.15505"),
        _part("distances/euclidean", "distances.euclidean:EuclideanDistance"),
        _part("distances/cosine", "distances.cosine:CosineDistance",
              "Yu et al. 2022, arXiv:2110.04627"),
        _part("assignments/nearest", "assignments.nearest:NearestCode"),
        _part("assignments/sampled", "assignments.sampled:SampledCode",
              "Wang et al. 2024, arXiv:2410.21264"),
        _part("gradients/straight-through", "gradients.straight_through:StraightThrough",
              "Bengio et al. 2013, arXiv:1308.3432"),
        _part("gradients/rotation", "gradients.rotation:RotationTrick",
              "Fifty et al. 2024, arXiv:2410.06424"),
        _part("gradients/index-backprop", "gradients.index_backprop:IndexBackprop",
              "Shi et al. 2024, arXiv:2412.02692"),
        _part("gradients/stopped", "gradients.stopped:StoppedGradient"),
        _part("updates/learned", "updates.learned:LearnedRows",
              "van den Oord et al. 2017, arXiv:1711.00937"),
        _part("updates/ema", "updates.ema:EmaRows", "Razavi et al. 2019, arXiv:1906.00446"),
        _part("updates/sim-vq", "updates.sim_vq:SimVqRows", "Zhu et al. 2024, arXiv:2411.02038"),
        _part("revivals/none", "revivals.none:NoRevival"),
        _part("revivals/dead-codes", "revivals.dead_codes:DeadCodes",
              "Dhariwal et al. 2020, arXiv:2005.00341"),
        _part("revivals/reanchor", "revivals.reanchor:Reanchor",
              "Zheng & Vedaldi 2023, arXiv:2307.15139"),
        _part("perturbers/none", "perturbers.none:NoPerturber"),
        _part("lengths/fixed", "lengths.fixed:EveryToken"),
        _part("conditioners/none", "conditioners.none:Unconditioned"),
        _part("decoders/vit", "decoders.vit:ViTDecoder", "Yu et al. 2024, arXiv:2406.07550"),
        _part("objectives/squared", "objectives.pixels:SquaredError"),
        _part("objectives/absolute", "objectives.pixels:AbsoluteError"),
    ),
    error=PartError,
)  # fmt: skip
