"""The engine: caches, batches, threads, spans, decoding; exact whatever the size of the cache."""

from __future__ import annotations

import base64
import json
import multiprocessing
import os
import random
import subprocess
import sys
import threading
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import tiktoken
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from oracles import comparable
from tokenry import _native
from tokenry.errors import EncodeError, VocabularyError
from tokenry.text.encoder import Encoder
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.pretokenizers.split_patterns import PATTERNS
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.vocabulary import Vocabulary, from_byte_level

GPT2 = r"""'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s"""


def _learn(text: str, size: int) -> dict[bytes, int]:
    """Ranks of a small byte-level vocabulary that tokenizers learns from ``text``."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(text.splitlines(keepends=True), trainer)
    ranks = {bytes([byte]): byte for byte in range(256)}
    for merge in json.loads(tokenizer.to_str())["model"]["merges"]:
        parts = merge.split(" ") if isinstance(merge, str) else merge
        ranks.setdefault(b"".join(map(from_byte_level, parts)), len(ranks))
    return ranks


@pytest.fixture(scope="module")
def ranks(real_texts: dict[str, str]) -> dict[bytes, int]:
    return _learn("".join(text[:150_000] for text in real_texts.values()), 6000)


@pytest.fixture(scope="module")
def oracle(ranks: dict[bytes, int]) -> tiktoken.Encoding:
    return tiktoken.Encoding("t", pat_str=GPT2, mergeable_ranks=ranks, special_tokens={})


@pytest.fixture(scope="module")
def segmenter(ranks: dict[bytes, int]) -> BytePairSegmenter:
    return BytePairSegmenter.from_ranks(Vocabulary.from_ids({i: p for p, i in ranks.items()}))


def _engine(segmenter: BytePairSegmenter, **options: int) -> _native.Engine:
    return _native.Engine(segmenter.native(), _native.Splitter("gpt2"), **options)


@pytest.fixture(scope="module")
def engine(segmenter: BytePairSegmenter) -> _native.Engine:
    return _engine(segmenter)


def _mixture(pieces: list[bytes], rng: random.Random) -> str:
    """Text that puts pieces, parts of characters and rare characters side by side."""
    if rng.random() < 0.5:
        glued = b"".join(rng.choice(pieces) for _ in range(rng.randrange(1, 40)))
        return glued.decode("utf-8", "ignore")
    ranges = ((0x20, 0x7F), (0x400, 0x500), (0x900, 0xE7F), (0x3040, 0x30FF), (0x4E00, 0x9FA0))
    picks = (rng.choice(ranges) for _ in range(rng.randrange(1, 60)))
    return comparable("".join(chr(rng.randrange(*pick)) for pick in picks), "tiktoken")


@pytest.mark.parametrize("cache_bytes", [1 << 24, 1 << 12])
def test_first_calls_give_the_ids_of_later_ones(segmenter, oracle, real_texts, cache_bytes):
    engine = _engine(segmenter, cache_bytes=cache_bytes)
    for text in real_texts.values():
        for at in range(0, 40_000, 10_000):
            given = text[at : at + 4_000]
            engine.clear_cache()  # which then takes words that are pieces at once
            first = engine.encode(given).tolist()
            assert first == engine.encode(given).tolist() == oracle.encode_ordinary(given)


@pytest.mark.parametrize("cache_bytes", [1 << 24, 1 << 12])
def test_real_text_and_fuzz_agree_with_tiktoken(segmenter, oracle, ranks, real_texts, cache_bytes):
    engine = _engine(segmenter, cache_bytes=cache_bytes)
    for text in real_texts.values():
        expected = oracle.encode_ordinary(text)
        assert engine.encode(text).tolist() == expected
        assert engine.encode(text.encode()).tolist() == expected
        assert engine.count(text) == len(expected)
    rng = random.Random(11)
    pieces = list(ranks)
    for _ in range(1500):
        text = _mixture(pieces, rng)
        assert engine.encode(text).tolist() == oracle.encode_ordinary(text), text


def test_words_of_every_length_agree_with_tiktoken(engine, oracle):
    rng = random.Random(2)
    for size in [*range(70), 127, 128, 129, 255, 256, 257, 271, 511, 512, 513, 5000]:
        for alphabet in ("ab", "etaoins", "语言学的", "жшо"):
            text = "".join(rng.choice(alphabet) for _ in range(size))
            for _ in range(2):
                assert engine.encode(text).tolist() == oracle.encode_ordinary(text)
                assert engine.encode(" " + text).tolist() == oracle.encode_ordinary(" " + text)


def test_new_words_that_come_again_at_once_agree_with_tiktoken(segmenter, oracle):
    rng = random.Random(3)
    for alphabet, most in (("etaoinshr", 14), ("qxzjk", 15), ("qxzjk", 40), ("жшоеё", 9)):
        words = ["".join(rng.choices(alphabet, k=rng.randrange(1, most))) for _ in range(900)]
        text = " ".join(rng.choices(words, k=6000))
        engine = _engine(segmenter)
        expected = oracle.encode_ordinary(text)
        assert engine.encode(text).tolist() == expected  # none known
        assert engine.encode(text).tolist() == expected  # all known, many with more than four ids
        assert engine.count(text) == len(expected)


def test_runs_and_what_looks_like_one_agree_with_tiktoken(segmenter, oracle):
    """A run has a key of three numbers; other words of as many bytes must not be taken for it."""
    engine = _engine(segmenter)
    texts = []
    for size in (8, 9, 15, 16, 17, 24, 31, 32, 33, 40, 64, 255, 256, 512, 513, 2000):
        texts += [first + "-" * (size - len(first)) for first in ("-", "=", " ", "\x00")]
        texts += ["\n" + " " * (size - 1), "-" * (size - 1) + "=", "-" * (size - 9) + "=--------"]
        texts.append("=-" + chr(size % 128) + chr(size // 128) + "\x00" * 12)  # as its key
    for word in [*texts, *texts]:  # missed, then known
        for text in (word, f"x{word}x", f"{word}\n{word}" + " and so on" * 5):
            expected = oracle.encode_ordinary(text)
            assert engine.encode(text).tolist() == expected, (len(word), word[:20])
            assert engine.count(text) == len(expected)


@pytest.mark.parametrize("path", [path for path in _native.simd_paths() if path != _native.simd()])
def test_words_agree_with_tiktoken_on_the_other_vector_paths(path):
    this = ["-m", "pytest", "-q", __file__, "-k", "every_length or again_at_once or looks_like"]
    environment = os.environ | {"TOKENRY_SIMD": path}
    command = [sys.executable, *this]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


@pytest.mark.parametrize(
    "alphabet", ["abcdefghijklmnopqrstuvwxyz", "etao", "a", " ", "=", "ab-", "學习語"]
)
def test_long_pretokens_agree_with_tiktoken(segmenter, ranks, alphabet):
    """Merged in windows that must fit together; the oracle merges the whole."""
    oracle = tiktoken.Encoding("t", pat_str="(?s).+", mergeable_ranks=ranks, special_tokens={})
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    rng = random.Random(len(alphabet))
    for size in (65, 66, 100, 1000, 30_000):
        text = "".join(rng.choice(alphabet) for _ in range(size))
        assert engine.encode(text).tolist() == oracle.encode_ordinary(text)


def test_bytes_that_are_not_utf8_decode_to_themselves(engine):
    rng = random.Random(4)
    for _ in range(300):
        data = bytes(rng.randrange(256) for _ in range(rng.randrange(200)))
        ids, spans = engine.encode_spans(data)
        assert engine.decode(ids) == data
        assert engine.encode(data).tolist() == ids.tolist()
        assert b"".join(engine.decode(ids[i : i + 1]) for i in range(len(ids))) == data
        assert [0, *spans.ravel().tolist()][-1] == len(data)


def test_a_batch_is_its_texts(engine, real_texts):
    text = real_texts["code"]
    texts = [text[i : i + 3000] for i in range(0, 200_000, 3000)]
    texts = ["", *texts * 3, b"bytes \xff", "", "x"]
    singles = [engine.encode(text).tolist() for text in texts]
    assert sum(map(len, singles)) > 2**17  # else one thread puts the ids in a row
    for threads in (1, 2, 5):
        ids, offsets = engine.encode_batch(texts, threads)
        rows = np.split(ids, offsets[1:-1].astype(np.int64))
        assert [row.tolist() for row in rows] == singles
        assert engine.count_batch(texts, threads).tolist() == [len(row) for row in singles]
        decoded = engine.decode_batch(ids, offsets, threads)
        assert decoded == [t.encode() if isinstance(t, str) else t for t in texts]
    ids, offsets = engine.encode_batch([], 2)
    assert len(ids) == 0
    assert offsets.tolist() == [0]


def test_ranges_are_pretokens(engine, segmenter):
    data = "  ab 语言 the  theme ".encode()
    starts = np.array([2, 2, 5, 12, 12, 19], np.uint64)
    ends = np.array([4, 5, 11, 12, 15, 21], np.uint64)
    ids, offsets = engine.encode_ranges(data, starts, ends)
    rows = [ids[a:b].tolist() for a, b in pairwise(offsets)]
    assert rows == [segmenter.segment(data[a:b]) for a, b in zip(starts, ends, strict=True)]
    for start, end in ((3, 2), (0, 30)):
        with pytest.raises(ValueError, match="pretoken 0"):
            engine.encode_ranges(data, np.array([start], np.uint64), np.array([end], np.uint64))


def test_threads_may_share_an_engine(engine, oracle, real_texts):
    texts = [t[i : i + 2000] for t in real_texts.values() for i in range(0, 60_000, 2000)]
    expected = [oracle.encode_ordinary(text) for text in texts]
    failures: list[str] = []

    def work(seed: int) -> None:
        order = list(range(len(texts)))
        random.Random(seed).shuffle(order)
        failures.extend(texts[i] for i in order if engine.encode(texts[i]).tolist() != expected[i])

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def _count(texts: list[str]) -> list[int]:
    vocabulary = Vocabulary([bytes([byte]) for byte in range(256)])
    segmenter = BytePairSegmenter.from_ranks(vocabulary)
    return _engine(segmenter).count_batch(texts, 2).tolist()


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_processes_may_follow_threads(method):
    texts = ["abc" * 40_000] * 6
    assert _count(texts) == [120_000] * 6
    with multiprocessing.get_context(method).Pool(2) as pool:
        assert pool.map(_count, [texts, texts]) == [[120_000] * 6] * 2
    assert _count(texts) == [120_000] * 6


def test_a_fork_of_an_engine_in_use_goes_on(engine):
    texts = ["the quick brown fox " * 5000] * 4
    expected = engine.count_batch(texts, 2).tolist()
    child = os.fork()
    if child == 0:
        os._exit(0 if engine.count_batch(texts, 2).tolist() == expected else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert engine.count_batch(texts, 2).tolist() == expected


def test_a_long_pretoken_takes_time_in_proportion(engine):
    rng = random.Random(9)

    def seconds(size: int) -> float:
        text = "".join(rng.choice("etaoinshrdlu") for _ in range(size))
        start = time.process_time()
        engine.encode(text)
        return time.process_time() - start

    seconds(10_000)
    # Ten times the text: quadratic would be a hundred times the time.
    assert seconds(1_000_000) < 30 * max(seconds(100_000), 0.005)


def test_what_is_wrong_is_said(engine):
    with pytest.raises(TypeError, match="list"):
        engine.encode(["text"])
    with pytest.raises(VocabularyError, match="999999"):
        engine.decode(np.array([5, 999_999], np.uint32))
    with pytest.raises(ValueError, match="offsets"):
        engine.decode_batch(np.zeros(2, np.uint32), np.array([0, 5], np.uint64))
    with pytest.raises(UnicodeEncodeError):
        engine.encode("\ud800")
    one = BytePairSegmenter.from_merges(Vocabulary([b"a"]), [])
    with pytest.raises(EncodeError, match="62"):
        _engine(one).encode_batch(["a", "aab"], 2)


def test_caches_are_bounded_and_can_be_emptied(segmenter):
    engine = _engine(segmenter, cache_bytes=1 << 20)
    rng = random.Random(1)
    for _ in range(20):
        engine.encode(" ".join(f"{rng.getrandbits(60):x}" for _ in range(5000)))
    assert engine.stats()["workers"] == 1
    assert engine.stats()["cache_bytes"] <= 1 << 20
    words = " ".join(f"{rng.getrandbits(60):x}" for _ in range(5000))
    ids, held = engine.encode(words).tolist(), engine.stats()["cache_bytes"]
    engine.clear_cache()
    assert engine.stats()["workers"] == 1
    assert engine.stats()["cache_bytes"] < held
    assert engine.encode(words).tolist() == ids == _engine(segmenter).encode(words).tolist()
    engine.clear_cache()
    assert engine.encode(words[:300]).tolist() == _engine(segmenter).encode(words[:300]).tolist()


@pytest.mark.parametrize(
    ("asked", "most"), [("65536", 2**16), ("-5", 2**25), ("much", 2**25), (None, 2**25)]
)
def test_a_variable_bounds_the_caches_of_tokenizers(segmenter, monkeypatch, asked, most):
    if asked is None:
        monkeypatch.delenv("TOKENRY_CACHE_BYTES", raising=False)
    else:
        monkeypatch.setenv("TOKENRY_CACHE_BYTES", asked)
    assert _native.default_cache_bytes() == most
    pipeline = Pipeline(
        vocabulary=segmenter.vocabulary,
        segmenter=segmenter,
        pretokenizer=NativePretokenizer("gpt2"),
    )
    encoder = Encoder(pipeline)
    words = " ".join(str(number**3) for number in range(30_000))
    ids = encoder.encode(words).tolist()
    stats = encoder.engines.stats()
    assert stats["workers"] == 1
    assert most // 2 <= stats["cache_bytes"] <= most
    assert ids == _engine(segmenter).encode(words).tolist()


def _rank_file(path: Path) -> dict[bytes, int]:
    lines = (line.split() for line in path.read_bytes().splitlines() if line)
    return {base64.b64decode(piece): int(rank) for piece, rank in lines}


@pytest.mark.shared
@pytest.mark.parametrize("name", ["cl100k", "o200k"])
def test_published_vocabularies_agree_with_tiktoken(name, shared_data):
    ranks = _rank_file(shared_data / "tokenizers" / f"{name}_base.tiktoken")
    oracle = tiktoken.Encoding(
        name, pat_str=PATTERNS[name], mergeable_ranks=ranks, special_tokens={}
    )
    segmenter = BytePairSegmenter.from_ranks(
        Vocabulary.from_ids({rank: piece for piece, rank in ranks.items()})
    )
    engine = _native.Engine(segmenter.native(), _native.Splitter(name))
    for file in sorted((shared_data / "text").glob("*.txt")):
        text = comparable(file.read_text(encoding="utf-8", errors="ignore")[:300_000], "tiktoken")
        assert engine.encode(text).tolist() == oracle.encode_ordinary(text)
    rng = random.Random(6)
    pieces = list(ranks)
    for _ in range(1500):
        glued = b"".join(rng.choice(pieces) for _ in range(rng.randrange(1, 30)))
        text = comparable(glued.decode("utf-8", "ignore"), "tiktoken")
        assert engine.encode(text).tolist() == oracle.encode_ordinary(text), text
