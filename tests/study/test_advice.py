"""Which tokenizer to take, with what its vocabulary costs in a model."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import tokenry.learning
from tokenry.cli.app import app
from tokenry.errors import CorpusError, StudyError
from tokenry.measuring.measurement import Measurement
from tokenry.measuring.rank_frequency import RankFrequency
from tokenry.measuring.size import ModelShape
from tokenry.study import StudyOptions, StudyResult, run_study
from tokenry.study.advice import advise
from tokenry.study.content import Advice, Saving, StudiedTokenizer
from tokenry.study.page import render

SMALL, LARGE = ModelShape(width=64, layers=2), ModelShape(width=8192, layers=80)


def studied(
    name: str, ids: int, packed: float, *, learnt: bool, lossless: float = 1.0
) -> StudiedTokenizer:
    """A tokenizer with the figures that matter here."""

    def figure(value: float) -> Measurement:
        return Measurement("", value, "", "", "", "", "")

    return StudiedTokenizer(
        name=name,
        kind="learnt" if learnt else "reference",
        file=name,
        vocabulary_size=ids,
        fingerprint="",
        lossless=True,
        export=None,
        seconds_to_learn=None,
        tokens=round(1e6 / packed),
        overall={"bytes_per_token": figure(packed), "lossless": figure(lossless)},
        domains={},
        speed=figure(1.0),
        rank_frequency=RankFrequency((), (), 0),
    )


def take(shape: ModelShape, *tokenizers: StudiedTokenizer, spread: float | None = 0.0) -> Advice:
    """The advice, where each saving of tokens has an interval of this half width."""
    tokens = {each.name: each.tokens for each in tokenizers}

    def saving(one: str, other: str) -> Saving:
        value = 1 - tokens[one] / tokens[other]
        ends = (None, None) if spread is None else (value - spread, value + spread)
        return Saving(value, *ends)

    return advise(tokenizers, shape, saving)


MINE = studied("mine", 16_000, 4.2, learnt=True)
PUBLISHED = studied("o200k", 200_000, 4.35, learnt=False)


def test_a_large_vocabulary_is_kept_where_the_model_is_large() -> None:
    kept, taken = take(LARGE, MINE, PUBLISHED), take(SMALL, MINE, PUBLISHED)
    assert (kept.take, kept.keep) == ("o200k", True)
    assert kept.reason.startswith("Keep o200k: the best learnt tokenizer, mine with 16,000 ids,")
    assert "1,638.4 M parameters, 2% of a model of width 8,192 with 80 layers" in kept.reason
    assert (taken.take, taken.keep) == ("mine", False)
    assert taken.reason.startswith("Take mine: it saves 9")
    assert "against o200k" in taken.reason


def test_costs_are_those_of_the_formula() -> None:
    advice = take(SMALL, MINE, PUBLISHED)
    cost = advice.costs["o200k"]
    assert cost.row_parameters == 200_000 * 64
    assert cost.flops_per_byte == pytest.approx(2 * (12 * 2 * 64**2 + 64 * 200_000) / 4.35)
    mine = advice.costs["mine"].flops_per_byte
    assert advice.saving is not None
    saved = 1 - mine / cost.flops_per_byte
    assert advice.saving.value == pytest.approx(saved, rel=1e-4)


@pytest.mark.parametrize(
    ("packed", "spread", "keep"),
    [
        (4.0 * 1.02, 0.0, False),
        (4.0 * 1.02, 0.05, True),  # what is saved may be nothing
        (4.0 * 1.005, 0.0, True),  # within the tolerance
        (4.0 * 1.02, None, False),  # one document: no interval
        (4.0 * 0.9, 0.0, True),
    ],
)
def test_a_published_one_is_kept_unless_a_learnt_one_surely_saves(
    packed: float, spread: float | None, keep: bool
) -> None:
    mine = studied("mine", 32_000, packed, learnt=True)
    theirs = studied("theirs", 32_000, 4.0, learnt=False)
    assert take(LARGE, mine, theirs, spread=spread).keep is keep


def test_what_loses_text_is_not_advised() -> None:
    lossy = studied("lossy", 16_000, 9.0, learnt=False, lossless=0.5)
    assert take(LARGE, MINE, lossy).take == "mine"
    both = take(LARGE, lossy, studied("worse", 16_000, 3.0, learnt=False, lossless=0.1))
    assert both.take == "lossy"
    assert both.reason.endswith("None of the tokenizers restores all text.")


def test_of_one_kind_the_cheapest_is_named_with_the_next() -> None:
    other = studied("gpt2", 50_000, 3.0, learnt=False)
    advice = take(LARGE, PUBLISHED, other)
    assert advice.reason.startswith("Keep o200k: it costs the fewest operations")
    assert "gpt2, the next, costs" in advice.reason
    assert advice.saving is None
    assert take(LARGE, MINE).reason.startswith("Take mine. The rows")


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, corpus_folder: Path) -> list[str]:
    """Two files as others publish them: one that suits the corpus, one that does not."""
    folder = tmp_path_factory.mktemp("published")
    texts = [path.read_text() for path in sorted(corpus_folder.rglob("*.*"))]
    tokenry.learning.learn(texts, vocab_size=600).to_tiktoken(folder / "good.tiktoken")
    tokenry.learning.learn(["x y z " * 9], vocab_size=258).to_tiktoken(folder / "bad.tiktoken")
    return [f"{folder / name}.tiktoken:o200k" for name in ("bad", "good")]


def test_a_study_that_learns_nothing_chooses_among_published_ones(
    tmp_path: Path, corpus_folder: Path, published: list[str]
) -> None:
    arguments = [
        "study", str(corpus_folder), "--out", str(tmp_path / "out"), "--learners", "none",
        "--holdout", "0.3", "--params", "350M", "--against", *published,
    ]  # fmt: skip
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert "To take: Keep good: it costs the fewest operations" in done.stdout
    assert "of a model of width 1,024 with 24 layers" in done.stdout
    assert "Winner's files" not in done.stdout
    assert "of text, good with 600 ids packs" in done.stdout
    result = StudyResult.read(tmp_path / "out")
    assert result.winner == result.study.to_take == "good"
    held = result.study.data.held_out
    assert held.documents == result.study.data.documents == 60
    assert held.bytes == result.study.data.bytes
    assert "keep" not in result.study.winner.reason
    with pytest.raises(StudyError, match="good is a published tokenizer; this study saved none"):
        _ = result.winner_folder
    page = render(result.study)
    assert "<em>good</em> is the tokenizer to take" in page
    assert "parameters of its rows" in page
    again = CliRunner().invoke(app, [*arguments, "--resume", "--width", "64"])
    assert "--params stands in the place of --width" in again.stderr
    other = CliRunner().invoke(app, [*arguments[:-4], "1B", "--against", *published, "--resume"])
    assert re.search("holds another study .shape", other.stderr), other.output


def test_a_study_keeps_a_published_one_that_costs_less(
    tmp_path: Path, corpus_folder: Path, published: list[str]
) -> None:
    options = StudyOptions(
        data=(str(corpus_folder),),
        out=tmp_path / "out",
        vocab_size=300,
        learners=("bpe",),
        holdout=0.3,
        against=tuple(published),
        shape=LARGE,
    )
    result = run_study(options)
    advice = result.study.advice
    assert advice is not None
    assert (result.winner, advice.take, advice.keep) == ("bpe", "good", True)
    assert advice.reason in result.to_markdown().replace("\\", "")
    assert "| parameters of its rows |" in result.to_markdown()
    assert "megaflops_per_byte" in result.to_csv()
    assert "Keep good" in result._repr_html_()
    old = dataclasses.replace(result.study, advice=None)  # a study.json of before
    assert "<em>bpe</em> is the tokenizer to take" in render(old)


def test_one_document_is_enough_where_nothing_learns(tmp_path: Path, published: list[str]) -> None:
    (tmp_path / "a.txt").write_text("one river and one garden in the winter\n" * 9)
    options = StudyOptions(
        data=(str(tmp_path / "a.txt"),),
        out=tmp_path / "out",
        learners=(),
        against=tuple(published),
    )
    assert run_study(options).study.to_take == "good"
    with pytest.raises(CorpusError, match="one distinct document"):
        run_study(dataclasses.replace(options, out=tmp_path / "b", learners=("bpe",)))
