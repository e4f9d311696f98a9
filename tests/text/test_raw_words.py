"""Texts encoded word by word against the steps that they stand for."""

from __future__ import annotations

import io
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sentencepiece
import tokenizers
from tokenizers import decoders, models, normalizers, pre_tokenizers, trainers

from fuzz_text import fuzz_bytes, fuzz_strings
from running import running
from shares import share
from tokenry import _native
from tokenry.formats import sentencepiece as model_files
from tokenry.formats.sentencepiece_proto import read_model
from tokenry.formats.tokenizer_json import reading
from tokenry.text.engines import Engines
from tokenry.text.normalizers.replacing import FROM_METASPACE, Prepend
from tokenry.text.normalizers.sequence import NormalizerSequence
from tokenry.text.preprocessing import Preprocessor
from tokenry.text.routes import StepRoute
from tokenry.tokenizer import Tokenizer

load, load_model = running(reading.load), running(model_files.load)

MARK = "\u2581"
# Signs that join what stands beside them, and what rules make of some of them.
CLUSTERS = "\u0300\u0301\u0340\u0341\u0344\u0308\u3099\u200d\u0600\u06dd\r\n\t\x0b"
PROSE = [
    "the quick brown fox  jumps over the lazy dog",
    "def main(arguments):",
    "    return sum(range(10)) if arguments else None",
    "\u7684\u4e00\u662f\u4e0d\u7684\u4e00 \u662f\u4e0d \u4e86\u4eba\u6211\u5728",
    "na\u00efve stra\u00dfe \u043f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440",
] * 8


def _llama_file(normalizer: normalizers.Normalizer | None) -> dict[str, Any]:
    """Characters with fallback bytes, spaces as marks, no pre-tokenizer: Llama's file."""
    model = tokenizers.Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    model.pre_tokenizer = pre_tokenizers.Metaspace(split=False)
    fallback = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=600, special_tokens=["<unk>", *fallback], show_progress=False
    )
    words = [f"{MARK}{word}" for line in PROSE for word in line.split()]
    model.train_from_iterator([*words, *[MARK * n for n in (2, 4, 8)] * 9], trainer)
    model.pre_tokenizer = None
    model.normalizer = normalizer
    model.decoder = decoders.ByteFallback()
    # Files do not mark fallback bytes as special; the trainer knows no other way to give them ids.
    file: dict[str, Any] = json.loads(model.to_str())
    file["added_tokens"] = file["added_tokens"][:1]
    return file


def _marked(*steps: normalizers.Normalizer) -> Tokenizer:
    file = _llama_file(normalizers.Sequence([*steps, normalizers.Replace(" ", MARK)]))
    return load(json.dumps(file).encode())


def _metaspace(scheme: str, *steps: normalizers.Normalizer) -> Tokenizer:
    file = _llama_file(normalizers.Sequence(list(steps)) if steps else None)
    file["pre_tokenizer"] = {
        "type": "Metaspace", "replacement": MARK, "prepend_scheme": scheme, "split": True,
    }  # fmt: skip
    return load(json.dumps(file).encode())


def _sentencepiece(**options: object) -> Tokenizer:
    model = io.BytesIO()
    settings = {"vocab_size": 900, "character_coverage": 0.98, "hard_vocab_limit": False}
    settings["model_type"] = "bpe"
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([*PROSE, *fuzz_strings(random.Random(5), 200)]),
        model_writer=model, minloglevel=5, num_threads=1,
        **{**settings, **options},
    )  # fmt: skip
    return load_model(model.getvalue())


def _charsmap(**options: object) -> normalizers.Normalizer:
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(PROSE), model_writer=model, model_type="char", vocab_size=60,
        hard_vocab_limit=False, minloglevel=5, **options,
    )  # fmt: skip
    blob = read_model(model.getvalue()).normalizer_spec.precompiled_charsmap
    return normalizers.Precompiled(blob)


def _marked_words(*steps: normalizers.Normalizer) -> Tokenizer:
    """Pegasus's pipeline: Unigram over words between white space."""
    return load(_unigram_of_words(pre_tokenizers.WhitespaceSplit(), *steps).to_str().encode())


def _squeezed_words(*steps: normalizers.Normalizer) -> Tokenizer:
    """mT5's and Marian's pipelines: several spaces are one, and words begin with one."""
    return load(_unigram_of_words(None, *steps).to_str().encode())


