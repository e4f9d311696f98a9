"""M2M-100 and Speech2Text: a SentencePiece model whose ids are in a vocab.json."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any

import pytest

import tokenry

TEXT = "the cat sat on the mat, the hat and the bat. \u00e9t\u00e9 caf\u00e9 na\u00efve 12 34\n"
TEXTS = (
    "", " ", "the cat", "  two  spaces ", "\u4f60\u597d the \u4f60", "<unk> </s>__en__ <pad>the",
    "\u2581the\u2581", "zQ\U0001f469 caf\u00e9", "the\n\ncat",
)  # fmt: skip


def write(folder: Path, kind: str, model_type: str, **config: Any) -> dict[str, str]:
    sentencepiece = pytest.importorskip("sentencepiece")
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([TEXT] * 50), model_writer=model, vocab_size=48,
        model_type=model_type, character_coverage=1.0, minloglevel=2, hard_vocab_limit=False,
    )  # fmt: skip
    (folder / "sentencepiece.bpe.model").write_bytes(model.getvalue())
    made = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    draw = random.Random(7)
    pieces = [made.IdToPiece(id_) for id_ in range(3, len(made)) if draw.random() < 0.9]
    names = ["<s>", "<pad>", "</s>", "<unk>", *pieces, "\u4f60\u597d", "Q"]
    (folder / "vocab.json").write_text(json.dumps({name: i for i, name in enumerate(names)}))
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": kind, **config}))
    model_file = str(folder / "sentencepiece.bpe.model")
    return {"vocab_file": str(folder / "vocab.json"), "spm_file": model_file}


def hold(ours: tokenry.Tokenizer, theirs: Any) -> None:
    draw = random.Random(3)
    more = ["".join(draw.choices("thecas \u4f60\u597dQz\u00e9,1\n", k=30)) for _ in range(80)]
    for text in (*TEXTS, *more):
        found = theirs.encode(text, add_special_tokens=False)
        assert ours.encode(text, allowed_special="all") == found, text
        plain = theirs.convert_tokens_to_ids(theirs.tokenize(text, split_special_tokens=True))
        assert ours.encode(text) == plain == ours.encode_by_hand(text), text
        assert ours.decode(found) == theirs.decode(found), text
    assert ours.encode("the cat", add_special_tokens=True) == theirs.encode("the cat")


@pytest.mark.parametrize("model_type", ["unigram", "bpe"])
def test_m2m100(tmp_path: Path, model_type: str) -> None:
    transformers = pytest.importorskip("transformers")
    files = write(tmp_path, "M2M100Tokenizer", model_type)
    theirs = transformers.M2M100Tokenizer(**files)
    codes = [theirs.get_lang_token(code) for code in theirs.lang_code_to_id]
    write(tmp_path, "M2M100Tokenizer", model_type, additional_special_tokens=codes)
    hold(tokenry.load(tmp_path), transformers.M2M100Tokenizer.from_pretrained(str(tmp_path)))


def test_languages_that_no_file_names(tmp_path: Path) -> None:
    write(tmp_path, "M2M100Tokenizer", "unigram")
    with pytest.raises(tokenry.UnsupportedError, match="additional_special_tokens"):
        tokenry.load(tmp_path)


def test_speech2text(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    files = write(tmp_path, "Speech2TextTokenizer", "unigram", do_upper_case=True)
    hold(tokenry.load(tmp_path), transformers.Speech2TextTokenizer(**files, do_upper_case=True))


def test_other_classes_are_refused(tmp_path: Path) -> None:
    write(tmp_path, "MarianTokenizer", "unigram")
    with pytest.raises(tokenry.UnsupportedError, match="which program reads both"):
        tokenry.load(tmp_path)
