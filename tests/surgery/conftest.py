"""Tokenizers of each kind that surgery knows, learnt on text that every machine has."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import tokenry
from small_tokenizers import learned_ranks, rank_file
from tokenry.learning import learn
from tokenry.tokenizer import Tokenizer, load

SPECIALS = ("<|end|>", "<|pad|>")
KINDS = ("bpe", "superbpe", "ranks", "characters", "unigram", "wordpiece", "continuation")


@pytest.fixture(scope="session")
def make(
    prose_text: str, code_text: str, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Tokenizer]:
    """A tokenizer by its kind; each is made once."""
    made: dict[str, Tokenizer] = {}
    folder = tmp_path_factory.mktemp("kinds")

    def build(kind: str) -> Tokenizer:
        if kind in ("bpe", "superbpe"):
            texts = [prose_text, code_text[:100_000]]
            return learn(texts, kind=kind, vocab_size=1500, special_tokens=SPECIALS)
        if kind == "continuation":
            texts = [prose_text, code_text[:100_000]]
            return learn(texts, kind="wordpiece", vocab_size=1500, special_tokens=SPECIALS)
        if kind == "ranks":
            path = folder / "ranks.tiktoken"
            path.write_bytes(rank_file(learned_ranks(1500)))
            return load(path, pattern="gpt2", special_tokens={"<|end|>": 1500})
        if kind == "wordpiece":
            return _wordpiece(prose_text, folder)
        return _sentencepiece(kind, prose_text, folder)

    def cached(kind: str) -> Tokenizer:
        if kind not in made:
            made[kind] = build(kind)
        return made[kind]

    return cached


@pytest.fixture(params=KINDS)
def tokenizer(request: pytest.FixtureRequest, make: Callable[[str], Tokenizer]) -> Tokenizer:
    """A tokenizer of each kind."""
    return make(request.param)


def _sentencepiece(kind: str, text: str, folder: Path) -> Tokenizer:
    import sentencepiece

    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(text.splitlines()),
        model_writer=model,
        model_type={"characters": "bpe", "unigram": "unigram"}[kind],
        vocab_size=1500,
        byte_fallback=True,
        minloglevel=2,
    )
    path = folder / f"{kind}.model"
    path.write_bytes(model.getvalue())
    return tokenry.load(path)


def _wordpiece(text: str, folder: Path) -> Tokenizer:
    import tokenizers
    from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

    made = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))
    made.normalizer = normalizers.BertNormalizer()
    made.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    made.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(
        vocab_size=1500, special_tokens=["[UNK]", "[CLS]", "[SEP]"], show_progress=False
    )
    made.train_from_iterator(text.splitlines(), trainer)
    path = folder / "wordpiece.json"
    path.write_text(json.dumps(json.loads(made.to_str())))
    return tokenry.load(path)
