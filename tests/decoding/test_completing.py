"""Texts go on as asked, piece by piece, from models of ours and of transformers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import tokenizers
from typer.testing import CliRunner

import tokenry
from small_tokenizers import learned
from tokenry.cli.app import app
from tokenry.decoding.completing import Completion, complete
from tokenry.decoding.constrained import Regex, json_schema, satisfies
from tokenry.decoding.drawing import Drawing
from tokenry.errors import ConstraintError, ModelError, UnsupportedError

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")


@pytest.fixture(scope="module")
def pair() -> tuple[Any, Any]:
    """A model of transformers and its tokenizer, drawn by chance."""
    torch.manual_seed(3)
    inner = tokenizers.Tokenizer.from_str(learned(700).to_str())
    inner.decoder = tokenizers.decoders.ByteLevel()
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=inner, eos_token="<|end|>", pad_token="<|end|>"
    )
    config = transformers.LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=48, num_hidden_layers=2,
        num_attention_heads=2, num_key_value_heads=2, max_position_embeddings=64,
    )  # fmt: skip
    return transformers.LlamaForCausalLM(config), tokenizer


def test_pieces_make_one_text_by_seed(pair: tuple[Any, Any]) -> None:
    model, tokenizer = pair
    for bytewise in (False, True):
        how = Completion(bytewise=bytewise, max_bytes=20, seed=4)
        pieces = list(complete(model, tokenizer, b"The h", how=how))
        assert len(b"".join(pieces)) <= 20
        assert len(pieces) > 1
        assert pieces == list(complete(model, tokenizer, b"The h", how=how))


def test_the_likeliest_ids_are_those_of_generate(pair: tuple[Any, Any]) -> None:
    model, tokenizer = pair
    loaded = tokenry.load(tokenizer)
    end = loaded.encode_single_token("<|end|>")
    how = Completion(max_bytes=24, drawing=Drawing(temperature=0))
    found = b"".join(complete(model, tokenizer, b"The", how=how))
    prompt = torch.tensor([[end, *loaded.encode(b"The")]])
    ids = model.generate(
        prompt, do_sample=False, max_new_tokens=24, eos_token_id=end, pad_token_id=end
    )
    whole = loaded.decode_bytes([i for i in ids[0, prompt.shape[1] :].tolist() if i != end])
    assert whole.startswith(found)


@pytest.mark.parametrize("bytewise", [False, True])
def test_constraints_are_kept(pair: tuple[Any, Any], bytewise: bool) -> None:
    model, tokenizer = pair
    how = Completion(
        bytewise=bytewise, constraint=Regex(r"\d{2}-[ab]{3}"), max_bytes=12, particles=6
    )
    found = b"".join(complete(model, tokenizer, b"x = ", how=how))
    assert satisfies(Regex(r"\d{2}-[ab]{3}"), found)


def test_a_processor_keeps_generate_to_a_constraint(pair: tuple[Any, Any]) -> None:
    pytest.importorskip("llguidance")
    from tokenry.compat.huggingface.constrained import ConstraintProcessor

    model, tokenizer = pair
    schema = {"type": "object", "properties": {"a": {"enum": [1, 22]}, "b": {"type": "boolean"}},
              "required": ["a", "b"], "additionalProperties": False}  # fmt: skip
    prompt = tokenizer(["The", "A b"], return_tensors="pt", padding=True, padding_side="left")
    end = tokenizer.eos_token_id
    for constraint in (Regex(r"(yes|no){2}"), json_schema(schema, whitespace_flexible=False)):
        length = prompt.input_ids.shape[1]
        processor = ConstraintProcessor(constraint, tokenizer, length, end)
        ids = model.generate(
            **prompt, logits_processor=[processor], do_sample=True, max_new_tokens=40,
            eos_token_id=end, pad_token_id=end,
        )  # fmt: skip
        for row in ids[:, length:].tolist():
            text = tokenry.load(tokenizer).decode_bytes([id_ for id_ in row if id_ != end])
            if isinstance(constraint, Regex):
                assert text in (b"yesyes", b"yesno", b"noyes", b"nono")
            else:
                assert json.loads(text)["a"] in (1, 22)


def test_bad_input_is_named(pair: tuple[Any, Any]) -> None:
    model, tokenizer = pair
    with pytest.raises(ModelError, match="no specials to fill in with"):
        complete(model, tokenizer, b"a", suffix=b"b")
    with pytest.raises(UnsupportedError, match="beside a constraint"):
        complete(model, tokenizer, b"a", suffix=b"b", how=Completion(constraint=Regex("a")))
    with pytest.raises(ConstraintError, match="nothing satisfies"):
        list(complete(model, tokenizer, b"a", how=Completion(constraint=Regex(r"[^\s\S]"))))
    with pytest.raises(ModelError, match="this model reads at most 64"):
        list(complete(model, tokenizer, b"word " * 200, how=Completion(bytewise=True)))


def test_the_command_writes_bytes(pair: tuple[Any, Any], tmp_path: Path) -> None:
    model, tokenizer = pair
    model.save_pretrained(tmp_path)
    tokenizer.save_pretrained(tmp_path)
    prompt = tmp_path / "prompt.txt"
    prompt.write_bytes(b"The caf\xc3")  # half a character
    asked = [
        "complete",
        str(tmp_path),
        "--prompt-file",
        str(prompt),
        "--max-bytes",
        "9",
        "--seed",
        "2",
    ]
    runner = CliRunner()
    for more in ([], ["--bytewise"], ["--regex", "[ab]{3}"], ["--bytewise", "--temperature", "0"]):
        done = runner.invoke(app, [*asked, *more])
        assert done.exit_code == 0, done.output
        assert 0 < len(done.stdout_bytes) <= 9
        assert done.stdout_bytes == runner.invoke(app, [*asked, *more]).stdout_bytes
    both = runner.invoke(app, [*asked, "--regex", "a", "--json-schema", str(prompt)])
    assert both.exit_code == 2
    assert "--regex and --json-schema are two constraints" in both.output
