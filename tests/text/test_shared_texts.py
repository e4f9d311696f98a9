"""One text on several threads has the ids that one thread finds."""

from __future__ import annotations

import pydoc_data.topics
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import tokenry
from exactness.small_models import HUGGING_FACE, SENTENCEPIECE, train_sentencepiece
from fuzz_text import fuzz_bytes, fuzz_string
from shares import share
from small_tokenizers import SPECIALS, learned_ranks, rank_file
from tokenry import _native
from tokenry.learning import learn
from tokenry.text.encoder import Encoder
from tokenry.text.engines import Engines

STRETCHES = (1, 40, 300)
POLICIES = ("o200k+single", "o200k+r2l3", "cl100k+place3+signs", "word_runs:o200k")
TEXT = "\n".join(topic for _, topic in sorted(pydoc_data.topics.topics.items())[:12])
# Where a guess must fail: cuts depend on what came long before.
RUNS = [b"1" * 3000, b"\n " * 1500, b"\xff" * 2000, b"\xe7\x9a\x84" * 2000, b"a" * 4000]
RUNS.append(("\u0663\u0664" * 900).encode())  # numbers of three digits, from where they begin


def texts(rng: random.Random, count: int) -> list[bytes]:
    """Texts of a few kilobytes, some no UTF-8, some with long runs."""
    made = [fuzz_string(rng, 250).encode() for _ in range(count)]
    made += [b"".join(fuzz_bytes(rng, 40)) for _ in range(count // 2)]
    mixed = [b"the end" + run + fuzz_string(rng, 60).encode() + run for run in RUNS]
    return [*made, *mixed, TEXT[:6000].encode()]


class InStretches:
    """An engine that gives every text to three threads, in stretches of a few bytes."""

    def __init__(self, engine: Any, stretch: int) -> None:
        self._engine, self._stretch = engine, stretch

    def encode(self, data: str | bytes, *rest: Any, threads: int = 1) -> Any:
        given = [each for each in rest if not isinstance(each, int)]  # that is the threads
        return self._engine.encode(data, *given, threads=3, stretch=self._stretch)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


def check(tokenizer: tokenry.Tokenizer, given: list[bytes], allowed: Any = frozenset()) -> None:
    expected = [tokenizer.encode_to_numpy(text, allowed_special=allowed) for text in given]
    for stretch in STRETCHES:
        encoder = Encoder(tokenizer.pipeline)
        engines = Engines.of(tokenizer.pipeline)
        encoder.engines = replace(
            engines,
            text=InStretches(engines.text, stretch),
            words=engines.words and InStretches(engines.words, stretch),
        )
        for text, ids in zip(given, expected, strict=True):
            assert np.array_equal(encoder.encode(text, allowed), ids), (stretch, text)


@pytest.mark.parametrize("simd", _native.simd_paths())
@pytest.mark.parametrize("name", [*_native.splitter_names(), *POLICIES])
def test_every_splitter(name: str, simd: str, rng: random.Random) -> None:
    segmenter = learn([TEXT[:20_000]], vocab_size=500).segmenter.native()
    engine = _native.Engine(segmenter, _native.Splitter(name, simd=simd))
    for text in texts(rng, share(8)):
        expected = engine.encode(text)
        for stretch in STRETCHES:
            given = engine.encode(text, threads=2, stretch=stretch)
            assert np.array_equal(given, expected), (stretch, text)
        assert engine.encode_list(text, threads=4, stretch=9) == expected.tolist()


@pytest.mark.parametrize("name", HUGGING_FACE)
def test_every_kind_of_tokenizer_json(name: str, rng: random.Random) -> None:
    model = HUGGING_FACE[name](TEXT[:100_000])
    model.add_special_tokens(["<s>", "[SEP]"])
    tokenizer = tokenry.load(model.to_str().encode())
    given = texts(rng, share(8))
    check(tokenizer, given)
    check(tokenizer, [text.replace(b"e", b"<s>", 9) for text in given], "all")


@pytest.mark.parametrize("name", SENTENCEPIECE)
def test_every_kind_of_sentencepiece_model(name: str, rng: random.Random, tmp_path: Path) -> None:
    path = train_sentencepiece(name, TEXT[:60_000].splitlines(), tmp_path)
    check(tokenry.load(path), texts(rng, share(8)))


@pytest.mark.filterwarnings("ignore::tokenry.errors.SmallerVocabularyWarning")
@pytest.mark.parametrize("kind", ["unigram", "wordpiece", "superbpe", "boundless"])
def test_every_kind_that_is_learnt(kind: str, rng: random.Random) -> None:
    tokenizer = learn([TEXT[:30_000]], kind=kind, vocab_size=600)
    check(tokenizer, texts(rng, share(8)))


@pytest.mark.parametrize("pattern", ["gpt2", "o200k"])
def test_large_texts_by_the_public_face(pattern: str, tmp_path: Path, rng: random.Random) -> None:
    path = tmp_path / "small.tiktoken"
    path.write_bytes(rank_file(learned_ranks()))
    tokenizer = tokenry.load(path, pattern=pattern, special_tokens=SPECIALS)
    body = "".join(fuzz_string(rng, 100) for _ in range(400)) + "<|endoftext|>" + TEXT
    text = body * (1 + 600_000 // len(body))
    for allowed in (frozenset[str](), "all"):
        ids = tokenizer.encode(text, allowed_special=allowed)  # type: ignore[arg-type]
        for threads in (2, 5, None):
            how: Any = {"threads": threads, "allowed_special": allowed}
            assert tokenizer.encode(text, **how) == ids
            assert tokenizer.encode_to_numpy(text, **how).tolist() == ids
            stream = tokenizer.encode_stream(size=2**19, **how)
            assert stream.push(text) + stream.finish() == ids


def test_surrogates_and_threads_that_are_none() -> None:
    tokenizer = learn([TEXT[:20_000]], vocab_size=400)
    text = "\ud83d\ude42 and \ud83d" + TEXT
    assert tokenizer.encode(text, threads=2) == tokenizer.encode(text)
    for threads in (0, "2"):
        with pytest.raises(tokenry.errors.ArgumentError, match="threads"):
            tokenizer.encode("a", threads=threads)  # type: ignore[arg-type]
