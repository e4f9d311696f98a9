"""The native learner is held to the readable one."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tokenry import _native
from tokenry.learning import Bpe, SuperBpe, bpe_twin
from tokenry.learning.counting import pretokenizer_named
from tokenry.learning.merge_list import MergeList
from tokenry.text.pretokenizers.split_patterns import PATTERNS

pytestmark = pytest.mark.filterwarnings("ignore::tokenry.errors.SmallerVocabularyWarning")
TEXT = st.text(st.sampled_from("aab bcé  \n.,'1\U0001f600"), max_size=80)


def log(learnt: MergeList) -> list[tuple[bytes, bytes, int]]:
    return list(learnt.log())


def by_hand(texts: list[str], name: str, size: int) -> MergeList:
    learnt = MergeList((), Bpe().initial_alphabet)
    words = bpe_twin.count_words([text.encode() for text in texts], pretokenizer_named(name))
    bpe_twin.learn_words(words, learnt, size)
    return learnt


@settings(max_examples=150)
@given(st.lists(TEXT.filter(bool), min_size=1, max_size=12), st.sampled_from([258, 270, 400]))
def test_bpe(texts: list[str], size: int) -> None:
    native = Bpe(vocab_size=size, pretokenizer="gpt2").learn_model(texts)
    assert log(native) == log(by_hand(texts, "gpt2", size))


@settings(max_examples=150)
@given(
    texts=st.lists(TEXT.filter(bool), min_size=1, max_size=12),
    inherited=st.sampled_from([256, 258, 264]),
    max_words=st.integers(1, 3),
    punctuation=st.sampled_from(["", ",", ",.'"]),
)
def test_superbpe(texts: list[str], inherited: int, max_words: int, punctuation: str) -> None:
    learner = SuperBpe(
        vocab_size=290,
        inherited=inherited,
        max_words=max_words,
        punctuation=punctuation,
        document_limit=None,
    )
    learnt = by_hand(texts, "superbpe-1", inherited)
    documents = [text.encode() for text in texts]
    pretokenizer = pretokenizer_named("superbpe")
    bpe_twin.learn_superwords(documents, pretokenizer, learnt, 290, learner.rule())
    assert log(learner.learn_model(texts)) == log(learnt)


def test_superbpe_on_real_text(prose_text: str) -> None:
    text = prose_text[:20_000]
    learner = SuperBpe(vocab_size=420, inherited=360)
    learnt = by_hand([text], "superbpe-1", 360)
    pretokenizer = pretokenizer_named("superbpe")
    bpe_twin.learn_superwords([text.encode()], pretokenizer, learnt, 420, learner.rule())
    assert log(learner.learn_model([text])) == log(learnt)


@given(st.lists(st.tuples(st.binary(min_size=1, max_size=40), st.integers(1, 2**40)), max_size=40))
def test_word_counter(counted: list[tuple[bytes, int]]) -> None:
    counter = _native.WordCounter()
    expected: dict[bytes, int] = {}
    for word, count in counted:
        counter.add_word(word, count)
        expected[word] = expected.get(word, 0) + count
    data, offsets, counts = counter.words()
    words = [data[a:b] for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)]
    ordered = sorted(expected.items(), key=lambda item: (-item[1], item[0]))
    assert list(zip(words, counts.tolist(), strict=True)) == ordered
    assert len(counter) == len(expected)


@pytest.mark.parametrize("name", ["gpt2", "o200k", "superbpe"])
def test_counts_are_those_of_the_pretokens(name: str, real_texts: dict[str, str]) -> None:
    documents = [text.encode() for text in real_texts.values()]
    counter = _native.WordCounter(name, 2)
    counter.add(documents)
    data, offsets, counts = counter.words()
    words = [data[a:b] for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)]
    by_twin = bpe_twin.count_words(documents, pretokenizer_named(name))
    assert dict(zip(words, counts.tolist(), strict=True)) == by_twin


@pytest.mark.parametrize("name", [*PATTERNS])
@pytest.mark.parametrize("gap", ["\n", "\n\n", " \n\n \n", ";\n", "/\n\n", "\r\n\n", "1\n"])
def test_a_document_that_threads_share(name: str, gap: str) -> None:
    # 3 MB in lines of 64 kB, so that threads take it in parts, each ending at such a gap.
    document = (("word " * 13_107)[:-5] + gap) * 48
    shared = _native.WordCounter(name, 3)
    shared.add([document.encode()])
    alone = _native.WordCounter()
    pretokenizer = pretokenizer_named(name)
    cut = pretokenizer(document.encode())
    alone.add_ranges(cut.data, cut.starts, cut.ends)
    assert shared.fingerprint() == alone.fingerprint()


def test_replaying_merges_is_encoding(prose_text: str) -> None:
    learnt = Bpe(vocab_size=700).learn_model([prose_text])
    tokenizer = Bpe().tokenizer(learnt)
    for word in list(bpe_twin.count_words([prose_text.encode()], tokenizer.pretokenizer))[:400]:
        assert bpe_twin.replay(word, learnt) == tokenizer.segmenter.segment(word)


@given(st.binary(max_size=300))
def test_document_symbols_are_encodings(data: bytes) -> None:
    learnt = Bpe(vocab_size=300, pretokenizer="gpt2").learn_model([data or b"x", b"the other"])
    symbols = _native.DocumentSymbols(
        "superbpe", *learnt.packed(), learnt.byte_ids(), learnt.table()
    )
    symbols.add([data])
    expected = [0xFFFFFFFF]
    for pretoken in bpe_twin.pretokens(data, pretokenizer_named("superbpe")):
        ids = bpe_twin.replay(pretoken, learnt)
        expected += [*ids, 0xFFFFFFFF] if len(ids) > 1 else []
    assert symbols.symbols().tolist() == expected
