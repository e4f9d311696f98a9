"""PickyBPE and BoundlessBPE: the core learns what the readable twin does, and what it learns."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pytest

import tokenry
from fuzz_text import fuzz_bytes, fuzz_strings
from tokenry.errors import CorpusError, LearnError, SmallerVocabularyWarning
from tokenry.learning import Bpe
from tokenry.learning.boundless import Boundless
from tokenry.learning.bpe_twin import count_words
from tokenry.learning.event_list import EventList
from tokenry.learning.event_twin import ReadableEvents
from tokenry.learning.picky import Picky
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.segmenters.event_log import (
    DELETION,
    MERGE,
    SUPERMERGE,
    EventSegmenter,
    WordRunSegmenter,
)
from tokenry.tokenizer import Tokenizer


def twin_of(learner: Picky | Boundless, documents: list[bytes]) -> EventList:
    if isinstance(learner, Picky):
        words = count_words(documents, NativePretokenizer(learner.pretokenizer))
        return ReadableEvents((([word], n) for word, n in words.items()), learner).learn()
    runs = learner.runs()
    pretokens = (
        data[start:end]
        for data in documents
        for cut in [runs(data)]
        for start, end in zip(cut.starts.tolist(), cut.ends.tolist(), strict=True)
    )
    counted = Counter(tuple(runs.words_of(pretoken)) for pretoken in pretokens)
    rows = ((list(run), n) for run, n in counted.items())
    return ReadableEvents(rows, learner, learner.max_words).learn()


def documents_of(rng: random.Random, kind: str, prose: str) -> list[bytes]:
    if kind == "prose":
        start = rng.randrange(len(prose) - 6000)
        return [prose[start : start + 3000].encode(), prose[start + 3000 : start + 6000].encode()]
    if kind == "letters":
        return ["".join(rng.choices("aab  ", k=rng.randint(1, 60))).encode() for _ in range(40)]
    return [text.encode() for text in fuzz_strings(rng, 60)] + list(fuzz_bytes(rng, 60))


LEARNERS = {
    "picky": Picky(vocab_size=420),
    "picky, picky": Picky(vocab_size=420, threshold=0.5, special_tokens=("<s>",)),
    "picky, short": Picky(vocab_size=420, threshold=0.7, max_piece_length=3, min_frequency=3),
    "boundless": Boundless(vocab_size=400),
    "boundless, picky": Boundless(vocab_size=400, threshold=0.5, min_frequency=0),
    "boundless, two words": Boundless(vocab_size=400, max_words=2, special_tokens=("<s>",)),
    "boundless, numbers": Boundless(
        vocab_size=400, words="letters and numbers", threshold=None, max_piece_length=7
    ),
}


@pytest.mark.filterwarnings("ignore::tokenry.errors.SmallerVocabularyWarning")
@pytest.mark.parametrize("kind", ["prose", "letters", "fuzz"])
@pytest.mark.parametrize("learner", LEARNERS.values(), ids=LEARNERS.keys())
def test_the_core_learns_what_the_twin_does(
    learner: Picky | Boundless, kind: str, prose_text: str
) -> None:
    rng = random.Random(f"{learner} {kind}")
    documents = documents_of(rng, kind, prose_text)
    native = learner.learn_model(documents)
    twin = twin_of(learner, documents)
    assert list(native.log()) == list(twin.log())
    assert native.events.tolist() == twin.events.tolist()
    assert native.pieces == twin.pieces


@pytest.mark.parametrize("text", ["prose", "code", "multilingual"])
def test_without_deletions_picky_is_bpe(text: str, real_texts: dict[str, str]) -> None:
    picky = Picky(vocab_size=2000, threshold=None).learn([real_texts[text]])
    bpe = Bpe(vocab_size=2000).learn([real_texts[text]])
    assert picky.vocabulary == bpe.vocabulary
    assert picky.encode(real_texts[text]) == bpe.encode(real_texts[text])


@pytest.fixture(scope="module")
def documents(prose_text: str) -> list[str]:
    return re.split(r"(?<=\n\n)(?=\w)", prose_text)


@pytest.fixture(scope="module", params=["picky", "boundless"])
def learnt(
    request: pytest.FixtureRequest, documents: list[str]
) -> tuple[Tokenizer, EventList, Picky | Boundless]:
    kinds = {
        "picky": Picky(vocab_size=2000, threshold=0.8, special_tokens=("<s>",)),
        "boundless": Boundless(vocab_size=2000, threshold=0.8, special_tokens=("<s>",)),
    }
    learner = kinds[request.param]
    return learner.learn(documents[::2]), learner.learn_model(documents[::2]), learner


def test_deleted_pieces_take_no_place(
    learnt: tuple[Tokenizer, EventList, Picky | Boundless],
) -> None:
    tokenizer, events, _ = learnt
    assert len(tokenizer.vocabulary) == len(events) == 2000
    assert tokenizer.vocabulary.holes() == ()
    assert tokenizer.vocabulary.duplicates() == {}
    deleted = events.deleted()
    assert len(deleted) > 20
    assert not any(piece in tokenizer.vocabulary for piece in deleted)


def replayed(tokenizer: Tokenizer, text: bytes) -> list[int]:
    """Every event of the log applied to the whole text."""
    segmenter = tokenizer.segmenter
    assert isinstance(segmenter, EventSegmenter | WordRunSegmenter)
    log, start = segmenter.log, segmenter.log.start(tokenizer.vocabulary)
    cut = tokenizer.pretokenizer(text)
    ids: list[int] = []
    for begin, end in zip(cut.starts.tolist(), cut.ends.tolist(), strict=True):
        pretoken = text[begin:end]
        words = (
            segmenter.words.words_of(pretoken)
            if isinstance(segmenter, WordRunSegmenter)
            else [pretoken]
        )
        run = log.replay([[start[byte] for byte in word] for word in words])
        ids += [int(log.ids[symbol]) for word in run for symbol in word]
    return ids


def test_encoding_is_replaying_on_real_text(
    learnt: tuple[Tokenizer, EventList, Picky | Boundless],
    documents: list[str],
    real_texts: dict[str, str],
) -> None:
    tokenizer = learnt[0]
    texts = [*documents[1:400:50], *(text[1000:1400] for text in real_texts.values())]
    for text in texts:
        data = text[:800].encode()
        assert tokenizer.encode(data) == replayed(tokenizer, data)


def test_the_twin_encodes_the_same(
    learnt: tuple[Tokenizer, EventList, Picky | Boundless],
    real_texts: dict[str, str],
    rng: random.Random,
) -> None:
    tokenizer = learnt[0]
    texts = [text[:5000].encode() for text in real_texts.values()]
    for data in [*texts, *fuzz_bytes(rng, 100)]:
        ids, spans = tokenizer.encode_with_spans(data)
        assert tokenizer.encode(data) == ids.tolist() == tokenizer.encode_by_hand(data)
        assert tokenizer.decode_bytes(ids) == data
        assert [data[a:b] for a, b in spans.tolist()] == [tokenizer.vocabulary[i] for i in ids]


def test_saved_and_loaded_it_is_the_same(
    learnt: tuple[Tokenizer, EventList, Picky | Boundless], tmp_path: Path, prose_text: str
) -> None:
    tokenizer = learnt[0]
    tokenizer.save(tmp_path)
    again = tokenry.load(tmp_path)
    assert again.fingerprint() == tokenizer.fingerprint()
    assert again.encode(prose_text) == tokenizer.encode(prose_text)
    assert again.encode("<s>", allowed_special="all") == [0]


def test_a_high_share_is_deleted_and_no_lower_one(documents: list[str]) -> None:
    counts = [
        len(Picky(vocab_size=1500, threshold=share).learn_model(documents).deleted())
        for share in (1.0, 0.9, 0.6)
    ]
    assert 0 < counts[0] < counts[1] < counts[2]


def test_what_is_deleted_was_used_up() -> None:
    documents = ["abcd"] * 10 + ["abc"] + ["ab"] * 3
    with pytest.warns(SmallerVocabularyWarning):
        events = Picky(vocab_size=300, min_frequency=2).learn_model(documents)
    # "abcd" uses up 10 of 11 "abc", "abc" only 11 of 14 "ab".
    assert list(events.log()) == [
        (MERGE, b"a", b"b", 14),
        (MERGE, b"ab", b"c", 11),
        (MERGE, b"abc", b"d", 10),
        (DELETION, b"abc", b"", 1),
    ]
    assert events.pieces[256:] == [b"ab", b"abcd"]


def test_a_deleted_piece_can_come_back() -> None:
    documents = ["abcd"] * 10 + ["abc"] + ["ab"] * 3
    events = Picky(vocab_size=259).learn_model(documents)
    assert list(events.log())[-1] == (MERGE, b"ab", b"c", 1)
    assert events.pieces[256:] == [b"ab", b"abc", b"abcd"]


def test_superwords_are_words(documents: list[str]) -> None:
    learner = Boundless(vocab_size=2500)
    events = learner.learn_model(documents)
    kinds = Counter(kind for kind, *_ in events.log())
    assert kinds[SUPERMERGE] > 200
    assert kinds[DELETION] > 50
    runs = learner.runs()
    made = [left + right for kind, left, right, _ in events.log() if kind == SUPERMERGE]
    for piece in made:
        words = runs.words_of(piece)
        assert len(words) > 1
        assert all(map(runs.is_word, words)), piece
        assert piece in events.pieces
    assert max(len(runs.words_of(piece)) for piece in made) > 2
    assert all(
        len(runs.words_of(left + right)) == 2
        for kind, left, right, _ in Boundless(vocab_size=1500, max_words=2)
        .learn_model(documents)
        .log()
        if kind == SUPERMERGE
    )


def test_boundless_saves_tokens_on_held_out_text(documents: list[str]) -> None:
    boundless = Boundless(vocab_size=3000).learn(documents[::2])
    plain = Bpe(vocab_size=3000).learn(documents[::2])
    held_out = documents[1::2]
    superword_tokens = int(boundless.count_batch(held_out).sum())
    plain_tokens = int(plain.count_batch(held_out).sum())
    # Measured 0.94; there are only 200 kB to learn from.
    assert superword_tokens < 0.96 * plain_tokens


@pytest.mark.parametrize("kind", [Picky, Boundless])
def test_order_of_documents_does_not_matter(
    kind: type[Picky | Boundless], documents: list[str]
) -> None:
    learner = kind(vocab_size=900)
    log = list(learner.learn_model(documents).log())
    assert list(learner.learn_model(documents[::-1]).log()) == log


@pytest.mark.parametrize("kind", [Picky, Boundless])
def test_small_and_odd_data(kind: type[Picky | Boundless]) -> None:
    with pytest.raises(CorpusError, match="empty"):
        kind().learn([])
    for data in ([b"a"], [b"a b a b"], [bytes(range(256)) * 3], ["x" * 5000], [" a" * 5000]):
        with pytest.warns(SmallerVocabularyWarning):
            tokenizer = kind(vocab_size=6000).learn(data)
        text = b"".join(each if isinstance(each, bytes) else each.encode() for each in data)
        assert tokenizer.decode_bytes(tokenizer.encode(text)) == text


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"vocab_size": 255}, "no room"),
        ({"vocab_size": 256, "special_tokens": ("<s>",)}, "no room"),
        ({"threshold": 0.3}, "expected a number from 0.5 to 1"),
        ({"threshold": 1.5}, "expected a number from 0.5 to 1"),
        ({"special_tokens": ("a", "a")}, "twice"),
        ({"special_tokens": ("",)}, "empty"),
        ({"max_piece_length": 0}, "max_piece_length 0; expected a whole number of 1 or more"),
    ],
)
@pytest.mark.parametrize("kind", [Picky, Boundless])
def test_bad_options(
    kind: type[Picky | Boundless], options: dict[str, object], message: str
) -> None:
    with pytest.raises(LearnError, match=message):
        kind(**options)  # type: ignore[arg-type]


def test_bad_options_of_boundless() -> None:
    with pytest.raises(LearnError, match="max_words"):
        Boundless(max_words=0)
    with pytest.raises(LearnError, match="needs a splitter of the core"):
        Boundless(pretokenizer=r"\w+")
    with pytest.raises(LearnError, match="letters and numbers"):
        Boundless(words="digits")  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", [Picky, Boundless])
def test_progress_ends_it(kind: type[Picky | Boundless], prose_text: str) -> None:
    told: list[tuple[str, int, int | None]] = []
    kind(vocab_size=700).learn([prose_text], progress=lambda *each: told.append(each))
    assert told[0] == ("count", len(prose_text.encode()), None)
    assert told[-1] == ("merge", 700, 700)

    def stop(stage: str, done: int, total: int | None) -> None:
        if stage == "merge":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kind(vocab_size=700).learn([prose_text], progress=stop)
