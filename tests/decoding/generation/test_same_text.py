"""The benchmark that holds lossless methods to plain decoding: it passes, and it can fail."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("torch")
pytest.importorskip("transformers")

from tiny_models import of_transformers

from benchmarks import same_text
from tokenry.decoding.generation.method import Generated
from tokenry.decoding.generation.registry import method
from tokenry.learning import learn

TEXT = "\n\n".join(f"some text to learn from, and {each} more of it, again and again" for each in
                   ("a", "b", "c", "d", "e", "f", "g", "h", "i", "j"))  # fmt: skip


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Arguments: a model of four blocks, few prompts; texts of our own."""
    tokenizer = learn([TEXT], vocab_size=280)
    of_transformers("Llama", num_hidden_layers=4, vocab_size=280).float().save_pretrained(
        tmp_path / "model"
    )
    tokenizer.save(tmp_path / "model")
    monkeypatch.setattr(same_text, "text", lambda kind, data: (TEXT, kind))
    return [str(tmp_path / "model"), "--prompts", "3", "--new", "6",
            "--parts", str(tmp_path / "parts")]  # fmt: skip


def test_every_lossless_method_is_tried(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert same_text.main(given) == 0
    said = capsys.readouterr().out
    assert all(label in said for label in same_text.ways())
    assert said.count("3 of 3 the same") == len(same_text.ways()) - 1
    assert same_text.main(given) == 0
    assert capsys.readouterr().err == ""  # all parts are there


def test_another_text_is_found(
    given: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Wrong:
        lossless = True

        def generate(self, *arguments: Any) -> list[Generated]:
            found = method("plain").generate(*arguments)
            return [dataclasses.replace(each, ids=(7, *each.ids[1:])) for each in found]

    monkeypatch.setattr(
        same_text,
        "method",
        lambda name, **how: Wrong() if name == "lookup" else method(name, **how),
    )
    monkeypatch.setattr(same_text, "ways", lambda: {"lookup": ("lookup", {})})
    assert same_text.main(given) == 1
    assert "3 parted in float32" in capsys.readouterr().out
