"""Word models and denormalizers, held to sentencepiece."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
import sentencepiece

from running import running
from shares import draw, share
from tokenry.formats import sentencepiece as reader

pytest.importorskip("google.protobuf")
from sentencepiece import sentencepiece_model_pb2

load = running(reader.load)
LINES = ["the cat sat on the mat", "a cat and a bat", "the bat sat there", "x y z the end"] * 20
TEXTS = [
    "the cat",
    "no such words the cat nor these",
    "",
    "  the   bat ",
    "a\u2581cat",
    "caf\u00e9",
]


def trained(**options: Any) -> tuple[sentencepiece.SentencePieceProcessor, bytes]:
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES), model_writer=out, minloglevel=2, **options
    )
    return sentencepiece.SentencePieceProcessor(model_proto=out.getvalue()), out.getvalue()


def test_words() -> None:
    theirs, data = trained(model_type="word", vocab_size=12)
    ours = load(data)
    for text in TEXTS:
        ids = theirs.encode(text)
        assert ours.encode(text) == ids == ours.encode_by_hand(text)
        assert ours.decode(ids) == theirs.decode(ids)


@pytest.mark.parametrize(
    "more", [{}, {"add_dummy_prefix": False, "remove_extra_whitespaces": False}]
)
def test_words_with_spaces_behind(more: dict[str, Any]) -> None:
    """Trained so, sentencepiece still cuts words before their space."""
    theirs, data = trained(
        model_type="word", vocab_size=12, treat_whitespace_as_suffix=True, **more
    )
    ours = load(data)
    for text in TEXTS:
        ids = theirs.encode(text)
        assert ours.encode(text) == ids == ours.encode_by_hand(text)
        assert ours.decode(ids) == theirs.decode(ids)


@pytest.mark.parametrize("options", [{}, {"byte_fallback": True}, {"user_defined_symbols": ["at"]}])
def test_unused_pieces_of_merges_fall_apart(options: dict[str, Any]) -> None:
    size = 300 if "byte_fallback" in options else 45
    _, data = trained(model_type="bpe", vocab_size=size, hard_vocab_limit=False, **options)
    rng = draw(f"unused {options}")
    for _ in range(share(40)):
        model = sentencepiece_model_pb2.ModelProto.FromString(data)
        normal = [piece for piece in model.pieces if piece.type == 1]
        for piece in rng.sample(normal, rng.randint(1, 8)):
            piece.type = 5
        changed = model.SerializeToString()
        theirs = sentencepiece.SentencePieceProcessor(model_proto=changed)
        ours = load(changed)
        for text in (*TEXTS, *LINES[:4], "".join(rng.choices("the cats ", k=30))):
            ids = theirs.encode(text)
            assert ours.encode(text) == ids, (text, [p.piece for p in model.pieces if p.type == 5])
            assert ours.decode(ids) == theirs.decode(ids)


@pytest.mark.parametrize("kind", ["bpe", "unigram"])
@pytest.mark.parametrize("fallback", [True, False])
@pytest.mark.parametrize("dummy", [True, False])
def test_no_piece_for_the_space(kind: str, fallback: bool, dummy: bool) -> None:
    _, data = trained(
        model_type=kind, vocab_size=300 if fallback else 45, hard_vocab_limit=False,
        byte_fallback=fallback, add_dummy_prefix=dummy,
    )  # fmt: skip
    for gone in ("\u2581$", "\u2581"):
        model = sentencepiece_model_pb2.ModelProto.FromString(data)
        kept = [piece for piece in model.pieces if not re.match(gone, piece.piece)]
        del model.pieces[:]
        model.pieces.extend(kept)
        changed = model.SerializeToString()
        theirs = sentencepiece.SentencePieceProcessor(model_proto=changed)
        ours = load(changed)
        for text in (*TEXTS, *LINES[:4], "q  q", " \u2581"):
            ids = theirs.encode(text)
            assert ours.encode(text) == ids == ours.encode_by_hand(text), text
            assert ours.decode(ids) == theirs.decode(ids)


def test_rules_for_decoded_text(tmp_path: Any) -> None:
    rules = tmp_path / "rules.tsv"
    rules.write_text("63 61 74\t64 6f 67\n", encoding="ascii")  # cat -> dog
    theirs, data = trained(
        vocab_size=40, hard_vocab_limit=False, denormalization_rule_tsv=str(rules)
    )
    ours = load(data)
    for text in TEXTS:
        ids = theirs.encode(text)
        assert ours.encode(text) == ids
        assert ours.decode(ids) == theirs.decode(ids)
    assert ours.decode(ours.encode("the cat")) == "the dog"
