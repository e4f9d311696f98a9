from __future__ import annotations

import multiprocessing
import pickle
import threading
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzz_text import fuzz_bytes, fuzz_strings, texts
from running import running
from small_tokenizers import SPECIALS, learned_ranks, oracle, rank_file
from tokenry import Ragged, Tokenizer, Vocabulary, load
from tokenry.errors import UnsupportedError, VocabularyError
from tokenry.formats import tiktoken as rank_files
from tokenry.spans import Alignment, character_offsets
from tokenry.text.parts import (
    AddedToken,
    Normalizer,
    Pretokenizer,
    Pretokens,
    Segmenter,
    Template,
)
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.pretokenizers.split_patterns import PATTERNS
from tokenry.text.segmenters.bpe import BytePairSegmenter

load_ranks = running(rank_files.load)

TEXTS = ("", " ", "Hello world", "naïve 中文 👩‍👩‍👧‍👦", "a<|endoftext|>b", "x" * 1000)


@dataclass(frozen=True)
class Doubling(Normalizer):
    """A normalizer that lower-cases, and doubles every "w"; inserted bytes have empty ranges."""

    def __call__(self, text: str) -> str:
        return text.lower().replace("w", "ww")

    def align(self, text: str) -> tuple[str, Alignment]:
        starts: list[int] = []
        ends: list[int] = []
        at = 0
        for character in text:
            size = len(character.encode())
            changed = len(self(character).encode())
            starts += [at] * changed
            ends += [at + size] * changed
            at += size
        return self(text), Alignment(np.array(starts, np.int64), np.array(ends, np.int64))


@dataclass(frozen=True)
class Words(Pretokenizer):
    """A pretokenizer that the core does not know, which drops spaces and prefixes the input."""

    lossless = False

    def __call__(self, data: bytes, *, first: bool = True) -> Pretokens:
        changed = b"_" + data if first else data
        bounds = [i for i, byte in enumerate(changed) if byte == 32]
        starts = [0, *(i + 1 for i in bounds)]
        ends = [*bounds, len(changed)]
        inserted = np.array([0] if first else [], np.int64)
        kept = Alignment.identity(len(data))
        alignment = Alignment(
            np.concatenate([inserted, kept.starts]), np.concatenate([inserted, kept.ends])
        )
        return Pretokens(changed, np.array(starts, np.uint64), np.array(ends, np.uint64), alignment)


def small(pattern: str = "o200k") -> Tokenizer:
    return load_ranks(rank_file(learned_ranks()), pattern=pattern, special_tokens=SPECIALS)


def with_parts(**parts: object) -> Tokenizer:
    base = small().parts()
    return Tokenizer(**{**base, "lossless": None, **parts})  # type: ignore[arg-type]


# Every way through the tokenizer: straight, with a normalizer, with pretokens found in Python,
# with added tokens of all kinds.
ADDED = (
    AddedToken("<|endoftext|>", 3000),
    AddedToken("<keep>", 3001, special=False),
    AddedToken("word", 3002, special=False, single_word=True),
    AddedToken("[M]", 3003, special=False, lstrip=True, rstrip=True),
    AddedToken("HTTP", 3004, special=False, normalized=True),
)


def bigger_vocabulary() -> Vocabulary:
    pieces: dict[int, bytes | None] = {rank: piece for piece, rank in learned_ranks().items()}
    pieces |= {token.id: token.content.encode() for token in ADDED}
    return Vocabulary.from_ids(
        pieces, {3000: "special"} | dict.fromkeys(range(3001, 3005), "user_defined")
    )


def variants() -> dict[str, Tokenizer]:
    vocabulary = bigger_vocabulary()
    merges = BytePairSegmenter.from_ranks(
        Vocabulary(vocabulary.pieces, dict.fromkeys(range(3000, 3005), "special"))
    )
    parts = {"vocabulary": vocabulary, "segmenter": merges, "added_tokens": ()}
    return {
        "straight": with_parts(**parts),
        "normalized": with_parts(**parts, normalizer=Doubling()),
        "python pretokens": with_parts(**parts, pretokenizer=Words()),
        "both": with_parts(**parts, pretokenizer=Words(), normalizer=Doubling()),
        "added": with_parts(**{**parts, "added_tokens": ADDED}),
        "everything": with_parts(
            **{**parts, "added_tokens": ADDED}, pretokenizer=Words(), normalizer=Doubling()
        ),
    }


