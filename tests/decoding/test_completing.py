"""Texts go on as asked, piece by piece, from models of ours and of transformers."""

from __future__ import annotations

import copy
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
from tokenry.decoding.constrained import (
    Predicate,
    Regex,
    json_schema,
    own_grammar,
    own_schema,
    satisfies,
)
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
    from tokenry.compat.huggingface.constrained import ConstraintProcessor

    model, tokenizer = pair
    schema = {"type": "object", "properties": {"a": {"enum": [1, 22]}, "b": {"type": "boolean"}},
              "required": ["a", "b"], "additionalProperties": False}  # fmt: skip
    prompt = tokenizer(["The", "A b"], return_tensors="pt", padding=True, padding_side="left")
    end = tokenizer.eos_token_id
    schemas = [make(schema, whitespace_flexible=False) for make in (own_schema, json_schema)]
    for constraint in (Regex(r"(yes|no){2}"), *schemas):
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


def test_what_nothing_satisfies_ends(pair: tuple[Any, Any]) -> None:
    """By a schema, by a grammar whose texts have no end, and by letters that no id writes."""
    model, tokenizer = pair
    for constraint in (own_schema(False), own_grammar('start: "a" start')):
        for bytewise in (False, True):
            with pytest.raises(ConstraintError, match="nothing satisfies"):
                list(
                    complete(
                        model, tokenizer, b"a", how=Completion(bytewise, constraint=constraint)
                    )
                )
    endless = Predicate(lambda text: True, lambda text: False)
    with pytest.raises(ConstraintError, match="were still going on"):
        list(complete(model, tokenizer, b"a", how=Completion(constraint=endless, max_bytes=5)))


@pytest.fixture(scope="module")
def filling_folder(pair: tuple[Any, Any], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with specials to fill in, as a folder."""
    model, tokenizer = copy.deepcopy(pair)
    names = ["<fim_prefix>", "<fim_suffix>", "<fim_middle>"]
    tokenizer.add_special_tokens({"additional_special_tokens": names})
    model.resize_token_embeddings(len(tokenizer))
    folder = tmp_path_factory.mktemp("filling")
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_the_command_keeps_schemas_and_fills_in(filling_folder: Path, tmp_path: Path) -> None:
    prompt, suffix, schema = (tmp_path / name for name in ("prompt", "suffix", "schema.json"))
    prompt.write_bytes(b"def f(x")
    suffix.write_bytes(b"return y")
    schema.write_text('{"enum": [1, 22, [true]]}')
    asked = ["complete", str(filling_folder), "--prompt-file", str(prompt), "--seed", "3"]
    runner = CliRunner()
    kept = runner.invoke(app, [*asked, "--json-schema", str(schema), "--max-bytes", "60"])
    assert kept.exit_code == 0, kept.output
    assert json.loads(kept.stdout) in (1, 22, [True])
    for more in ([], ["--temperature", "0"]):
        filled = runner.invoke(
            app, [*asked, "--suffix-file", str(suffix), "--max-bytes", "7", *more]
        )
        assert filled.exit_code == 0, filled.output
        assert len(filled.stdout_bytes) <= 7
    both = runner.invoke(app, [*asked, "--suffix-file", str(suffix), "--regex", "a"])
    assert both.exit_code != 0
    assert "beside a constraint" in both.output


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
