"""Certificates: what is whole passes, and each hard check fails where its thing is broken."""

from __future__ import annotations

import json
import math
import shutil
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.torch import load_file, save_file
from transfer_models import logits, opened, save_model

from tokenry.errors import FileWarning
from tokenry.surgery import reorder
from tokenry.tokenizer import Tokenizer
from tokenry.transfer import RowPlan, match, transplant
from tokenry.transfer.certificate.certify import JSON, PAGE, certify
from tokenry.transfer.certificate.content import Certificate
from tokenry.transfer.certificate.text import passages, text_loss


@pytest.fixture(scope="module")
def models(
    tmp_path_factory: pytest.TempPathFactory, old: Tokenizer, new: Tokenizer
) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("models")
    source = save_model(folder / "source", old)
    return source, transplant(source, new, folder / "new").folder


TEXTS = ["The quick brown fox, 123 times: naïve.\n", "def f(x):\n    return x + 1\n"]


def test_a_transplant_passes(models: tuple[Path, Path], new: Tokenizer) -> None:
    found = certify(*models, TEXTS)
    assert found.passes, found.failed
    assert {each.name for each in found.checks} == {
        "loads", "rows", "specials", "saved tokenizer", "round trip", "duplicates",
        "unreachable ids", "shared rows", "shared logits", "numbers",
    }  # fmt: skip
    assert Certificate.read(models[1] / JSON) == found
    page = (models[1] / PAGE).read_text()
    assert "not broken" in page
    assert "shared logits" in page
    shared, fresh = found.norms
    assert (shared.kind, fresh.kind, shared.rows + fresh.rows) == ("shared", "new", len(new))
    assert 0 < fresh.median < shared.median


@pytest.mark.parametrize("kind", ["llama, untied", "bert", "gpt2", "phi, bias", "gemma3"])
def test_other_architectures_pass(
    kind: str, old: Tokenizer, new: Tokenizer, tmp_path: Path
) -> None:
    source = save_model(tmp_path / "source", old, kind)
    made = transplant(source, new, tmp_path / "new", multiple=64)
    found = certify(source, made.folder, TEXTS)
    assert found.passes, found.failed
    assert ("bits per byte after" in found.figures) == (kind != "bert")


def test_figures(models: tuple[Path, Path], old: Tokenizer, new: Tokenizer) -> None:
    found = certify(*models, TEXTS, write=False)
    figures = found.figures
    for name, folder, tokenizer in (("before", models[0], old), ("after", models[1], new)):
        model, bits, size = opened(folder), 0.0, 0
        for text in TEXTS:
            ids = [model.config.bos_token_id, *tokenizer.encode(text)]
            scores = logits(model, ids).double().log_softmax(-1)
            bits -= sum(float(scores[at, id_]) for at, id_ in enumerate(ids[1:])) / math.log(2)
            size += len(text.encode())
        assert figures[f"bits per byte {name}"] == pytest.approx(bits / size, rel=1e-4)
    assert figures["bytes read"] == sum(len(text.encode()) for text in TEXTS)
    assert 0 < (figures["share of bytes cut otherwise"] or 0) < 1
    ratio = sum(map(new.count, TEXTS)) / sum(map(old.count, TEXTS))
    assert figures["tokens after, per token before"] == pytest.approx(ratio)


def test_new_tokens(models: tuple[Path, Path], old: Tokenizer, new: Tokenizer) -> None:
    found = certify(*models, TEXTS)
    fresh = match(old, new).old_of_new < 0
    used = np.concatenate([new.encode(text) for text in TEXTS])
    assert found.tokens
    for token in found.tokens:
        assert fresh[token.id]
        assert token.uses == (used == token.id).sum()
        told = RowPlan.load(models[1] / "plans" / "input.safetensors").explain(token.id)
        assert token.made == {"input": told.made(old.vocabulary.pieces, 4)}
    costs = [token.uses * (token.bits or 0) for token in found.tokens]
    assert costs == sorted(costs, reverse=True)
    page = (models[1] / PAGE).read_text()
    assert "New tokens that cost most" in page
    assert "sub-piece mean: " in page
    assert not certify(*models).tokens
    assert "were not measured" in (models[1] / PAGE).read_text()