VARIANTS = variants()
TRICKY = ("word sword word", " [M]  [M] x", "<keep><|endoftext|>", "HTTP http WWW", "a [M]b word")


@pytest.mark.parametrize("name", VARIANTS)
def test_every_way_to_encode_gives_the_same_ids(name, rng):
    tokenizer = VARIANTS[name]
    documents = [*TEXTS, *TRICKY, *fuzz_strings(rng, 150), *fuzz_bytes(rng, 100)]
    for allowed in (frozenset(), "all"):
        expected = (
            [tokenizer.encode_by_hand(d, allowed_special=allowed) for d in documents]
            if (allowed != "all" or tokenizer.special_tokens_set)
            else [tokenizer.encode_by_hand(d) for d in documents]
        )
        options = {"allowed_special": allowed}
        assert [tokenizer.encode(d, **options) for d in documents] == expected
        assert tokenizer.encode_batch(documents, **options).to_lists() == expected
        assert tokenizer.encode_batch(documents, threads=2, **options).to_lists() == expected
        assert [tokenizer.count(d, **options) for d in documents] == [len(e) for e in expected]
        assert tokenizer.count_batch(documents, **options).tolist() == [len(e) for e in expected]
        assert [
            tokenizer.encode_with_spans(d, **options)[0].tolist() for d in documents
        ] == expected


@given(st.one_of(texts(), st.binary(max_size=20)))
def test_spans_of_lossless_tokenizers_are_the_bytes_of_the_pieces(text):
    tokenizer = VARIANTS["straight"]
    data = text if isinstance(text, bytes) else text.encode()
    ids, spans = tokenizer.encode_with_spans(text)
    assert spans.dtype == np.int64
    assert spans.shape == (len(ids), 2)
    assert [data[a:b] for a, b in spans] == [tokenizer.vocabulary[i] for i in ids.tolist()]


def test_spans_lead_back_through_normalizer_and_pretokenizer():
    tokenizer = VARIANTS["both"]
    text = "WaW éa"
    ids, spans = tokenizer.encode_with_spans(text)
    data = text.encode()
    covered = {i for a, b in spans.tolist() for i in range(a, b)}
    assert covered == {i for i, byte in enumerate(data) if byte != 32}
    assert tokenizer.decode_bytes(ids) == "_wwawwéa".encode()
    assert (np.diff(spans[:, 0]) >= 0).all()


def test_spans_of_added_tokens():
    tokenizer = VARIANTS["added"]
    ids, spans = tokenizer.encode_with_spans("a [M]  b<|endoftext|>", allowed_special="all")
    found = dict(zip(ids.tolist(), map(tuple, spans.tolist()), strict=True))
    assert found[3003] == (1, 7)
    assert found[3000] == (8, 21)


@given(texts())
def test_character_offsets_cut_the_str(text):
    tokenizer = VARIANTS["straight"]
    _, spans = tokenizer.encode_with_spans(text)
    characters = character_offsets(text, spans)
    data = text.encode()
    for (a, b), (c, d) in zip(spans.tolist(), characters.tolist(), strict=True):
        outer = text[c:d].encode()
        assert data[a:b] in outer
        assert len(outer) <= b - a + 6


def test_character_offsets_count_surrogate_pairs_as_two():
    text = "a\ud83d\ude00b"
    _, spans = VARIANTS["straight"].encode_with_spans(text)
    characters = character_offsets(text, spans)
    assert characters[0].tolist() == [0, 1]
    assert characters[-1].tolist() == [3, 4]
    assert character_offsets(text, np.array([[1, 5]])).tolist() == [[1, 3]]


