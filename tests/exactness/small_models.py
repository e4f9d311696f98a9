"""Small tokenizers of every kind, made by the libraries that they are compared with."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import sentencepiece
import tokenizers
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

from peers import PATTERNS


def byte_level(pre_tokenizer: pre_tokenizers.PreTokenizer, text: str) -> tokenizers.Tokenizer:
    """A byte-level BPE of 3,000 pieces."""
    model = tokenizers.Tokenizer(models.BPE())
    model.pre_tokenizer = pre_tokenizer
    model.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=3000, initial_alphabet=alphabet, show_progress=False)
    model.train_from_iterator(text.splitlines(keepends=True), trainer)
    return model


def split_level(pattern: str) -> pre_tokenizers.PreTokenizer:
    """Split by a pattern, then the byte-level alphabet."""
    split = pre_tokenizers.Split(tokenizers.Regex(pattern), "isolated")
    return pre_tokenizers.Sequence(
        [split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    )


def word_piece(text: str) -> tokenizers.Tokenizer:
    """A WordPiece with BERT's normaliser and pre-tokenizer."""
    model = tokenizers.Tokenizer(models.WordPiece(unk_token="[UNK]"))
    model.normalizer = normalizers.BertNormalizer()
    model.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    model.decoder = decoders.WordPiece()
    specials = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    trainer = trainers.WordPieceTrainer(
        vocab_size=3000, special_tokens=specials, show_progress=False
    )
    model.train_from_iterator(text.splitlines(), trainer)
    return model


def metaspace(text: str) -> tokenizers.Tokenizer:
    """A BPE over characters with Metaspace and fallback bytes, as Llama's and Mistral's files."""
    model = tokenizers.Tokenizer(models.BPE(byte_fallback=True, unk_token="<unk>", fuse_unk=True))
    model.pre_tokenizer = pre_tokenizers.Metaspace()
    model.decoder = decoders.Sequence(
        [decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse(),
         decoders.Strip(" ", 1, 0)]
    )  # fmt: skip
    specials = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    trainer = trainers.BpeTrainer(vocab_size=3000, special_tokens=specials, show_progress=False)
    model.train_from_iterator(text.splitlines(), trainer)
    # The trainer has no other way to give the fallback bytes ids; files do not mark them special.
    file = json.loads(model.to_str())
    file["added_tokens"] = [t for t in file["added_tokens"] if not t["content"].startswith("<0x")]
    return tokenizers.Tokenizer.from_str(json.dumps(file))


def unigram(text: str) -> tokenizers.Tokenizer:
    """A Unigram with NFKC and Metaspace."""
    model = tokenizers.Tokenizer(models.Unigram())
    model.normalizer = normalizers.NFKC()
    model.pre_tokenizer = pre_tokenizers.Metaspace()
    model.decoder = decoders.Metaspace()
    trainer = trainers.UnigramTrainer(
        vocab_size=2000, special_tokens=["<unk>"], unk_token="<unk>", show_progress=False
    )
    model.train_from_iterator(text.splitlines()[:4000], trainer)
    return model


def _pattern(name: str) -> pre_tokenizers.PreTokenizer:
    return split_level(PATTERNS[name])


HUGGING_FACE: dict[str, Callable[[str], tokenizers.Tokenizer]] = {
    "byte-level": lambda text: byte_level(pre_tokenizers.ByteLevel(add_prefix_space=False), text),
    "byte-level-prefix": lambda text: byte_level(pre_tokenizers.ByteLevel(), text),
    "cl100k": lambda text: byte_level(_pattern("cl100k"), text),
    "o200k": lambda text: byte_level(_pattern("o200k"), text),
    "qwen2": lambda text: byte_level(_pattern("qwen2"), text),
    "unknown-pattern": lambda text: byte_level(split_level(r"\p{Lu}+|\d\d?|\S+|\s+"), text),
    "digits": lambda text: byte_level(
        pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.Punctuation(),
             pre_tokenizers.ByteLevel(add_prefix_space=False)]
        ), text),
    "metaspace": metaspace,
    "wordpiece": word_piece,
    "unigram": unigram,
}  # fmt: skip

SENTENCEPIECE: dict[str, dict[str, object]] = {
    "unigram": {"model_type": "unigram", "byte_fallback": True},
    "unigram-unknown": {"model_type": "unigram", "character_coverage": 0.995},
    "bpe": {"model_type": "bpe", "byte_fallback": True},
    "bpe-identity": {
        "model_type": "bpe",
        "byte_fallback": True,
        "normalization_rule_name": "identity",
        "remove_extra_whitespaces": False,
        "user_defined_symbols": ["<sep>", "\u4f60\u597d"],
    },
    "bpe-no-prefix": {"model_type": "bpe", "add_dummy_prefix": False, "split_digits": True},
    "unigram-suffix": {"model_type": "unigram", "treat_whitespace_as_suffix": True},
}


def train_sentencepiece(name: str, lines: Iterable[str], folder: Path) -> Path:
    """The .model of SENTENCEPIECE that is called ``name``."""
    prefix = folder / name
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_prefix=str(prefix), vocab_size=2500, minloglevel=2,
        hard_vocab_limit=False, **SENTENCEPIECE[name],
    )  # fmt: skip
    return prefix.with_suffix(".model")
