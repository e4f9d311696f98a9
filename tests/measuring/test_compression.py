import math
from dataclasses import replace

import pytest

from tokenry.errors import CorpusError
from tokenry.learning import learn
from tokenry.measuring import (
    Sample,
    bytes_per_token,
    characters_per_token,
    continued_words,
    encode_sample,
    single_byte_share,
    tokens_per_1000_words,
    unknown_share,
    word_spans,
)
from tokenry.measuring.encoded import encode_spans

DOCUMENTS = [b"abab", b"xyz", b"ab c"]  # 2, 3 and 3 tokens; 11 bytes; 4 words


def test_ratios_of_sums(tokenizer) -> None:
    encoded = encode_sample(tokenizer, Sample.of(DOCUMENTS))
    assert encoded.tokens.tolist() == [2, 3, 3]
    assert bytes_per_token(encoded).value == 11 / 8
    assert tokens_per_1000_words(encoded).value == 1000 * 8 / 4
    assert single_byte_share(encoded).value == 5 / 8


def test_a_figure_says_what_it_is(tokenizer) -> None:
    encoded = encode_sample(tokenizer, Sample.of(DOCUMENTS))
    figure = bytes_per_token(encoded).to_json()
    assert figure["unit"] == "bytes/token"
    assert figure["denominator"] == "8 tokens of 3 documents"
    assert figure["tokenizer"] == "byte-tokenizer"
    assert figure["data"] == Sample.of(DOCUMENTS).fingerprint
    assert figure["interval"]["level"] == 0.95


def test_intervals_hold_the_value_and_depend_on_the_seed_alone(tokenizer) -> None:
    encoded = encode_sample(tokenizer, Sample.of([b"ab" * n + b"x" * (30 - n) for n in range(30)]))
    first, again = bytes_per_token(encoded, seed=3), bytes_per_token(encoded, seed=3)
    assert first == again
    assert first.interval is not None
    assert first.interval.low < first.value < first.interval.high


def test_no_words_and_one_document(tokenizer) -> None:
    encoded = encode_sample(tokenizer, Sample.of([b"..."]))
    assert math.isnan(tokens_per_1000_words(encoded).value)
    assert bytes_per_token(encoded).interval is None


def test_part_is_an_encoding_of_those_documents(tokenizer) -> None:
    whole = encode_sample(tokenizer, Sample.of(DOCUMENTS))
    part = whole.part([2, 0])
    alone = encode_sample(tokenizer, Sample.of([DOCUMENTS[2], DOCUMENTS[0]]))
    assert part.ids.tolist() == alone.ids.tolist()
    assert part.offsets.tolist() == alone.offsets.tolist()
    assert part.sample.fingerprint == alone.sample.fingerprint


def test_unknown_tokens_are_counted(tokenizer) -> None:
    encoded = encode_sample(tokenizer, Sample.of(DOCUMENTS))
    assert unknown_share(encoded).value == 0
    assert unknown_share(replace(encoded, unknown_ids=(256,))).value == 3 / 8


def test_empty_samples_are_refused() -> None:
    with pytest.raises(ValueError, match="no text"):
        Sample.of([b"", b""])


def test_words_that_a_token_ends_within_are_continued(prose_text: str) -> None:
    tokenizer = learn([prose_text[:50_000]], vocab_size=600)
    sample = Sample.of([prose_text[50_000:60_000].encode()])
    encoded = encode_spans(tokenizer, sample)
    cut = words = 0
    _ids, spans = tokenizer.encode_with_spans(sample.documents[0])
    ends = set(spans[:, 1].tolist())
    for begin, end in word_spans(sample.documents[0]).tolist():
        words += 1
        cut += any(at in ends for at in range(begin + 1, end))
    found = continued_words(encoded)
    assert found.value == cut / words
    assert 0.3 < found.value < 0.9
    with pytest.raises(CorpusError, match="encode_spans"):
        continued_words(encode_sample(tokenizer, sample))


def test_parts_keep_the_ends_of_their_tokens(prose_text: str) -> None:
    tokenizer = learn([prose_text[:50_000]], vocab_size=600)
    documents = [prose_text[at : at + 500].encode() for at in range(0, 3_000, 500)]
    encoded = encode_spans(tokenizer, Sample.of(documents))
    part = encoded.part([1, 4])
    again = encode_spans(tokenizer, Sample.of([documents[1], documents[4]]))
    assert part.ends.tolist() == again.ends.tolist()
    assert continued_words(part).value == continued_words(again).value


def test_characters_are_fewer_than_bytes(tokenizer) -> None:
    encoded = encode_sample(tokenizer, Sample.of(["äöab".encode(), b"ab\xff"]))
    assert characters_per_token(encoded).value == 7 / 7
    assert bytes_per_token(encoded).value == 9 / 7