def test_surrogate_pairs_are_joined_and_lone_ones_replaced():
    tokenizer = small()
    theirs = oracle(learned_ranks(), PATTERNS["o200k"], SPECIALS)
    for text in ("\ud83d\ude00", "a\ud800b", "\udc00\ud800", "x\ud83d"):
        assert tokenizer.encode(text) == theirs.encode_ordinary(text)
        assert tokenizer.count(text) == len(theirs.encode_ordinary(text))
        assert tokenizer.encode_batch([text])[0].tolist() == theirs.encode_ordinary(text)


def test_specials_are_text_until_they_are_allowed():
    tokenizer = small()
    text = "a<|endoftext|><|endofprompt|>"
    assert 3000 not in tokenizer.encode(text)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    ids = tokenizer.encode(text, allowed_special={"<|endoftext|>"})
    assert 3000 in ids
    assert 3005 not in ids
    assert tokenizer.encode(text, allowed_special="all")[-2:] == [3000, 3005]
    with pytest.raises(VocabularyError, match="expected a set of specials"):
        tokenizer.encode(text, allowed_special="<|endoftext|>")
    assert tokenizer.decode(tokenizer.encode(text, allowed_special="all")) == text
    with pytest.raises(VocabularyError, match="<nope>"):
        tokenizer.encode(text, allowed_special={"<nope>"})


def test_the_template_is_only_put_on_request():
    tokenizer = with_parts(template=Template((3000,), (3005,)))
    plain = tokenizer.encode("hi")
    assert tokenizer.encode("hi", add_special_tokens=True) == [3000, *plain, 3005]
    batch = tokenizer.encode_batch(["hi", ""], add_special_tokens=True)
    assert batch.to_lists() == [[3000, *plain, 3005], [3000, 3005]]
    ids, spans = tokenizer.encode_with_spans("hi", add_special_tokens=True)
    assert len(ids) == len(spans)
    assert spans[0].tolist() == [0, 0]
    assert spans[-1].tolist() == [2, 2]


@pytest.mark.parametrize("ids", [[-1], [3006], [2**31], [2**70], [0, 1, 99999]])
def test_invalid_ids_are_named_with_the_size(ids):
    tokenizer = small()
    for decode in (tokenizer.decode, tokenizer.decode_bytes, lambda i: tokenizer.decode_batch([i])):
        with pytest.raises(VocabularyError, match=rf"id {max(ids, key=abs)} .* 3006 ids"):
            decode(ids)


def test_holes_do_not_decode():
    with pytest.raises(VocabularyError, match="3002 is a hole"):
        small().decode([5, 3002])


@pytest.mark.parametrize("ids", [[1.5], ["a"], np.array([1.5]), [None]])
def test_what_is_no_id_is_a_type_error_or_ours(ids):
    with pytest.raises((TypeError, VocabularyError)):
        small().decode(ids)


def test_decoding_takes_every_kind_of_integers():
    tokenizer = small()
    ids = tokenizer.encode("some text")
    for kind in (np.uint32, np.int64, np.uint16, np.int32):
        assert tokenizer.decode(np.array(ids, dtype=kind)) == "some text"
    assert tokenizer.decode(np.array(ids + ids, dtype=np.uint32)[::2]) == tokenizer.decode(
        (ids + ids)[::2]
    )
    assert tokenizer.decode([]) == ""
    assert tokenizer.decode_batch(tokenizer.encode_batch(["a", "", "中文"])) == ["a", "", "中文"]
    assert tokenizer.decode_batch([[3000], ids]) == ["<|endoftext|>", "some text"]


def test_bytes_that_are_not_utf8_are_replaced_or_refused():
    tokenizer = small()
    ids = tokenizer.encode(b"a\xff")
    assert tokenizer.decode(ids) == "a\ufffd"
    assert tokenizer.decode(ids, errors="ignore") == "a"
    with pytest.raises(UnicodeDecodeError):
        tokenizer.decode(ids, errors="strict")


