"""Words before spaces, but not inside pieces that reach over one."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest
from tokenizers import (
    AddedToken,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    trainers,
)

from shares import draw, share
from tokenry import _native
from tokenry.formats.tokenizer_json import reading
from tokenry.text.pretokenizers.glued import GluedPretokenizer, spanning_pieces, words_without
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer
from tokenry.text.routes import WordRoute
from tokenry.tokenizer import Tokenizer as Ours
from tokenry.vocabulary import pack

PIECES = (b"> </", b"a  b", b". The", b" x y", b"\xc3\xa9 \xc3\xa9")
ATOMS = (
    *[each.decode() for each in PIECES],
    " ",
    "  ",
    ">",
    "</",
    "a",
    "b",
    ".",
    "The",
    "\u00e9",
    "x",
)


def by_hand(data: bytes) -> list[int]:
    """Ends of words before spaces that lie in no occurrence of a piece."""
    ends = _native.Splitter("space_prefix").split(data).tolist()
    return [end for end in ends if not any(inside(data, end, piece) for piece in PIECES)]


def inside(data: bytes, end: int, piece: bytes) -> bool:
    lefts = range(1, len(piece))
    return any(end >= left and data[end - left :].startswith(piece) for left in lefts)


def test_it_does_not_cut_inside_pieces() -> None:
    rng = draw("glued")
    splitter = GluedPretokenizer(PIECES).native_splitter()
    for _ in range(share(2000)):
        data = "".join(rng.choices(ATOMS, k=rng.randint(0, 30))).encode()
        expected = by_hand(data)
        for capacity in (4096, 1, 3):
            assert splitter.split(data, capacity=capacity).tolist() == expected


def test_pieces_that_span() -> None:
    pieces = [b" a", b"  ", b"a b", b"", b"> </", b"a", b"  a", b" a b", b"b "]
    assert spanning_pieces(pack(pieces)) == [b"a b", b"> </", b" a b", b"b "]
    assert spanning_pieces(pack([])) == []
    assert words_without([]) == NativePretokenizer("space_prefix")
    assert words_without([b"%d b" % i for i in range(17)]) == NativePretokenizer("whole")


def like_gemma(rng: random.Random) -> Tokenizer:
    """Merges over marks, one of them over a space; newlines are added tokens."""
    made = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    made.normalizer = normalizers.Replace(" ", "\u2581")
    made.decoder = decoders.Sequence(
        [decoders.Replace("\u2581", " "), decoders.ByteFallback(), decoders.Fuse()]
    )
    bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=400, special_tokens=["<unk>", *bytes_], show_progress=False
    )
    lines = ["".join(rng.choices(ATOMS, k=rng.randint(1, 12))) for _ in range(200)]
    made.pre_tokenizer = pre_tokenizers.Split("\u2581", "merged_with_next")
    made.train_from_iterator(lines, trainer)
    content = json.loads(made.to_str())
    model = content["model"]
    for left, right in ((">", "\u2581"), (">\u2581", "<"), ("a", "\u2581b")):
        for each in (left, right, left + right):
            model["vocab"].setdefault(each, len(model["vocab"]))
        model["merges"].insert(rng.randint(0, 5), [left, right])
    content["pre_tokenizer"] = {
        "type": "Split",
        "pattern": {"String": " "},
        "behavior": "MergedWithPrevious",
        "invert": False,
    }
    made = Tokenizer.from_str(json.dumps(content))
    made.add_tokens([AddedToken(text, normalized=False) for text in ("\n", "\n\n", "<b>")])
    return made


@pytest.mark.parametrize("seed", range(4))
def test_gemmas_kind_of_file(seed: int) -> None:
    rng = random.Random(seed)
    theirs = like_gemma(rng)
    theirs.encode_special_tokens = True
    pipeline = reading.load(theirs.to_str().encode())
    ours = Ours.of(pipeline)
    texts = [
        "".join(
            rng.choices([*ATOMS, "\n", "\n\n", "<b>", "\u2581", "\u5b57"], k=rng.randint(0, 40))
        )
        for _ in range(150)
    ]
    for text in texts:
        expected = theirs.encode(text, add_special_tokens=False).ids
        assert ours.encode(text) == expected, text
        assert ours.encode_with_spans(text)[0].tolist() == expected
        assert ours.count(text) == len(expected)
    batch = ours.encode_batch(texts, threads=2)
    assert [row.tolist() for row in batch] == [ours.encode(text) for text in texts]
    assert isinstance(ours._encoder.route(), WordRoute)


def test_the_step_that_finds_no_space_is_left_out() -> None:
    theirs = like_gemma(random.Random(9))
    pipeline = reading.load(theirs.to_str().encode())
    assert isinstance(pipeline.pretokenizer, GluedPretokenizer)
    assert np.array_equal(pipeline.pretokenizer(b"").ends, [])
