"""A comparison, model by model; one that is finished is not trained again."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import UTC, datetime

from tokenry.extras import require
from tokenry.json_data import plain
from tokenry.progress import Progress, prefixed, silent
from tokenry.study.model_comparison.content import (
    BudgetKind,
    ComparedModels,
    ModelComparison,
    ServingCorrection,
    TrainedModel,
)
from tokenry.study.model_comparison.data import Arm, ComparisonText
from tokenry.study.model_comparison.options import ComparisonOptions
from tokenry.study.model_comparison.serving import correction, other_width, serving_flops
from tokenry.study.model_comparison.training import train
from tokenry.study.model_comparison.verdict import differences
from tokenry.study.state import StudyState, lock, open_state, refuse_used_folder
from tokenry.tokenizer_files import load_named
from tokenry.version import __version__

FILE = "comparison.json"
# A budget of operations within this of what a whole pass takes is that pass.
_SAME = 0.005


def compare_models(
    options: ComparisonOptions, *, resume: bool = False, progress: Progress | None = None
) -> ModelComparison:
    """Train the same small model under several tokenizers, and compare bits per byte.

    For each seed a model of each tokenizer reads the same text once; then each is trained with
    the operations that the cheapest of these took. Models of another width under the first say
    what operations of serving are worth; bits are compared with these made equal, too. Writes
    ``out/comparison.json``. An interruption
    leaves a folder that ``resume=True`` continues.

    Raises:
        StudyError: the folder holds another comparison, or options make no sense.
        MissingExtraError: torch is not installed.
        CorpusError: the data cannot be used.
        FormatError, UnsupportedError: a tokenizer cannot be used.
    """
    refuse_used_folder(options.out, resume=resume)
    require("torch", "neural", "training models")
    return _Run(options, progress or silent).run()


class _Run:
    """One run; ``state`` has the models that are trained."""

    state: StudyState

    def __init__(self, options: ComparisonOptions, progress: Progress) -> None:
        self.options = options
        self.progress = progress
        progress("reading tokenizers and data", 0, None)
        named = load_named(options.tokenizers)
        self.text = ComparisonText.read(options)
        self.arms = [Arm.of(each, self.text, options.context) for each in named]

    def run(self) -> ModelComparison:
        with lock(self.options.out):
            self.state = open_state(self.options.out, self._identity())
            whole = [self._trained("bytes", arm) for arm in self.arms]
            budget = min(models[0].flops for models in whole)
            equal = [
                models if models[0].flops <= budget * (1 + _SAME) else self._equal(arm, budget)
                for arm, models in zip(self.arms, whole, strict=True)
            ]
            rows = [
                _described(arm, self.options, models, others)
                for arm, models, others in zip(self.arms, whole, equal, strict=True)
            ]
            result = self._result(tuple(rows), budget, self._serving(whole[0]))
            result.save(self.options.out / FILE)
            return result

    def _equal(self, arm: Arm, budget: float) -> tuple[TrainedModel, ...]:
        return self._trained("compute", arm, budget)

    def _serving(self, models: tuple[TrainedModel, ...]) -> ServingCorrection:
        first, width = self.arms[0], other_width(self.options.width)
        narrow = replace(self.options, width=width)
        flops = (serving_flops(first, self.options), serving_flops(first, narrow))
        others = tuple(self._model("serving", first, seed, None, narrow) for seed in self._seeds())
        return correction(width, flops, models, others)

    def _seeds(self) -> range:
        return range(self.options.seed, self.options.seed + self.options.seeds)

    def _trained(
        self, kind: BudgetKind, arm: Arm, flops: float | None = None
    ) -> tuple[TrainedModel, ...]:
        """The models of one tokenizer, one a seed."""
        return tuple(self._model(kind, arm, seed, flops, self.options) for seed in self._seeds())

    def _model(
        self,
        kind: BudgetKind,
        arm: Arm,
        seed: int,
        flops: float | None,
        options: ComparisonOptions,
    ) -> TrainedModel:
        stage = f"{arm.named.name}, equal {kind}, seed {seed}"
        if stage in self.state.done:
            return TrainedModel.from_json(self.state.done[stage])
        folder = self.options.out / "models" / f"{self.arms.index(arm)}-{kind}-{seed}"
        told = prefixed(self.progress, stage)
        trained = train(arm, options, seed, folder, told, flops=flops)
        self.state.finish(stage, trained.to_json())
        shutil.rmtree(folder, ignore_errors=True)
        return trained

    def _identity(self) -> dict[str, object]:
        """What must be equal to go on; more seeds may come later."""
        prints = {arm.named.name: arm.named.tokenizer.fingerprint() for arm in self.arms}
        options = replace(self.options, tokenizers=tuple(prints), data=("given",) * 2)
        identity = {**plain(options), "data": self.text.fingerprint, "tokenizers": prints}
        return {name: value for name, value in identity.items() if name != "seeds"}

    def _result(
        self, rows: tuple[ComparedModels, ...], budget: float, serving: ServingCorrection
    ) -> ModelComparison:
        return ModelComparison(
            tokenry=__version__,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            options=self.options,
            learning_bytes=sum(map(len, self.text.learnt)),
            held_out_bytes=sum(map(len, self.text.held)),
            held_out_documents=len(self.text.held),
            data=self.text.fingerprint,
            flops=budget,
            tokenizers=rows,
            serving=serving,
            differences=differences(rows, serving.exponents, self.options.seed),
        )


def _described(
    arm: Arm,
    options: ComparisonOptions,
    whole: tuple[TrainedModel, ...],
    equal: tuple[TrainedModel, ...],
) -> ComparedModels:
    tokenizer = arm.named.tokenizer
    return ComparedModels(
        name=arm.named.name,
        fingerprint=tokenizer.fingerprint(),
        vocabulary_size=tokenizer.n_vocab,
        rows=arm.rows.rows,
        lossless=arm.lossless,
        bytes_per_token=arm.bytes_per_token,
        context=arm.context,
        bytes=whole,
        compute=equal,
        serving_flops=serving_flops(arm, options),
    )
