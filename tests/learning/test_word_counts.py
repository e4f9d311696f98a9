from __future__ import annotations

import pydoc_data.topics
from collections import Counter
from pathlib import Path

import pytest

from tokenry.errors import FormatError, LearnError
from tokenry.learning import KINDS, Bpe, learner
from tokenry.learning.contract import WordLearner
from tokenry.learning.word_counts import WordCounts, is_word_counts

COUNTED = [name for name, kind in KINDS.items() if issubclass(kind.load(), WordLearner)]
READ_DOCUMENTS = ("superbpe", "supertoken", "lzbpe", "compound", "parity")
TEXTS = [pydoc_data.topics.topics[name] for name in sorted(pydoc_data.topics.topics)]


def of(texts: list[str], **options: str) -> WordCounts:
    return WordCounts.of(texts, **options)


@pytest.mark.parametrize("pretokenizer", ["gpt2", "o200k", r"\w+|\W"])
def test_merged_counts_are_those_of_all(tmp_path: Path, pretokenizer: str) -> None:
    whole = of(TEXTS, pretokenizer=pretokenizer)
    thirds = [of(TEXTS[i::3], pretokenizer=pretokenizer) for i in range(3)]
    one, two = tmp_path / "one.words", tmp_path / "two.words"
    whole.save(one)
    thirds[2].merged(thirds[0]).merged(thirds[1]).save(two)
    assert one.read_bytes() == two.read_bytes()
    read = WordCounts.read(one)
    assert (read.documents, read.size) == (len(TEXTS), sum(len(t.encode()) for t in TEXTS))
    counted = Counter(dict(zip(read.words(), read.counts.tolist(), strict=True)))
    assert counted == Counter(dict(zip(whole.words(), whole.counts.tolist(), strict=True)))
    assert list(counted) == sorted(counted)
    assert sum(len(word) * count for word, count in counted.items()) == read.size


@pytest.mark.parametrize("kind", COUNTED)
def test_what_is_learnt_from_counts_is_what_is_learnt_from_text(kind: str) -> None:
    chosen = learner(kind, vocab_size=700)
    counts = of(TEXTS[:30], pretokenizer=chosen.pretokenizer)
    if kind in READ_DOCUMENTS:
        with pytest.raises(LearnError, match="reads documents, not only counts"):
            chosen.learn_from_counts(counts)
        return
    found = chosen.learn_from_counts(counts)
    assert found.fingerprint() == chosen.learn(TEXTS[:30]).fingerprint()


def test_number_policies_are_kept(tmp_path: Path) -> None:
    counts = of(TEXTS[:9], pretokenizer="o200k", numbers="r2l3")
    chosen = Bpe(vocab_size=300, numbers="r2l3")
    assert chosen.learn_from_counts(counts).fingerprint() == chosen.learn(TEXTS[:9]).fingerprint()
    with pytest.raises(LearnError, match="'o200k' with numbers 'r2l3', and 'o200k' is asked for"):
        Bpe(vocab_size=300).learn_from_counts(counts)
    with pytest.raises(LearnError, match="and 'gpt2' is asked for"):
        counts.check("gpt2", None)
    with pytest.raises(LearnError, match="and 'o200k' is asked for"):
        of(TEXTS[:9]).merged(counts)


def test_what_is_no_such_file(tmp_path: Path) -> None:
    path = of(["a b a"]).save(tmp_path / "a.words")
    assert is_word_counts(path)
    data = path.read_bytes()
    for broken in (b"", b"text", data[:-3], data[:-3] + b"xyz", b'{"format": 1}\n' + data):
        path.write_bytes(broken)
        with pytest.raises(FormatError, match="no file of counted words"):
            WordCounts.read(path)
    assert not is_word_counts(tmp_path)
    assert not is_word_counts(path)
