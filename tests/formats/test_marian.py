"""Marian: two SentencePiece models, the ids of both in a vocab.json, and a language at the head."""

from __future__ import annotations

import io
import json
import pickle
import random
from pathlib import Path
from typing import Any

import pytest

import tokenry

pytestmark = pytest.mark.filterwarnings("ignore:Recommended")
SOURCE = "the cat sat on the mat, the hat and the bat. \u00e9t\u00e9 caf\u00e9 12 34\n"
TARGET = "le chat est sur le tapis, le chapeau et la souris. \u00e9t\u00e9 56 7\n"
TEXTS = (
    "", " ", "the cat", "  two  spaces ", "\u4f60\u597d the \u4f60", "<unk> </s>le chat <pad>the",
    ">>fra<< the cat", ">>fra<<the cat", ">>zzz<< the", " >>fra<< the", "the >>fra<< cat",
    ">>fra<<>>fra<< the", ">>fra<< >>deu<< the", ">> the << cat", ">><<", ">><", ">>fra<", "<<>>",
    "</s>>>fra<< the", ">></s>fra<< the", ">>fra<</s> the", ">>\u4f60<<\u2581the", ">>fra<<",
    "the</s> >>fra<<x", ">>fra<<\n", "\u2581the\u2581", "zQ\U0001f469 caf\u00e9", "the\n\ncat",
    "\ufb01ne \uff11\uff12", "\u201cthe\u201d \u00abcat\u00bb \u2026",
)  # fmt: skip


def spm(text: str, model_type: str, **options: Any) -> tuple[bytes, list[str]]:
    sentencepiece = pytest.importorskip("sentencepiece")
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([text] * 50), model_writer=model, vocab_size=48, minloglevel=2,
        model_type=model_type, character_coverage=1.0, hard_vocab_limit=False, **options,
    )  # fmt: skip
    made = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    return model.getvalue(), [made.IdToPiece(id_) for id_ in range(3, len(made))]


def write(folder: Path, model_type: str, *, separate: bool = False, **config: Any) -> None:
    draw = random.Random(7)
    names = {}
    for side, text in (("source", SOURCE), ("target", TARGET)):
        data, pieces = spm(text, model_type)
        (folder / f"{side}.spm").write_bytes(data)
        names[side] = [piece for piece in pieces if draw.random() < 0.9]
    head = ["</s>", "<unk>", ">>fra<<", ">>deu_Latn<<", "\u4f60\u597d", "Q", "<s>"]
    both = [*names["source"], *names["target"]]
    kept = {"vocab.json": names["source"] if separate else both}
    if separate:
        kept["target_vocab.json"] = names["target"]
    for name, each in kept.items():
        ids = {piece: id_ for id_, piece in enumerate(dict.fromkeys([*head, *each]))}
        ids["<pad>"] = 150
        (folder / name).write_text(json.dumps(ids))
    config = {"source_lang": "eng", "target_lang": "fra", "separate_vocabs": separate, **config}
    (folder / "tokenizer_config.json").write_text(json.dumps(config))


def drawn() -> list[str]:
    draw = random.Random(3)
    letters = [*"thecas \u4f60\u597dQz\u00e9,1\n<>", ">>fra<<", ">>", "<<", "</s>", "le "]
    texts = ["".join(draw.choices(letters, k=20)) for _ in range(120)]
    return [*TEXTS, *texts, *(">>fra<<" + text for text in texts[:40])]


def hold(ours: tokenry.Tokenizer, theirs: Any, *, decodes: bool = True) -> None:
    for text in drawn():
        found = theirs.encode(text, add_special_tokens=False)
        assert ours.encode(text, allowed_special="all") == found, text
        plain = theirs.convert_tokens_to_ids(theirs.tokenize(text, split_special_tokens=True))
        assert ours.encode(text) == plain == ours.encode_by_hand(text), text
        assert ours.encode_with_spans(text)[0].tolist() == plain, text
        if decodes:
            assert ours.decode(found) == theirs.decode(found), text
    assert [*map(list, ours.encode_batch(TEXTS))] == [ours.encode(text) for text in TEXTS]
    assert ours.encode(">>fra<< the", add_special_tokens=True) == theirs.encode(">>fra<< the")


@pytest.mark.parametrize("model_type", ["unigram", "bpe"])
def test_one_vocabulary(tmp_path: Path, model_type: str) -> None:
    transformers = pytest.importorskip("transformers")
    write(tmp_path, model_type)
    theirs = transformers.MarianTokenizer.from_pretrained(str(tmp_path))
    ours = tokenry.load(tmp_path)
    hold(ours, theirs)
    draw = random.Random(5)
    known = [id_ for id_, piece in enumerate(ours.vocabulary.pieces) if piece is not None]
    for _ in range(200):
        ids = draw.choices(known, k=6)
        assert ours.decode(ids) == theirs.decode(ids), ids
    target = tokenry.load(tmp_path, pattern="target")
    theirs._switch_to_target_mode()
    hold(target, theirs, decodes=False)


def test_separate_vocabularies(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    write(tmp_path, "unigram", separate=True, tokenizer_class="MarianTokenizer")
    theirs = transformers.MarianTokenizer.from_pretrained(str(tmp_path))
    hold(tokenry.load(tmp_path), theirs, decodes=False)
    theirs._switch_to_target_mode()
    hold(tokenry.load(f"{tmp_path}:target"), theirs)


def test_copies(tmp_path: Path) -> None:
    write(tmp_path, "unigram")
    ours = tokenry.load(tmp_path)
    again = pickle.loads(pickle.dumps(ours))
    assert again.encode(">>fra<< the cat") == ours.encode(">>fra<< the cat")
    ours.save(tmp_path / "kept")
    kept = tokenry.load(tmp_path / "kept")
    assert [*map(kept.encode, TEXTS)] == [*map(ours.encode, TEXTS)]
    assert kept == ours
    with pytest.raises(tokenry.UnsupportedError):
        ours.to_transformers()


def test_malformed(tmp_path: Path) -> None:
    write(tmp_path, "unigram")
    with pytest.raises(tokenry.UnsupportedError, match="one of the sides source, target"):
        tokenry.load(tmp_path, pattern="middle")
    (tmp_path / "target.spm").unlink()
    with pytest.raises(tokenry.FormatError, match=r"needs target\.spm beside it"):
        tokenry.load(tmp_path, pattern="target")
    for ids, message in (({"a": 0}, "has no '<unk>'"), ({"<unk>": -1}, "has the id -1")):
        (tmp_path / "vocab.json").write_text(json.dumps(ids))
        with pytest.raises(tokenry.FormatError, match=message):
            tokenry.load(tmp_path)
