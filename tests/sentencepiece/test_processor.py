"""`tokenry.sentencepiece.SentencePieceProcessor` against sentencepiece, on models trained here and
on shared ones; in any order of calls, on generated and on real text.
"""

from __future__ import annotations

import pickle
import random
from pathlib import Path
from typing import Any

import pytest

import tokenry.sentencepiece as spm
from fuzz_text import fuzz_strings
from sentencepiece_training import MODELS, train
from shares import part, share
from tokenry.errors import FormatError, UnsupportedError, VocabularyError

sentencepiece = pytest.importorskip("sentencepiece")

TEXTS = ["", "   ", "Hello world.", "  two  spaces ", "\u85e4 xyz", "\uff21\u33fb e\u0301 \ufb01",
         "\u2581 ab<sep>ab==", "\U0001f600\U0001f600 \u00e9", "<s></s><unk>"]  # fmt: skip


def both(data: bytes, **options: Any) -> tuple[Any, spm.SentencePieceProcessor]:
    return (
        sentencepiece.SentencePieceProcessor(model_proto=data, **options),
        spm.SentencePieceProcessor(model_proto=data, **options),
    )


def texts(rng: random.Random, count: int) -> list[str]:
    made = [text.encode("utf-8", "replace").decode() for text in fuzz_strings(rng, count)]
    return [*TEXTS, *made]


@pytest.mark.parametrize("name", MODELS)
def test_encoding_is_that_of_sentencepiece(name: str, rng: random.Random) -> None:
    theirs, ours = both(train(name))
    assert_encodes_equally(theirs, ours, texts(rng, share(200)))


def assert_encodes_equally(
    theirs: Any, ours: spm.SentencePieceProcessor, samples: list[str]
) -> None:
    for out_type in (int, str, "serialized_proto"):
        expected = [theirs.encode(text, out_type=out_type) for text in samples]
        assert [ours.encode(text, out_type=out_type) for text in samples] == expected
        assert ours.encode(samples, out_type=out_type) == expected
        raw = [text.encode() for text in samples]
        assert [ours.encode(text, out_type=out_type) for text in raw] == expected
    assert ours.encode(samples, return_type="numpy")[2].tolist() == ours.encode(samples[2])
    assert ours.encode(samples[2], return_type=bytes) == theirs.encode(
        samples[2], return_type=bytes
    )
    for text in samples:
        for given in (text, text.encode()):
            expected = theirs.encode(given, return_type="offset_mapping")
            assert ours.encode(given, return_type="offset_mapping") == expected
        expected = theirs.encode(text, return_type="offset_mapping")
        proto = ours.encode(text, out_type="immutable_proto")
        assert [(each.begin, each.end) for each in proto.pieces] == expected["offsets"]
        assert [each.piece for each in proto.pieces] == expected["pieces"]
        assert proto.text == text


@pytest.mark.parametrize("name", MODELS)
def test_decoding_is_that_of_sentencepiece(name: str, rng: random.Random) -> None:
    theirs, ours = both(train(name))
    size = len(ours)
    some = [0, 1, 2, *range(3, min(size, 262), 3)]
    for _ in range(share(1200)):
        ids = rng.choices(some + rng.choices(range(size), k=20), k=rng.randint(1, 8))
        pieces = [theirs.id_to_piece(id_) for id_ in ids] + rng.choices(["", "zz", "\u2581q"])
        for given in (ids, pieces):
            for out_type in (str, bytes, "serialized_proto"):
                expected = theirs.decode(given, out_type=out_type)
                assert ours.decode(given, out_type=out_type) == expected, given
    assert ours.decode([]) == ""
    assert ours.decode([[]]) == [""]
    assert ours.decode(5) == theirs.decode(5)
    assert ours.decode([[5, 6], [7]]) == theirs.decode([[5, 6], [7]])


@pytest.mark.parametrize("name", MODELS)
def test_the_vocabulary_is_that_of_sentencepiece(name: str) -> None:
    theirs, ours = both(train(name))
    ids = list(range(len(theirs)))
    for method in ("id_to_piece", "get_score", "is_unknown", "is_control", "is_unused", "is_byte"):
        assert getattr(ours, method)(ids) == [getattr(theirs, method)(id_) for id_ in ids]
        assert getattr(ours, method)(3) == getattr(theirs, method)(3)
    pieces = [*ours.id_to_piece(ids), "no such piece", ""]
    assert ours.piece_to_id(pieces) == [theirs.piece_to_id(piece) for piece in pieces]
    for method in ("unk_id", "bos_id", "eos_id", "pad_id", "vocab_size", "piece_size", "__len__"):
        assert getattr(ours, method)() == getattr(theirs, method)()
    assert ours["<unk>"] == theirs["<unk>"]
    with pytest.raises(IndexError, match="out of range"):
        ours.id_to_piece(len(ours))
    with pytest.raises(VocabularyError, match="out of range"):
        ours.decode([-1])


