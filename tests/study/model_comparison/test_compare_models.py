"""Tokenizers compared by small models: tiny ones here, which train in seconds."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import tokenry
from tokenry.cli.app import app
from tokenry.errors import CorpusError, StudyError
from tokenry.neural.recipes.language import bits_per_byte, train_language_model
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.study.model_comparison import ComparisonOptions, ModelComparison, compare_models
from tokenry.study.model_comparison.data import Arm, ComparisonText
from tokenry.study.model_comparison.table import table_of
from tokenry.tokenizer_files import load_named

pytest.importorskip("torch")


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory, corpus_folder: Path) -> ComparisonOptions:
    """A tokenizer of single bytes and one of 500 ids, learnt from the same text."""
    folder = tmp_path_factory.mktemp("tokenizers")
    texts = [path.read_text() for path in sorted(corpus_folder.rglob("*.*"))]
    for name, size in (("larger", 500), ("smaller", 258)):
        tokenry.learn(texts, vocab_size=size).save(folder / name)
    return ComparisonOptions(
        tokenizers=(str(folder / "larger"), str(folder / "smaller")),
        data=(str(corpus_folder),),
        out=folder / "out",
        budget=20_000,
        holdout=0.3,
        width=16,
        layers=1,
        context=128,
        batch=4,
        seeds=2,
    )


@pytest.fixture(scope="module")
def found(options: ComparisonOptions) -> ModelComparison:
    return compare_models(options)


def test_budgets_are_equal(found: ModelComparison, options: ComparisonOptions) -> None:
    larger, smaller = found.tokenizers
    assert [len(each.models(kind)) for each in found.tokenizers for kind in ("bytes", "compute")] \
        == [2, 2, 2, 2]  # fmt: skip
    assert {model.read for each in found.tokenizers for model in each.bytes} == {1.0}
    for each in found.tokenizers:
        # A context holds equal bytes, so steps of a pass are equal too, up to the last.
        assert each.context * each.bytes_per_token == pytest.approx(options.context, rel=0.02)
        for model in each.compute:
            one_step = each.bytes[0].flops / (options.budget / options.context / options.batch)
            assert found.flops <= model.flops <= found.flops + one_step
    cheap = min(found.tokenizers, key=lambda each: each.bytes[0].flops)
    assert cheap.compute == cheap.bytes  # not trained twice
    assert larger.rows > smaller.rows
    assert (larger.vocabulary_size, smaller.vocabulary_size) == (500, 258)


def test_bits_are_those_of_the_recipe_trained_alone(
    found: ModelComparison, options: ComparisonOptions
) -> None:
    text = ComparisonText.read(options)
    [named, _] = load_named(options.tokenizers)
    arm = Arm.of(named, text, options.context)
    shape = Shape(width=16, layers=1, heads=4, context=arm.context)
    model = train_language_model(
        arm.learnt, arm.rows.rows, shape=shape, passes=Passes(rate=options.rate, batch=4), seed=1
    )
    expected = [bits_per_byte(model, [rows], 1) + arm.rows.bits_beside(rows) for rows in arm.held]
    assert found.tokenizers[0].bytes[1].bits == pytest.approx(expected, rel=1e-6)
    assert sum(map(len, text.held)) == found.held_out_bytes
    total = sum(found.tokenizers[0].bytes[1].bits) / found.held_out_bytes
    assert found.bits_per_byte(found.tokenizers[0], "bytes")[1] == pytest.approx(total)
    assert 1 < total < 8


def test_no_document_is_on_both_sides(options: ComparisonOptions) -> None:
    text = ComparisonText.read(options)
    assert not set(text.learnt) & set(text.held)
    less = ComparisonText.read(dataclasses.replace(options, budget=10_000))
    assert less.learnt == text.learnt[: len(less.learnt)]
    assert 10_000 <= sum(map(len, less.learnt)) < 20_000


def test_one_tokenizer_against_itself_is_undecided(
    options: ComparisonOptions, tmp_path: Path
) -> None:
    twice = (options.tokenizers[0], options.tokenizers[0])
    same = compare_models(
        dataclasses.replace(options, tokenizers=twice, out=tmp_path / "out", budget=10_000)
    )
    assert [each.value for each in same.differences] == [0.0, 0.0, 0.0]
    assert all(each.verdict.startswith("undecided") for each in same.differences)
    names = [each.name for each in same.tokenizers]
    assert names == ["larger", "larger (2)"]


def test_an_interrupted_comparison_goes_on_to_the_same_figures(
    options: ComparisonOptions, found: ModelComparison, tmp_path: Path
) -> None:
    again = dataclasses.replace(options, out=tmp_path / "out")

    def impatient(stage: str, done: float, total: float | None) -> None:
        if stage.startswith("smaller, equal bytes, seed 1") and done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compare_models(again, progress=impatient)
    assert not (again.out / "comparison.json").exists()
    with pytest.raises(StudyError, match="resume"):
        compare_models(again)
    with pytest.raises(StudyError, match="width: 16 then, 32 now"):
        compare_models(dataclasses.replace(again, width=32), resume=True)
    stages: list[str] = []
    resumed = compare_models(again, resume=True, progress=lambda stage, *_: stages.append(stage))
    assert not any(stage.startswith("larger, equal bytes") for stage in stages)
    for one, other in zip(resumed.tokenizers, found.tokenizers, strict=True):
        for kind in ("bytes", "compute"):
            assert [each.bits for each in one.models(kind)] == [
                each.bits for each in other.models(kind)
            ]
    assert not list((again.out / "models").iterdir())
    assert ModelComparison.read(again.out / "comparison.json").content == resumed.content


def test_more_seeds_are_added_to_those_that_are_there(
    options: ComparisonOptions, tmp_path: Path
) -> None:
    one = dataclasses.replace(options, out=tmp_path / "out", budget=10_000, seeds=1)
    first = compare_models(one)
    assert first.differences[0].verdict.startswith("undecided")
    stages: list[str] = []
    more = compare_models(
        dataclasses.replace(one, seeds=2),
        resume=True,
        progress=lambda stage, *_: stages.append(stage),
    )
    assert not any("seed 0" in stage for stage in stages)
    for before, after in zip(first.tokenizers, more.tokenizers, strict=True):
        assert after.bytes[:1] == before.bytes
        assert len(after.bytes) == len(after.compute) == 2


def test_serving_is_corrected_along_what_two_widths_show(
    found: ModelComparison, options: ComparisonOptions
) -> None:
    first, other = found.tokenizers
    assert found.serving.width == 8
    assert [len(model.bits) for model in found.serving.models] == [found.held_out_documents] * 2
    assert found.serving.serving_flops < first.serving_flops
    # Three times a forward pass is a step: over a context of the text, a byte of it.
    trained = first.bytes[0].flops / found.learning_bytes
    assert first.serving_flops == pytest.approx(trained / 3, rel=0.05)
    for seed, exponent in enumerate(found.serving.exponents):
        narrow, wide = found.serving.models[seed], first.bytes[seed]
        by_hand = sum(wide.bits) * (found.serving.serving_flops / first.serving_flops) ** -exponent
        assert by_hand == pytest.approx(sum(narrow.bits))
    served = found.bits_per_byte(other, "serving")
    plain = found.bits_per_byte(other, "bytes")
    dearer = other.serving_flops / first.serving_flops
    exponents = found.serving.exponents
    assert served == [b * dearer**e for b, e in zip(plain, exponents, strict=True)]
    assert found.bits_per_byte(first, "serving") == found.bits_per_byte(first, "bytes")
    [said] = [each for each in found.differences if each.budget == "serving"]
    saved = [1 - a / b for a, b in zip(found.bits_per_byte(first, "bytes"), served, strict=True)]
    assert said.value == pytest.approx(sum(saved) / 2)


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"tokenizers": ("a",)}, StudyError, "two tokenizers"),
        ({"tokenizers": "a"}, StudyError, "put it into a list"),
        ({"data": ()}, StudyError, "name files or folders"),
        ({"budget": 5}, StudyError, "budget 5; expected 10,000 bytes or more"),
        ({"width": 30}, StudyError, "width 30; expected a multiple of 4"),
        ({"holdout": 0.9}, StudyError, "holdout 0.9"),
        ({"seeds": 0}, StudyError, "seeds"),
        ({"data": ("/nowhere",)}, CorpusError, "does not exist"),
        ({"holdout": 1e-9}, CorpusError, "0 held out"),
    ],
)
def test_what_cannot_be_compared_is_refused_before_any_work(
    options: ComparisonOptions,
    tmp_path: Path,
    change: dict[str, object],
    error: type[Exception],
    message: str,
) -> None:
    with pytest.raises(error, match=message):
        compare_models(dataclasses.replace(options, out=tmp_path / "out", **change))  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


def test_the_command(options: ComparisonOptions, tmp_path: Path) -> None:
    arguments = [
        "compare-models", *options.tokenizers, "--data", *options.data, "--budget", "10000",
        "--holdout", "0.3", "--width", "16", "--layers", "1", "--context", "128", "--seeds", "2",
        "--out", str(tmp_path / "out"),
    ]  # fmt: skip
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    assert "bits/byte, same text" in done.stdout
    assert "with the same operations" in done.stdout
    result = ModelComparison.read(tmp_path / "out" / "comparison.json")
    assert table_of(result)[1][0][0] == "larger"
    again = CliRunner().invoke(app, [*arguments, "--resume", "--json"])
    assert json.loads(again.stdout)["flops"] == result.flops
    used = CliRunner().invoke(app, arguments)
    assert used.exit_code == 2
    assert "--resume" in used.stderr
    assert "resume=True" not in used.stderr


def test_comparison_json_is_as_the_schema_says(
    options: ComparisonOptions, found: ModelComparison
) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    formats = Path(__file__).parents[3] / "docs" / "formats"
    schema = json.loads((formats / "comparison.schema.json").read_text(encoding="utf-8"))
    content = json.loads((options.out / "comparison.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(schema).validate(content)
