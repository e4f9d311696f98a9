"""What cannot be transplanted: a named reason, and nothing left behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import torch
import transformers
from transfer_models import COMMON, opened, save_model

from tokenry.errors import FormatError, ModelError, TokenryError, UnsupportedError
from tokenry.learning import learn
from tokenry.tokenizer import Tokenizer
from tokenry.transfer import Donor, initialiser, transplant
from tokenry.transfer.transplant import open_donor


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, old: Tokenizer) -> Path:
    return save_model(tmp_path_factory.mktemp("source") / "model", old, "llama, untied")


@pytest.fixture
def source(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "model"))


def change_config(folder: Path, **values: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_bytes()), **values}))


def drop_tensor(folder: Path, name: str) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    del tensors[name]
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def older_weights(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def cut_off(folder: Path) -> None:
    data = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(data[: len(data) // 2])


def lose_a_shard(folder: Path) -> None:
    index = {"weight_map": {"model.embed_tokens.weight": "model-00002-of-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def index_of_more(folder: Path) -> None:
    index = {"weight_map": {"no.such.weight": "model.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def infinite_rows(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    tensors["model.embed_tokens.weight"][:] = float("inf")
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


class Case(NamedTuple):
    change: Callable[[Path], Any]
    error: type[TokenryError]
    message: str


CASES = {
    "no model": Case(lambda f: (f / "config.json").unlink(), ModelError, "no config.json"),
    "broken config": Case(
        lambda f: (f / "config.json").write_text("{"), FormatError, "is not JSON"
    ),
    "config of another kind": Case(
        lambda f: (f / "config.json").write_text("[]"), FormatError, "expected an object"
    ),
    "unknown architecture": Case(
        lambda f: change_config(f, model_type="frobnicator", architectures=["FrobForCausalLM"]),
        UnsupportedError,
        "'frobnicator', which transformers .* does not have",
    ),
    "no head": Case(
        lambda f: change_config(f, architectures=["LlamaModel"]), ModelError, "has no lm_head"
    ),
    "lm_head missing in the files": Case(
        lambda f: drop_tensor(f, "lm_head.weight"), ModelError, "lacks the rows of its lm_head"
    ),
    "input rows missing in the files": Case(
        lambda f: drop_tensor(f, "model.embed_tokens.weight"), ModelError, "lacks the input rows"
    ),
    "quantised": Case(
        lambda f: change_config(f, quantization_config={"quant_method": "gptq"}),
        UnsupportedError,
        r"quantised \(gptq\)",
    ),
    "older weights": Case(older_weights, UnsupportedError, "has its weights as pytorch_model.bin"),
    "no weights": Case(
        lambda f: (f / "model.safetensors").unlink(), ModelError, "holds no weights"
    ),
    "weights cut off": Case(cut_off, FormatError, "is cut off"),
    "a shard is gone": Case(lose_a_shard, ModelError, "lacks the shard"),
    "an index of more": Case(index_of_more, FormatError, "names 'no.such.weight'"),
    "no tokenizer": Case(
        lambda f: (f / "tokenizer.json").unlink(), FormatError, "holds no tokenizer"
    ),
    "rows that are not finite": Case(infinite_rows, ModelError, "not finite"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_models(name: str, source: Path, new: Tokenizer, tmp_path: Path) -> None:
    case = CASES[name]
    case.change(source)
    with pytest.raises(case.error, match=case.message):
        transplant(source, new, tmp_path / "out")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["model"]


def test_a_tokenizer_that_is_not_the_models(source: Path, new: Tokenizer, tmp_path: Path) -> None:
    other = learn(["abc"], vocab_size=258, special_tokens=["<|endoftext|>"])
    with pytest.raises(ModelError, match="not the tokenizer that it was trained with"):
        transplant(source, new, tmp_path / "out", old_tokenizer=other)


def test_a_tokenizer_without_an_end(source: Path, prose_text: str, tmp_path: Path) -> None:
    bare = learn([prose_text], vocab_size=400, special_tokens=["<|stop|>"])
    with pytest.raises(ModelError, match=r"no end-of-text id.*<\|stop\|>"):
        transplant(source, bare, tmp_path / "out")
    with pytest.raises(ModelError, match="no special of the new tokenizer"):
        transplant(source, bare, tmp_path / "out", specials={"eos": "</s>"})
    made = transplant(source, bare, tmp_path / "out", specials={"eos": "<|stop|>"})
    tokenizer = transformers.AutoTokenizer.from_pretrained(made.folder)
    end = bare.token_to_id("<|stop|>")
    assert opened(made.folder).config.eos_token_id == tokenizer.eos_token_id == end


def test_a_donor_of_another_width(source: Path, new: Tokenizer, tmp_path: Path) -> None:
    draw = torch.Generator().manual_seed(0)
    wide = torch.randn(len(new), 40, generator=draw).numpy()
    for name in ("omp", "neighbours", "least-squares", "landmark-pca"):
        donor = Donor(new, lambda role: wide)
        made = transplant(source, new, tmp_path / name, init=initialiser(name), donor=donor)
        assert opened(made.folder).lm_head.weight.shape == (len(new), 16)


def test_a_donor_folder(source: Path, new: Tokenizer, tmp_path: Path) -> None:
    folder = save_model(tmp_path / "donor", new, "gpt2")
    made = transplant(source, new, tmp_path / "out", init=initialiser("omp"), donor=folder)
    assert made.report.rows["output"]["omp"] > 0
    space = open_donor(folder).space(new, "input")
    assert space.known.all()


def test_an_encoder_with_a_decoder(old: Tokenizer, new: Tokenizer, tmp_path: Path) -> None:
    sizes = {"d_model": 16, "d_kv": 8, "d_ff": 16, "num_layers": 1, "num_heads": 2}
    config = transformers.T5Config(vocab_size=len(old), **sizes)
    transformers.T5ForConditionalGeneration(config).save_pretrained(tmp_path / "model")
    old.save(tmp_path / "model")
    with pytest.raises(UnsupportedError, match="an encoder with a decoder"):
        transplant(tmp_path / "model", new, tmp_path / "out")


def test_more_ids_that_are_read_than_predicted(
    old: Tokenizer, new: Tokenizer, tmp_path: Path
) -> None:
    """Mllama has eight rows for pictures behind those of the vocabulary."""
    more = {"cross_attention_layers": [1], "num_key_value_heads": 1, "pad_token_id": 0}
    config = transformers.MllamaConfig(text_config={**COMMON, **more, "vocab_size": len(old)})
    transformers.MllamaForCausalLM(config.text_config).save_pretrained(tmp_path / "model")
    old.save(tmp_path / "model")
    with pytest.raises(UnsupportedError, match=r"reads \d+ ids and predicts \d+"):
        transplant(tmp_path / "model", new, tmp_path / "out")


def test_a_third_table(old: Tokenizer, new: Tokenizer, tmp_path: Path) -> None:
    more = {"num_key_value_heads": 1, "head_dim": 8, "layer_types": ["full_attention"] * 2}
    per_layer = {"vocab_size_per_layer_input": len(old), "hidden_size_per_layer_input": 4}
    config = transformers.Gemma3nTextConfig(
        vocab_size=len(old), **{**COMMON, **more}, **per_layer, num_kv_shared_layers=0,
        activation_sparsity_pattern=[0.0] * 2, laurel_rank=2,
    )  # fmt: skip
    transformers.Gemma3nForCausalLM(config).save_pretrained(tmp_path / "model")
    old.save(tmp_path / "model")
    with pytest.raises(UnsupportedError, match="a third table"):
        transplant(tmp_path / "model", new, tmp_path / "out")


def test_a_folder_that_is_there(source: Path, new: Tokenizer, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(FileExistsError, match="exists already"):
        transplant(source, new, tmp_path / "out")


def test_a_full_disk(
    source: Path, new: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    with pytest.raises(ModelError, match=r"needs .* MB and .* free"):
        transplant(source, new, tmp_path / "a" / "out")
    assert not (tmp_path / "a").exists()


def test_a_disk_that_fills_meanwhile(
    source: Path, new: Tokenizer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tokenry.transfer.applying.write_file", full)
    with pytest.raises(OSError, match="No space left"):
        transplant(source, new, tmp_path / "out")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["model"]


def test_a_killed_run_leaves_no_model(source: Path, new: Tokenizer, tmp_path: Path) -> None:
    new.save(tmp_path / "tokenizer")
    code = (
        "import sys, time\n"
        "import tokenry.transfer.applying as applying\n"
        "from tokenry.tokenizer import load\n"
        "from tokenry.transfer import transplant\n"
        "write = applying.write_file\n"
        "def slowly(*given):\n"
        "    write(*given)\n"
        "    print('written', flush=True)\n"
        "    time.sleep(60)\n"
        "applying.write_file = slowly\n"
        "transplant(sys.argv[1], load(sys.argv[2]), sys.argv[3])\n"
    )
    arguments = [str(source), str(tmp_path / "tokenizer"), str(tmp_path / "out")]
    process = subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, env=os.environ
    )
    assert process.stdout is not None
    with process.stdout:
        assert process.stdout.readline() == b"written\n"
        process.send_signal(signal.SIGKILL)
    assert process.wait() != 0
    time.sleep(0)
    assert not (tmp_path / "out").exists()
    transplant(source, new, tmp_path / "out")  # what was left does not stand in the way
    opened(tmp_path / "out")