@pytest.mark.parametrize("name", MODELS)
def test_what_is_put_around(name: str, rng: random.Random) -> None:
    theirs, ours = both(train(name))
    options = [("add_eos",), ("reverse",), ("emit_unk_piece",), ("add_eos", "reverse")]
    if "bos" not in name:
        options += [("add_bos",), ("add_bos", "add_eos", "reverse", "emit_unk_piece")]
    for names in options:
        chosen = dict.fromkeys(names, True)
        made = both(train(name), **chosen)
        for text in texts(rng, 8):
            for out_type in (int, str):
                expected = theirs.encode(text, out_type=out_type, **chosen)
                assert ours.encode(text, out_type=out_type, **chosen) == expected
                assert made[1].encode(text, out_type=out_type) == expected
    with pytest.raises(UnsupportedError, match="no effect on protos"):
        ours.encode("a", out_type="serialized_proto", add_eos=True)


@pytest.mark.parametrize("name", MODELS)
def test_normalized_text_and_its_offsets(name: str, rng: random.Random) -> None:
    theirs, ours = both(train(name))
    for text in texts(rng, share(100)):
        for given in (text, text.encode()):
            assert ours.normalize(given) == theirs.normalize(given)
            found = ours.normalize(given, with_offsets=True)
            assert tuple(found) == tuple(theirs.normalize(given, with_offsets=True)), given
    assert ours.normalize(["a b", "c"]) == theirs.normalize(["a b", "c"])


def test_overriding_the_normalizer() -> None:
    ours = spm.SentencePieceProcessor(model_proto=train("unigram"))
    ours.override_normalizer_spec(add_dummy_prefix=False, escape_whitespaces=False)
    ours.OverrideNormalizerSpec(remove_extra_whitespaces="false")
    pieces = ours.encode(" the  the ", out_type=str)
    assert "".join(pieces) == " the  the "
    assert pieces[0] == " "
    assert ours.encode("\u2581the", out_type=str) == ours.encode(" the", out_type=str)  # a rule
    plain = spm.SentencePieceProcessor(model_proto=train("unigram bytes"))
    plain.override_normalizer_spec(add_dummy_prefix=False, escape_whitespaces=False)
    assert plain.encode("\u2581the", out_type=str)[0].startswith("\u2581")
    with pytest.raises(UnsupportedError, match="precompiled"):
        ours.override_normalizer_spec(precompiled_charsmap="")


def test_extra_options() -> None:
    theirs, ours = both(train("unigram"))
    for option, changes in (
        ("bos:eos", {"add_bos": True, "add_eos": True}),
        ("reverse", {"reverse": True}),
        ("unk", {"emit_unk_piece": True}),
    ):
        assert ours.set_encode_extra_options(option)
        for text in TEXTS:
            for out_type in (int, str):
                expected = theirs.encode(text, out_type=out_type, **changes)
                assert ours.encode(text, out_type=out_type) == expected
    ours.set_encode_extra_options("")
    ours.set_decode_extra_options("reverse")
    assert ours.decode(ours.encode("the a of")[::-1]) == "the a of"
    with pytest.raises(RuntimeError, match="not available"):
        ours.set_encode_extra_options("no")
    with pytest.raises(RuntimeError, match="no id for bos"):
        spm.SentencePieceProcessor(model_proto=train("bpe without bos")).set_encode_extra_options(
            "bos"
        )


def test_restricted_vocabularies() -> None:
    ours = spm.SentencePieceProcessor(model_proto=train("unigram"))
    free = ours.encode("the the", out_type=str)
    ours.set_vocabulary(["\u2581a"])
    assert ours.encode("the a", out_type=str)[-1] == "\u2581a"
    assert all(len(piece) == 1 for piece in ours.encode("the", out_type=str))
    ours.reset_vocabulary()
    assert ours.encode("the the", out_type=str) == free
    with pytest.raises(UnsupportedError, match="BPE model"):
        spm.SentencePieceProcessor(model_proto=train("bpe")).set_vocabulary(["a"])


def test_pickling_files_and_names(tmp_path: Path) -> None:
    path = tmp_path / "a.model"
    path.write_bytes(train("bpe"))
    made = spm.SentencePieceProcessor.from_file(path, out_type=str, add_eos=True)
    assert made.Encode("the of") == made.tokenize("the of") == made.encode_as_pieces("the of")
    copied = pickle.loads(pickle.dumps(made))
    assert copied.encode("the of") == made.encode("the of")
    assert copied.serialized_model_proto() == train("bpe")
    empty = spm.SentencePieceProcessor()
    with pytest.raises(RuntimeError, match="no model is loaded"):
        empty.encode("a")
    assert empty.Load(str(path))
    assert empty.EncodeAsIds("the of") == made.encode_as_ids("the of", add_eos=False)
    with pytest.raises(FormatError):
        spm.SentencePieceProcessor(model_proto=b"no model")
    with pytest.raises(TypeError, match="there is no option"):
        made.encode("a", no_option=1)
    with pytest.raises(RuntimeError, match="out_type"):
        made.encode("a", out_type=float)