def _unigram_of_words(
    cut: pre_tokenizers.PreTokenizer | None, *steps: normalizers.Normalizer
) -> tokenizers.Tokenizer:
    pieces = {f"{MARK}{word}"[:n] for line in PROSE for word in line.split() for n in (1, 2, 4, 9)}
    pieces |= {word[n:] for line in PROSE for word in line.split() for n in range(len(word))}
    pieces = {*pieces, *CLUSTERS, MARK} - {""}
    scores = [("<unk>", 0.0), *((piece, -5.0 - len(piece) % 3) for piece in sorted(pieces))]
    model = tokenizers.Tokenizer(models.Unigram(scores, unk_id=0, byte_fallback=False))
    marks = pre_tokenizers.Metaspace()
    model.pre_tokenizer = pre_tokenizers.Sequence([cut, marks]) if cut else marks
    if steps:
        model.normalizer = normalizers.Sequence(list(steps))
    return model


def _unigram_behind_steps() -> Tokenizer:
    """A SentencePiece model whose normalizer is said in the steps of a tokenizer.json."""
    model = _sentencepiece(**UNIGRAM, **KEPT, normalization_rule_name="identity")
    steps = NormalizerSequence((Prepend(" "), FROM_METASPACE))
    return Tokenizer.of(replace(model.pipeline, normalizer=steps))


STRIPPED = (normalizers.Strip(left=False), normalizers.Replace(tokenizers.Regex(" {2,}"), MARK))
SINGLE = normalizers.Replace(tokenizers.Regex(" {2,}"), " ")
LOWER = (normalizers.NFKD(), normalizers.Lowercase())
UNIGRAM = {"model_type": "unigram", "vocab_size": 800}
KEPT = {"remove_extra_whitespaces": False}
PIPELINES: dict[str, Callable[[], Tokenizer]] = {
    "a mark put first": lambda: _marked(normalizers.Prepend(MARK)),
    "nothing put first": lambda: _marked(),
    "metaspace always": lambda: _metaspace("always"),
    "metaspace first": lambda: _metaspace("first"),
    "metaspace never": lambda: _metaspace("never"),
    "a form": lambda: _marked(normalizers.NFKC()),
    "steps and a mark put first": lambda: _marked(
        normalizers.Nmt(), *LOWER, normalizers.Prepend(MARK)
    ),
    "metaspace always, a form": lambda: _metaspace("always", normalizers.NFKC()),
    "metaspace first, accents": lambda: _metaspace("first", *LOWER, normalizers.StripAccents()),
    "metaspace never, removing": lambda: _metaspace(
        "never", normalizers.Replace(tokenizers.Regex(r"[\p{Cf}e]"), ""), normalizers.NFC()
    ),
    "metaspace always, spaces": lambda: _metaspace(
        "always", normalizers.Replace("x", " "), normalizers.Replace("o", "  ")
    ),
    "marked words by steps": lambda: _marked_words(
        normalizers.Replace("oo", "o"), *LOWER, normalizers.StripAccents(), _charsmap(), SINGLE
    ),
    "marked words, text for text": lambda: _marked_words(
        normalizers.Replace("``", '"'), normalizers.Replace("a", "  e "), normalizers.NFKD()
    ),
    "marked words, removing": lambda: _marked_words(
        normalizers.StripAccents(), normalizers.Replace(tokenizers.Regex(r"[\p{Cf}e]"), "")
    ),
    "marked words, BERT's cleaning": lambda: _marked_words(normalizers.BertNormalizer()),
    "sentencepiece": _sentencepiece,
    "sentencepiece bytes": lambda: _sentencepiece(byte_fallback=True),
    "sentencepiece case folded": lambda: _sentencepiece(normalization_rule_name="nmt_nfkc_cf"),
    "sentencepiece keeps spaces": lambda: _sentencepiece(**KEPT),
    "sentencepiece space pieces": lambda: _sentencepiece(**KEPT, allow_whitespace_only_pieces=True),
    "sentencepiece identity": lambda: _sentencepiece(
        **KEPT, byte_fallback=True, normalization_rule_name="identity"
    ),
    "sentencepiece identity squeezed": lambda: _sentencepiece(normalization_rule_name="identity"),
    "unigram": lambda: _sentencepiece(**UNIGRAM),
    "unigram bytes": lambda: _sentencepiece(**UNIGRAM, byte_fallback=True),
    "unigram keeps spaces": lambda: _sentencepiece(**UNIGRAM, **KEPT),
    "unigram space pieces": lambda: _sentencepiece(
        **UNIGRAM, **KEPT, allow_whitespace_only_pieces=True, normalization_rule_name="identity"
    ),
    "unigram nothing put first": lambda: _sentencepiece(**UNIGRAM, **KEPT, add_dummy_prefix=False),
    "marked words": _marked_words,
    "marked words by rules": lambda: _marked_words(_charsmap(), SINGLE),
    "marked words case folded": lambda: _marked_words(
        _charsmap(normalization_rule_name="nmt_nfkc_cf")
    ),
    "marked words stripped": lambda: _marked_words(normalizers.Strip(), SINGLE),
    "squeezed words by rules": lambda: _squeezed_words(_charsmap(), SINGLE),
    "squeezed words stripped": lambda: _squeezed_words(
        _charsmap(normalization_rule_name="nfkc"), *STRIPPED
    ),
    "squeezed words by steps": lambda: _squeezed_words(
        normalizers.Replace("oo", "o"), *LOWER, _charsmap(), SINGLE
    ),
    "unigram behind exchanged spaces": _unigram_behind_steps,
    "sentencepiece nothing put first": lambda: _sentencepiece(**KEPT, add_dummy_prefix=False),
}


