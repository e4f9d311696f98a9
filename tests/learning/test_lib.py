"""LiB: the core against its readable twin, the size that is asked for, and bad input."""

from __future__ import annotations

import random
import warnings
from itertools import pairwise
from pathlib import Path

import pytest

import tokenry
from fuzz_text import fuzz_bytes, fuzz_strings
from tokenry import _native
from tokenry.errors import CorpusError, LearnError
from tokenry.learning import SmallerVocabularyWarning, learn
from tokenry.learning.lib import Lib
from tokenry.learning.lib_twin import ReadableLib
from tokenry.learning.lib_units import LibBatches, characters_by_count, frequent_pairs
from tokenry.learning.session import Session
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.tokenizer import Tokenizer

CHILD = ("you want to see the book\nlook there is a boy with his hat\nlook at this\n" * 9,)


@pytest.fixture(scope="module")
def tokenizer(prose_text: str) -> Tokenizer:
    return learn([prose_text[:150_000]], kind="lib", vocab_size=1000, special_tokens=("<s>",))


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"memory_in": 1.0, "life": 2, "update_rate": 0.2, "max_piece_length": 7},
        {"vocab_size": 262, "memory_in": 0.7, "memory_out": 0.1, "life": 3},
        {"pretokenizer": "gpt2", "memory_in": 1.0, "seed": 2**63 + 5},
    ],
)
def test_the_core_does_what_its_twin_does(
    options: dict[str, object], prose_text: str, rng: random.Random
) -> None:
    lib = Lib(**{"vocab_size": 400, **options})  # type: ignore[arg-type]
    many = "".join(fuzz_strings(rng, 20)) + "один два один два три 中文中文\n" * 9
    broken = b"".join(fuzz_bytes(rng, 20))
    batches = lib.batches(Session.of([prose_text[:5000], many, broken]))
    core = lib.core(batches)
    twin = ReadableLib(
        batches.text, batches.ends.tolist(), batches.batches.tolist(), **lib.core_options()
    )
    for character in characters_by_count(batches.text, lib.max_piece_length):
        twin.add(character)
    for count in (1, 3, 40):
        core.read(count)
        twin.read(count)
        assert core.chunks() == twin.chunks
    core.set_memorising(False)
    twin.memorising = False
    core.read(20)
    twin.read(20)
    assert core.chunks() == twin.chunks
    assert len(core) == len(twin.chunks) > 5


def test_the_size_that_was_asked_for(tokenizer: Tokenizer) -> None:
    assert len(tokenizer.vocabulary) == 1000
    assert tokenizer.encode_single_token("<s>") == 0
    assert not tokenizer.vocabulary.duplicates()
    assert all(len(piece or b"") <= 24 for piece in tokenizer.vocabulary.pieces)


def test_runs_of_words_come_out(tokenizer: Tokenizer) -> None:
    pieces = tokenizer.token_byte_values()
    assert any(piece.strip().count(b" ") >= 1 for piece in pieces)
    assert b" the " in pieces or b" the" in pieces or b"the " in pieces


def test_fewer_tokens_than_cut_at_words(tokenizer: Tokenizer, prose_text: str) -> None:
    held = prose_text[300_000:350_000]
    bpe = learn([prose_text[:150_000]], vocab_size=1000, special_tokens=("<s>",))
    assert tokenizer.count(held) < 1.05 * bpe.count(held)


def test_round_trip_twin_and_spans(tokenizer: Tokenizer, rng: random.Random) -> None:
    assert tokenizer.lossless
    for data in fuzz_bytes(rng, 200, longest=40):
        ids, spans = tokenizer.encode_with_spans(data)
        assert tokenizer.decode_bytes(ids) == data
        assert ids.tolist() == tokenizer.encode_by_hand(data)
        assert b"".join(data[begin:end] for begin, end in spans) == data