def test_every_method_of_sentencepiece_is_there() -> None:
    # But for messages of its own protobuf classes, and pieces of one text on many threads.
    left = ("AsProto", "Parallel", "as_proto", "parallel")
    missing = [
        name
        for name in dir(sentencepiece.SentencePieceProcessor)
        if not name.startswith("_")
        and not any(word in name for word in left)
        and not hasattr(spm.SentencePieceProcessor, name)
    ]
    assert not missing


def test_shared_models(tokenizer_files: Path, shared_data: Path, rng: random.Random) -> None:
    paths = sorted([*tokenizer_files.glob("comp*.model"), *shared_data.glob("census/*/*.model")])
    for path in part(paths):
        try:
            theirs, ours = both(path.read_bytes())
        except UnsupportedError:
            continue
        assert_encodes_equally(theirs, ours, texts(rng, 12))


@pytest.mark.parametrize("name", [name for name in MODELS if name.startswith("unigram")])
def test_the_best_segmentations(name: str, rng: random.Random) -> None:
    theirs, ours = both(train(name))
    for text in texts(rng, share(60)):
        if len(text) > 60:
            continue
        expected = theirs.nbest_encode(text, nbest_size=8)
        assert scored(ours, text, 8) == pytest.approx(scored(theirs, text, 8), rel=1e-5)
        if len(set(scored(theirs, text, 9))) == len(scored(theirs, text, 9)):  # no ties
            assert ours.nbest_encode(text, nbest_size=8) == expected
            pieces = theirs.nbest_encode(text, nbest_size=8, out_type=str)
            assert ours.nbest_encode_as_pieces(text, 8) == pieces


def scored(processor: Any, text: str, number: int) -> list[float]:
    """The scores, read from the messages."""
    from tokenry.formats.protobuf import as_bytes, as_float, fields

    data = processor.nbest_encode(text, nbest_size=number, out_type="serialized_proto")
    return [
        as_float(value, "score")
        for _, _, segmentation in fields(memoryview(data), "nbests")
        for field, _, value in fields(as_bytes(segmentation, "text"), "text")
        if field == 3
    ]


@pytest.mark.parametrize(
    "name", ["unigram", "unigram bytes", "bpe", "bpe user-defined", "bpe bytes"]
)
def test_sampling(name: str) -> None:
    theirs, ours = both(train(name))
    text = "the random numbers of ab<sep> and sequences \u85e4"
    drawn = [ours.encode(text, enable_sampling=True, alpha=0.3, seed=seed) for seed in range(60)]
    assert drawn == [ours.sample_encode_as_ids(text, -1, 0.3, seed=seed) for seed in range(60)]
    assert len(set(map(tuple, drawn))) > 10
    assert {ours.decode(ids) for ids in drawn} == {theirs.decode(theirs.encode(text))}
    mean = sum(map(len, drawn)) / 60
    their_mean = (
        sum(len(theirs.encode(text, enable_sampling=True, alpha=0.3)) for _ in range(200)) / 200
    )
    assert mean == pytest.approx(their_mean, rel=0.1)
    spm.set_random_generator_seed(4)
    first = ours.sample_encode_as_pieces(text, -1, 0.3)
    spm.SetRandomGeneratorSeed(4)
    assert ours.SampleEncodeAsPieces(text, -1, 0.3) == first
    with pytest.raises(RuntimeError, match="nbest_size"):
        ours.encode(text, enable_sampling=True, nbest_size=1)


def test_scored_samples() -> None:
    ours = spm.SentencePieceProcessor(model_proto=train("unigram"))
    found = ours.sample_encode_and_score(
        "the of", 5, alpha=0.5, wor=True, include_best=True, seed=1
    )
    assert len(found) == 5  # the best one among them
    assert found[0] == (ours.encode("the of"), 0.0)
    assert len({tuple(ids) for ids, _ in found}) == 5
    assert all(score < 0 for _, score in found[1:])
    plain = ours.sample_encode_and_score_as_pieces("the of", 3, seed=1)
    assert [ours.decode(pieces) for pieces, _ in plain] == ["the of"] * 3
    with pytest.raises(RuntimeError, match="wor=True"):
        ours.sample_encode_and_score("a", include_best=True)
    with pytest.raises(UnsupportedError, match="BPE model"):
        spm.SentencePieceProcessor(model_proto=train("bpe")).calculate_entropy("a", 1.0)
