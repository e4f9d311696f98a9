"""Logs of merges, supermerges and deletions: encoding gives what replaying every event gives."""

from __future__ import annotations

import pickle
import random
from itertools import pairwise

import numpy as np
import pytest

from fuzz_text import fuzz_bytes, fuzz_strings
from tokenry.errors import VocabularyError
from tokenry.formats import native_file
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.pretokenizers.word_runs import WordRunPretokenizer
from tokenry.text.segmenters.event_log import (
    BYTES,
    DELETION,
    MERGE,
    SUPERMERGE,
    EventLog,
    EventSegmenter,
    WordRun,
    WordRunSegmenter,
)
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

WORDS = WordRunPretokenizer("o200k")


class RandomLog:
    """Events at random, each of which applies to a text: symbols go, come back and go again."""

    def __init__(self, rng: random.Random, text: bytes, *, supermerges: bool) -> None:
        self.rng = rng
        self.events: list[tuple[int, int, int, int]] = []
        self.pieces = [bytes([byte]) for byte in range(BYTES)]
        self.present = set(range(BYTES))
        self.superwords: set[int] = set()
        self.runs = [[list(word) for word in run] for run in runs_of(text)]
        self.choices = [MERGE, MERGE, MERGE, DELETION] + [SUPERMERGE] * 2 * supermerges

    def log(self) -> EventLog:
        ids = np.full(len(self.pieces), -1, dtype=np.int64)
        left = sorted(self.present)
        ids[left] = np.arange(len(left))
        return EventLog(np.array(self.events, dtype=np.uint32).reshape(-1, 4), ids)

    def vocabulary(self) -> Vocabulary:
        return Vocabulary([self.pieces[symbol] for symbol in sorted(self.present)])

    def grow(self, events: int) -> None:
        for _ in range(events):
            kind = self.rng.choice(self.choices)
            if kind == DELETION:
                self.delete()
            else:
                self.join(kind)

    def delete(self) -> None:
        candidates = sorted(self.present - self.superwords - set(range(BYTES)))
        if candidates:
            symbol = self.rng.choice(candidates)
            self.present.remove(symbol)
            self.add((DELETION, symbol, 0, 0))

    def join(self, kind: int) -> None:
        pairs = sorted({pair for run in self.runs for pair in pairs_of(run, kind)})
        if not pairs:
            return
        left, right = self.rng.choice(pairs)
        piece = self.pieces[left] + self.pieces[right]
        known = self.pieces.index(piece) if piece in self.pieces else len(self.pieces)
        if known < len(self.pieces) and (known in self.superwords) != (kind == SUPERMERGE):
            return
        if known == len(self.pieces):
            self.pieces.append(piece)
        self.present.add(known)
        if kind == SUPERMERGE:
            self.superwords.add(known)
        self.add((kind, left, right, known))

    def add(self, event: tuple[int, int, int, int]) -> None:
        self.events.append(event)
        log, time = self.log(), len(self.events) - 1
        self.runs = [log.applied(time, run) for run in self.runs]


def runs_of(text: bytes) -> list[list[bytes]]:
    cut = WORDS(text)
    ranges = zip(cut.starts.tolist(), cut.ends.tolist(), strict=True)
    return [WORDS.words_of(text[start:end]) for start, end in ranges]


def pairs_of(run: WordRun, kind: int) -> list[tuple[int, int]]:
    if kind == MERGE:
        return [pair for word in run for pair in pairwise(word)]
    return [(a[0], b[0]) for a, b in pairwise(run) if len(a) == len(b) == 1]


def replayed(log: EventLog, text: bytes, words: WordRunPretokenizer) -> list[int]:
    """Every event applied to the pretokens of a whole text; supermerges join only words."""
    cut = NativePretokenizer(words.splitter)(text)
    ranges = zip(cut.starts.tolist(), cut.ends.tolist(), strict=True)
    state: list[tuple[bool, list[int]]] = [
        (words.is_word(text[start:end]), list(text[start:end])) for start, end in ranges
    ]
    for time, (kind, left, right, made) in enumerate(log.events.tolist()):
        if kind != SUPERMERGE:
            state = [(word, log.applied(time, [symbols])[0]) for word, symbols in state]
            continue
        joined: list[tuple[bool, list[int]]] = []
        for each in state:
            if joined and joined[-1] == (True, [left]) and each == (True, [right]):
                joined[-1] = (True, [made])
            else:
                joined.append(each)
        state = joined
    return [int(log.ids[symbol]) for _, symbols in state for symbol in symbols]


TRAINING = "the theme of the thesis, then the other; a aa aaa aaaa the the the the thethe tHeThe"


