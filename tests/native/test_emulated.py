"""The core as another processor runs it, under an emulator, held to what it does here.

`tools/check_arm` builds ``tests/native/emulated`` and names the command that runs it in
``TOKENRY_EMULATED``; without one there is nothing to test.
"""

from __future__ import annotations

import os
import random
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest

from fuzz_text import fuzz_bytes, fuzz_strings
from small_tokenizers import learned_ranks
from tokenry import _native
from tokenry.learning import Bpe, Unigram
from tokenry.vocabulary import pack

COMMAND = os.environ.get("TOKENRY_EMULATED", "").split()
ALL_STEPS = _native.BertOptions(
    clean_text=True, handle_chinese_chars=True, strip_accents=True, lowercase=True
)
PATHS = ("scalar", "portable", "neon")
pytestmark = pytest.mark.skipif(
    not COMMAND, reason="needs a core that is emulated: make arm-checks"
)
# Pieces that BERT's cleaning leaves as they are; a leading space starts a word.
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
STARTS = (*LETTERS, *"!.,'-/中人的", "the", "he", "wor")
WORDS = ("[UNK]", *(f" {start}" for start in STARTS), *LETTERS, "ing", "er", "ll", "ld", "re")


def emulated(
    what: str, *files: Path, more: tuple[str, ...] = (), path: str = "neon"
) -> list[np.ndarray]:
    """The runs of numbers that the program writes."""
    done = subprocess.run(
        [*COMMAND, what, *map(str, files), *more],
        capture_output=True, check=False, timeout=600,
        env=os.environ | {"TOKENRY_SIMD": path},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return list(runs(np.frombuffer(done.stdout, dtype=np.uint32)))


def runs(numbers: np.ndarray) -> Iterator[np.ndarray]:
    at = 0
    while at < len(numbers):
        yield numbers[at + 1 : at + 1 + numbers[at]]
        at += 1 + int(numbers[at])


def sections(path: Path, parts: Iterable[bytes | np.ndarray]) -> Path:
    with path.open("wb") as file:
        for part in parts:
            data = bytes(part) if isinstance(part, bytes) else part.tobytes()
            file.write(len(data).to_bytes(8, "little") + data)
    return path


def packed(pieces: Iterable[bytes]) -> tuple[bytes, np.ndarray]:
    run, offsets = pack(list(pieces))
    return bytes(run), np.asarray(offsets, dtype=np.uint64)


@pytest.fixture(scope="module")
def texts(real_texts: dict[str, str]) -> list[bytes]:
    """Real text, and what looks for trouble."""
    rng = random.Random(25)
    real = [text.encode()[at : at + 3000] for text in real_texts.values() for at in (0, 40_000)]
    return (
        real
        + [text.encode() for text in fuzz_strings(rng, 150, 40)]
        + [b"q" * 700, bytes(range(256))]
    )


@pytest.fixture(scope="module")
def text_file(texts: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sections(tmp_path_factory.mktemp("texts") / "texts", texts)


def same(found: list[np.ndarray], expected: Iterable[np.ndarray | list[int]]) -> None:
    for ours, here in zip(found, expected, strict=True):
        np.testing.assert_array_equal(ours, here)


def test_has_the_vector_path():
    done = subprocess.run([*COMMAND, "paths"], capture_output=True, check=True, timeout=60)
    assert done.stdout.decode().split() == list(PATHS)


def test_splitters(texts: list[bytes], tmp_path: Path):
    """The program holds all of its paths to the scalar one, and this to ours."""
    texts = texts + list(fuzz_bytes(random.Random(7), 60, 30))
    file = sections(tmp_path / "texts", texts)
    splitters = [_native.Splitter(name) for name in _native.splitter_names()]
    splitters += [_native.bert_splitter(each) for each in (_native.BertOptions(), ALL_STEPS)]
    same(emulated("split", file), (each.split(text) for each in splitters for text in texts))


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("splitter", ["o200k", "gpt2"])
def test_bpe(path: str, splitter: str, texts: list[bytes], text_file: Path, tmp_path: Path):
    ranks = learned_ranks()
    order = sorted(ranks, key=ranks.__getitem__)
    alphabet = [piece for piece in order if len(piece) == 1]
    pieces = sorted(alphabet) + [piece for piece in order if len(piece) > 1]
    parts = (*packed(pieces), np.arange(len(pieces), dtype=np.uint32))
    model = sections(tmp_path / "model", parts)
    run, offsets, numbers = parts
    segmenter = _native.BpeSegmenter.from_ranks(
        pieces=run, offsets=offsets, ranks=numbers, byte_ids=np.arange(256)
    )
    engine = _native.Engine(segmenter, _native.Splitter(splitter))
    same(emulated("bpe", model, text_file, more=(splitter,), path=path), map(engine.encode, texts))


@pytest.mark.parametrize("path", PATHS)
def test_wordpiece(path: str, texts: list[bytes], tmp_path: Path):
    texts = [text for text in texts if _valid(text)]
    run, offsets = packed(piece.encode() for piece in WORDS)
    model = sections(tmp_path / "model", [run, offsets])
    segmenter = _native.WordPieceSegmenter(
        pieces=run, offsets=offsets, prefix=b"##", unknown=0, longest_word=100,
        spaced=np.zeros(0, dtype=np.uint32),
    )  # fmt: skip
    words = _native.BertSegmenter(segmenter, ALL_STEPS)
    engine = _native.LocalEngine(words, _native.bert_splitter(ALL_STEPS))
    found = emulated("wordpiece", model, sections(tmp_path / "texts", texts), path=path)
    same(found, map(engine.encode, texts))


def _valid(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_unigram(texts: list[bytes], text_file: Path, real_texts: dict[str, str], tmp_path: Path):
    learnt = Unigram(vocab_size=700, pretokenizer="metaspace").learn([real_texts["prose"][:60_000]])
    pieces = [b"", *(piece for piece in learnt.vocabulary.pieces if piece)]
    rng = random.Random(3)
    scores = np.array([-len(piece) - 6 * rng.random() for piece in pieces])
    run, offsets = packed(pieces)
    model = sections(tmp_path / "model", [run, offsets, scores])
    segmenter = _native.SentencePieceUnigramSegmenter(
        pieces=run, offsets=offsets, scores=scores, unknown_score=-20.0, unknown=0,
        byte_fallback=False, byte_ids=np.full(256, -1, dtype=np.int64),
    )  # fmt: skip
    engine = _native.Engine(segmenter, _native.Splitter("whole"))
    same(emulated("unigram", model, text_file), map(engine.encode, texts))


def test_learning(texts: list[bytes], tmp_path: Path):
    texts = [text for text in texts if _valid(text)]
    learnt = Bpe(vocab_size=756, pretokenizer="gpt2").learn_model(text.decode() for text in texts)
    order = sections(tmp_path / "bytes", [b"".join(learnt.pieces[:256])])
    [merges] = emulated("learn", order, sections(tmp_path / "texts", texts), more=("gpt2",))
    assert merges.reshape(-1, 3)[:, :2].tolist() == [list(pair) for pair in learnt.merges]
