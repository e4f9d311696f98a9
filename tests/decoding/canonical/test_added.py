"""Byte models equal the enumeration where text becomes added tokens by itself."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from enumerated_texts import EnumeratedTexts, byte_pairs, listed
from shares import draw, share
from tokenry.decoding.bytewise import ByteModel
from tokenry.decoding.bytewise.byte_model import Target
from tokenry.decoding.canonical.added import AddedCanonical, canonical_of
from tokenry.decoding.canonical.followers import Canonical
from tokenry.decoding.spelling import Spelling, writing
from tokenry.errors import UnsupportedError
from tokenry.models import Enumerable, causal_model
from tokenry.text.parts import AddedToken
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

ALPHABET = (b"a", b"b", b" ")
MERGES = ((b"a", b"b"), (b" ", b"a"), (b"b", b"a"))
CONTENTS = {
    "one": ("ab",),
    "in each other": ("ab", "aba", "bab"),
    "over each other": ("ab", "b ", "a  a"),
    "spaces": ("  ", "   "),
    "a piece and a letter": ("ba", " "),
    "long": ("ab ab",),
}


def tokenizer(splitter: str, contents: tuple[str, ...], **rules: bool) -> Tokenizer:
    """Pairs of three letters, and added tokens behind them; some are pieces too."""
    plain = byte_pairs(splitter, MERGES, ALPHABET)
    pieces = list(plain.vocabulary.pieces)
    tokens = []
    for content in contents:
        known = content.encode() in pieces
        id_ = pieces.index(content.encode()) if known else len(pieces)
        pieces += [] if known else [content.encode()]
        tokens.append(AddedToken(content, id_, special=False, **rules))
    new = range(len(plain.vocabulary), len(pieces))
    vocabulary = Vocabulary(pieces, dict.fromkeys(new, "added"))
    segmenter = type(plain.segmenter).from_merges(
        vocabulary, [tuple(pieces.index(each) for each in (a, b, a + b)) for a, b in MERGES]
    )
    pipeline = replace(
        plain.pipeline, vocabulary=vocabulary, segmenter=segmenter, added_tokens=tokens
    )
    return Tokenizer.of(pipeline)


@pytest.mark.parametrize("contents", CONTENTS.values(), ids=[*CONTENTS])
@pytest.mark.parametrize("splitter", ["whole", "gpt2", "o200k"])
def test_followers_are_those_of_texts(splitter: str, contents: tuple[str, ...]) -> None:
    made = tokenizer(splitter, contents)
    size = len(made.vocabulary)
    spelling = Spelling.of(
        causal_model(Enumerable.drawn(size + 2, order=1)), made, [size], [size + 1]
    )
    canonical = canonical_of(spelling)
    assert isinstance(canonical, AddedCanonical)
    shown = listed(made, 8, ALPHABET)
    short = sorted(ids for ids in shown.beginnings if len(spelling.bytes_of(ids)) <= 3)
    for ids in draw((splitter, contents)).sample(short, share(len(short))):
        context = ()
        for id_ in ids:
            context = canonical.after(context, id_)
        followers = canonical.followers(context)
        found = {*spelling.order.ids[followers.ids].tolist()}
        assert found == {id_ for id_ in range(size) if (*ids, id_) in shown.beginnings}, ids
        assert followers.may_end == (ids in shown.wholes), ids


@pytest.mark.parametrize("contents", CONTENTS.values(), ids=[*CONTENTS])
@pytest.mark.parametrize("target", ["canonical", "all"])
def test_probabilities_are_the_enumeration(target: Target, contents: tuple[str, ...]) -> None:
    made = tokenizer("gpt2", contents)
    table = Enumerable.drawn(len(made.vocabulary) + 2, order=1, spread=1.5, seed=3)
    model = ByteModel(table, made, target=target, begin=[table.begin], ends=[table.end])
    sequences = listed(made, 8, ALPHABET) if target == "canonical" else None
    oracle = EnumeratedTexts(table, made, sequences)
    source = draw(contents)
    for _ in range(share(30)):
        text = b"".join(source.choices(ALPHABET, k=source.randint(0, 3)))
        if not oracle.mass(text):
            continue
        found = np.exp(model.next_byte_logprobs(text))
        np.testing.assert_allclose(found, oracle.next_bytes(text), atol=1e-9, err_msg=str(text))
        assert abs(np.exp(model.logprob(text, end=True)) - oracle.whole(text)) < 1e-9


def test_long_prompts_are_read_from_a_trunk() -> None:
    """And go on as the same prompt does that is walked from its beginning."""
    for contents in CONTENTS.values():
        made = tokenizer("gpt2", contents)
        table = Enumerable.drawn(len(made.vocabulary) + 2, order=1, spread=1.5, seed=3)
        ends = {"begin": [table.begin], "ends": [table.end]}
        model, source = ByteModel(table, made, **ends), draw(contents)
        for _ in range(share(20)):
            text = b"".join(source.choices(ALPHABET, k=30))
            lanes = ByteModel(table, made, **ends).lanes([b""])
            for byte in text:
                lanes = lanes.advance([bytes([byte])])
            fresh = np.exp(model.next_byte_logprobs(text))
            np.testing.assert_allclose(fresh, np.exp(lanes.logprobs()[0]), atol=1e-9)
            ids, rest = model.certain(text)
            assert made.encode(text)[: len(ids)] == ids
            assert made.decode_bytes(ids) + rest == text if ids else rest == text


def test_added_tokens_are_written() -> None:
    made = tokenizer("gpt2", ("ab ab",))
    assert writing(made)[-1] == b"ab ab"
    plain = byte_pairs("gpt2", MERGES, ALPHABET)
    size = len(plain.vocabulary)
    spelling = Spelling.of(causal_model(Enumerable.drawn(size + 2)), plain, [size], [size + 1])
    assert isinstance(canonical_of(spelling), Canonical)


@pytest.mark.parametrize("rule", ["lstrip", "rstrip", "single_word"])
def test_rules_that_look_around_are_named(rule: str) -> None:
    made = tokenizer("gpt2", ("abb",), **{rule: True})
    table = Enumerable.drawn(len(made.vocabulary) + 2, order=1)
    with pytest.raises(UnsupportedError, match="'abb' is found by what stands around it"):
        ByteModel(table, made, begin=[table.begin], ends=[table.end])
    ByteModel(table, made, target="all", begin=[table.begin], ends=[table.end])