def small_texts(rng: random.Random) -> list[bytes]:
    letters = ["".join(rng.choices("the aots,", k=rng.randint(1, 40))) for _ in range(40)]
    words = [" ".join(rng.choices(TRAINING.split(), k=rng.randint(1, 12))) for _ in range(40)]
    return [text.encode() for text in [*letters, *words]] + list(fuzz_bytes(rng, 20))


@pytest.mark.parametrize("supermerges", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_encoding_is_replaying(seed: int, supermerges: bool) -> None:
    rng = random.Random(seed)
    random_log = RandomLog(rng, TRAINING.encode(), supermerges=supermerges)
    random_log.grow(rng.choice([5, 40, 120]))
    log, vocabulary = random_log.log(), random_log.vocabulary()
    if supermerges:
        tokenizer = Tokenizer(
            vocabulary=vocabulary,
            segmenter=WordRunSegmenter(vocabulary, log, WORDS),
            pretokenizer=WORDS,
        )
    else:
        tokenizer = Tokenizer(
            vocabulary=vocabulary,
            segmenter=EventSegmenter(vocabulary, log),
            pretokenizer=NativePretokenizer("o200k"),
        )
    assert tokenizer.lossless
    for text in [TRAINING.encode(), *small_texts(rng)]:
        expected = replayed(log, text, WORDS)
        assert tokenizer.encode(text) == expected, text
        assert tokenizer.encode_by_hand(text) == expected, text
        assert tokenizer.decode_bytes(expected) == text
        ids, spans = tokenizer.encode_with_spans(text)
        assert ids.tolist() == expected
        assert [text[begin:end] for begin, end in spans.tolist()] == [
            vocabulary[id_] for id_ in expected
        ]


def deep_log() -> tuple[Vocabulary, EventLog]:
    """``abcd`` comes, goes to ``ab``, ``c``, ``d``, and comes back another way."""
    a, b, c, d = b"abcd"
    ab, abc, abcd, cd, x = range(BYTES, BYTES + 5)
    events = [
        (MERGE, a, b, ab),
        (MERGE, ab, c, abc),
        (MERGE, abc, d, abcd),
        (DELETION, abc, 0, 0),
        (MERGE, abcd, ord("x"), x),
        (DELETION, abcd, 0, 0),
        (MERGE, c, d, cd),
        (MERGE, ab, cd, abcd),
        (DELETION, cd, 0, 0),
    ]
    ids = np.arange(BYTES + 5)
    ids[[abc, cd]] = -1
    ids[ids >= 0] = np.arange((ids >= 0).sum())
    pieces = [*(bytes([byte]) for byte in range(BYTES)), b"ab", b"abcd", b"abcdx"]
    return Vocabulary(pieces), EventLog(np.array(events, dtype=np.uint32), ids)


def test_a_deleted_piece_can_come_back() -> None:
    vocabulary, log = deep_log()
    segmenter = EventSegmenter(vocabulary, log)
    pieces = [vocabulary[id_] for id_ in segmenter.segment(b"abcdxabcdabcxab")]
    assert pieces == [b"abcdx", b"abcd", b"ab", b"c", b"x", b"ab"]
    assert log.parts[5] == [256, ord("c"), ord("d")]


def test_an_input_of_a_million_letters() -> None:
    vocabulary, log = deep_log()
    tokenizer = Tokenizer(
        vocabulary=vocabulary,
        segmenter=EventSegmenter(vocabulary, log),
        pretokenizer=NativePretokenizer("o200k"),
    )
    text = b"abcdx" * 200_000
    assert tokenizer.count(text) == 200_000
    assert tokenizer.decode_bytes(tokenizer.encode(text)) == text


def test_a_run_of_a_million_words() -> None:
    a, space_a = ord("a"), BYTES
    events = [(MERGE, ord(" "), a, space_a), (SUPERMERGE, space_a, space_a, 257)]
    vocabulary = Vocabulary([*(bytes([byte]) for byte in range(BYTES)), b" a", b" a a"])
    log = EventLog(np.array(events, dtype=np.uint32), np.arange(258))
    tokenizer = Tokenizer(
        vocabulary=vocabulary,
        segmenter=WordRunSegmenter(vocabulary, log, WORDS),
        pretokenizer=WORDS,
    )
    ids = tokenizer.encode(b" a" * 1_000_001)
    assert ids == [257] * 500_000 + [256]


@pytest.mark.parametrize("members", ["letters", "letters and numbers"])
@pytest.mark.parametrize("splitter", ["o200k", "gpt2", "cl100k", "qwen2"])
def test_word_runs_are_the_twin_and_cut_again_alone(
    splitter: str, members: str, rng: random.Random
) -> None:
    from tokenry import _native

    words = WordRunPretokenizer(splitter, members)  # type: ignore[arg-type]
    native = _native.Splitter(words.native)
    texts = [text.encode() for text in fuzz_strings(rng, 200)] + list(fuzz_bytes(rng, 200))
    for text in texts:
        cut = words(text)
        ends = cut.ends.tolist()
        assert native.split(text).tolist() == ends
        assert native.split(text, capacity=1).tolist() == ends
        inner = NativePretokenizer(splitter)(text).ends.tolist()
        again: list[int] = []
        for start, end in zip(cut.starts.tolist(), ends, strict=True):
            for word in words.words_of(text[start:end]):
                again.append((again[-1] if again else 0) + len(word))
        assert again == inner


def test_files_and_pickles_keep_it(rng: random.Random) -> None:
    random_log = RandomLog(rng, TRAINING.encode(), supermerges=True)
    random_log.grow(60)
    vocabulary = random_log.vocabulary()
    segmenter = WordRunSegmenter(vocabulary, random_log.log(), WORDS)
    tokenizer = Tokenizer(vocabulary=vocabulary, segmenter=segmenter, pretokenizer=WORDS)
    for again in (
        Tokenizer.of(native_file.load(native_file.dump(tokenizer.pipeline))),
        pickle.loads(pickle.dumps(tokenizer)),
    ):
        assert again.fingerprint() == tokenizer.fingerprint()
        assert again.encode(TRAINING) == tokenizer.encode(TRAINING)


A, B = ord("a"), ord("b")
BAD = {
    "no such symbol": [(MERGE, A, 999, BYTES)],
    "joins a symbol that is not there": [(MERGE, A, BYTES + 1, BYTES), (MERGE, A, B, BYTES + 1)],
    "makes a byte": [(MERGE, A, B, A)],
    "of different bytes": [(MERGE, A, B, BYTES), (MERGE, B, A, BYTES)],
    "a deleted byte": [(DELETION, A, 0, 0)],
    "deleted twice": [(MERGE, A, B, BYTES), (DELETION, BYTES, 0, 0), (DELETION, BYTES, 0, 0)],
    "an unknown kind": [(7, A, B, BYTES)],
    "of merges and of supermerges": [(MERGE, A, B, BYTES), (SUPERMERGE, A, B, BYTES)],
    "left without an id": [(MERGE, A, B, BYTES), (MERGE, BYTES, A, BYTES + 1)],
    "an id of what is not left": [],
}


@pytest.mark.parametrize("events", BAD.values(), ids=BAD.keys())
def test_a_log_that_contradicts_itself_is_refused(
    events: list[tuple[int, int, int, int]],
) -> None:
    vocabulary = Vocabulary([*(bytes([byte]) for byte in range(BYTES)), b"ab"])
    ids = np.arange(BYTES + 2)
    ids[-1] = -1
    log = EventLog(np.array(events, dtype=np.uint32).reshape(-1, 4), ids)
    with pytest.raises(VocabularyError):
        WordRunSegmenter(vocabulary, log, WORDS).native()


def test_symbols_that_grow_without_bound_are_refused() -> None:
    vocabulary = Vocabulary([bytes([byte]) for byte in range(BYTES)])
    doubling = [(MERGE, A, A, BYTES), *((MERGE, n, n, n + 1) for n in range(BYTES, BYTES + 40))]
    ids = np.full(BYTES + 41, -1)
    ids[:BYTES] = np.arange(BYTES)
    with pytest.raises(VocabularyError, match="2\\^27 bytes"):
        EventSegmenter(vocabulary, EventLog(np.array(doubling, dtype=np.uint32), ids)).native()


def test_arrays_of_another_shape_are_refused() -> None:
    vocabulary, log = deep_log()
    for events, ids in ((log.events[:, :3], log.ids), (log.events, log.ids[:, None])):
        with pytest.raises(VocabularyError, match="expected"):
            EventSegmenter(vocabulary, EventLog(events, ids)).native()


def test_a_log_with_supermerges_needs_runs_of_words() -> None:
    vocabulary = Vocabulary([*(bytes([byte]) for byte in range(BYTES)), b"ab"])
    log = EventLog(np.array([(SUPERMERGE, A, B, BYTES)], dtype=np.uint32), np.arange(BYTES + 1))
    with pytest.raises(VocabularyError, match="WordRunSegmenter"):
        EventSegmenter(vocabulary, log).native()