@cache
def _made(name: str) -> tuple[Tokenizer, StepRoute]:
    tokenizer = PIPELINES[name]()
    preprocessor = Preprocessor(tokenizer.normalizer, None, None)
    return tokenizer, StepRoute(preprocessor, Engines.of(tokenizer.pipeline))


def _by_steps(name: str, texts: list[str | bytes]) -> list[list[int]]:
    _, steps = _made(name)
    return [steps.encode(text).tolist() for text in texts]


def _texts(rng: random.Random, count: int) -> Iterator[str | bytes]:
    yield from [
        "",
        " ",
        "  ",
        "a",
        " a",
        "a ",
        MARK,
        f"a{MARK}",
        f"{MARK} {MARK}",
        "\x00",
        "\u200b",
    ]
    yield from PROSE[:5]
    yield from fuzz_strings(rng, count)
    yield from fuzz_bytes(rng, count)
    # words of every size that caches and merging treat by itself, and texts longer than a page
    yield from ("a" * n + " " * (n % 4) + "b" * n for n in (14, 15, 16, 17, 31, 48, 49, 512, 513))
    yield from (" ".join(fuzz_strings(rng, 400)) for _ in range(4))


@pytest.mark.parametrize("name", PIPELINES)
def test_the_core_runs_them_word_by_word(name: str) -> None:
    local = _made(name)[0]._encoder.engines.words
    assert local is not None
    assert local.encode("some words  and more") is not None


@pytest.mark.parametrize("name", PIPELINES)
def test_texts_one_by_one(name: str, rng: random.Random) -> None:
    texts = list(_texts(rng, share(700)))
    tokenizer, _ = _made(name)
    for text, expected in zip(texts, _by_steps(name, texts), strict=True):
        assert tokenizer.encode(text) == expected, ascii(text)
        assert tokenizer.count(text) == len(expected)


@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("name", PIPELINES)
def test_batches(name: str, threads: int, rng: random.Random) -> None:
    texts = list(_texts(rng, share(1500)))
    tokenizer, _ = _made(name)
    tokenizer._encoder.engines.words.clear_cache()  # type: ignore[union-attr]
    for _ in range(2):  # unknown words, then known ones
        assert tokenizer.encode_batch(texts, threads=threads).to_lists() == _by_steps(name, texts)


@pytest.mark.parametrize("name", PIPELINES)
def test_the_readable_twin_agrees(name: str, rng: random.Random) -> None:
    tokenizer, _ = _made(name)
    for text in _texts(rng, share(150)):
        assert tokenizer.encode(text) == tokenizer.encode_by_hand(text), ascii(text)


@pytest.mark.parametrize("name", PIPELINES)
def test_spaces_alone_and_before_what_has_no_piece(name: str, rng: random.Random) -> None:
    tokenizer, _ = _made(name)
    tokenizer._encoder.engines.words.clear_cache()  # type: ignore[union-attr]
    parts = [" ", "  ", "a", "dog", "(a)", "\t", "\n", "\r", "\u0416", "\u4e2d\u570b", "n\u0303"]
    parts += ["\uff0c", "\ufb01x"]  # normalizers change these
    texts: list[str | bytes] = [
        "".join(rng.choices(parts, k=rng.randint(1, 7))) for _ in range(share(2500))
    ]
    for _ in range(2):
        assert tokenizer.encode_batch(texts).to_lists() == _by_steps(name, texts)


