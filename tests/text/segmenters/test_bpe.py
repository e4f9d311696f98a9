"""Byte-pair encoding: the readable twin, the core, and tokenizers and tiktoken as oracles."""

from __future__ import annotations

import pickle
import random
from itertools import pairwise

import numpy as np
import pytest
import tiktoken
from tokenizers import Tokenizer, models, pre_tokenizers, trainers

from tokenry import _native
from tokenry.errors import EncodeError, VocabularyError
from tokenry.text.segmenters.bpe import NO_RANK, BytePairSegmenter
from tokenry.vocabulary import Vocabulary, from_byte_level


def _learnt(text: str, size: int = 1500) -> tuple[Tokenizer, Vocabulary, list[tuple[bytes, bytes]]]:
    """A byte-level tokenizer that tokenizers learns from ``text``."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(text.splitlines(keepends=True), trainer)
    import json

    model = json.loads(tokenizer.to_str())["model"]
    vocabulary = Vocabulary.from_ids({i: from_byte_level(p) for p, i in model["vocab"].items()})
    merges = [
        tuple(from_byte_level(part) for part in (m.split(" ") if isinstance(m, str) else m))
        for m in model["merges"]
    ]
    return tokenizer, vocabulary, merges  # type: ignore[return-value]


@pytest.fixture(scope="module")
def learnt(
    real_texts: dict[str, str],
) -> tuple[Tokenizer, Vocabulary, list[tuple[bytes, bytes]]]:
    return _learnt("".join(text[:60_000] for text in real_texts.values()))


def _words(texts: dict[str, str], count: int = 3000) -> list[bytes]:
    words = {w for text in texts.values() for w in text.encode()[:400_000].split(b" ")}
    ordered = sorted(words)
    random.Random(5).shuffle(ordered)
    return [b" " + w for w in ordered[:count] if w]


def _core(segmenter: BytePairSegmenter, pretoken: bytes) -> list[int]:
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    return engine.encode(pretoken).tolist()


def test_twin_core_and_tokenizers_agree(learnt, real_texts):
    tokenizer, vocabulary, merges = learnt
    segmenter = BytePairSegmenter.from_merges(vocabulary, merges)
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    words = _words(real_texts)
    for number, word in enumerate(words):
        ids = engine.encode(word).tolist()
        assert b"".join(vocabulary.pieces[i] or b"" for i in ids) == word
        if number % 10 == 0:
            assert ids == segmenter.segment(word)
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    texts = [w.decode() for w in words]
    expected = [e.ids for e in tokenizer.encode_batch(texts, add_special_tokens=False)]
    assert [engine.encode(text).tolist() for text in texts] == expected


def test_ranks_agree_with_tiktoken(learnt, real_texts):
    _, _, merges = learnt
    ranks = {bytes([b]): b for b in range(256)}
    for left, right in merges:
        ranks.setdefault(left + right, len(ranks))
    known = Vocabulary.from_ids({rank: piece for piece, rank in ranks.items()})
    segmenter = BytePairSegmenter.from_ranks(known)
    oracle = tiktoken.Encoding("t", pat_str="(?s).+", mergeable_ranks=ranks, special_tokens={})
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    for word in _words(real_texts):
        text = word.decode()
        assert engine.encode(text).tolist() == oracle.encode_ordinary(text)


def _by_ranks(word: bytes, ranks: dict[bytes, int]) -> list[bytes]:
    """The rule itself: of neighbours whose concatenation has a rank, the lowest merge first."""
    parts = [bytes([byte]) for byte in word]
    while True:
        joined = [ranks.get(a + b, NO_RANK) for a, b in pairwise(parts)]
        if min(joined, default=NO_RANK) == NO_RANK:
            return parts
        at = joined.index(min(joined))
        parts[at : at + 2] = [parts[at] + parts[at + 1]]


@pytest.mark.parametrize("ascending", [True, False])
@pytest.mark.parametrize("seed", range(6))
def test_any_ranks_agree_with_the_rule(seed, ascending):
    """Ranks in any order, equal ones and none, pieces that nothing reaches and long ones."""
    rng = random.Random(seed)
    atoms = ["a", "b", "語", "é", "語"][: rng.randrange(2, 6)]
    pieces = [bytes([byte]) for byte in range(256)]
    for _ in range(60):
        joined = rng.choice([rng.choice(pieces[97:]), rng.choice(atoms).encode()])
        piece = rng.choice(pieces[-40:]) + joined
        if piece not in pieces and len(piece) < 150:
            pieces.append(piece)
    ranks = list(range(len(pieces)))
    if not ascending:
        ranks = [rng.choice([NO_RANK, *range(9)]) if rng.random() < 0.3 else r for r in ranks]
    known = {
        piece: rank
        for piece, rank in sorted(zip(pieces, ranks, strict=True), key=lambda each: -each[1])
        if rank != NO_RANK
    }
    for whole in (False, True):
        segmenter = BytePairSegmenter.from_ranks(Vocabulary(pieces), ranks, whole_pretokens=whole)
        engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
        same = _native.Engine(
            pickle.loads(pickle.dumps(segmenter)).native(), _native.Splitter("whole")
        )
        for _ in range(150):
            word = "".join(rng.choices(atoms, k=rng.randrange(1, 60))).encode()
            word = rng.choice(
                [word, word[1:] or b"a", rng.choice(pieces) + word, rng.choice(pieces)]
            )
            parts = [word] if whole and word in pieces else _by_ranks(word, known)
            ids = engine.encode(word).tolist()
            assert [pieces[id_] for id_ in ids] == parts
            assert segmenter.segment(word) == ids == same.encode(word).tolist()


@pytest.mark.parametrize("seed", range(8))
def test_any_merges_twin_and_core_agree(seed):
    """Merges in random order, some of pieces that nothing reaches: rank alone decides."""
    rng = random.Random(seed)
    alphabet = b"abc"
    pieces = [bytes([b]) for b in alphabet]
    rows = []
    for _ in range(40):
        left, right = rng.choice(pieces), rng.choice(pieces)
        if left + right not in pieces and len(left + right) < 12:
            pieces.append(left + right)
        if left + right in pieces:
            rows.append((pieces.index(left), pieces.index(right), pieces.index(left + right)))
    rng.shuffle(rows)
    ranks = np.array([rng.randrange(12) for _ in rows], dtype=np.uint32)
    for whole in (False, True):
        segmenter = BytePairSegmenter(
            Vocabulary(pieces), np.array(rows, np.uint32), ranks, whole_pretokens=whole
        )
        engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
        for _ in range(300):
            word = bytes(rng.choice(alphabet) for _ in range(rng.randrange(1, 140)))
            assert engine.encode(word).tolist() == segmenter.segment(word)


@pytest.mark.parametrize("fuse", [False, True])
@pytest.mark.parametrize("fallback", [False, True])
def test_characters_agree_with_tokenizers(fuse, fallback):
    pieces = ["<unk>", *(f"<0x{b:02X}>" for b in range(256) if fallback), "a", "b", "é", "语"]
    merges = [("a", "b"), ("ab", "语"), ("é", "é")]
    pieces += [left + right for left, right in merges]
    tokenizer = Tokenizer(
        models.BPE(
            {p: i for i, p in enumerate(pieces)},
            merges,
            unk_token="<unk>",
            fuse_unk=fuse,
            byte_fallback=fallback,
        )
    )
    canonical = [bytes([int(p[3:5], 16)]) if p[:3] == "<0x" else p.encode() for p in pieces]
    roles = {0: "unknown"} | (dict.fromkeys(range(1, 257), "byte") if fallback else {})
    vocabulary = Vocabulary(canonical, roles)
    segmenter = BytePairSegmenter.from_merges(
        vocabulary,
        [tuple(pieces.index(p) for p in (left, right, left + right)) for left, right in merges],
        symbols="characters",
        byte_fallback=fallback,
        unknown=0,
        fuse_unknown=fuse,
    )
    rng = random.Random(3)
    for _ in range(500):
        text = "".join(rng.choice("abéé语xЖ😀") for _ in range(rng.randrange(1, 30)))
        expected = tokenizer.encode(text).ids
        assert segmenter.segment(text.encode()) == expected
        assert _core(segmenter, text.encode()) == expected


def test_unknown_characters_have_spans():
    vocabulary = Vocabulary([b"?", b"a", "é".encode()], {0: "unknown"})
    segmenter = BytePairSegmenter.from_merges(
        vocabulary, [], symbols="characters", unknown=0, fuse_unknown=True
    )
    engine = _native.Engine(segmenter.native(), _native.Splitter("whole"))
    ids, spans = engine.encode_spans("a😀语éz\xff".encode() + b"\xff")
    assert ids.tolist() == [1, 0, 2, 0]
    assert spans.tolist() == [[0, 1], [1, 8], [8, 10], [10, 14]]


def test_what_contradicts_itself_is_refused():
    vocabulary = Vocabulary([b"a", b"b", b"ab"])
    for merges in ([(0, 1, 3)], [(0, 0, 2)], [(2, 2, 2)], [(0, 2, 1)]):
        with pytest.raises(VocabularyError, match="merge 0"):
            BytePairSegmenter.from_merges(vocabulary, merges).native()
    with pytest.raises(VocabularyError, match="shape"):
        BytePairSegmenter.from_merges(vocabulary, [(0, 1)])
    segmenter = BytePairSegmenter.from_merges(vocabulary, [(0, 1, 2)])
    with pytest.raises(EncodeError, match="63"):
        segmenter.segment(b"abc")
    with pytest.raises(EncodeError, match="63"):
        _core(segmenter, b"abc")
    assert _core(segmenter, b"aabb") == [0, 2, 1]


def test_pickles_without_the_core():
    segmenter = BytePairSegmenter.from_merges(Vocabulary([b"a", b"aa"]), [(0, 0, 1)])
    segmenter.native()
    copy = pickle.loads(pickle.dumps(segmenter))
    assert copy.segment(b"aaa") == _core(copy, b"aaa") == [1, 0]