def test_of_the_same_vocabulary_nothing_changes(old: Tokenizer, tmp_path: Path) -> None:
    source = save_model(tmp_path / "source", old)
    moved = reorder(old, ["many of them are moved"]).tokenizer
    made = transplant(source, moved, tmp_path / "new")
    found = certify(source, made.folder, TEXTS)
    figures = found.figures
    assert figures["bits per byte before"] == pytest.approx(figures["bits per byte after"])
    assert figures["share of bytes cut otherwise"] == 0
    assert found.checks[-1].status == "holds"
    assert "100.0% of those below 10,000" in found.checks[-1].found
    assert figures["bits per byte after, of new tokens alone"] is None


def change_json(folder: Path, file: str, **values: Any) -> None:
    path = folder / file
    content = json.loads(path.read_bytes()) if path.exists() else {}
    path.write_text(json.dumps({**content, **values}))


def change_rows(folder: Path, change: Callable[[Any], Any]) -> None:
    tensors = load_file(folder / "model.safetensors")
    name = "model.embed_tokens.weight"
    tensors[name] = change(tensors[name]).contiguous()
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def one_bit(rows: Any) -> Any:
    rows[70, 3] = float(np.nextafter(np.float32(rows[70, 3]), np.float32(9)))
    return rows


def double_a_token(folder: Path) -> None:
    content = json.loads((folder / "tokenizer.json").read_bytes())
    content["added_tokens"].append(content["added_tokens"][0])
    (folder / "tokenizer.json").write_text(json.dumps(content))


BROKEN: dict[str, tuple[str, Callable[[Path], Any]]] = {
    "vocab_size": ("rows", lambda f: change_json(f, "config.json", vocab_size=5)),
    "a model that does not load": ("loads", lambda f: change_json(f, "config.json", vocab_size=5)),
    "too few rows": ("rows", lambda f: change_rows(f, lambda rows: rows[:1000])),
    "an end that is none": ("specials", lambda f: change_json(f, "config.json", eos_token_id=77)),
    "ends that differ": (
        "specials",
        lambda f: change_json(f, "generation_config.json", eos_token_id=1),
    ),
    "a bit of a row": ("shared rows", lambda f: change_rows(f, one_bit)),
    "a doubled token": ("saved tokenizer", double_a_token),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_fails(name: str, models: tuple[Path, Path], tmp_path: Path) -> None:
    check, breaking = BROKEN[name]
    broken = Path(shutil.copytree(models[1], tmp_path / "broken"))
    breaking(broken)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FileWarning)
        found = certify(models[0], broken)
    assert check in {each.name for each in found.failed}
    assert not found.passes
    assert "hard checks fail" in (broken / PAGE).read_text()


def test_logits_of_a_body_that_changed(models: tuple[Path, Path], tmp_path: Path) -> None:
    broken = Path(shutil.copytree(models[1], tmp_path / "broken"))
    tensors = load_file(broken / "model.safetensors")
    tensors["model.norm.weight"][0] += 0.5
    save_file(tensors, broken / "model.safetensors", metadata={"format": "pt"})
    assert [each.name for each in certify(models[0], broken).failed] == ["shared logits"]
    trained = certify(models[0], broken, trained=True)
    assert trained.passes
    assert {each.status for each in trained.checks if each.name.startswith("shared")} == {"noted"}


def test_a_loss_counts_every_byte_once(models: tuple[Path, Path], new: Tokenizer) -> None:
    model = opened(models[1])
    whole = text_loss(model, new, TEXTS, start=3)
    apart = [text_loss(model, new, [text], start=3) for text in TEXTS]
    assert whole.bits.sum() == pytest.approx(sum(each.bits.sum() for each in apart))
    assert whole.bytes == sum(len(text.encode()) for text in TEXTS)
    bare = text_loss(model, new, ["hello there"], start=None)
    first = len(new.vocabulary[new.encode("hello there")[0]] or b"")
    assert bare.bytes == len("hello there") - first


def test_a_short_context(old: Tokenizer, new: Tokenizer, tmp_path: Path) -> None:
    """A text that a context does not hold is read in halves, each byte once."""
    source = save_model(tmp_path / "source", old, "gpt2")
    made = transplant(source, new, tmp_path / "new")
    figures = certify(source, made.folder, ["long and longer, " * 60]).figures
    assert figures["bytes read"] == 17 * 60
    assert (figures["bits per byte after"] or 0) > 0


def test_passages() -> None:
    parts = passages(["ab" * 2000, "c"], most=10**6)
    assert "".join(parts) == "ab" * 2000 + "c"
    assert max(map(len, parts)) == 1200
    assert sum(map(len, passages(["ab" * 2000] * 50, most=3000))) < 4300