@pytest.mark.parametrize("name", PIPELINES)
def test_words_of_which_rules_change_some(name: str, rng: random.Random) -> None:
    # What is put together, made longer, left out, or becomes a space; and bytes that are no text.
    pool = [*"e\u0301\u304b\u3099\u1100\u1161\uff0c\uff01\ufb01\ufdfa\u3300\xbd"]
    pool += [*"\x01\u200b\xa8\u3000\t\udce4\udcbd", MARK]
    same = [*"a(|\u4e2d\U0001f1e6\xef", "dog", "\u7684\u4e00", "\u043f\u0440\u0438"]
    texts: list[str | bytes] = []
    for _ in range(4000):
        few = rng.choices(pool, k=2) + same
        words = ("".join(rng.choices(few, k=rng.randint(1, 9))) for _ in range(rng.randint(1, 3)))
        texts.append(" ".join(words).encode("utf-8", "surrogateescape"))
    tokenizer, _ = _made(name)
    tokenizer._encoder.engines.words.clear_cache()  # type: ignore[union-attr]
    for _ in range(2):
        assert tokenizer.encode_batch(texts).to_lists() == _by_steps(name, texts)


@pytest.mark.parametrize(
    "name",
    [
        *("marked words", "marked words by rules", "squeezed words by rules"),
        *("squeezed words stripped", "squeezed words by steps"),
    ],
)
def test_clusters_around_spaces(name: str, rng: random.Random) -> None:
    pool = [chr(code) for code in (*range(0x300), *range(0x2000, 0x2070))]
    # signs before numbers, marks, joiners, jamo, flags, and what rules make longer
    pool += [*"\u0600\u06dd\u070f\u08e2\u0d4e\U000110bd\u0301\u3099\u200d\u1100\u1161\uac00"] * 20
    pool += [*"\U0001f1e6\ufdfa\u3300\u3000\u2581\ufb01\xbd"] * 20 + [" ", "  ", "a"] * 150
    pool += [*CLUSTERS] * 30
    texts: list[str | bytes] = [
        "".join(rng.choices(pool, k=rng.randint(1, 9))) for _ in range(share(9000))
    ]
    tokenizer, _ = _made(name)
    assert tokenizer.encode_batch(texts).to_lists() == _by_steps(name, texts)
    local = tokenizer._encoder.engines.words
    assert local is not None
    assert local.encode("a\u0600 \u0301") is None


@pytest.mark.parametrize("rule", ["nmt_nfkc", "nfkc", "identity"])
@pytest.mark.parametrize("ends", [(SINGLE,), STRIPPED], ids=["single", "stripped"])
def test_squeezed_words_are_those_of_tokenizers(
    rule: str, ends: tuple[normalizers.Normalizer, ...], rng: random.Random
) -> None:
    rules = [] if rule == "identity" else [_charsmap(normalization_rule_name=rule)]
    theirs = _unigram_of_words(None, *rules, *ends)
    theirs.add_special_tokens(["<s>"])
    ours = load(theirs.to_str().encode())
    assert ours._encoder.engines.words is not None
    pool = [*CLUSTERS, *"\xa0\u3000\u200b\ufeff\x01\x0c\x85\u4e2d\uff0c\ufb01\U0001f600", MARK]
    pool += ["dog", "fox", "o", "(a)", "na\xefve", "<s>", *"     "]
    texts = ["".join(rng.choices(pool, k=rng.randint(1, 9))) for _ in range(share(1600))]
    expected = [each.ids for each in theirs.encode_batch(texts, add_special_tokens=False)]
    for _ in range(2):
        assert ours.encode_batch(texts, allowed_special="all").to_lists() == expected


def test_white_space_that_changes_elsewhere_is_left_to_the_steps() -> None:
    rules = _charsmap()
    for steps in [(SINGLE, rules), (rules, normalizers.Strip(), SINGLE), (rules, SINGLE, rules)]:
        assert _squeezed_words(*steps)._encoder.engines.words is None
    stripped_first = _squeezed_words(STRIPPED[0], rules, SINGLE)
    assert stripped_first._encoder.engines.words is None


