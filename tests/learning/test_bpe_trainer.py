"""Merges are those of tokenizers' BpeTrainer, on real text and on random words full of ties."""

from __future__ import annotations

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Regex, Tokenizer, models, pre_tokenizers, trainers

from tokenry import _native
from tokenry.learning import Bpe, SmallerVocabularyWarning
from tokenry.learning.counting import pretokenizer_named
from tokenry.text.pretokenizers.split_patterns import PATTERNS
from tokenry.vocabulary import from_byte_level, to_byte_level

Merges = list[tuple[bytes, bytes]]
ALPHABET = [to_byte_level(bytes([byte])) for byte in range(256)]
pytestmark = pytest.mark.filterwarnings("ignore::tokenry.errors.SmallerVocabularyWarning")


def oracle(texts: list[str], pretokenizer: object, vocab_size: int, **options: object) -> Merges:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pretokenizer
    trainer = trainers.BpeTrainer(
        vocab_size=vocab_size, initial_alphabet=ALPHABET, show_progress=False, **options
    )
    tokenizer.train_from_iterator(texts, trainer)
    merges = json.loads(tokenizer.to_str())["model"]["merges"]
    return [(from_byte_level(left), from_byte_level(right)) for left, right in merges]


def byte_level(pattern: str) -> object:
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )


def merges_of(learner: Bpe, texts: list[str]) -> Merges:
    return [(left, right) for left, right, _ in learner.learn_model(texts).log()]


@pytest.mark.parametrize("name", ["gpt2", "cl100k", "o200k"])
def test_real_text(name: str, code_text: str, prose_text: str) -> None:
    texts = [code_text, prose_text]
    theirs = oracle(texts, byte_level(PATTERNS[name]), 2000)
    ours = merges_of(Bpe(vocab_size=2000, pretokenizer=name), texts)
    assert ours == theirs
    assert len(ours) == 2000 - 256


@pytest.mark.parametrize("options", [{"min_frequency": 5}, {"special_tokens": ["<s>", "</s>"]}])
def test_options_on_real_text(options: dict[str, object], prose_text: str) -> None:
    theirs = oracle([prose_text], byte_level(PATTERNS["gpt2"]), 3000, **options)
    if "special_tokens" in options:
        options = {"special_tokens": tuple(options["special_tokens"])}
    ours = merges_of(Bpe(vocab_size=3000, pretokenizer="gpt2", **options), [prose_text])
    assert ours == theirs


def words_as_text(words: dict[bytes, int]) -> list[str]:
    spelt = ["".join(ALPHABET[byte] for byte in word) for word in words]
    return [
        "\n".join([word] * count) for word, count in zip(spelt, words.values(), strict=True) if word
    ]


def index_of(words: dict[bytes, int], learner: Bpe) -> Merges:
    counter = _native.WordCounter()
    for word, count in words.items():
        counter.add_word(word, count)
    learnt = learner.start(counter)
    index = learner.index(counter, learnt)
    for left, right in index.run(learner.vocab_size - 256)[0].tolist():
        learnt.add(left, right, 0)
    return [(left, right) for left, right, _ in learnt.log()]


@settings(max_examples=300)
@given(
    words=st.dictionaries(
        st.one_of(
            st.lists(st.sampled_from(b"ab"), max_size=40).map(bytes),
            st.lists(st.sampled_from(b"abcdef "), max_size=12).map(bytes),
            st.binary(max_size=6).filter(lambda word: b"\n" not in word),
        ),
        st.integers(1, 4),
        max_size=60,
    ),
    merges=st.sampled_from([1, 7, 40, 400]),
    min_frequency=st.integers(0, 3),
    longest=st.sampled_from([None, 2, 3, 5, 9]),
)
def test_random_words_with_ties(
    words: dict[bytes, int], merges: int, min_frequency: int, longest: int | None
) -> None:
    limit = {} if longest is None else {"max_token_length": longest + 1}
    theirs = oracle(
        words_as_text(words),
        pre_tokenizers.Split("\n", "removed"),
        256 + merges,
        min_frequency=min_frequency,
        **limit,
    )
    learner = Bpe(vocab_size=256 + merges, min_frequency=min_frequency, max_piece_length=longest)
    assert index_of(words, learner) == theirs


def test_many_words_of_equal_counts() -> None:
    generator = random.Random(5)
    words = {bytes(generator.choices(b"abcdefgh", k=9)): 1 for _ in range(3000)}
    theirs = oracle(words_as_text(words), pre_tokenizers.Split("\n", "removed"), 1500)
    assert index_of(words, Bpe(vocab_size=1500)) == theirs


def test_ids_are_those_of_the_trainer(prose_text: str) -> None:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = byte_level(PATTERNS["o200k"])
    trainer = trainers.BpeTrainer(
        vocab_size=900, initial_alphabet=ALPHABET, special_tokens=["<|end|>"], show_progress=False
    )
    tokenizer.train_from_iterator([prose_text], trainer)
    ours = Bpe(vocab_size=900, special_tokens=("<|end|>",)).learn([prose_text])
    theirs = tokenizer.get_vocab()
    assert {to_byte_level(ours.vocabulary[i] or b""): i for i in range(1, 900)} == {
        piece: id_ for piece, id_ in theirs.items() if id_ > 0
    }
    assert ours.encode(prose_text) == tokenizer.encode(prose_text).ids


def test_a_pattern_that_the_core_does_not_know(prose_text: str) -> None:
    pattern = r"[aeiou]+|[^aeiou\s]+|\s+"
    assert pretokenizer_named(pattern).native is None
    theirs = oracle([prose_text], byte_level(pattern), 700)
    assert merges_of(Bpe(vocab_size=700, pretokenizer=pattern), [prose_text]) == theirs


def test_the_warning_names_the_sizes() -> None:
    with pytest.warns(SmallerVocabularyWarning, match=r"258 pieces of the 5000"):
        Bpe(vocab_size=5000).learn(["abc"])
