from tokenry.measuring import Sample, encode_sample, encode_speeds, lossless_share, with_restored

DOCUMENTS = [b"ab\0", b"ab", b"c", b"\0"]


def test_lossless_counts_documents(tokenizer, lossy) -> None:
    sample = Sample.of(DOCUMENTS)
    assert lossless_share(with_restored(tokenizer, encode_sample(tokenizer, sample))).value == 1.0
    assert lossless_share(with_restored(lossy, encode_sample(lossy, sample))).value == 0.5


def test_speed_states_the_size_and_the_passes(tokenizer, lossy) -> None:
    found = encode_speeds({"a": tokenizer, "b": lossy}, Sample.of([b"ab" * 500]), passes=3)
    assert set(found) == {"a", "b"}
    assert found["a"].value > 0
    assert "3 interleaved" in found["a"].estimator
    assert "0.00 MB" in found["a"].denominator
