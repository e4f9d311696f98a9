"""Models that are trained here, run and compared by sentencepiece."""

from __future__ import annotations

import io
import random
from pathlib import Path
from typing import Any

import pytest

import tokenry.sentencepiece as spm
from tokenry.errors import LearnError

sentencepiece = pytest.importorskip("sentencepiece")
LINES = [line for line in Path(random.__file__).read_text("utf-8").splitlines() if line.strip()]
LINES = [
    *LINES[:400],
    "\u6771\u4eac\u306e\u30bf\u30ef\u30fc 2024",
    "na\u00efve caf\u00e9 \U0001f642",
] * 2
KINDS: dict[str, dict[str, Any]] = {
    "unigram": {},
    "unigram bytes": {"byte_fallback": True, "character_coverage": 0.98},
    "bpe": {"model_type": "bpe"},
    "bpe digits": {"model_type": "bpe", "split_digits": True, "byte_fallback": True},
    "word": {"model_type": "word"},
    "char": {"model_type": "char"},
    "suffix": {"treat_whitespace_as_suffix": True, "character_coverage": 1.0},
    "symbols": {"user_defined_symbols": ["self.", " ", "\t"], "control_symbols": ["<2ja>"]},
    "ids": {"unk_id": 3, "bos_id": -1, "eos_id": 0, "pad_id": 1, "pad_piece": "<nil>"},
    "plain": {"add_dummy_prefix": False, "remove_extra_whitespaces": False},
}  # fmt: skip


def trained(trainer: Any, **options: Any) -> bytes:
    model = io.BytesIO()
    given = {"vocab_size": 500, "hard_vocab_limit": False, "normalization_rule_name": "identity"}
    trainer.train(
        sentence_iterator=iter(LINES), model_writer=model, minloglevel=5, **{**given, **options}
    )
    return model.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_sentencepiece_runs_the_model_and_its_own_is_as_long(kind: str) -> None:
    data = trained(spm.SentencePieceTrainer, **KINDS[kind])
    theirs = sentencepiece.SentencePieceProcessor(model_proto=data)
    ours = spm.SentencePieceProcessor(model_proto=data)
    rival = sentencepiece.SentencePieceProcessor(
        model_proto=trained(sentencepiece.SentencePieceTrainer, **KINDS[kind])
    )
    assert len(theirs) == len(rival)
    meta = [rival.id_to_piece(id_) for id_ in range(len(rival)) if rival.get_score(id_) == 0]
    assert all(
        theirs.id_to_piece(rival.piece_to_id(each)) == each for each in meta if each != "\u2581"
    )
    ids = [theirs.encode(line) for line in LINES]
    assert [ours.encode(line) for line in LINES] == ids
    assert sum(map(len, ids)) <= 1.05 * sum(len(rival.encode(line)) for line in LINES)


def test_files_are_written_and_the_same_every_time(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text("\n".join(LINES), encoding="utf-8")
    given = {"vocab_size": 300, "normalization_rule_name": "identity"}
    spm.SentencePieceTrainer.train(input=text, model_prefix=tmp_path / "m", **given)
    flags = f"--input={text} --vocab_size=300 --normalization_rule_name=identity"
    spm.SentencePieceTrainer.Train(f"{flags} --model_prefix={tmp_path / 'n'}")
    assert (tmp_path / "m.model").read_bytes() == (tmp_path / "n.model").read_bytes()
    rows = (tmp_path / "m.vocab").read_text("utf-8").split("\n")
    model = sentencepiece.SentencePieceProcessor(model_file=str(tmp_path / "m.model"))
    assert [row.split("\t")[0] for row in rows[:-1]] == [model.id_to_piece(at) for at in range(300)]


def test_rules_go_into_the_model(tmp_path: Path) -> None:
    rules = tmp_path / "rules.tsv"
    rules.write_text("41\t61\n")
    back = tmp_path / "back.tsv"
    back.write_text("61\t41\n")
    data = trained(
        spm.SentencePieceTrainer,
        normalization_rule_tsv=str(rules),
        denormalization_rule_tsv=str(back),
    )
    model = sentencepiece.SentencePieceProcessor(model_proto=data)
    assert model.normalize("AB") == "\u2581aB"
    ours = spm.SentencePieceProcessor(model_proto=data)
    assert ours.decode(ours.encode("AB")) == model.decode(model.encode("AB")) == "AB"


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"vocab_size": 20}, "room"),
        ({"vocab_size": 90_000, "hard_vocab_limit": True}, "too high"),
        ({"bos_id": 0}, "bos_id 0"),
        ({"eos_id": 500}, "eos_id 500"),
    ],
)
def test_what_cannot_be_trained_is_said(options: dict[str, Any], named: str) -> None:
    with pytest.raises(LearnError, match=named):
        trained(spm.SentencePieceTrainer, **options)


def test_a_model_goes_somewhere() -> None:
    with pytest.raises(LearnError, match="model_prefix or model_writer"):
        spm.SentencePieceTrainer.train(sentence_iterator=LINES)
