"""The main job, stage by stage; what is finished is not done again."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import tokenry
from tokenry.corpus.parallel import ParallelText, cldr_parallel, read_parallel
from tokenry.corpus.passages import reader
from tokenry.drawing.canvas import check_plots
from tokenry.errors import StudyError
from tokenry.files import write_text
from tokenry.measuring import (
    WORD_RULE,
    Encoded,
    encode_for,
    encode_speeds,
    measure_figures,
    metrics_of,
)
from tokenry.measuring.by_domain import DomainSample
from tokenry.measuring.fairness import parallel_fingerprint
from tokenry.measuring.rank_frequency import rank_frequency
from tokenry.measuring.size import halved_sizes
from tokenry.progress import Progress, silent
from tokenry.results import Json, plain
from tokenry.study import measure
from tokenry.study.examples import choose_sentences, cut_example
from tokenry.study.holdout import DataSplit, split
from tokenry.study.learners import check_learners, learn_one
from tokenry.study.options import StudyOptions
from tokenry.study.page import render
from tokenry.study.result import FORMAT, VERSION, StudyResult
from tokenry.study.state import (
    State,
    lock,
    open_state,
    refuse_used_folder,
)
from tokenry.study.verdict import choose_winner, verdict
from tokenry.tokenizer_files import NamedTokenizer, file_digest, load_named


def run_study(
    options: StudyOptions, *, resume: bool = False, progress: Progress | None = None
) -> StudyResult:
    """Learn, measure, compare and report; see `StudyOptions`.

    Writes ``out/tokenizers/<learner>/``, ``out/study.json`` and ``out/report.html``. An
    interruption leaves a folder that ``resume=True`` continues.

    Raises:
        StudyError: the folder holds another study, or options make no sense together.
        MissingExtraError: the report cannot be drawn, as matplotlib is missing.
        CorpusError: the data or the parallel text cannot be used.
        FormatError, UnsupportedError: a reference tokenizer cannot be used.
    """
    refuse_used_folder(options.out, resume=resume)
    check_learners(options.learners)
    check_plots()
    return _Study(options, progress or silent).run()


class _Study:
    """The state of one run."""

    def __init__(self, options: StudyOptions, progress: Progress) -> None:
        self.options = options
        self.progress = progress
        self.seconds: dict[str, float] = {}
        self.exports: dict[str, Json] = {}

    def run(self) -> StudyResult:
        with self._timed("read", "reading the data"):
            references = load_named(self.options.against, self.options.learners)
            parallel = self._parallel()
            read = reader(self.options.data, self.options.field, without=self.options.out)
            data = split(read, self.options.holdout, self.options.seed)
        with lock(self.options.out):
            state = open_state(self.options.out, self._identity(data, references, parallel))
            if "report" in state.done and (done := self._finished(state)):
                return done
            learnt = {kind: self._learn(kind, data, state) for kind in self.options.learners}
            content = self._measure(data, learnt, references, parallel, state)
            return self._write(content, state)

    def _parallel(self) -> ParallelText | None:
        if self.options.parallel is not None:
            return read_parallel(self.options.parallel, self.options.reference_language)
        if not self.options.data:
            return cldr_parallel(self.options.reference_language)
        if self.options.reference_language is not None:
            raise StudyError("a reference language is given without --parallel text to use it on")
        return None

    def _identity(
        self, data: DataSplit, references: list[NamedTokenizer], parallel: ParallelText | None
    ) -> Json:
        return {
            "vocab_size": self.options.vocab_size,
            "learners": list(self.options.learners),
            "holdout": self.options.holdout,
            "seed": self.options.seed,
            "data": data.fingerprint,
            "against": {each.name: [file_digest(each.path), each.pattern] for each in references},
            "parallel": None if parallel is None else parallel_fingerprint(parallel.lines),
            "reference_language": None if parallel is None else parallel.reference,
        }

    def _finished(self, state: State) -> StudyResult | None:
        """The result of a study that was finished before, if its files are still there."""
        path = state.folder / "study.json"
        if not path.exists() or not (state.folder / "report.html").exists():
            return None
        return StudyResult(state.folder, json.loads(path.read_text(encoding="utf-8")))

    def _learn(self, kind: str, data: DataSplit, state: State) -> tokenry.Tokenizer:
        folder = state.folder / "tokenizers" / kind
        done: Any = state.done.get(f"learn {kind}")
        if done is not None and folder.is_dir():
            tokenizer = tokenry.load(folder)
            if tokenizer.fingerprint() == done["fingerprint"]:
                self.seconds[f"learn {kind}"] = done["seconds"]
                self.exports[kind] = done["export"]
                return tokenizer
        size = f"{data.learning_bytes / 1e6:.1f} MB"
        with self._timed(f"learn {kind}", f"learning {kind} from {size}"):
            tokenizer, export = learn_one(kind, data, self.options, folder, self.progress)
        self.exports[kind] = export
        seconds = round(self.seconds[f"learn {kind}"], 3)
        state.finish(
            f"learn {kind}",
            {"fingerprint": tokenizer.fingerprint(), "seconds": seconds, "export": export},
        )
        return tokenizer

    def _measure(
        self,
        data: DataSplit,
        learnt: dict[str, tokenry.Tokenizer],
        references: list[NamedTokenizer],
        parallel: ParallelText | None,
        state: State,
    ) -> dict[str, Any]:
        seed = self.options.seed
        tokenizers = {**learnt, **{each.name: each.tokenizer for each in references}}
        held_out = DomainSample.of(data.held_out)
        with self._timed("measure", "measuring on the held-out part"):
            shown = metrics_of("study")
            encoded = self._encode(tokenizers, held_out)
            speeds = encode_speeds(tokenizers, held_out.for_speed())
            rows = [
                {
                    **self._describe(name, tokenizer, learnt, references),
                    "tokens": int(encoded[name].tokens.sum()),
                    "overall": plain(measure_figures(shown, encoded[name], seed=seed)),
                    "domains": plain(
                        measure.measure_domains(encoded[name], held_out.domains, seed)
                    ),
                    "speed": speeds[name].to_json(),
                    "rank_frequency": rank_frequency(encoded[name]).to_json(),
                }
                for name, tokenizer in tokenizers.items()
            ]
        with self._timed("curve", "measuring nested vocabularies"):
            curves = {
                name: measure.curve(
                    tokenizer,
                    held_out.sample,
                    halved_sizes(tokenizer.n_vocab),
                    seed,
                )
                for name, tokenizer in learnt.items()
            }
        with self._timed("premiums", "measuring premiums by language"):
            found = measure.measure_premiums(tokenizers, parallel, seed) if parallel else None
        winner = verdict_of(rows, encoded, held_out, seed)
        return {
            "format": FORMAT,
            "version": VERSION,
            "tokenry": tokenry.__version__,
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "options": self.options.to_json(),
            "identity": state.identity,
            "word_rule": WORD_RULE,
            "data": describe_data(data, held_out, self.options),
            "winner": winner,
            "tokenizers": rows,
            "curves": curves,
            "premiums": found,
            "examples": [
                {"domain": domain, "text": text, "cuts": cut_example(text, tokenizers)}
                for domain, text in choose_sentences(held_out, seed)
            ],
            "seconds": {name: round(value, 2) for name, value in self.seconds.items()},
        }

    def _encode(
        self, tokenizers: dict[str, tokenry.Tokenizer], held_out: DomainSample
    ) -> dict[str, Encoded]:
        encoded: dict[str, Encoded] = {}
        for done, (name, tokenizer) in enumerate(tokenizers.items()):
            self.progress("measuring on the held-out part", done, len(tokenizers))
            encoded[name] = encode_for(metrics_of("study"), tokenizer, held_out.sample)
        return encoded

    def _describe(
        self,
        name: str,
        tokenizer: tokenry.Tokenizer,
        learnt: dict[str, tokenry.Tokenizer],
        references: list[NamedTokenizer],
    ) -> Json:
        paths = {each.name: each.path.name for each in references}
        return {
            "name": name,
            "kind": "learnt" if name in learnt else "reference",
            "file": f"tokenizers/{name}" if name in learnt else paths[name],
            "vocabulary_size": tokenizer.n_vocab,
            "fingerprint": tokenizer.fingerprint(),
            "lossless": tokenizer.lossless,
            "export": self.exports.get(name),
            "seconds_to_learn": self.seconds.get(f"learn {name}"),
        }

    def _write(self, content: dict[str, Any], state: State) -> StudyResult:
        self.progress("drawing the report", 0, None)
        content = finite(content)
        result = StudyResult(self.options.out, content)
        page = render(content)
        text = json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False)
        write_text(self.options.out / "study.json", text + "\n")
        write_text(result.report, page)
        state.finish("report", {"winner": result.winner})
        return result

    @contextmanager
    def _timed(self, name: str, text: str) -> Iterator[None]:
        self.progress(text, 0, None)
        start = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - start


def verdict_of(
    rows: list[Any], encoded: dict[str, Encoded], held_out: DomainSample, seed: int
) -> Json:
    """The verdict, with the winner's savings against each other tokenizer."""
    name = choose_winner(rows)
    savings = {
        other: measure.saving(encoded[name], encoded[other], seed)
        for other in encoded
        if other != name
    }
    size = int(held_out.sample.sizes.sum())
    return {**verdict(rows, savings, size), "savings": savings}


def describe_data(data: DataSplit, held_out: DomainSample, options: StudyOptions) -> Json:
    """What was read and how it was divided."""
    return {
        "source": list(options.data) or ["the standard library of the Python interpreter"],
        "fingerprint": data.fingerprint,
        "documents": sum(count.documents for count in data.domains.values()),
        "bytes": sum(count.bytes for count in data.domains.values()),
        "duplicates": data.duplicates,
        "learning_bytes": data.learning_bytes,
        "held_out": {
            "documents": len(held_out.sample.documents),
            "bytes": int(held_out.sample.sizes.sum()),
            "words": int(held_out.sample.words.sum()),
            "fingerprint": held_out.sample.fingerprint,
            "rule": "a document is held out where a hash of its bytes, keyed by the seed, is "
            "below the share; exact duplicates fall on one side and are measured once",
        },
        "domains": {
            name: {
                "documents": count.documents,
                "bytes": count.bytes,
                "held_out_documents": count.held_documents,
            }
            for name, count in data.domains.items()
        },
    }


def finite(value: Any) -> Any:
    """The same JSON with null for NaN and infinities, which JSON does not have."""
    if isinstance(value, dict):
        return {key: finite(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [finite(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