def test_the_names_of_tiktoken():
    ours, theirs = small(), oracle(learned_ranks(), PATTERNS["o200k"], SPECIALS)
    assert ours.n_vocab == theirs.n_vocab
    assert ours.special_tokens_set == theirs.special_tokens_set
    assert ours.token_byte_values() == theirs.token_byte_values()
    assert ours.decode_single_token_bytes(3000) == theirs.decode_single_token_bytes(3000)
    for piece in ("the", b" the", "<|endoftext|>"):
        assert ours.encode_single_token(piece) == theirs.encode_single_token(piece)
    with pytest.raises(VocabularyError):
        ours.encode_single_token("no such piece")


def test_lossless_is_declared():
    assert small().lossless
    assert not VARIANTS["normalized"].lossless
    assert not VARIANTS["python pretokens"].lossless
    assert not VARIANTS["added"].lossless  # [M] swallows white space
    assert not with_parts(pretokenizer=RegexPretokenizer("[a-z]+", "removed", invert=True)).lossless
    assert with_parts(pretokenizer=RegexPretokenizer("[a-z]+")).lossless


def test_lossless_tokenizers_are(rng):
    for tokenizer in VARIANTS.values():
        if tokenizer.lossless:
            for data in fuzz_bytes(rng, 200):
                assert tokenizer.decode_bytes(tokenizer.encode(data)) == data


def test_a_tokenizer_is_immutable():
    with pytest.raises(AttributeError, match="immutable"):
        small().name = "other"


def test_equal_tokenizers_give_equal_ids_and_text():
    one, other = small(), small()
    assert one == other
    assert hash(one) == hash(other)
    assert len({one, other, small("gpt2")}) == 2
    assert one != with_parts(template=Template((256,)))
    assert one == with_parts(name="called otherwise", metadata={"from": "elsewhere"})
    assert one != one.truncate(300)
    assert one != one.fingerprint()
    assert len(one) == one.n_vocab == len(one.vocabulary)
    unnamed = with_parts(pretokenizer=Words())
    assert unnamed == unnamed
    assert unnamed != with_parts(pretokenizer=Words())


def test_added_tokens_must_make_sense():
    for token in (AddedToken("x", 99999), AddedToken("", 5)):
        with pytest.raises(VocabularyError):
            with_parts(added_tokens=[token])
    with pytest.raises(VocabularyError, match="two ids"):
        with_parts(added_tokens=[AddedToken("x", 3000), AddedToken("x", 3005)])


def test_ragged_is_a_sequence():
    batch = Ragged.of([[1, 2], [], [3]])
    assert len(batch) == 3
    assert batch[-1].tolist() == [3]
    assert [row.tolist() for row in batch] == [[1, 2], [], [3]]
    assert [row.tolist() for row in batch[:2]] == [[1, 2], []]
    assert batch.lengths().tolist() == [2, 0, 1]
    with pytest.raises(IndexError):
        batch[3]
    assert len(Ragged.of([])) == 0


def test_truncation_nests():
    tokenizer = small()
    part = tokenizer.truncate(1000)
    assert part.vocabulary.pieces == tokenizer.vocabulary.pieces[:1000]
    ranks = {piece: rank for piece, rank in learned_ranks().items() if rank < 1000}
    text = "the quick brown fox, documentation of classes"
    assert part.encode(text) == oracle(ranks, PATTERNS["o200k"], {}).encode_ordinary(text)
    assert part.added_tokens == ()
    with pytest.raises(VocabularyError, match="single bytes"):
        tokenizer.truncate(100)
    with pytest.raises(VocabularyError):
        tokenizer.truncate(10**6)


def test_unreachable_ids_are_found():
    pieces = [bytes([byte]) for byte in range(256)] + [b"ab", b"abc", b"a b", None, b"<s>"]
    vocabulary = Vocabulary(pieces, {260: "special"})
    segmenter = BytePairSegmenter.from_merges(vocabulary, [(97, 98, 256)])
    tokenizer = Tokenizer(
        vocabulary=vocabulary, segmenter=segmenter, pretokenizer=NativePretokenizer("gpt2")
    )
    found = tokenizer.unreachable()
    assert found.unproduced == (257, 258)
    assert found.holes == (259,)
    assert found.cut == ()
    assert len(found.partial_utf8) == 128
    merges = [(97, 98, 256), (97, 32, 257)]
    vocabulary = Vocabulary([*pieces[:257], b"a "])
    segmenter = BytePairSegmenter.from_merges(vocabulary, merges)
    parts = {**tokenizer.parts(), "vocabulary": vocabulary, "segmenter": segmenter}
    assert Tokenizer(**parts).unreachable().cut == (257,)