@pytest.mark.parametrize("name", ["unigram", "unigram bytes", "unigram keeps spaces"])
def test_sums_that_begin_again(name: str, rng: random.Random) -> None:
    tokenizer, _ = _made(name)
    local = tokenizer._encoder.engines.words
    assert local is not None
    words = [rng.choice(PROSE).split()[0] + chr(rng.randint(0x61, 0x7A)) for _ in range(9000)]
    texts: list[str | bytes] = [" ".join(words[:n]) for n in (1, 50, 400, 600, 1000, 3000, 9000)]
    texts += ["\u4e2d\u570b" * n + " a" for n in (1, 20, 60, 200, 700, 3000)]
    texts += [
        "a\u4e2d " * 9000,
        "\u4e2da\u4e2d\u4e2d \n" * 3000,
        "\u4e2d" * 254 + "a",
        "\u4e2d" * 258,
    ]
    texts.append("a\u2581 " * 9000)  # no word stands alone
    assert all(local.encode(text) is not None for text in texts[6:-3])
    assert local.encode(texts[-1]) is None
    assert tokenizer.encode_batch(texts).to_lists() == _by_steps(name, texts)
    _, offsets, others = local.encode_batch(texts)
    assert others == [len(texts) - 1]
    assert offsets[-1] == offsets[-2]


@pytest.mark.parametrize("name", ["sentencepiece", "sentencepiece case folded", "unigram"])
def test_white_space_of_long_texts_is_squeezed(name: str, rng: random.Random) -> None:
    tokenizer, _ = _made(name)
    local = tokenizer._encoder.engines.words
    assert local is not None
    words = [*"\u3000\x01\x0b\x0c\x1f\x85\u00a0", "dog", "fox", "\ufb01x", "o" * 15, "n\u0303"]
    runs = ["".join(rng.choices(" \t\n\r", k=k)) for k in (1, 1, 2, 3, 15, 16, 17, 40, 0)]
    pairs = [rng.choice(words) + rng.choice(runs) for _ in range(20000)]
    texts: list[str | bytes] = ["".join(pairs[:n]) for n in (3, 90, 2500, len(pairs))]
    texts += [" " + "do" * 20000, "\n" * 40000 + "dog", "\r\n" * 20000, "dog" + "\n" * 70000]
    assert local.encode_list("dog\n\tfox\r\n") == local.encode_list(" dog fox")
    assert tokenizer.encode_batch(texts).to_lists() == _by_steps(name, texts)


def test_lines_that_rules_read_are_not_squeezed(tmp_path: Path) -> None:
    rules = tmp_path / "rules.tsv"
    rules.write_text("A\t20\nD\t20\n9\t20\nD A\t6F\n")
    tokenizer = _sentencepiece(normalization_rule_tsv=str(rules))
    assert tokenizer.encode("d\r\ng") == tokenizer.encode("dog") != tokenizer.encode("d g")
    assert tokenizer.encode("d\n\rg") == tokenizer.encode("d g")


def test_rules_that_read_spaces_are_left_to_the_steps(tmp_path: Path) -> None:
    rules = tmp_path / "rules.tsv"
    rules.write_text("20\t78\n")
    assert (
        _marked_words(_charsmap(normalization_rule_tsv=str(rules)))._encoder.engines.words is None
    )


def test_words_that_do_not_stand_alone_are_left_to_the_steps() -> None:
    tokenizer, _ = _made("a mark put first")
    local = tokenizer._encoder.engines.words
    assert local is not None
    assert local.encode(f"a{MARK} b") is None
    assert local.encode(b"a\xff b") is None
    ids, offsets, others = local.encode_batch(["a b", f"{MARK}", "", "b"])
    assert others == [1]
    two, one = tokenizer.encode("a b"), tokenizer.encode("b")
    assert offsets.tolist() == [0, len(two), len(two), len(two), len(two + one)]
    assert ids.tolist() == two + one


def test_lone_surrogates_are_replaced() -> None:
    tokenizer, _ = _made("a mark put first")
    assert tokenizer.encode("a \ud800") == tokenizer.encode("a \ufffd")
    assert tokenizer.encode_batch(["b", "a \ud800"])[1].tolist() == tokenizer.encode("a \ufffd")


def test_memory_is_bounded_and_told() -> None:
    tokenizer, _ = _made("a mark put first")
    tokenizer.encode("some words")
    stats = tokenizer._encoder.engines.words.stats()  # type: ignore[union-attr]
    assert stats["workers"] >= 1
    assert 0 < stats["cache_bytes"] <= stats["workers"] * _native.default_cache_bytes() * 3 // 2
