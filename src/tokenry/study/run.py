"""The main job, stage by stage; what is finished is not done again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from tokenry.arguments import checked
from tokenry.drawing.canvas import check_plots
from tokenry.files import write_text
from tokenry.json_data import plain
from tokenry.measuring.speed import encode_speeds
from tokenry.measuring.words import WORD_RULE
from tokenry.progress import Progress, silent
from tokenry.study.advice import advise
from tokenry.study.content import Example, StudiedPremiums, Study
from tokenry.study.examples import choose_sentences, cut_example
from tokenry.study.inputs import Inputs
from tokenry.study.learners import LearntStage, check_learners, learn_one
from tokenry.study.measure import (
    Contestant,
    curve,
    encode_all,
    measure_one,
    measure_premiums,
    saving,
)
from tokenry.study.options import StudyOptions
from tokenry.study.page import render
from tokenry.study.result import FILE, REPORT, StudyResult
from tokenry.study.state import StudyState, lock, open_state, refuse_used_folder
from tokenry.study.verdict import choose_winner, verdict
from tokenry.tokenizer import Tokenizer, load
from tokenry.version import __version__


@checked
def run_study(
    options: StudyOptions, *, resume: bool = False, progress: Progress | None = None
) -> StudyResult:
    """Learn, measure, compare and report; see `StudyOptions`.

    Writes ``out/tokenizers/<learner>/``, ``out/study.json`` and ``out/report.html``. An
    interruption leaves a folder that ``resume=True`` continues.

    Raises:
        ArgumentError: ``options`` are none, or another argument is not what it should be.
        StudyError: the folder holds another study, or options make no sense together.
        MissingExtraError: the report cannot be drawn, as matplotlib is missing.
        CorpusError: the data or the parallel text cannot be used.
        FormatError, UnsupportedError: a reference tokenizer cannot be used.
    """
    refuse_used_folder(options.out, resume=resume)
    check_learners(options.learners)
    check_plots()
    return _Run(options, progress or silent).run()


class _Run:
    """One run, and how long its stages took."""

    def __init__(self, options: StudyOptions, progress: Progress) -> None:
        self.options = options
        self.progress = progress
        self.seconds: dict[str, float] = {}

    def run(self) -> StudyResult:
        with self._timed("read", "reading the data"):
            inputs = Inputs.read(self.options)
        with lock(self.options.out):
            state = open_state(self.options.out, plain(inputs.identity()))
            if "report" in state.done and _has_files(state):
                return StudyResult.read(state.folder)
            learnt = [self._learn(kind, inputs, state) for kind in self.options.learners]
            return self._write(self._measure(inputs, learnt), state)

    def _learn(self, kind: str, inputs: Inputs, state: StudyState) -> Contestant:
        folder, stage = state.folder / "tokenizers" / kind, f"learn {kind}"
        if stage in state.done and folder.is_dir():
            done = LearntStage.from_json(state.done[stage])
            tokenizer = load(folder)
            if tokenizer.fingerprint() == done.fingerprint:
                self.seconds[stage] = done.seconds
                return Contestant(kind, tokenizer, f"tokenizers/{kind}", done)
        size = f"{inputs.data.learning_bytes / 1e6:.1f} MB"
        with self._timed(stage, f"learning {kind} from {size}"):
            tokenizer, export = learn_one(kind, inputs.data, self.options, folder, self.progress)
        done = LearntStage(tokenizer.fingerprint(), round(self.seconds[stage], 3), export)
        state.finish(stage, done.to_json())
        return Contestant(kind, tokenizer, f"tokenizers/{kind}", done)

    def _measure(self, inputs: Inputs, learnt: list[Contestant]) -> Study:
        seed, held_out = self.options.seed, inputs.held_out
        references = [
            Contestant(each.name, each.tokenizer, each.path.name if each.path else each.name)
            for each in inputs.references
        ]
        contestants = [*learnt, *references]
        tokenizers = {each.name: each.tokenizer for each in contestants}
        with self._timed("measure", "measuring on the held-out part"):
            encoded = encode_all(contestants, held_out.sample, self.progress)
            speeds = encode_speeds(tokenizers, held_out.for_speed())
            rows = tuple(
                measure_one(each, encoded[each.name], held_out, speeds[each.name], seed)
                for each in contestants
            )
        with self._timed("curve", "measuring nested vocabularies"):
            curves = {each.name: curve(each.tokenizer, held_out.sample, seed) for each in learnt}
        with self._timed("premiums", "measuring premiums by language"):
            found = self._premiums(inputs, tokenizers)
        winner = encoded[choose_winner(rows)]
        savings = {
            name: saving(winner, other, seed)
            for name, other in encoded.items()
            if other is not winner
        }
        return Study(
            tokenry=__version__,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            options=self.options,
            identity=inputs.identity(),
            word_rule=WORD_RULE,
            data=inputs.describe(),
            winner=verdict(rows, savings, int(held_out.sample.sizes.sum())),
            tokenizers=rows,
            curves=curves,
            premiums=found,
            examples=tuple(
                Example(domain, text, cut_example(text, tokenizers))
                for domain, text in choose_sentences(held_out, seed)
            ),
            seconds={name: round(value, 2) for name, value in self.seconds.items()},
            advice=advise(
                rows,
                self.options.shape,
                lambda one, other: saving(encoded[one], encoded[other], seed),
            ),
        )

    def _premiums(self, inputs: Inputs, tokenizers: dict[str, Tokenizer]) -> StudiedPremiums | None:
        if inputs.parallel is None:
            return None
        return measure_premiums(tokenizers, inputs.parallel, self.options.seed)

    def _write(self, study: Study, state: StudyState) -> StudyResult:
        self.progress("drawing the report", 0, None)
        result = StudyResult(state.folder, study)
        page = render(study)
        study.save(state.folder / FILE)
        write_text(result.report, page)
        state.finish("report", {"winner": result.winner})
        return result

    @contextmanager
    def _timed(self, name: str, text: str) -> Iterator[None]:
        self.progress(text, 0, None)
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start


def _has_files(state: StudyState) -> bool:
    return all((state.folder / name).exists() for name in (FILE, REPORT))