def test_only_bpe_truncates():
    @dataclass
    class Other(Segmenter):
        def segment(self, pretoken):
            return []

        def native(self):
            raise NotImplementedError

    with pytest.raises(UnsupportedError, match="Other"):
        with_parts(segmenter=Other()).truncate(300)


def encode_elsewhere(tokenizer, queue):
    queue.put(tokenizer.encode("the same text <|endoftext|>", allowed_special="all"))


@pytest.mark.parametrize("method", ["fork", "spawn", "forkserver"])
def test_a_tokenizer_survives_other_processes(method):
    tokenizer = small()
    tokenizer.encode_batch(["warm the engine and its threads"] * 50, threads=2)
    context = multiprocessing.get_context(method)
    queue = context.SimpleQueue()
    processes = [
        context.Process(target=encode_elsewhere, args=(tokenizer, queue)) for _ in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)
        assert process.exitcode == 0
    expected = tokenizer.encode("the same text <|endoftext|>", allowed_special="all")
    assert [queue.get(), queue.get()] == [expected, expected]


def batch_in_child(tokenizer, queue):
    queue.put(tokenizer.encode_batch(["some text"] * 200, threads=2).lengths().sum())


def test_threads_work_in_a_forked_child():
    tokenizer = small()
    tokenizer.encode_batch(["some text"] * 200, threads=2)
    context = multiprocessing.get_context("fork")
    queue = context.SimpleQueue()
    process = context.Process(target=batch_in_child, args=(tokenizer, queue))
    process.start()
    process.join(timeout=60)
    assert process.exitcode == 0
    assert queue.get() == 200 * tokenizer.count("some text")


def test_a_tokenizer_pickles_small_and_without_its_engine():
    tokenizer = small()
    before = pickle.dumps(tokenizer)
    tokenizer.encode("x")
    assert len(pickle.dumps(tokenizer)) == len(before)
    again = pickle.loads(before)
    assert again.fingerprint() == tokenizer.fingerprint()
    assert again.encode("some text") == tokenizer.encode("some text")


def test_threads_share_a_tokenizer(real_texts):
    tokenizer = small()
    text = real_texts["prose"][:50_000]
    expected = oracle(learned_ranks(), PATTERNS["o200k"], {}).encode_ordinary(text)
    results: list[list[int]] = []
    threads = [
        threading.Thread(target=lambda: results.append(tokenizer.encode(text))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [expected] * 8


def test_continuations_of_words_are_reachable():
    from tokenry.formats import wordpiece

    tokens = ["[UNK]", "a", "b", "##c", "##cd", "[unused0]", "unused"]
    tokenizer = running(wordpiece.load)("\n".join(tokens).encode())
    found = tokenizer.unreachable()
    assert found.unproduced == ()
    assert [tokenizer.vocabulary[id_] for id_ in found.cut] == [b" [unused0]"]


def test_what_is_no_text_is_refused():
    for tokenizer in VARIANTS.values():
        for wrong in (None, 5, ["a"], bytearray(b"a")):
            with pytest.raises(TypeError):
                tokenizer.encode(wrong)
    with pytest.raises(TypeError, match="texts "):
        small().encode_batch("one text")
    with pytest.raises(VocabularyError):
        with_parts(template=Template((99999,)))


def test_a_single_token_has_the_bytes_that_it_stands_for(tokenizer_files):
    llama = load(tokenizer_files / "llama_tokenizer.json")
    world = llama.encode("hello world")[-1]
    assert llama.decode_single_token_bytes(world) == b" world"
    half = llama.vocabulary.id_of(b"\xe4")
    assert llama.decode_single_token_bytes(half) == b"\xe4"
    with pytest.raises(VocabularyError):
        llama.decode_single_token_bytes(len(llama))