def test_the_same_for_a_seed_and_not_for_another(prose_text: str) -> None:
    text = [prose_text[:20_000]]
    one, same, other = (
        learn(text, kind="lib", vocab_size=500, seed=seed, passes=5).vocabulary
        for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other


def test_saved_and_loaded(tokenizer: Tokenizer, tmp_path: Path, prose_text: str) -> None:
    assert tokenizer.save(tmp_path).exact
    again = tokenry.load(tmp_path)
    assert again.encode(prose_text[:5000]) == tokenizer.encode(prose_text[:5000])


def test_pieces_respect_the_pretokenizer(prose_text: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = learn([prose_text[:50_000]], kind="lib", vocab_size=600, pretokenizer="gpt2")
    cut = NativePretokenizer("gpt2")
    ascii_pieces = [piece for piece in found.token_byte_values() if piece.isascii()]
    assert all(len(cut(piece).ends) == 1 for piece in ascii_pieces)


def test_little_data_gives_a_smaller_vocabulary() -> None:
    with pytest.warns(SmallerVocabularyWarning, match="of the 32000"):
        small = learn(CHILD, kind="lib")
    assert 256 < len(small.vocabulary) < 32_000
    assert small.decode(small.encode(CHILD[0])) == CHILD[0]
    with pytest.warns(SmallerVocabularyWarning):
        assert len(learn(["a"], kind="lib").vocabulary) == 256


def test_no_room_for_all_characters() -> None:
    text = "".join(chr(0x4E00 + i % 3000) for i in range(9000))
    found = learn([text], kind="lib", vocab_size=300)
    assert len(found.vocabulary) == 300
    assert found.decode(found.encode(text)) == text


def test_bytes_alone() -> None:
    assert len(learn(CHILD, kind="lib", vocab_size=256).vocabulary) == 256


def test_bad_options() -> None:
    with pytest.raises(LearnError, match=r"vocab_size 256 has no room: 1 special"):
        Lib(vocab_size=256, special_tokens=("<s>",))
    with pytest.raises(LearnError, match="memory_in 2"):
        Lib(memory_in=2.0)
    with pytest.raises(LearnError, match="life 0"):
        Lib(life=0)
    with pytest.raises(LearnError, match="passes 0"):
        Lib(passes=0)
    with pytest.raises(LearnError, match="names one twice"):
        Lib(special_tokens=("<s>", "<s>"))
    with pytest.raises(CorpusError, match="empty"):
        learn([], kind="lib")


def test_a_state_goes_on_as_the_core_itself_does(prose_text: str) -> None:
    lib = Lib(vocab_size=400, memory_in=1.0, life=2)
    batches = lib.batches(Session.of([prose_text[:20_000]]))
    first, second = lib.core(batches), lib.core(batches)
    first.read(45)
    chunks, random, order, turn = first.state()
    assert [chunk for chunk, _, _ in chunks] == first.chunks()
    second.restore(chunks, random, order, turn)
    for core in (first, second):
        core.read(30)
    assert second.state() == first.state()
    for damage in (
        ([(b"", 1, False)], random, order, turn),
        ([(b"a", 3, False)], random, order, turn),
        ([(b"ab", 1, False)] * 2, random, order, turn),
        ([(b"x" * 25, 1, False)], random, order, turn),
        (chunks, random, order[1:], turn),
        (chunks, random, [0] * len(order), 1),
        (chunks, random, order, len(order) + 1),
    ):
        with pytest.raises(ValueError, match=r"order|chunk"):
            second.restore(*damage)


def test_the_core_refuses_units_that_do_not_fit() -> None:
    batches = Lib().batches(Session.of(CHILD))
    options = Lib().core_options()
    with pytest.raises(ValueError, match="ascend"):
        _native.LibLearner(
            text=batches.text + b"x", ends=batches.ends, batches=batches.batches, **options
        )
    with pytest.raises(ValueError, match="at least 1"):
        _native.LibLearner(
            text=batches.text,
            ends=batches.ends,
            batches=batches.batches,
            **{**options, "longest": 0},
        )


def test_units_are_short_and_whole_characters() -> None:
    text = ("中" * 9000 + " " + "b" * 9000).encode()
    batches = LibBatches.of([text], NativePretokenizer("whole"), 200_000)
    begins = [0, *batches.ends.tolist()]
    parts = [text[begin:end] for begin, end in pairwise(begins)]
    assert b"".join(parts) == text
    assert all(len(part) <= 4096 for part in parts)
    assert "".join(part.decode() for part in parts).encode() == text


def test_pairs_that_fill_up() -> None:
    tokenizer = Lib(vocab_size=256).tokenizer([])
    assert frequent_pairs(tokenizer, b"abxabyaby", 9, 24) == [b"ab", b"by"]
