"""`.model` files that we write, run by sentencepiece."""

from __future__ import annotations

import io
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from test_sentencepiece import MODELS, train

import tokenry
from fuzz_text import fuzz_strings
from shares import part, share
from tokenry.errors import UnsupportedError
from tokenry.formats import sentencepiece as model_files
from tokenry.text.parts import Template
from tokenry.text.segmenters.unigram import UnigramSegmenter
from tokenry.tokenizer import Tokenizer

sentencepiece = pytest.importorskip("sentencepiece")


def assert_same(tokenizer: Tokenizer, original: bytes, path: Path, samples: list[str]) -> None:
    written = tokenizer.save_sentencepiece(path)
    oracle, ours = (
        sentencepiece.SentencePieceProcessor(model_proto=data)
        for data in (original, written.read_bytes())
    )
    expected = oracle.encode(samples)
    assert ours.encode(samples) == expected
    assert ours.decode(expected) == oracle.decode(expected)
    assert [ours.unk_id(), ours.bos_id(), ours.eos_id()] == [
        oracle.unk_id(), oracle.bos_id(), oracle.eos_id()
    ]  # fmt: skip
    assert tokenry.load(written).encode_batch(samples).to_lists() == expected


@pytest.mark.parametrize("name", MODELS)
def test_sentencepiece_runs_what_we_write(name: str, rng: random.Random, tmp_path: Path) -> None:
    data = train(name)
    tokenizer = Tokenizer.of(model_files.load(data))
    samples = [text.encode("utf-8", "replace").decode() for text in fuzz_strings(rng, share(200))]
    assert_same(tokenizer, data, tmp_path / "a.model", samples)


def test_roles_of_other_names(rng: random.Random, tmp_path: Path) -> None:
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(["a cat sat on a mat"] * 20), model_writer=out, vocab_size=20,
        hard_vocab_limit=False, minloglevel=2, pad_id=3, bos_piece="[BOS]", eos_piece="[EOS]",
        unk_piece="[UNK]", pad_piece="[PAD]",
    )  # fmt: skip
    tokenizer = Tokenizer.of(model_files.load(out.getvalue()))
    assert_same(tokenizer, out.getvalue(), tmp_path / "a.model", ["a cat", "", "q"])
    ours = sentencepiece.SentencePieceProcessor(model_file=str(tmp_path / "a.model"))
    assert [ours.id_to_piece(id_) for id_ in range(4)] == ["[UNK]", "[BOS]", "[EOS]", "[PAD]"]
    assert ours.pad_id() == 3


def test_shared_models(
    shared_data: Path, tokenizer_files: Path, rng: random.Random, tmp_path: Path
) -> None:
    paths = sorted([*tokenizer_files.glob("comp*.model"), *shared_data.glob("census/*/*.model")])
    samples = [text.encode("utf-8", "replace").decode() for text in fuzz_strings(rng, 40)]
    for path in part(paths):
        data = path.read_bytes()
        try:
            tokenizer = Tokenizer.of(model_files.load(data))
            sentencepiece.SentencePieceProcessor(model_proto=data)
        except (UnsupportedError, RuntimeError):
            continue
        assert_same(tokenizer, data, tmp_path / "a.model", samples)


def test_what_a_model_cannot_say_is_named(tmp_path: Path) -> None:
    pipeline = model_files.load(train("unigram"))
    segmenter = pipeline.segmenter
    assert isinstance(segmenter, UnigramSegmenter)
    doubtful = {
        "normalizer": replace(pipeline, normalizer=None),
        "template": replace(pipeline, template=Template((1,), ())),
        "decoder": replace(pipeline, decoder=None),
        "sums of transformers": replace(
            pipeline, segmenter=replace(segmenter, arithmetic="transformers")
        ),
        "segmenter": replace(
            pipeline, segmenter=replace(segmenter, scores=segmenter.scores + np.pi)
        ),
    }
    for what, changed in doubtful.items():
        with pytest.raises(UnsupportedError, match=what):
            Tokenizer.of(changed).save_sentencepiece(tmp_path / "b.model")
    assert not list(tmp_path.iterdir())
    learnt = tokenry.learn(["ab ab abc"] * 20, kind="bpe", vocab_size=258)
    with pytest.raises(UnsupportedError, match="unknown id"):
        learnt.save_sentencepiece(tmp_path / "c.model")
